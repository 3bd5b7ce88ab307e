//===- decode-check.cpp - Compare the decoder with LLVM's -----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// decode-check FILE...: all .text of ELF files, in a linear sweep.
// decode-check --opcodes: every opcode of all maps, with and without VEX.
// decode-check --random N [--seed S]: N random byte strings.
// decode-check --bytes HEX: one, and what both decoders make of it.
//
// Both must agree on what is an instruction, on its length, name and operands
// but for what Exceptions.cpp lists. Of what dbt has no row for, only that it
// is listed there, and the length. Prints counts, exceptions by kind and
// differences; fails if there are any of the latter.
//===----------------------------------------------------------------------===//

#include "Compare.h"

#include "Guest/Features.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ObjectFile.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

using namespace dbt;

namespace {

int fail(const char *what, const std::string &message) {
  std::fprintf(stderr, "decode-check: %s: %s\n", what, message.c_str());
  return 2;
}

/// 0, or an exit status.
int sweepFile(Comparison &comparison, const char *path) {
  auto file = llvm::object::ObjectFile::createObjectFile(path);
  if (!file)
    return fail(path, llvm::toString(file.takeError()));
  bool found = false;
  for (const llvm::object::SectionRef &section :
       file->getBinary()->sections()) {
    auto name = section.getName();
    auto contents = section.getContents();
    if (!name || !contents)
      return fail(
          path, llvm::toString(name ? contents.takeError() : name.takeError()));
    if (*name != ".text")
      continue;
    found = true;
    auto bytes = llvm::arrayRefFromStringRef(*contents);
    for (size_t i = 0; i < bytes.size();)
      i += comparison.at(bytes.slice(i), section.getAddress() + i);
  }
  return found ? 0 : fail(path, "no .text");
}

uint64_t randomState;
uint64_t next() { // splitmix64
  uint64_t z = randomState += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// A VEX prefix, mostly with no operand in vvvv.
unsigned randomVex(uint8_t *bytes) {
  const uint64_t r = next();
  const auto last = static_cast<uint8_t>(r >> 8 | (r & 3 ? 0x78 : 0));
  if (r & 4) {
    bytes[0] = 0xc5;
    bytes[1] = last;
    return 2;
  }
  bytes[0] = 0xc4;
  bytes[1] = static_cast<uint8_t>((r >> 16 & 0xe0) | (1 + (r >> 32) % 3));
  bytes[2] = last;
  return 3;
}

/// Random bytes behind a few prefixes and, half the time, an escape or VEX: plain
/// random bytes are mostly ADDs and jumps.
void randomString(uint8_t (&bytes)[16]) {
  static constexpr uint8_t Prefixes[] = {0x66, 0xf2, 0xf3, 0xf0, 0x67,
                                         0x2e, 0x64, 0x65, 0x3e};
  unsigned at = 0;
  // Some are so many that an instruction gets longer than 15 bytes.
  const uint64_t often = (next() & 63) == 0 ? 31 : 3;
  for (uint64_t r = next(); at < 13 && ((r & often) == 0) == (often == 3);
       r = next())
    bytes[at++] = Prefixes[(r >> 8) % sizeof Prefixes];
  const uint64_t r = next();
  const bool vex = at < 8 && (r >> 16 & 3) == 0;
  if (vex)
    at += randomVex(bytes + at);
  else if (r & 1)
    bytes[at++] = static_cast<uint8_t>(0x40 | ((r >> 8) & 15));
  if (!vex && (r & 2))
    bytes[at++] = 0x0f;
  if (!vex && (r & 0x3e) == 2)
    bytes[at++] = r & 0x40 ? 0x38 : 0x3a;
  while (at < 16)
    bytes[at++] = static_cast<uint8_t>(next());
}

/// Every ModRM.reg, with registers, [rdi + disp32] and an index, behind \p bytes' first
/// \p at.
void everyModRm(Comparison &comparison, uint8_t (&bytes)[16], unsigned at) {
  for (unsigned reg = 0; reg < 8; ++reg)
    for (unsigned rm = 0; rm < 10; ++rm) {
      const unsigned modRm = rm < 8 ? 0xc0 | rm : rm == 8 ? 0x87 : 0x84;
      bytes[at] = static_cast<uint8_t>(modRm | reg << 3);
      comparison.at(bytes, 0x100000);
    }
}

/// Every opcode of all maps, with each prefix that chooses and with REX.W or VEX.W.
void everyOpcode(Comparison &comparison) {
  static constexpr uint8_t Prefixes[] = {0, 0x66, 0xf3, 0xf2}, Escapes[] = {0, 0, 0x38, 0x3a};
  for (unsigned n = 0; n < 4 * 2 * 4 * 256; ++n) {
    const unsigned map = n >> 8 & 3, pp = n >> 10 & 3, w = n >> 12;
    uint8_t bytes[16] = {};
    unsigned at = 0;
    if (pp)
      bytes[at++] = Prefixes[pp];
    if (w)
      bytes[at++] = 0x48;
    if (map)
      bytes[at++] = 0x0f;
    if (Escapes[map])
      bytes[at++] = Escapes[map];
    bytes[at++] = static_cast<uint8_t>(n);
    everyModRm(comparison, bytes, at);
    for (unsigned l : {0u, 4u})
      for (unsigned operand : {15u, 3u}) {
        uint8_t vex[16] = {0xc4, static_cast<uint8_t>(0xe0 | map), static_cast<uint8_t>(w << 7 | operand << 3 | l | pp),
                           static_cast<uint8_t>(n)};
        if (map)
          everyModRm(comparison, vex, 4);
      }
  }
}

} // namespace

int main(int argc, char **argv) {
  // LLVM's tables are one maker's; what AMD's processors decode otherwise test/Insn/makers.c has.
  dbt::setGuestVendor(dbt::Vendor::Intel);
  dbt::FeatureSet features = dbt::guestFeatures();
  features.set(number(dbt::Isa::Sse4a)); // AMD's, but at encodings that are nothing else
  dbt::setGuestFeatures(features);
  uint64_t runs = 0;
  Comparison comparison;
  for (int i = 1; i < argc; ++i) {
    std::string_view arg = argv[i];
    const char *value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (arg == "--random" && value) {
      runs = std::strtoull(argv[++i], nullptr, 0);
    } else if (arg == "--seed" && value) {
      randomState = std::strtoull(argv[++i], nullptr, 0);
    } else if (arg == "--opcodes") {
      everyOpcode(comparison);
    } else if (arg == "--bytes" && value) {
      std::string bytes;
      if (!llvm::tryGetFromHex(argv[++i], bytes))
        return fail(argv[i], "not hexadecimal");
      comparison.at(llvm::arrayRefFromStringRef(bytes), 0x1000);
    } else if (arg[0] == '-') {
      return fail("usage",
                  "decode-check FILE... | --random N [--seed S] | --opcodes | --bytes HEX");
    } else if (int status = sweepFile(comparison, argv[i])) {
      return status;
    }
  }
  for (uint64_t i = 0; i < runs; ++i) {
    uint8_t bytes[16];
    randomString(bytes);
    comparison.at(bytes, 0x100000);
  }
  return comparison.report() ? 0 : 1;
}
