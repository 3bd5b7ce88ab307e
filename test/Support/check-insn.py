#!/usr/bin/env python3
"""Builds an instruction test with the harness, runs it natively and under dbt-run
in every tier and in lockstep (--check), and compares the dumps of registers, flags and memory.

usage: check-insn.py DBT_RUN INPUTS TEST.s OUTPUT
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    dbt_run, inputs, test, output = sys.argv[1:5]
    build = ["/usr/bin/gcc", "-O1", "-ffreestanding", "-fno-stack-protector", "-mgeneral-regs-only", "-fno-pic",
             "-nostdlib", "-static", "-no-pie", "-Wa,-I" + inputs, test,
             os.path.join(inputs, "insn-entry.s"), os.path.join(inputs, "insn-dump.c"), "-o", output]
    subprocess.run(build, check=True)
    check = [sys.executable, os.path.join(HERE, "check-tiers.py"), dbt_run,
             "--tiers=interp,copy,one,jit,auto,heat,opt,check-jit", *sys.argv[5:], output]
    return subprocess.run(check).returncode


if __name__ == "__main__":
    sys.exit(main())
