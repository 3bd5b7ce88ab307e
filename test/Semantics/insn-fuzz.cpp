//===- insn-fuzz.cpp - Compare instructions with the processor ------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// insn-fuzz GROUP [-seed N] [-runs N] [-form NAME] [-digest]: runs each form of the group
// (Forms.h) from random states, natively and interpreted, and prints where they
// differ: the bytes and the seed of the run, which reproduces it. With -digest it runs
// natively only, and prints a number for each run: under dbt-run the same must appear.
//===----------------------------------------------------------------------===//

#include "Forms.h"
#include "Machines.h"

#include "Guest/Flags.h"
#include "Guest/Host/HostCpu.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using namespace dbt;
using namespace dbt::test;

namespace {

uint64_t randomState;
uint64_t next() { // splitmix64
  uint64_t z = randomState += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
unsigned below(unsigned n) { return static_cast<unsigned>(next() % n); }

constexpr uint64_t Middle = DataStart + DataSize / 2;

uint64_t interesting() {
  static const uint64_t Edges[] = {0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
                                   0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff};
  switch (below(6)) {
  case 0: return Edges[below(sizeof Edges / sizeof *Edges)];
  case 1: return below(100);
  case 2: return -static_cast<uint64_t>(below(100));
  case 3: return next() & 0xffffffff;
  default: return next();
  }
}

//===--- Encodings ---===//

struct Encoder {
  std::vector<uint8_t> out;
  uint8_t rex = 0;

  void byte(unsigned b) { out.push_back(static_cast<uint8_t>(b)); }
  void immediate(unsigned bytes, uint64_t v) {
    for (unsigned i = 0; i < bytes; ++i)
      byte(v >> 8 * i & 0xff);
  }
  void modrm(unsigned reg, bool memory) {
    if (!memory)
      return byte(0xc0 | reg << 3 | below(8));
    byte(0x80 | reg << 3 | 7); // [rdi + disp32]
    immediate(4, (below(4) == 0 ? 16 * below(8) : below(128)) - 64);
  }
  void vex(std::string_view token) {
    const bool unused = token[3] == '0';
    const char *p = token.data() + (unused ? 5 : 4);
    auto bit = [](char c) { return c == 'x' ? below(2) : static_cast<unsigned>(c - '0'); };
    const unsigned map = static_cast<unsigned>(p[0] - '0'), pp = static_cast<unsigned>(p[2] - '0'), w = bit(p[4]);
    // R, too, where there are 16 registers of each kind.
    const bool vector = p[5] == '.';
    const unsigned l = vector ? bit(p[6]) : 0, r = vector ? below(2) << 7 : 0x80;
    const unsigned last = (unused ? 15 : (vector ? below(16) : 8 | below(8))) << 3 | l << 2 | pp;
    if (map == 1 && w == 0 && below(2)) {
      byte(0xc5);
      return byte(r | last);
    }
    byte(0xc4);
    byte(r | 0x60 | map);
    byte(w << 7 | last);
  }
  /// [rdi + index * scale + disp32]
  void vectorIndex() {
    byte(0x80 | below(8) << 3 | 4);
    byte(below(4) << 6 | below(8) << 3 | 7);
    immediate(4, below(128) - 64);
  }
};

std::vector<uint8_t> encode(const Form &form) {
  Encoder e;
  std::string text = form.encoding;
  std::vector<std::string> tokens;
  for (char *t = std::strtok(text.data(), " "); t; t = std::strtok(nullptr, " "))
    tokens.push_back(t);
  unsigned wide = 4;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string &t = tokens[i];
    bool onlyMemory = i + 1 < tokens.size() && tokens[i + 1] == "m";
    bool onlyRegister = i + 1 < tokens.size() && tokens[i + 1] == "g";
    bool memory = onlyMemory || (!onlyRegister && below(3) == 0);
    if (t == "osz" || t == "rexw") {
      unsigned kind = below(4);
      if (t == "osz" && kind == 1) {
        e.byte(0x66);
        wide = 2;
      } else if (kind == 2) {
        e.byte(0x48);
      }
    } else if (t == "lock") {
      if (below(2))
        e.byte(0xf0);
    } else if (t == "m" || t == "g") {
    } else if (t == "ib") {
      e.byte(below(2) ? below(80) : below(256));
    } else if (t == "i4") {
      e.byte(below(17));
    } else if (t == "i7") {
      e.byte(below(8));
    } else if (t == "i2") {
      e.byte(below(4));
    } else if (t == "iw") {
      e.immediate(2, next());
    } else if (t == "iz") {
      e.immediate(wide, interesting());
    } else if (t == "/s") {
      e.modrm(below(6), below(2));
    } else if (t == "/i") {
      e.byte(0xc0 | below(64));
    } else if (t[1] == 'v') {
      e.vectorIndex();
    } else if (t[0] == '/') {
      e.modrm(t == "/r" ? below(8) : static_cast<unsigned>(t[1] - '0'), memory);
    } else if (t.starts_with("vex")) {
      e.vex(t);
    } else if (t.ends_with("+i")) {
      e.byte(static_cast<unsigned>(std::strtoul(t.substr(0, 2).c_str(), nullptr, 16)) | below(8));
    } else {
      e.byte(static_cast<unsigned>(std::strtoul(t.c_str(), nullptr, 16)));
    }
  }
  return e.out;
}

//===--- States ---===//

void randomX87Value(uint8_t *p) {
  static const uint16_t Exponents[] = {0, 1, 0x3ffe, 0x3fff, 0x4000, 0x403e, 0x7ffe, 0x7fff, 0x3c00, 0x43ff, 0x3f80};
  static const uint64_t Significands[] = {0, 0x8000000000000000, 0xc000000000000000, 0xa000000000000000,
                                          0xffffffffffffffff, 0x4000000000000000, 1, 0x8000000000000001};
  uint64_t significand = below(3) == 0 ? Significands[below(8)] : next() | (below(8) ? uint64_t(1) << 63 : 0);
  uint16_t exponent;
  switch (below(5)) {
  case 0: exponent = Exponents[below(11)]; break;
  case 1: exponent = static_cast<uint16_t>(next() & 0x7fff); break;
  case 2: // a small integer
    significand = uint64_t(1 + below(255)) << 56 | uint64_t(1) << 63;
    exponent = static_cast<uint16_t>(0x3fff + below(12));
    break;
  default: exponent = static_cast<uint16_t>(0x3fff - 40 + below(80)); break;
  }
  exponent |= static_cast<uint16_t>(below(2) << 15);
  std::memcpy(p, &significand, 8);
  std::memcpy(p + 8, &exponent, 2);
}

void randomX87(X87Image &x) {
  x = {};
  uint32_t control = 0x37f;
  if (below(2))
    control = 0x3f | below(4) << 8 | below(4) << 10 | 0x40;
  if (below(6) == 0)
    control &= ~below(64);
  uint32_t status = below(2) ? 0 : (next() & 0x7f & (below(8) ? control : 0x7f));
  if (status & ~control & 0x3f)
    status |= 0x8080;
  status |= below(8) << 11 | (next() & 0x4700);
  x.control = 0xffff0000 | control;
  x.status = 0xffff0000 | status;
  x.tags = 0xffff0000 | (below(2) ? 0 : below(3) ? next() & 0xffff & next() : 0xffff);
  // Only empty or not is an input: the processor makes up the others.
  for (unsigned i = 0; i < 8; ++i)
    if ((x.tags >> 2 * i & 3) != 3)
      x.tags &= ~(3u << 2 * i);
  for (auto &value : x.st)
    randomX87Value(value);
}

/// A floating-point value of any class, as \p Bits.
template <class Bits> Bits randomFloat(Bits exponentMask, unsigned exponentShift) {
  const Bits fraction = (Bits(1) << exponentShift) - 1, bias = exponentMask >> 1;
  Bits exponent, low = static_cast<Bits>(next()) & fraction;
  switch (below(9)) {
  case 0: exponent = 0; low = below(3) ? low : 0; break;            // zero, denormal
  case 1: exponent = exponentMask; low = below(2) ? low : 0; break; // infinity, NaN
  case 2: exponent = exponentMask; low |= Bits(1) << (exponentShift - 1); break; // quiet
  case 3: exponent = below(2) ? 1 : exponentMask - 1; break;        // the least, the greatest
  case 4: exponent = bias + below(8); low = (Bits(next() & 7)) << (exponentShift - 3); break;
  case 5: exponent = bias + below(70); break;                       // about integers' limits
  case 6: exponent = static_cast<Bits>(next()) & exponentMask; break;
  default: exponent = bias - 10 + below(20); break;
  }
  return Bits(below(2)) << (sizeof(Bits) * 8 - 1) | exponent << exponentShift | low;
}

uint64_t randomLanes() {
  switch (below(4)) {
  case 0: return interesting();
  case 1: return randomFloat<uint64_t>(0x7ff, 52);
  default: {
    uint64_t low = randomFloat<uint32_t>(0xff, 23);
    return low | uint64_t(randomFloat<uint32_t>(0xff, 23)) << 32;
  }
  }
}

/// All vector registers become signed numbers of \p Lane below 64, which are good
/// indices and masks.
template <class Lane> void smallVectors(State &s) {
  for (unsigned i = 0; i < 256; i += sizeof(Lane))
    for (uint8_t *p : {s.xmm(0) + i, s.upper[0] + i}) {
      const Lane v = static_cast<Lane>(below(128)) - 64;
      std::memcpy(p, &v, sizeof v);
    }
}

void randomVectors(State &s) {
  for (unsigned i = 0; i < 256; i += 8) {
    uint64_t v = randomLanes();
    std::memcpy(s.xmm(0) + i, &v, 8);
    v = randomLanes();
    std::memcpy(s.upper[0] + i, &v, 8);
  }
  for (uint64_t at = Middle - 128; at < Middle + 256; at += 8)
    *reinterpret_cast<uint64_t *>(at) = randomLanes();
  // Rounding, DAZ, FTZ and sticky flags; all exceptions masked, mostly.
  s.mxcsr() = 0x1f80 | below(4) << 13 | below(2) << 6 | below(2) << 15 | below(64);
  if (below(8) == 0)
    s.mxcsr() &= ~(below(64) << 7);
}

void randomState_(State &s) {
  std::memset(&s, 0, sizeof s);
  for (uint64_t &r : s.gpr)
    r = interesting();
  s.gpr[7] = Middle; // rdi: where memory operands are
  s.gpr[4] = Middle + 0x400 + (below(4) ? 0 : below(64)); // rsp
  s.gpr[5] = Middle + 0x800;
  if (below(4)) {
    s.gpr[6] = Middle + below(2048) - 1024; // rsi, rbx: also pointers, mostly
    s.gpr[3] = Middle;
    s.gpr[1] = below(3) ? below(300) : interesting() & 0xfff;
    s.gpr[7] += below(3) ? 0 : below(64);
  }
  s.rflags = 0x202 | (next() & (flag::Status | flag::DF));
  s.mxcsr() = 0x1f80;
  for (unsigned i = 0; i < 256; i += 8) {
    uint64_t v = interesting();
    std::memcpy(s.xmm(0) + i, &v, 8);
    v = interesting();
    std::memcpy(s.upper[0] + i, &v, 8);
  }
  randomX87(s.x87);
}

void randomData() {
  auto *words = reinterpret_cast<uint64_t *>(DataStart);
  for (unsigned i = 0; i < DataSize / 8; ++i)
    words[i] = next();
  // Around the operands: values as registers have, and x87's.
  for (uint64_t at = Middle - 128; at < Middle + 256; at += 8)
    *reinterpret_cast<uint64_t *>(at) = interesting();
  if (below(2))
    for (uint64_t at = Middle - 64; at < Middle + 64; at += 16)
      randomX87Value(reinterpret_cast<uint8_t *>(at));
}

//===--- Comparing ---===//

bool likeAmd() {
  static const bool amd = host::cpuid(0, 0).ecx == 0x444d4163; // AuthenticAMD
  return amd;
}

struct Comparison {
  std::string text;
  void line(const char *format, ...) __attribute__((format(printf, 2, 3))) {
    char buffer[256];
    va_list args;
    va_start(args, format);
    std::vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    text += buffer;
  }
};

std::string difference(const State &before, const State &want, const State &got, const FormGroup &group,
                       const Form &form) {
  static const char *const Names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                      "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
  Comparison c;
  if (want.signal != got.signal)
    c.line("  signal %d, interpreted %d\n", want.signal, got.signal);
  if (want.rip != got.rip)
    c.line("  rip %lx, interpreted %lx\n", want.rip, got.rip);
  for (unsigned i = 0; i < 16; ++i)
    if (want.gpr[i] != got.gpr[i])
      c.line("  %s %lx -> %lx, interpreted %lx\n", Names[i], before.gpr[i], want.gpr[i], got.gpr[i]);
  uint64_t compared = (flag::Status & ~form.undefinedFlags & ~(likeAmd() ? 0 : form.amdFlags)) | flag::DF;
  if (want.signal)
    compared = 0; // a fault's flags carry RF, and are the instruction's start
  if ((want.rflags ^ got.rflags) & compared)
    c.line("  flags %lx -> %lx, interpreted %lx: %lx\n", before.rflags & flag::Status, want.rflags & flag::Status,
           got.rflags & flag::Status, (want.rflags ^ got.rflags) & compared);
  if (want.signal)
    return c.text;
  auto hexOf = [&](const uint8_t *p, int bytes) {
    for (int k = bytes - 1; k >= 0; --k)
      c.line("%02x", p[k]);
  };
  State &start = const_cast<State &>(before), &w0 = const_cast<State &>(want), &g0 = const_cast<State &>(got);
  auto vector = [&](const char *name, unsigned i, const uint8_t *old, const uint8_t *right, const uint8_t *ours) {
    if (std::memcmp(right, ours, 16) == 0)
      return;
    c.line("  %s%u ", name, i);
    hexOf(old, 16);
    c.line(" -> ");
    hexOf(right, 16);
    c.line(", interpreted ");
    hexOf(ours, 16);
    c.line("\n");
  };
  for (unsigned i = 0; i < 16; ++i) {
    vector("xmm", i, start.xmm(i), w0.xmm(i), g0.xmm(i));
    if (hasYmm())
      vector("upper half of ymm", i, start.upper[i], w0.upper[i], g0.upper[i]);
  }
  if (w0.mxcsr() != g0.mxcsr())
    c.line("  mxcsr %x -> %x, interpreted %x\n", start.mxcsr(), w0.mxcsr(), g0.mxcsr());
  const X87Image &w = want.x87, &g = got.x87;
  if (w.control != g.control)
    c.line("  x87 control %x -> %x, interpreted %x\n", before.x87.control, w.control, g.control);
  if ((w.status ^ g.status) & ~uint32_t(likeAmd() ? 0 : group.amdCodes))
    c.line("  x87 status %x -> %x, interpreted %x\n", before.x87.status, w.status, g.status);
  if (w.tags != g.tags)
    c.line("  x87 tags %x -> %x, interpreted %x\n", before.x87.tags, w.tags, g.tags);
  for (unsigned i = 0; i < 8; ++i)
    if (std::memcmp(w.st[i], g.st[i], 10) != 0) {
      c.line("  st(%u) ", i);
      hexOf(before.x87.st[i], 10);
      c.line(" -> ");
      hexOf(w.st[i], 10);
      c.line(", interpreted ");
      hexOf(g.st[i], 10);
      c.line("\n");
    }
  return c.text;
}

/// A random instance of \p form, and the state and memory to run it in.
State instance(const FormGroup &group, const Form &form, uint64_t seed, std::vector<uint8_t> &bytes) {
  randomState = seed;
  State start;
  randomState_(start);
  randomData();
  if (group.vectors)
    randomVectors(start);
  bytes = encode(form);
  const std::string_view name = form.name;
  // Destination and flags are undefined beyond the operand's width (SDM Vol. 2, SHLD).
  if (name == "shld16 cl" || name == "shrd16 cl")
    start.gpr[1] = (start.gpr[1] & ~uint64_t(31)) | below(17);
  // Before their first round is done Intel's processors have zero-extended ECX, ESI and
  // EDI, AMD's have not.
  if (name.starts_with("rep ") && name.ends_with("32"))
    for (unsigned r : {1, 6, 7})
      start.gpr[r] &= 0xffffffff;
  // POPF: AC would make the host's own code fault, TF is not done.
  *reinterpret_cast<uint64_t *>(start.gpr[4]) &= ~uint64_t(0x40100);
  return start;
}

uint64_t hash(uint64_t h, const void *data, size_t size) { // FNV-1a
  for (size_t i = 0; i < size; ++i)
    h = (h ^ static_cast<const uint8_t *>(data)[i]) * 0x100000001b3;
  return h;
}

/// INT1 is a trap (SDM Vol. 3, 6.5), but virtual machines report it as a fault.
bool comparable(const Form &form) { return std::string_view(form.name) != "int1"; }

/// Prints a number for each form that depends on all that its instances do: equal
/// natively and under a translator.
void printDigests(const FormGroup &group, uint64_t seed, unsigned runs, std::string_view only) {
  std::vector<uint8_t> bytes;
  auto wanted = [&](const Form &form) { return (only.empty() || only == form.name) && comparable(form); };
  for (unsigned f = 0; f < group.size; ++f)
    for (unsigned run = 0; run < runs && wanted(group.forms[f]); ++run) {
      instance(group, group.forms[f], seed + run, bytes);
      placeNative(f * runs + run, bytes.data(), bytes.size());
    }
  finishPlacing();
  for (unsigned f = 0; f < group.size; ++f) {
    const Form &form = group.forms[f];
    if (!wanted(form))
      continue;
    std::printf("%-12s", form.name);
    for (unsigned run = 0; run < runs; ++run) {
      State s = instance(group, form, seed + run, bytes);
      runPlaced(f * runs + run, bytes.size(), s);
      uint64_t h = hash(0xcbf29ce484222325, &s.signal, sizeof s.signal);
      h = hash(h, &s.rip, sizeof s.rip);
      h = hash(h, s.gpr, sizeof s.gpr);
      if (!s.signal) {
        const uint64_t flags = s.rflags & ((flag::Status & ~form.undefinedFlags & ~form.amdFlags) | flag::DF);
        const uint32_t status = s.x87.status & ~uint32_t(group.amdCodes);
        h = hash(h, &flags, sizeof flags);
        h = hash(h, s.xmm(0), 256);
        if (hasYmm())
          h = hash(h, s.upper, sizeof s.upper);
        h = hash(h, &s.mxcsr(), 4);
        h = hash(h, &s.x87.control, 4);
        h = hash(h, &status, 4);
        h = hash(h, &s.x87.tags, 4);
        h = hash(h, s.x87.st, sizeof s.x87.st);
      }
      h = hash(h, reinterpret_cast<const void *>(DataStart), DataSize);
      std::printf(" %08x", static_cast<uint32_t>(h ^ h >> 32));
    }
    std::printf("\n");
  }
}

/// Returns what differs, or nothing.
std::string runOnce(const FormGroup &group, const Form &form, uint64_t seed, std::vector<uint8_t> &bytes) {
  static uint8_t before[DataSize], after[DataSize];
  const State start = instance(group, form, seed, bytes);
  auto *data = reinterpret_cast<uint8_t *>(DataStart);
  std::memcpy(before, data, DataSize);
  State want = start, got = start;
  runNative(bytes.data(), bytes.size(), want);
  std::memcpy(after, data, DataSize);
  std::memcpy(data, before, DataSize);
  if (!runInterpreted(bytes.data(), bytes.size(), got))
    return "  not implemented\n";
  std::string text = difference(start, want, got, group, form);
  for (unsigned i = 0; i < DataSize; i += 8)
    if (std::memcmp(after + i, data + i, 8) != 0) {
      uint64_t a, b, old;
      std::memcpy(&a, after + i, 8);
      std::memcpy(&b, data + i, 8);
      std::memcpy(&old, before + i, 8);
      char line[128];
      std::snprintf(line, sizeof line, "  memory %+d %lx -> %lx, interpreted %lx\n", static_cast<int>(i - DataSize / 2), old, a, b);
      text += line;
    }
  return text;
}

} // namespace

