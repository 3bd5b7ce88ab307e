"""Runs test/Insn/features.c with each feature switched off, in every tier.

usage: features.py DBT_RUN PROGRAM
"""
import subprocess
import sys

TIERS = [["--tier=interp"], ["--tier=jit", "-O0"], ["--tier=auto", "--tier-threshold=1"]]
# What needs a feature, besides itself.
AVX = ["avx", "fma", "f16c", "avx2", "vaes", "vpclmulqdq"]
SSE4 = ["sse4_1", "sse4_2"]
NEEDED_BY = {
    "pni": ["ssse3", "sse4a"] + SSE4,
    "ssse3": SSE4,
    "sse4_1": ["sse4_2"],
    "osxsave": AVX + ["xsaveopt", "xsavec"],
    "avx": AVX,
    "aes": [],
}


def running(dbt, program, tier, cpu):
    ended = subprocess.run([*dbt, *tier, "-cpu", cpu, program], capture_output=True, text=True, timeout=120)
    if ended.returncode:
        sys.exit(f"{tier} {cpu}: status {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return set(ended.stdout.split())


def main():
    *dbt, program = sys.argv[1:]
    failures = 0
    for tier in TIERS:
        all_of_them = running(dbt, program, tier, "max")
        # A level has all of its features, if the host has, and no other.
        levels = {"x86-64": set(), "x86-64-v2": {"pni", "ssse3", "cx16", *SSE4, "popcnt", "lahf_lm"}}
        levels["x86-64-v3"] = levels["x86-64-v2"] | {"fma", "movbe", "osxsave", "avx", "f16c", "bmi1", "avx2", "bmi2"}
        expected = {name: of & all_of_them for name, of in levels.items()}
        for feature in sorted(all_of_them):
            expected["max,-" + feature] = all_of_them - {feature, *NEEDED_BY.get(feature, [])}
        for cpu, want in expected.items():
            got = running(dbt, program, tier, cpu)
            if got != want:
                failures += 1
                print(f"{' '.join(tier)} -cpu {cpu}: also {sorted(got - want)}, lacks {sorted(want - got)}")
        print(f"{' '.join(tier)}: {len(all_of_them)} features, {len(expected)} processors")
    sys.exit(failures != 0)


main()
