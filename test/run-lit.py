#!/usr/bin/python3
"""Runs lit on the tests of a build tree and says at the end how many passed.

usage: run-lit.py BUILD/test [--folder F] [LIT-ARGUMENT]...
"""
import json
import os
import re
import subprocess
import sys
import tempfile

SKIPPED = ("UNSUPPORTED", "SKIPPED", "EXCLUDED")

build = sys.argv[1]
arguments = sys.argv[2:]
if arguments[:1] == ["--folder"]:
    arguments[:2] = ["--filter", f"^(dbt :: )?{re.escape(arguments[1])}/"]
with open(os.path.join(build, "lit.site.cfg.py")) as site:
    llvm_tools = re.search(r'llvm_tools = "(.*)"', site.read()).group(1)
with tempfile.NamedTemporaryFile(suffix=".json") as results:
    lit = [sys.executable, os.path.join(llvm_tools, "lit"), "-v", f"--output={results.name}", *arguments, build]
    status = subprocess.run(lit).returncode
    try:
        tests = json.load(open(results.name))["tests"]
    except ValueError:
        sys.exit(status or 1)
codes = [test["code"] for test in tests]
passed = codes.count("PASS")
skipped = sum(codes.count(code) for code in SKIPPED)
failed = len(codes) - passed - skipped
for test in tests:
    if test["code"] not in ("PASS", *SKIPPED):
        name = test["name"].split(" :: ", 1)[1]
        print(f"failed: {name}; to run just that: ./check --filter '{name}'")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else status)
