"""What the python3 test runs: json, re, hashlib, subprocess, threading."""
import hashlib
import json
import re
import subprocess
import threading

data = {"numbers": [i * i % 17 for i in range(20)], "text": "häßlich", "float": 0.1 + 0.2, "none": None}
print(json.dumps(data, sort_keys=True), json.loads(json.dumps(data)) == data)
print(re.findall(r"(\w+)=(\d+)", "a=1, bc=23; def=456"), re.sub(r"\s+", "_", "a b \t c"))
for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
    print(name, hashlib.new(name, b"dbt" * 1000).hexdigest())
print(subprocess.run(["/bin/echo", "child"], capture_output=True, text=True, check=True).stdout.strip())
counts = []
lock = threading.Lock()


def work(n):
    total = sum(range(n))
    with lock:
        counts.append(total)


threads = [threading.Thread(target=work, args=(n * 100,)) for n in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(counts))
