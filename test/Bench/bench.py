#!/usr/bin/env python3
"""Measures kernels and programs natively, under dbt-run and under qemu-x86_64.

Every kernel prints a result that must be equal everywhere. Its steady state is
the difference of two problem sizes, so that start-up and compilation fall out;
the run of the smaller size is the cold figure. The three run in turn, several
rounds; medians count. Prints Markdown tables; --write puts them into docs/Performance.md
between the lines that say so.
"""
import argparse
import contextlib
import io
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def header(path, key, default=""):
    """The value of a `// KEY: value` line of a kernel."""
    with open(path) as f:
        m = re.search(rf"^// {key}: (.*)$", f.read(), re.M)
    return m.group(1) if m else default


def build(source, out):
    compiler = "g++" if source.endswith(".cpp") else "gcc"
    flags = header(source, "FLAGS").split()
    subprocess.run([compiler, "-O2", *flags, "-I", os.path.dirname(source), source, "-o", out, "-lm"], check=True)


def run(command, cpu_time):
    """Seconds (elapsed, or of all threads' processor time), output and peak resident KiB
    of one run."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime if cpu_time else time.monotonic() - start
    return seconds, (process.returncode, output), usage.ru_maxrss


def rounds(platforms, command, count, cpu_time):
    """Median seconds and KiB by platform; the outputs must agree."""
    times = {p: [] for p in platforms}
    memory = {p: [] for p in platforms}
    expected = None
    wrong = set()
    for _ in range(count):
        for name, prefix in platforms.items():
            seconds, result, peak = run(prefix + command, cpu_time)
            expected = result if expected is None else expected
            if result != expected:
                wrong.add(name)
            times[name].append(seconds)
            memory[name].append(peak)
    med = statistics.median
    return {p: med(times[p]) for p in platforms}, {p: med(memory[p]) for p in platforms}, wrong


def geomean(values):
    return statistics.geometric_mean(values) if values else float("nan")


def programs(tmp):
    """Whole runs: name → command. Inputs are made here."""
    text = os.path.join(tmp, "text")
    with open(text, "w") as f:
        for i in range(60000):
            f.write(f"line {i * 7919 % 60000} of some text to be sorted, packed and hashed {i}\n")
    source = os.path.join(tmp, "big.c")
    with open(source, "w") as f:
        for i in range(400):
            f.write(f"int f{i}(int a, int b) {{ int s = {i}; for (int i = 0; i < a; i++) s += b * i ^ s >> 3; return s; }}\n")
    for tool in ("xz", "zstd", "gzip", "bzip2"):
        if shutil.which(tool):
            with open(f"{text}.{tool}", "wb") as out:
                subprocess.run([tool, "-q", "-c", text], stdout=out, check=True)
    cc1 = subprocess.run(["gcc", "-print-prog-name=cc1"], capture_output=True, text=True).stdout.strip()
    lua = "local t = {} for i = 1, 300000 do t[i] = (i * 7919) % 100003 end table.sort(t) local s = 0 for i, v in ipairs(t) do s = s + i * v % 7 end print(s)"
    py = "d = {}\nfor i in range(200000): d[i * 7919 % 100003] = str(i)\nprint(sum(len(v) for v in d.values()))"
    pl = "my %h; $h{$_ * 7919 % 100003} .= $_ for 1..200000; my $s = 0; $s += length $h{$_} for keys %h; print \"$s\\n\""
    sql = "create table t(a, b); with recursive c(x) as (select 1 union all select x + 1 from c where x < 100000) insert into t select x, x * 7919 % 10007 from c; select sum(a), b from t group by b order by 1 desc limit 3;"
    commands = {
        "lua5.4": ["lua5.4", "-e", lua],
        "python3": ["/usr/bin/python3", "-S", "-c", py],
        "perl": ["perl", "-e", pl],
        "sqlite3": ["sqlite3", ":memory:", sql],
        "gawk": ["gawk", "{ n[$2 % 1000] += length($0) } END { s = 0; for (k in n) s += n[k] * k; print s }", text],
        "bzip2": ["bzip2", "-c", text],
        "xz": ["xz", "-c", "-T1", text],
        "zstd": ["zstd", "-q", "-c", text],
        "gzip": ["gzip", "-c", text],
        "openssl dgst": ["openssl", "dgst", "-sha256", text],
        "sort": ["sort", text],
        "cc1": [cc1, "-quiet", "-O2", source, "-o", "-"],
        "bc": ["bc", "-q", os.path.join(tmp, "pi.bc")],
    }
    with open(os.path.join(tmp, "pi.bc"), "w") as f:
        f.write("scale=200\nx=1\nfor(i=1;i<400;i++) x=x/3+1/i\nx\nquit\n")
    return {n: [shutil.which(c[0]) or c[0], *c[1:]] for n, c in commands.items() if shutil.which(c[0])}


BEGIN, END = "<!-- tables: written by the target bench -->\n", "<!-- end of tables -->\n"


def write_tables(path, tables):
    with open(path) as f:
        before, rest = f.read().split(BEGIN)
        after = rest.split(END)[1]
    with open(path, "w") as f:
        f.write(before + BEGIN + "\n" + tables + "\n" + END + after)


class Tee(io.StringIO):
    """Keeps what is printed, and prints it at once."""

    def write(self, text):
        sys.__stdout__.write(text)
        sys.__stdout__.flush()
        return super().write(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dbt_run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--dbt-option", action="append", default=[])
    parser.add_argument("--no-programs", action="store_true")
    parser.add_argument("--no-qemu", action="store_true")
    parser.add_argument("--cpu-time", action="store_true", help="processor time instead of elapsed (a busy machine)")
    parser.add_argument("--write", metavar="FILE", help="put the tables into this file")
    args = parser.parse_args()
    if args.write:
        with contextlib.redirect_stdout(Tee()) as tables:
            measure(args)
        write_tables(args.write, tables.getvalue())
    else:
        measure(args)


def measure(args):
    only = set(filter(None, args.only.split(",")))
    platforms = {"native": [], "dbt": [args.dbt_run, *args.dbt_option]}
    if not args.no_qemu:
        platforms["qemu"] = ["qemu-x86_64", "-cpu", "max"]
    with open("/proc/cpuinfo") as f:
        cpu = re.search(r"model name\s*: (.*)", f.read()).group(1)
    print(f"Processor: {cpu}; medians of {args.rounds} rounds\n")
    columns = [p for p in platforms if p != "native"]
    with tempfile.TemporaryDirectory() as tmp:
        print("| kernel | native s | " + " | ".join(f"{p} / native" for p in columns) + " | cold " + " | cold ".join(columns) + " | dbt MiB |")
        print("|---" * (3 + 2 * len(columns)) + "|")
        steady = {p: [] for p in columns}
        for source in sorted(os.listdir(os.path.join(HERE, "kernels"))):
            name, ext = os.path.splitext(source)
            if ext not in (".c", ".cpp") or (only and name not in only):
                continue
            path = os.path.join(HERE, "kernels", source)
            binary = os.path.join(tmp, name)
            build(path, binary)
            sizes = header(path, "SIZES").split()
            # Sizes of its own for what QEMU is too slow for: ratios are of the time per unit.
            own = {"qemu": header(path, "QEMU-SIZES").split()} if header(path, "QEMU-SIZES") else {}
            t0, _, wrong0 = rounds({p: c for p, c in platforms.items() if p not in own}, [binary, sizes[0]], args.rounds, args.cpu_time)
            t1, memory, wrong1 = rounds({p: c for p, c in platforms.items() if p not in own}, [binary, sizes[1]], args.rounds, args.cpu_time)
            units = int(sizes[1]) - int(sizes[0])
            for p in own:
                if p not in platforms:
                    continue
                scale = units / (int(own[p][1]) - int(own[p][0]))
                pair = {"native": [], p: platforms[p]}
                u0, _, w0 = rounds(pair, [binary, own[p][0]], args.rounds, args.cpu_time)
                u1, _, w1 = rounds(pair, [binary, own[p][1]], args.rounds, args.cpu_time)
                wrong1 = wrong1 | w0 | w1
                t0[p], t1[p] = u0[p] * int(sizes[0]) / int(own[p][0]), 0
                t1[p] = t0[p] + (u1[p] - u0[p]) * scale
            row = [name, f"{t1['native'] - t0['native']:.2f}"]
            for p in columns:
                if p in wrong0 | wrong1:
                    row.append("WRONG")
                    continue
                ratio = (t1[p] - t0[p]) / (t1["native"] - t0["native"])
                steady[p].append(ratio)
                row.append(f"{ratio:.2f}")
            row += [f"{t0[p] / t0['native']:.2f}" for p in columns]
            print("| " + " | ".join(row) + f" | {memory['dbt'] / 1024:.0f} |", flush=True)
        print("\ngeometric means: " + ", ".join(f"{p} {geomean(steady[p]):.2f}" for p in columns) + "\n")
        if args.no_programs:
            return
        print("| program | native s | " + " | ".join(f"{p} / native" for p in columns) + " | dbt / qemu | dbt MiB |")
        print("|---" * (4 + len(columns)) + "|")
        ratios = []
        for name, command in programs(tmp).items():
            if only and name not in only:
                continue
            t, memory, wrong = rounds(platforms, command, args.rounds, args.cpu_time)
            row = [name, f"{t['native']:.3f}"]
            row += ["WRONG" if p in wrong else f"{t[p] / t['native']:.2f}" for p in columns]
            if "qemu" in t:
                row.append(f"{t['dbt'] / t['qemu']:.2f}")
                if not wrong:
                    ratios.append(t["dbt"] / t["qemu"])
            print("| " + " | ".join(row) + f" | {memory['dbt'] / 1024:.0f} |", flush=True)
        if ratios:
            print(f"\ngeometric mean of dbt / qemu: {geomean(ratios):.2f}")


if __name__ == "__main__":
    sys.exit(main())
