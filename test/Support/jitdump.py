#!/usr/bin/env python3
"""Prints a jit-PID.dump (the kernel's tools/perf/Documentation/jitdump-specification.txt),
and fails if it is malformed or does not agree with perf-PID.map.

usage: jitdump.py DUMP MAP
  code NAME SIZE
    OFFSET FILE:LINE        of the debug information before it; LINE in hexadecimal
"""
import struct
import sys


def cstring(data, at):
    end = data.index(b"\0", at)
    return data[at:end].decode(), end + 1


def main():
    dump, names = open(sys.argv[1], "rb").read(), {}
    for line in open(sys.argv[2]):
        start, size, name = line.rstrip("\n").split(" ", 2)
        names[int(start, 16)] = (int(size, 16), name)
    magic, version, at, machine, _, pid, _, flags = struct.unpack_from("<6I2Q", dump)
    assert magic == 0x4A695444 and version == 1 and machine == 62 and flags == 0
    assert f"jit-{pid}.dump" in sys.argv[1] and f"perf-{pid}.map" in sys.argv[2]
    last_time, index, lines = 0, 0, None
    while at < len(dump):
        kind, size, time = struct.unpack_from("<2IQ", dump, at)
        assert time >= last_time and at + size <= len(dump)
        last_time, body, at = time, dump[at + 16:at + size], at + size
        if kind == 2:
            code, count = struct.unpack_from("<2Q", body)
            lines, place = [], 16
            for _ in range(count):
                address, line, _ = struct.unpack_from("<Q2I", body, place)
                file, place = cstring(body, place + 16)
                lines.append((address - code, file, line))
            assert place == len(body) and lines == sorted(lines, key=lambda l: l[0])
        else:
            assert kind == 0
            owner, _, vma, address, length, number = struct.unpack_from("<2I4Q", body)
            name, place = cstring(body, 40)
            assert owner == pid and vma == address and number == index and len(body) == place + length
            assert names.pop(address) == (length, name)
            print(f"code {name} {length}")
            for offset, file, line in lines:
                assert offset < length
                print(f"  {offset:x} {file}:{line:x}")
            index, lines = index + 1, None
    assert index and not names


if __name__ == "__main__":
    main()
