//===- Compare.cpp - One instruction through both decoders ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include "Exceptions.h"
#include "Operands.h"

#include "Interp/Interp.h"
#include "Interp/Machine.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace dbt {

// dbtInterp's owner decides what a fault does; nothing is run here.
void interpRaise(CpuState *, const IOp *, Trap) { std::abort(); }

namespace {

/// As BlockBuilder decides whether an instruction runs.
bool hasRow(const Insn &insn) {
  const InterpEntry *row = interpRows().find(insn);
  return row && row->byWidth[widthIndex(row->info.widthFrom, insn)];
}

/// Capstone has the lengths of some wrong that are refused, which does no harm:
/// EVEX with rounding in registers, and AMD's EXTRQ, which is Intel's VMREAD.
bool wrongLength(std::string_view isa, std::string_view ours) {
  return isa == "EVEX" || ours == "extrq";
}

} // namespace

void Comparison::differ(std::string what, llvm::ArrayRef<uint8_t> bytes,
                        uint64_t pc, unsigned length) {
  Difference &d = differences[what];
  if (d.count++)
    return;
  char text[32];
  std::snprintf(text, sizeof text, "0x%" PRIx64 ":", pc);
  d.example = text;
  for (unsigned i = 0; i < std::min<size_t>(length, bytes.size()); ++i) {
    std::snprintf(text, sizeof text, " %02x", bytes[i]);
    d.example += text;
  }
  d.example += "\n    llvm: " + truth.text() +
               "\n    dbt:  " + decoder.text(bytes.data(), bytes.size(), pc);
}

std::string Comparison::difference(const OracleInsn &truth, const Insn &insn,
                                   const uint8_t *bytes) {
  const std::string ours(Decoder::mnemonicName(insn.mnemonic));
  const std::string names = truth.mnemonic + " is " + ours;
  if (!truth.length) {
    const char *why = undocumented(ours, bytes);
    if (!why)
      return "accepted, but no instruction: " + ours;
    except(why, ours);
    return "";
  }
  if (const char *why = misreadByLlvm(insn, bytes)) {
    except(why, ours);
    return "";
  }
  if (truth.length != insn.length)
    return "length: " + names;
  if (truth.has("lock") != insn.has(prefix::Lock))
    return "LOCK: " + names;
  if (truth.has("lock") && !lockable(truth))
    return "accepted, but not to be locked: " + names;
  const char *kind = sameName(truth, insn, ours);
  if (!kind)
    return "mnemonic: " + names;
  if (std::string operand = differingOperand(truth, insn, ours);
      !operand.empty())
    return "operands: " + truth.mnemonic + ": " + operand;
  if (*kind)
    except(kind, truth.mnemonic);
  return "";
}

/// LLVM counts CS, DS, ES and SS, takes the last of the segments, and 66 for
/// something else when F2, F3 or REX.W are there too. It is asked again with
/// prefixes as an assembler would order them, without those that mean nothing.
/// Until \p accept says that this is it.
template <class Accept>
bool Comparison::reordered(llvm::ArrayRef<uint8_t> bytes, uint64_t pc,
                           Accept accept) {
  bool lock = false, size = false, address = false;
  uint8_t rep = 0, segment = 0, rex = 0;
  size_t n = 0;
  for (; n < bytes.size(); ++n) {
    const uint8_t b = bytes[n];
    const bool isRex = (b & 0xf0) == 0x40;
    rex = isRex ? b : isLegacyPrefix(b) ? 0 : rex;
    lock |= b == 0xf0;
    size |= b == 0x66;
    address |= b == 0x67;
    rep = b == 0xf2 || b == 0xf3 ? b : rep;
    segment = b == 0x64 || b == 0x65 ? b : segment;
    if (!isRex && !isLegacyPrefix(b))
      break;
  }
  // Left out is only what LLVM has been seen to confuse with something else.
  const bool wide = rex & 8;
  const unsigned mayLack = (size && (rep || wide) ? 1 : 0) |
                           (rep && size ? 2 : 0) |
                           (wide && (size || address) ? 4 : 0);
  for (unsigned lacks = 0; lacks < 8; ++lacks) {
    if (lacks & ~mayLack)
      continue;
    std::vector<uint8_t> ordered;
    auto put = [&](bool is, uint8_t b) {
      if (is)
        ordered.push_back(b);
    };
    put(lock, 0xf0);
    put(segment, segment);
    put(address, 0x67);
    put(size && !(lacks & 1), 0x66);
    put(rep && !(lacks & 2), rep);
    put(rex, lacks & 4 ? rex & ~8 : rex);
    const unsigned dropped = static_cast<unsigned>(n - ordered.size());
    ordered.insert(ordered.end(), bytes.begin() + n, bytes.end());
    OracleInsn again;
    oracle.decode(ordered, pc + dropped, again);
    if (!again.length)
      continue;
    again.length += dropped;
    if (accept(again)) {
      std::string kind = "LLVM agrees with prefixes in order";
      kind += lacks & 1 ? ", without 66" : "";
      kind += lacks & 2 ? ", without F2 and F3" : "";
      except(kind + (lacks & 4 ? ", without REX.W" : ""), again.mnemonic);
      return true;
    }
  }
  return false;
}

