#!/usr/bin/python3
"""Makes a file that cannot be run: bad-elf.py KIND OUTPUT. All are /bin/true but
for what KIND says."""
import os
import struct
import sys

kind, output = sys.argv[1:3]
data = bytearray(open("/bin/true", "rb").read())
phoff, = struct.unpack_from("<Q", data, 32)
phnum, = struct.unpack_from("<H", data, 56)


def segments(kind):
    return [phoff + 56 * i for i in range(phnum) if struct.unpack_from("<I", data, phoff + 56 * i)[0] == kind]


mode = 0o755
if kind == "empty":
    data = b""
elif kind == "truncated-header":
    data = data[:40]
elif kind == "truncated-segments":
    data = data[:5000]
elif kind == "not-elf":
    data = b"\x00\x01\x02 this is no program\n"
elif kind == "32-bit":
    data[4] = 1
elif kind == "wrong-machine":
    struct.pack_into("<H", data, 18, 183)
elif kind == "relocatable":
    struct.pack_into("<H", data, 16, 1)
elif kind == "no-permission":
    mode = 0o644
elif kind == "missing-interpreter":
    offset, = struct.unpack_from("<Q", data, segments(3)[0] + 8)
    data[offset:offset + 10] = b"/no/such/i"
elif kind == "endless-load":
    struct.pack_into("<Q", data, segments(1)[-1] + 40, 1 << 62)
elif kind == "no-segments":
    struct.pack_into("<H", data, 56, 0)
elif kind == "bad-interpreter":
    offset, = struct.unpack_from("<Q", data, segments(3)[0] + 8)
    data[offset:offset + 12] = b"/etc/passwd\0"
elif kind == "bad-script-interpreter":
    data = b"#!/etc/passwd\n"
elif kind == "endless-script":
    data = b"#!" + os.path.abspath(output).encode() + b"\n"
elif kind == "missing-script-interpreter":
    data = b"#!/no/such/interpreter\n"
else:
    sys.exit(f"bad-elf: unknown kind {kind}")
with open(output, "wb") as f:
    f.write(data)
os.chmod(output, mode)
