# Reads lines "name file address" from a file and ends with status 3 unless the code there begins as
# that of functions for AVX2 does: it uses YMM registers soon, and none that only AVX-512 has.
import re
import subprocess
import sys

Look = 256  # bytes, which are less than any of these functions has

lines = open(sys.argv[1]).read().splitlines()
failed = not lines
for line in lines:
    name, path, address = line.split()
    start = int(address, 16)
    code = subprocess.run(["objdump", "-d", f"--start-address={start}", f"--stop-address={start + Look}", path],
                          check=True, capture_output=True, text=True).stdout
    if not re.search(r"%ymm([0-9]|1[0-5])\b", code):
        print(f"{name} at {address} of {path}: no YMM register in its first {Look} bytes")
        failed = True
    if re.search(r"%zmm|%ymm(1[6-9]|[23][0-9])|%k[0-7]", code):
        print(f"{name} at {address} of {path}: AVX-512")
        failed = True
sys.exit(3 if failed else 0)
