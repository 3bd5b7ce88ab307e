#!/usr/bin/env python3
"""Runs lit on the tests of a build tree and says at the end how many passed.

usage: run-lit.py BUILD/test [--folder F] [LIT-ARGUMENT]...
"""
import json
import os
import subprocess
import sys
import tempfile

build = sys.argv[1]
arguments = sys.argv[2:]
target = build
if arguments[:1] == ["--folder"]:
    target = os.path.join(build, arguments[1])
    arguments = arguments[2:]
with open(os.path.join(build, "lit.site.cfg.py")) as site:
    llvm_tools = [line.split('"')[1] for line in site if line.startswith("config.llvm_tools")][0]
source = os.path.dirname(os.path.abspath(__file__))
if target != build:
    target = os.path.join(source, os.path.basename(target))
with tempfile.NamedTemporaryFile(suffix=".json") as results:
    lit = [sys.executable, os.path.join(llvm_tools, "lit"), "-v", "--config-prefix=lit", f"--output={results.name}", *arguments,
           build if target == build else target]
    environment = dict(os.environ, LIT_CONFIG_MAP="1")
    lit[-1:-1] = []
    status = subprocess.run(lit, env=environment).returncode
    try:
        tests = json.load(open(results.name))["tests"]
    except ValueError:
        sys.exit(status or 1)
codes = [test["code"] for test in tests]
passed = codes.count("PASS")
skipped = sum(codes.count(c) for c in ("UNSUPPORTED", "SKIPPED", "EXCLUDED"))
failed = len(codes) - passed - skipped
failures = [t["name"].split(" :: ", 1)[1] for t in tests if t["code"] not in ("PASS", "UNSUPPORTED", "SKIPPED", "EXCLUDED")]
for name in failures:
    print(f"failed: {name}; run just that: ./check --filter '{name}'")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else status)
