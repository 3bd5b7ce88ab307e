//===- Decoder.cpp - Guest bytes to Insn ----------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode/Decoder.h"

#include "Decode/Prefixes.h"
#include "Decode/Vex.h"
#include "Guest/Vendor.h"

#include <capstone/capstone.h>
#include <algorithm>
#include <cstring>
#include <mutex>

namespace dbt {

namespace {

constexpr unsigned FirstPseudo = 4096;
constexpr const char *Pseudo[] = {"movs", "cmps", "stos", "lods", "scas", "ins", "outs", "(ambiguous)", "ud1", "rdpid",
                                    "vcmpps", "vcmppd", "vcmpss", "vcmpsd"};
/// Instructions with 66 that Capstone 4 does not know, each with one that it knows and
/// whose operands are the same.
struct Twin {
  uint8_t map, opcode, known;
  const char *name;
};
constexpr Twin Twins[] = {{0x38, 0xcf, 0xdc, "gf2p8mulb"},
                          {0x3a, 0xce, 0xdf, "gf2p8affineqb"},
                          {0x3a, 0xcf, 0xdf, "gf2p8affineinvqb"}};
constexpr unsigned FirstTwin = FirstPseudo + 64, FirstVexTwin = FirstPseudo + 128;
constexpr unsigned Ambiguous = FirstPseudo + 7; ///< has no row, so it is refused loudly
/// Capstone 4 calls it UD2B and leaves out its operand, Capstone 5 has it as UD1.
constexpr unsigned Ud1 = FirstPseudo + 8;
/// Capstone 4 takes it for RDSEED.
constexpr unsigned Rdpid = FirstPseudo + 9;
constexpr unsigned VexCompare = FirstPseudo + 10; ///< and VEX.pp

Reg gpr(x86_reg r) {
  switch (r) {
#define R(n, a, b, c, d) case X86_REG_##a: case X86_REG_##b: case X86_REG_##c: case X86_REG_##d: return static_cast<Reg>(n);
    R(0, RAX, EAX, AX, AL) R(1, RCX, ECX, CX, CL) R(2, RDX, EDX, DX, DL) R(3, RBX, EBX, BX, BL)
    R(4, RSP, ESP, SP, SPL) R(5, RBP, EBP, BP, BPL) R(6, RSI, ESI, SI, SIL) R(7, RDI, EDI, DI, DIL)
#define N(n) R(n, R##n, R##n##D, R##n##W, R##n##B)
    N(8) N(9) N(10) N(11) N(12) N(13) N(14) N(15)
#undef N
#undef R
  case X86_REG_AH: return Reg::Ah;
  case X86_REG_CH: return Reg::Ch;
  case X86_REG_DH: return Reg::Dh;
  case X86_REG_BH: return Reg::Bh;
  case X86_REG_RIP: return Reg::Rip;
  case X86_REG_FS: return Reg::Fs;
  case X86_REG_GS: return Reg::Gs;
  case X86_REG_CS: return Reg::Cs;
  case X86_REG_SS: return Reg::Ss;
  case X86_REG_DS: return Reg::Ds;
  case X86_REG_ES: return Reg::Es;
  default: break;
  }
  if (r >= X86_REG_XMM0 && r <= X86_REG_XMM15)
    return static_cast<Reg>(number(Reg::Xmm0) + (r - X86_REG_XMM0));
  if (r >= X86_REG_YMM0 && r <= X86_REG_YMM15)
    return static_cast<Reg>(number(Reg::Xmm0) + (r - X86_REG_YMM0));
  if (r >= X86_REG_MM0 && r <= X86_REG_MM7)
    return static_cast<Reg>(number(Reg::Mm0) + (r - X86_REG_MM0));
  if (r >= X86_REG_ST0 && r <= X86_REG_ST7)
    return static_cast<Reg>(number(Reg::St0) + (r - X86_REG_ST0));
  if (r >= X86_REG_CR0 && r <= X86_REG_CR15)
    return static_cast<Reg>(number(Reg::Cr0) + (r - X86_REG_CR0));
  if (r >= X86_REG_DR0 && r <= X86_REG_DR15)
    return static_cast<Reg>(number(Reg::Dr0) + (r - X86_REG_DR0));
  return Reg::None;
}

/// LFENCE, MFENCE or SFENCE, which ignore r/m (SDM Vol. 2); Capstone wants it 0.
bool isFence(const uint8_t *opcode, const uint8_t *end) {
  return end - opcode > 2 && opcode[0] == 0x0f && opcode[1] == 0xae && opcode[2] >= 0xe8;
}

/// The length of an instruction of the 0F map with a ModRM byte and no immediate,
/// or 0 if it is none, from its REX or 0F on.
unsigned modrmLength(const uint8_t *bytes, size_t available) {
  size_t at = 0;
  while (at < available && bytes[at] != 0x0f)
    ++at;
  if (available - at < 3)
    return 0;
  const uint8_t modrm = bytes[at + 2];
  at += 3;
  unsigned mod = modrm >> 6, rm = modrm & 7;
  if (mod != 3 && rm == 4) {
    if (at == available)
      return 0;
    if ((bytes[at++] & 7) == 5 && mod == 0)
      at += 4;
  } else if (mod == 0 && rm == 5) {
    at += 4;
  }
  at += mod == 1 ? 1 : mod == 2 ? 4 : 0;
  return at <= available ? static_cast<unsigned>(at) : 0;
}

/// Whether a near branch has a displacement of 32 bits, or of 16 with 66 on AMD's processors.
bool hasLongDisplacement(const uint8_t *opcode, size_t available) {
  return available > 0 && (opcode[0] == 0xe8 || opcode[0] == 0xe9 || (opcode[0] == 0x0f && available > 1 && (opcode[1] & 0xf0) == 0x80));
}

/// 0F 18 to 0F 1F are hints, whatever their prefixes and operand (SDM Vol. 2, Table
/// A-3), and what a processor does not know of them it skips; so are all of 0F
/// 0D. Capstone does not know them all. The length, or 0 if it is none.
unsigned hintLength(const uint8_t *bytes, size_t available, unsigned numPrefixes) {
  if (available < numPrefixes + 3 || bytes[numPrefixes] != 0x0f)
    return 0;
  const uint8_t op = bytes[numPrefixes + 1];
  if ((op & 0xf8) != 0x18 && op != 0x0d)
    return 0;
  return modrmLength(bytes, available);
}

bool isPrefetchOfRegister(const uint8_t *opcode, const uint8_t *end) {
  return end - opcode >= 3 && opcode[0] == 0x0f && opcode[1] == 0x0d && opcode[2] >= 0xc0;
}

/// Hints that Capstone 4 does not know and Capstone 5 names: RDSSPQ, CLDEMOTE, MPX's.
/// What is left are NOP, ENDBR and the prefetches.
bool isNamelessHint(const uint8_t *bytes, size_t available, unsigned numPrefixes) {
  if (available < numPrefixes + 3 || bytes[numPrefixes] != 0x0f)
    return false;
  const uint8_t op = bytes[numPrefixes + 1], modrm = bytes[numPrefixes + 2];
  return (op >= 0x19 && op <= 0x1d) || (op == 0x1e && modrm != 0xfa && modrm != 0xfb);
}

/// The register operands of x87, which Capstone's versions list differently: ST(0) is
/// left out where it is the destination of the only form, or is not written.
void setX87Operands(uint8_t opcode, uint8_t modrm, Insn &out) {
  const unsigned group = (modrm >> 3) & 7;
  const Reg sti = static_cast<Reg>(number(Reg::St0) + (modrm & 7));
  auto set = [&](unsigned n, Reg first, Reg second) {
    out.numOps = static_cast<uint8_t>(n);
    out.reg[0] = first;
    out.reg[1] = second;
    out.kind[0] = OpKind::Reg;
    out.kind[1] = n == 2 ? OpKind::Reg : OpKind::None;
    out.size[0] = 10;
    out.size[1] = n == 2 ? 10 : 0;
  };
  if ((opcode == 0xda || opcode == 0xdb) && group < 4) // FCMOVcc
    return set(2, Reg::St0, sti);
  if (opcode == 0xdc)
    return group == 2 || group == 3 ? set(2, Reg::St0, sti) : set(2, sti, Reg::St0);
  set(1, sti, Reg::None);
}

/// The twin of the instruction at \p opcode, or null.
const Twin *findTwin(const uint8_t *opcode, const uint8_t *end) {
  if (end - opcode > 3 && opcode[0] == 0x0f)
    for (const Twin &twin : Twins)
      if (opcode[1] == twin.map && opcode[2] == twin.opcode)
        return &twin;
  return nullptr;
}

/// Second encodings of x87 instructions that no manual has, but processors do. Changes
/// the two bytes at \p escape into the first.
bool replaceX87Alias(uint8_t *escape) {
  uint8_t &modrm = escape[1];
  if ((*escape & 0xf8) != 0xd8 || modrm < 0xc0)
    return false;
  const unsigned group = (modrm >> 3) & 7, sti = modrm & 7;
  auto is = [&](uint8_t first, uint8_t second) {
    *escape = first;
    modrm = static_cast<uint8_t>(second | sti);
    return true;
  };
  switch (*escape) {
  case 0xdd:
    return group == 1 && is(0xd9, 0xc8); // FXCH
  case 0xde:
    return group == 2 && is(0xd8, 0xd8); // FCOMP
  case 0xdf:
    return group == 1 ? is(0xd9, 0xc8) : (group == 2 || group == 3) && is(0xdd, 0xd8); // FXCH, FSTP
  default:
    return false;
  }
}

/// FENI, FDISI and FSETPM of the 8087 and the 80287, which do nothing since.
bool isX87Nop(const uint8_t *escape, const uint8_t *end) {
  return end - escape >= 2 && escape[0] == 0xdb && (escape[1] == 0xe0 || escape[1] == 0xe1 || escape[1] == 0xe4);
}

/// AMD's near branch with 66, which is \p excess bytes shorter than what was decoded: RIP and
/// what is read or pushed for it have 16 bits (APM Vol. 1, 3.7.9).
void narrow(Insn &insn, unsigned excess) {
  insn.prefixes |= prefix::OpSize;
  if (insn.kind[0] == OpKind::Imm && insn.numOps == 1)
    insn.imm = static_cast<uint16_t>(insn.imm - excess);
  else if (insn.numOps == 1)
    insn.size[0] = 2;
}

csh nameHandle() {
  static csh h = [] {
    csh h;
    cs_open(CS_ARCH_X86, CS_MODE_64, &h);
    return h;
  }();
  return h;
}

} // namespace

Decoder::Decoder() {
  csh h;
  cs_open(CS_ARCH_X86, CS_MODE_64, &h);
  cs_option(h, CS_OPT_DETAIL, CS_OPT_ON);
  handle = h;
  insn = cs_malloc(h);
}

Decoder::~Decoder() {
  cs_free(static_cast<cs_insn *>(insn), 1);
  csh h = handle;
  cs_close(&h);
}

std::string_view Decoder::mnemonicName(uint16_t m) {
  if (m >= FirstEvex)
    m = static_cast<uint16_t>(m - FirstEvex);
  if (m >= FirstVexTwin)
    return VexTwins[m - FirstVexTwin].name;
  if (m >= FirstTwin)
    return Twins[m - FirstTwin].name;
  if (m >= FirstPseudo)
    return Pseudo[m - FirstPseudo];
  const char *name = cs_insn_name(nameHandle(), m);
  if (!name) return "";
  std::string_view n = name;
  if (n == "movabs") return "mov";
  if (n == "sal") return "shl";
  if (n == "fcompi") return "fcomip"; // Capstone 5 follows LLVM
  if (n == "fucompi") return "fucomip";
  // The assembler's names for the 128-bit forms.
  if (n == "vcvtpd2dqx") return "vcvtpd2dq";
  if (n == "vcvttpd2dqx") return "vcvttpd2dq";
  if (n == "vcvtpd2psx") return "vcvtpd2ps";
  return n;
}

bool Decoder::decode(const uint8_t *bytes, size_t available, uint64_t pc, Insn &out) {
  unsigned dispSize;
  const FormCache::Key key = FormCache::keyOf(bytes, available, dispSize);
  if (forms.find(key, bytes, pc, out))
    return true;
  if (!disassemble(bytes, available, pc, out))
    return false;
  forms.insert(key, bytes, out, dispSize);
  return true;
}

bool Decoder::disassemble(const uint8_t *bytes, size_t available, uint64_t pc, Insn &out) {
  auto *ci = static_cast<cs_insn *>(insn);
  size_t size = available < 15 ? available : 15;
  const Prefixes prefixes(bytes, size);
  out = {};
  out.pc = pc;
  out.base = out.index = out.segment = Reg::None;
  out.addrSize = 8;
  out.reg.fill(Reg::None);
  if (prefixes.verdict == PrefixVerdict::Undefined)
    return false;
  const bool evex = size > prefixes.numOriginal && bytes[prefixes.numOriginal] == 0x62;
  // The same instruction with its prefixes in order, if they are not.
  uint8_t ordered[15 + sizeof(int16_t)];
  const unsigned dropped = prefixes.numOriginal - prefixes.numCanonical;
  const uint8_t *opcode = bytes + prefixes.numOriginal, *const end = bytes + size;
  const bool fence = isFence(opcode, bytes + size);
  uint8_t x87[2] = {};
  std::memcpy(x87, opcode, std::min<size_t>(2, bytes + size - opcode));
  const bool alias = replaceX87Alias(x87);
  const Twin *twin = prefixes.size ? findTwin(opcode, bytes + size) : nullptr;
  const Vex vex(opcode, size - prefixes.numOriginal);
  if (vex.hasUndefinedW())
    return false;
  const int vexTwin = vex.twin();
  if (std::memcmp(bytes, prefixes.canonical, prefixes.numCanonical) != 0 || dropped || fence || twin || alias ||
      vexTwin >= 0) {
    size -= dropped;
    std::memcpy(ordered, prefixes.canonical, prefixes.numCanonical);
    std::memcpy(ordered + prefixes.numCanonical, bytes + prefixes.numOriginal, size - prefixes.numCanonical);
    bytes = ordered;
    if (twin)
      ordered[prefixes.numCanonical + 2] = twin->known;
    if (alias)
      std::memcpy(ordered + prefixes.numCanonical, x87, sizeof x87);
    if (fence)
      ordered[prefixes.numCanonical + 2] &= 0xf8;
    if (vexTwin >= 0)
      ordered[prefixes.numCanonical + 3] = VexTwins[vexTwin].known;
  }
  // Capstone has no displacement of 16 bits.
  const unsigned opcodeBytes = *opcode == 0x0f ? 2 : 1;
  const bool shortDisplacement = prefixes.narrowBranch && hasLongDisplacement(opcode, end - opcode);
  if (shortDisplacement) {
    if (size < prefixes.numCanonical + opcodeBytes + sizeof(int16_t))
      return false;
    int16_t displacement;
    uint8_t *at = ordered + prefixes.numCanonical + opcodeBytes;
    std::memcpy(&displacement, at, sizeof displacement);
    const int32_t widened = displacement;
    std::memcpy(at, &widened, sizeof widened);
    size = prefixes.numCanonical + opcodeBytes + sizeof widened;
  }
  if (prefixes.otherLoop)
    ordered[prefixes.numCanonical] ^= 1;
  const uint8_t *start = bytes;
  const size_t startSize = size;
  uint64_t address = pc + dropped; // so that it ends where the original does
  const bool known =
      !isNamelessHint(start, startSize, prefixes.numCanonical) && cs_disasm_iter(handle, &bytes, &size, &address, ci);
  if (prefixes.verdict == PrefixVerdict::Ambiguous ) {
    out.length = static_cast<uint8_t>(known ? ci->size + dropped : prefixes.numOriginal + 1);
    out.mnemonic = Ambiguous;
    out.flow = Flow::Trap;
    return true;
  }
  if (startSize > prefixes.numCanonical + 1u && start[prefixes.numCanonical] == 0x0f && start[prefixes.numCanonical + 1] == 0xb9) {
    const unsigned length = modrmLength(start, startSize);
    out.mnemonic = Ud1;
    out.length = static_cast<uint8_t>(length + dropped);
    out.flow = Flow::Trap;
    return length != 0;
  }
  if (isX87Nop(start + prefixes.numCanonical, start + startSize)) {
    out.mnemonic = X86_INS_NOP;
    out.length = static_cast<uint8_t>(prefixes.numOriginal + 2);
    return true;
  }
  if (isPrefetchOfRegister(start + prefixes.numCanonical, start + startSize)) {
    // AMD's is of memory only.
    out.mnemonic = X86_INS_PREFETCH;
    out.length = static_cast<uint8_t>(prefixes.numOriginal + 3);
    return !guestIsAmd();
  }
  if (!known) {
    const unsigned length = hintLength(start, startSize, prefixes.numCanonical);
    out.length = static_cast<uint8_t>(length + dropped);
    out.mnemonic = X86_INS_NOP;
    return length != 0;
  }
  const cs_x86 &x = ci->detail->x86;
  out.length = static_cast<uint8_t>(ci->size + dropped - (shortDisplacement ? sizeof(int16_t) : 0));
  out.mnemonic = static_cast<uint16_t>(twin ? FirstTwin + static_cast<unsigned>(twin - Twins) : ci->id);
  out.addrSize = prefixes.address ? 4 : 8;
  if (prefixes.lock) out.prefixes |= prefix::Lock;
  if (x.rex & 8) out.prefixes |= prefix::RexW;
  if (x.prefix[2] == X86_PREFIX_OPSIZE) out.prefixes |= prefix::OpSize;
  auto string = [&](unsigned i, unsigned bytes) {
    out.mnemonic = static_cast<uint16_t>(FirstPseudo + i);
    out.numOps = 0;
    out.size[0] = static_cast<uint8_t>(bytes);
    if (prefixes.rep == 0xf3) out.prefixes |= prefix::Rep;
    if (prefixes.rep == 0xf2) out.prefixes |= prefix::Repne;
    if (i == 2 || i == 4 || i == 5) return true; // only ES:RDI, which nothing overrides
    if (x.prefix[1] == X86_PREFIX_FS) out.segment = Reg::Fs;
    if (x.prefix[1] == X86_PREFIX_GS) out.segment = Reg::Gs;
    return true;
  };
  bool stringMovsd = x.opcode[0] == 0xa5 || x.opcode[0] == 0xa7;
  switch (ci->id) {
  case X86_INS_MOVSB: return string(0, 1);
  case X86_INS_MOVSW: return string(0, 2);
  case X86_INS_MOVSD: if (stringMovsd && x.opcode[1] == 0) return string(0, 4); break;
  case X86_INS_MOVSQ: return string(0, 8);
  case X86_INS_CMPSB: return string(1, 1);
  case X86_INS_CMPSW: return string(1, 2);
  case X86_INS_CMPSD: if (stringMovsd && x.opcode[1] == 0) return string(1, 4); break;
  case X86_INS_CMPSQ: return string(1, 8);
  case X86_INS_STOSB: return string(2, 1);
  case X86_INS_STOSW: return string(2, 2);
  case X86_INS_STOSD: return string(2, 4);
  case X86_INS_STOSQ: return string(2, 8);
  case X86_INS_LODSB: return string(3, 1);
  case X86_INS_LODSW: return string(3, 2);
  case X86_INS_LODSD: return string(3, 4);
  case X86_INS_LODSQ: return string(3, 8);
  case X86_INS_SCASB: return string(4, 1);
  case X86_INS_SCASW: return string(4, 2);
  case X86_INS_SCASD: return string(4, 4);
  case X86_INS_SCASQ: return string(4, 8);
  case X86_INS_INSB: return string(5, 1);
  case X86_INS_INSW: return string(5, 2);
  case X86_INS_INSD: return string(5, 4);
  case X86_INS_OUTSB: return string(6, 1);
  case X86_INS_OUTSW: return string(6, 2);
  case X86_INS_OUTSD: return string(6, 4);
  default: break;
  }
  out.numOps = x.op_count < 4 ? x.op_count : 4;
  for (int i = 0; i < out.numOps; ++i) {
    const cs_x86_op &op = x.operands[i];
    out.size[i] = op.size;
    switch (op.type) {
    case X86_OP_REG:
      out.kind[i] = OpKind::Reg;
      out.reg[i] = gpr(op.reg);
      break;
    case X86_OP_IMM:
      out.kind[i] = OpKind::Imm;
      out.imm = op.imm;
      break;
    default:
      out.kind[i] = OpKind::Mem;
      out.base = gpr(op.mem.base);
      out.index = gpr(op.mem.index);
      out.scale = op.mem.scale == 8 ? 3 : op.mem.scale == 4 ? 2 : op.mem.scale == 2 ? 1 : 0;
      out.disp = op.mem.disp;
      if (op.mem.segment == X86_REG_FS) out.segment = Reg::Fs;
      if (op.mem.segment == X86_REG_GS) out.segment = Reg::Gs;
      if (out.base == Reg::Rip) {
        out.base = Reg::None;
        out.disp += static_cast<int64_t>(pc + out.length);
        out.ripRelative = true;
      }
      if (out.addrSize == 4 && out.base == Reg::None && out.index == Reg::None)
        out.disp = static_cast<uint32_t>(out.disp);
      break;
    }
  }
  if ((x.opcode[0] & 0xf8) == 0xd8 && x.modrm >= 0xc0 && out.numOps && isX87(out.reg[0]))
    setX87Operands(x.opcode[0], x.modrm, out);
  if (x.opcode[0] == 0x0f && x.opcode[1] == 0xc2) {
    // CMPPS and its like: Capstone has an id for each of eight predicates.
    unsigned kind = 0;
    for (const uint8_t *p = ci->bytes; *p != 0x0f; ++p)
      kind = *p == 0xf3 ? 2 : *p == 0xf2 ? 3 : *p == 0x66 && kind < 2 ? 1 : kind;
    static constexpr unsigned Ids[] = {X86_INS_CMPPS, X86_INS_CMPPD, X86_INS_CMPSS, X86_INS_CMPSD};
    out.mnemonic = static_cast<uint16_t>(Ids[kind]);
    out.numOps = 3;
    out.kind[2] = OpKind::Imm;
    out.imm = ci->bytes[ci->size - 1];
  }
  applyVex(vex, out);
  if (vex.isGather() && !isXmm(out.index)) // without a SIB byte
    return false;
  if (evex)
    out.mnemonic = static_cast<uint16_t>(out.mnemonic + FirstEvex);
  if (vexTwin >= 0)
    out.mnemonic = static_cast<uint16_t>(FirstVexTwin + static_cast<unsigned>(vexTwin));
  if (vex.isCompare()) {
    out.mnemonic = static_cast<uint16_t>(VexCompare + vex.pp);
    out.numOps = 4;
    out.kind[3] = OpKind::Imm;
    out.imm = ci->bytes[ci->size - 1];
  }
  // What Capstone has wrong: segments of operands that are not written, sizes.
  switch (ci->id) {
  case X86_INS_XLATB:
  case X86_INS_MASKMOVQ:
  case X86_INS_MASKMOVDQU:
  case X86_INS_VMASKMOVDQU:
    out.segment = x.prefix[1] == X86_PREFIX_FS ? Reg::Fs : x.prefix[1] == X86_PREFIX_GS ? Reg::Gs : Reg::None;
    break;
  case X86_INS_MOVSXD: // without REX.W the destination is as narrow as the source
    if (!(x.rex & 8)) out.size[0] = out.size[1] = out.has(prefix::OpSize) ? 2 : 4;
    if (guestIsAmd()) out.size[1] = 4;
    break;
  case X86_INS_VCOMISS:
  case X86_INS_COMISS: if (out.kind[1] == OpKind::Mem) out.size[1] = 4; break;
  case X86_INS_VCOMISD:
  case X86_INS_COMISD: if (out.kind[1] == OpKind::Mem) out.size[1] = 8; break;
  case X86_INS_FNSTSW: out.size[0] = 2; break;
  case X86_INS_RORX: out.imm &= 0xff; break;
  case X86_INS_MOVD:
    if (usesMmx(out) && out.has(prefix::RexW)) out.mnemonic = X86_INS_MOVQ;
    break;
  case X86_INS_PUNPCKLBW:
  case X86_INS_PUNPCKLWD:
  case X86_INS_PUNPCKLDQ:
    if (isMmx(out.reg[0]) && out.kind[1] == OpKind::Mem) out.size[1] = 4;
    break;
  case X86_INS_PUSH:
    if (out.kind[0] == OpKind::Imm) out.size[0] = out.has(prefix::OpSize) ? 2 : 8;
    break;
  case X86_INS_LAR:
  case X86_INS_LSL: out.size[1] = 2; break;
  case X86_INS_RDSEED:
    if (prefixes.rep == 0xf3) { // Capstone 4
      out.mnemonic = static_cast<uint16_t>(Rdpid);
      out.size[0] = 8;
    }
    break;
  default: break;
  }
  // Two immediates: frame size and nesting level, or a field's length and index.
  if (const unsigned n = x.op_count; n >= 2 && x.operands[n - 2].type == X86_OP_IMM && x.operands[n - 1].type == X86_OP_IMM) {
    out.imm = x.operands[n - 2].imm;
    out.imm2 = static_cast<uint8_t>(x.operands[n - 1].imm);
  }
  bool imm = out.numOps == 1 && out.kind[0] == OpKind::Imm;
  if (prefixes.narrowBranch)
    narrow(out, shortDisplacement ? sizeof(int16_t) : 0);
  switch (ci->id) {
  case X86_INS_JMP: out.flow = imm ? Flow::Jump : Flow::IndirectJump; break;
  case X86_INS_CALL: out.flow = imm ? Flow::Call : Flow::IndirectCall; break;
  case X86_INS_LJMP: case X86_INS_LCALL: out.flow = Flow::IndirectJump; break;
  case X86_INS_RET: case X86_INS_RETF: case X86_INS_RETFQ: case X86_INS_IRET: case X86_INS_IRETD: case X86_INS_IRETQ:
    out.flow = Flow::Ret;
    break;
  case X86_INS_SYSCALL: out.flow = Flow::Syscall; break;
  case X86_INS_LOOP: case X86_INS_LOOPE: case X86_INS_LOOPNE: case X86_INS_JRCXZ: case X86_INS_JECXZ:
    out.flow = Flow::CondJump;
    break;
  case X86_INS_UD2: case X86_INS_HLT: case X86_INS_INT3: out.flow = Flow::Trap; break;
  default:
    if (cs_insn_group(handle, ci, X86_GRP_JUMP)) out.flow = Flow::CondJump;
  }
  // Their return addresses of 16 bits are none that could be paired.
  if (prefixes.narrowBranch && isCall(out))
    out.flow = imm ? Flow::Jump : Flow::IndirectJump;
  if (prefixes.narrowBranch && out.flow == Flow::Ret)
    out.flow = Flow::IndirectJump;
  return true;
}

std::string Decoder::text(const uint8_t *bytes, size_t available, uint64_t pc) {
  auto *ci = static_cast<cs_insn *>(insn);
  uint64_t address = pc;
  size_t size = available;
  if (!cs_disasm_iter(handle, &bytes, &size, &address, ci))
    return "(bad)";
  return std::string(ci->mnemonic) + (ci->op_str[0] ? " " : "") + ci->op_str;
}

} // namespace dbt