unsigned Comparison::at(llvm::ArrayRef<uint8_t> bytes, uint64_t pc) {
  Insn insn;
  const bool decoded = decoder.decode(bytes.data(), bytes.size(), pc, insn);
  oracle.decode(bytes, pc, truth);
  if (!decoded && !truth.length) {
    ++invalid;
    return 1;
  }
  const unsigned length = truth.length ? truth.length : insn.length;
  if (decoded && hasRow(insn)) {
    const std::string what = difference(truth, insn, bytes.data());
    if (what.empty() || reordered(bytes, pc, [&](const OracleInsn &again) {
          return difference(again, insn, bytes.data()).empty();
        }))
      ++same;
    else
      differ(what, bytes, pc, length);
    return length;
  }
  // Refused loudly is right for anything, but it must be what was meant.
  const std::string ours =
      decoded ? std::string(Decoder::mnemonicName(insn.mnemonic)) : "(bad)";
  const bool ambiguous = ours == "(ambiguous)";
  const char *isa = truth.length ? refusedIsa(truth, bytes.data())
                                 : "not an instruction to LLVM";
  if (!isa && ambiguous)
    isa = "processors or manuals differ";
  if (!isa)
    reordered(bytes, pc, [&](const OracleInsn &again) {
      return (isa = refusedIsa(again, bytes.data())) != nullptr;
    });
  if (!isa) {
    differ("refused: " + truth.mnemonic + " is " + ours, bytes, pc, length);
  } else if (decoded && truth.length && insn.length != truth.length &&
             !ambiguous && !wrongLength(isa, ours)) {
    differ("refused, length: " + truth.mnemonic + " is " + ours, bytes, pc,
           length);
  } else {
    ++refused;
    const bool wrong =
        decoded && !ambiguous && truth.length && insn.length != truth.length;
    except((wrong ? "refused, with the wrong length: " : "refused: ") +
               std::string(isa),
           truth.length ? truth.mnemonic : ours);
  }
  return length;
}

bool Comparison::report() const {
  std::printf("%" PRIu64 " instructions agree, %" PRIu64 " refused, %" PRIu64
              " offsets are no instruction\n",
              same, refused, invalid);
  for (const auto &[kind, mnemonics] : exceptions) {
    uint64_t sum = 0;
    for (const auto &[name, count] : mnemonics)
      sum += count;
    std::printf("exception: %s: %" PRIu64 ":", kind.c_str(), sum);
    for (const auto &[name, count] : mnemonics)
      std::printf(" %s %" PRIu64, name.c_str(), count);
    std::printf("\n");
  }
  for (const auto &[what, d] : differences)
    std::printf("DIFFERENT: %s (%" PRIu64 " times)\n  %s\n", what.c_str(),
                d.count, d.example.c_str());
  return differences.empty();
}

} // namespace dbt
