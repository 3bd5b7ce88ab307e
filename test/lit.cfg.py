# lit's configuration of all of dbt's tests; docs/Testing.md explains it.
import ctypes
import os
import shlex

import lit.formats

config.name = "dbt"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".s", ".test"]
config.excludes = ["Inputs", "Support", "Bench", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.dbt_build, "test", "out")

source = config.test_source_root
support = os.path.join(source, "Support")
dbt_run = os.path.join(config.dbt_build, "bin", "dbt-run")
python = shlex.quote(config.python)


def tool(script, *arguments):
    return " ".join([python, os.path.join(support, script), *arguments])


# Sanitized builds are slow: every limit on time is this many times what it is for
# release builds.
patience = 6 if config.dbt_sanitize else 1
lit_config.maxIndividualTestTime = 300 * patience
config.environment["DBT_PATIENCE"] = str(patience)
if "address" in config.dbt_sanitize:
    # ASan's shadow memory begins at 0x7fff8000. Instructions with wild addresses of 32
    # bits, which fault otherwise, read and break it; and an address that is to fault is an
    # error to its memcpy.
    config.available_features.add("asan")
if config.dbt_sanitize:
    # What UBSan finds ends the program, as what ASan finds does.
    config.environment["UBSAN_OPTIONS"] = "halt_on_error=1:print_stacktrace=1"

config.environment["PATH"] = "/usr/bin:/bin:" + config.llvm_tools
config.environment["LC_ALL"] = "C"
config.environment["HOME"] = "/nonexistent"

config.substitutions += [
    ("%dbt-run", dbt_run),
    ("%dbt-lift", os.path.join(config.dbt_build, "bin", "dbt-lift")),
    ("%check-tiers", tool("check-tiers.py", dbt_run)),
    ("%check-insn", tool("check-insn.py", dbt_run, os.path.join(source, "Inputs"))),
    ("%bad-elf", tool("bad-elf.py")),
    ("%status", tool("status.py")),
    ("%cc", "/usr/bin/gcc"),
    ("%cxx", "/usr/bin/g++"),
    ("%clangxx", "/usr/bin/clang++-22"),
    ("%musl-gcc", "/usr/bin/musl-gcc"),
    ("%python", python),
    # Debian's unversioned ones may be another LLVM's.
    ("%llvm-dis", os.path.join(config.llvm_tools, "llvm-dis")),
    ("%llvm-opt", os.path.join(config.llvm_tools, "opt")),
    ("%llvm-nm", os.path.join(config.llvm_tools, "llvm-nm")),
    ("%inputs", os.path.join(source, "Inputs")),
    ("%support", support),
    ("%build", config.dbt_build),
]

# PR_GET_MDWE, of Linux 6.3 and later.
if ctypes.CDLL(None).prctl(66, 0, 0, 0, 0) >= 0:
    config.available_features.add("mdwe")

# What the processor has, for tests that are also run natively: cpu-gfni, ...
with open("/proc/cpuinfo") as info:
    for line in info:
        if line.startswith("flags"):
            config.available_features.update("cpu-" + flag for flag in line.split(":")[1].split())
            break

for program in ["musl-gcc", "nasm", "luajit", "lua5.4", "rustc", "go", "busybox", "sqlite3", "git", "bc", "gawk", "zstd", "hyperfine", "lz4",
                "node", "ffmpeg", "povray", "stress-ng"]:
    if os.path.exists("/usr/bin/" + program) or os.path.exists("/bin/" + program):
        config.available_features.add(program)
if os.path.exists("/usr/bin/Rscript"):
    config.available_features.add("r")
if os.path.exists("/usr/lib/python3/dist-packages/numpy/core/tests/test_umath.py"):
    config.available_features.add("numpy")
