#!/usr/bin/python3
"""Runs a command that must end with a given status: status.py N COMMAND... Its
stderr goes to stdout, for FileCheck."""
import os
import subprocess
import sys

patience = int(os.environ.get("DBT_PATIENCE", 1))
process = subprocess.run(sys.argv[2:], stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=60 * patience)
if process.returncode != int(sys.argv[1]):
    print(f"status {process.returncode}, not {sys.argv[1]}", file=sys.stderr)
    sys.exit(1)
