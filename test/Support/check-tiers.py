#!/usr/bin/env python3
"""Runs a command natively and under dbt-run in every tier, and compares what it
writes and how it ends.

usage: check-tiers.py DBT_RUN [OPTION]... COMMAND [ARG]...
  --tiers=a,b        these of interp, copy, one, jit, auto, heat, opt, check, chain, check-jit (default: the first six)
  --setarch-R        without address randomisation
  --stdin=FILE       standard input (default: /dev/null)
  --copy=DIR         run in a fresh copy of DIR (default: an empty directory)
  --show=FILE        compare this file of the working directory, too; repeatable
  --normalize=REGEX  remove matches from all outputs; repeatable
  --merge            stdout and stderr into one
  --expect=STATUS    the native run must end with this status (default: any)
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

TIERS = {
    "interp": ["--tier=interp"],
    "one": ["--tier=jit", "--one-insn-per-region", "-O0"],
    "copy": ["--tier=copy", "--tier-threshold=1"],
    "jit": ["--tier=jit"],
    "auto": ["--tier=auto", "--tier-threshold=2"],
    "heat": ["--no-copy", "--tier-threshold=50"],
    # Not among the usual ones, as it takes long where much code runs: everything compiled
    # as auto compiles what is hot.
    "opt": ["--tier=jit", "-O1"],
    # Nor these: every entry into compiled code is done twice.
    "check": ["--check", "--tier-threshold=20"],
    "chain": ["--check=chain", "--tier-threshold=20"],
    "check-jit": ["--check", "--tier=jit"],
}
USUAL = ["interp", "copy", "one", "jit", "auto", "heat"]


class Options:
    def __init__(self, words):
        self.tiers = USUAL
        self.setarch = self.merge = False
        self.stdin = os.devnull
        self.copy = self.expect = None
        self.show, self.normalize = [], []
        while words and words[0].startswith("--"):
            name, _, value = words.pop(0)[2:].partition("=")
            if name == "tiers":
                self.tiers = value.split(",")
            elif name == "setarch-R":
                self.setarch = True
            elif name == "merge":
                self.merge = True
            elif name in ("stdin", "copy"):
                setattr(self, name, os.path.abspath(value))
            elif name in ("show", "normalize"):
                getattr(self, name).append(value)
            elif name == "expect":
                self.expect = int(value)
            else:
                sys.exit(f"check-tiers: unknown option --{name}\n{__doc__}")
        self.command = words


def available(dbt_run):
    """The compiling tiers exist where libdbt-jit.so was built."""
    jit = os.path.join(os.path.dirname(os.path.dirname(dbt_run)), "lib", "libdbt-jit.so")
    return list(TIERS) if os.path.exists(jit) else ["interp", "copy"]


def run(command, options):
    """(status, stdout, stderr, shown files) of one run in a directory of its own."""
    with tempfile.TemporaryDirectory(prefix="dbt-test-") as directory:
        cwd = os.path.join(directory, "work")
        if options.copy:
            shutil.copytree(options.copy, cwd, symlinks=True)
        else:
            os.mkdir(cwd)
        with open(options.stdin, "rb") as stdin:
            process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT if options.merge else subprocess.PIPE,
                                       cwd=cwd, start_new_session=True)
            try:
                out, err = process.communicate(timeout=280 * int(os.environ.get("DBT_PATIENCE", 1)))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                return "timed out", out, err or b"", []
            finally:
                # Whatever the command has left running ends with it.
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        shown = []
        for name in options.show:
            path = os.path.join(cwd, name)
            shown.append(open(path, "rb").read() if os.path.exists(path) else b"(missing)")
        clean = lambda text: strip(text.replace(directory.encode(), b"DIR"), options)
        return process.returncode, clean(out), clean(err or b""), [clean(s) for s in shown]


def strip(text, options):
    for regex in options.normalize:
        text = re.sub(regex.encode(), b"", text, flags=re.M)
    return text


def describe(status):
    if isinstance(status, int) and status < 0:
        return "signal " + signal.Signals(-status).name
    return str(status)


def differences(name, expected, got):
    """Lines that tell how one output differs."""
    if expected == got:
        return []
    lines = [f"  {name} differs:"]
    a, b = expected.splitlines(), got.splitlines()
    shown = 0
    for i in range(max(len(a), len(b))):
        left = a[i] if i < len(a) else b"(nothing)"
        right = b[i] if i < len(b) else b"(nothing)"
        if left != right:
            lines += [f"    line {i + 1}: native  {left[:300]!r}", f"    line {i + 1}: dbt-run {right[:300]!r}"]
            shown += 1
            if shown == 10:
                break
    return lines


def main():
    dbt_run = sys.argv[1]
    options = Options(sys.argv[2:])
    prefix = ["setarch", "-R"] if options.setarch else []
    native = run(prefix + options.command, options)
    if options.expect is not None and native[0] != options.expect:
        print(f"native run: status {describe(native[0])}, not {options.expect}\n{native[2].decode(errors='replace')}")
        return 1
    failed = False
    for tier in options.tiers:
        if tier not in available(dbt_run):
            continue
        words = prefix + [dbt_run, *TIERS[tier], *options.command]
        got = run(words, options)
        report = []
        if got[0] != native[0]:
            report.append(f"  status: native {describe(native[0])}, dbt-run {describe(got[0])}")
        report += differences("stdout", native[1], got[1])
        report += differences("stderr", native[2], got[2])
        for name, a, b in zip(options.show, native[3], got[3]):
            report += differences(name, a, b)
        if report:
            failed = True
            print(f"tier {tier} differs from the native run: {' '.join(words)}")
            print("\n".join(report))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