int main(int argc, char **argv) {
  const FormGroup *group = nullptr;
  uint64_t seed = 1;
  unsigned runs = 2000;
  std::string_view only;
  bool digest = false;
  for (int i = 1; i < argc; ++i) {
    std::string_view arg = argv[i];
    if (arg == "-seed" && i + 1 < argc)
      seed = std::strtoull(argv[++i], nullptr, 0);
    else if (arg == "-runs" && i + 1 < argc)
      runs = static_cast<unsigned>(std::strtoul(argv[++i], nullptr, 0));
    else if (arg == "-digest")
      digest = true;
    else if (arg == "-form" && i + 1 < argc)
      only = argv[++i];
    else
      for (const FormGroup *g : {&IntegerForms, &X87Forms, &SseForms, &MmxForms, &AvxForms})
        if (arg == g->name)
          group = g;
  }
  if (!group) {
    std::fprintf(stderr, "usage: insn-fuzz integer|x87|sse|mmx|avx [-seed N] [-runs N] [-form NAME] [-digest]\n");
    return 2;
  }
  initMachines();
  if (digest) {
    printDigests(*group, seed, runs, only);
    return 0;
  }
  unsigned failures = 0;
  unsigned tried = 0;
  for (unsigned f = 0; f < group->size; ++f) {
    const Form &form = group->forms[f];
    if ((!only.empty() && only != form.name) || !comparable(form))
      continue;
    ++tried;
    unsigned bad = 0;
    for (unsigned run = 0; run < runs; ++run) {
      std::vector<uint8_t> bytes;
      uint64_t at = seed + run;
      std::string text = runOnce(*group, form, at, bytes);
      if (text.empty())
        continue;
      if (++bad > 1)
        continue;
      std::printf("%s: -seed %lu -runs 1:", form.name, at);
      for (uint8_t b : bytes)
        std::printf(" %02x", b);
      std::printf("\n%s", text.c_str());
    }
    if (bad) {
      std::printf("%s: %u of %u runs differ\n", form.name, bad, runs);
      ++failures;
    }
  }
  std::printf("%u of %u forms differ\n", failures, tried);
  return failures != 0 || tried == 0;
}
