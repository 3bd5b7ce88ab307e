//===- Failure.cpp - What a mismatch is reported as -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Failure.h"

#include "llvm/ADT/StringExtras.h"

namespace dbt::fuzz {

namespace {

bool fails(Decoder &decoder, const Instance &instance) {
  std::string difference;
  return checkAlone(decoder, instance, difference) && !difference.empty();
}

std::vector<uint8_t> without(const Sequence &sequence, size_t dropped) {
  std::vector<uint8_t> bytes;
  size_t at = 0;
  for (size_t i = 0; i < sequence.items.size(); ++i) {
    const size_t length = sequence.items[i].insn.length;
    if (i != dropped)
      bytes.insert(bytes.end(), sequence.bytes.begin() + at, sequence.bytes.begin() + at + length);
    at += length;
  }
  return bytes;
}

} // namespace

Instance shrink(Decoder &decoder, const Instance &failing) {
  Instance best = failing;
  auto attempt = [&](const Instance &candidate) {
    if (!fails(decoder, candidate))
      return false;
    best = candidate;
    return true;
  };
  // One tier is enough.
  if (!best.tiers.effects)
    for (Tiers one : {Tiers{true, false, false}, Tiers{false, true, false}, Tiers{false, false, true}}) {
      Instance candidate = best;
      candidate.tiers = one;
      if (attempt(candidate))
        break;
    }
  // Its last instructions first: what precedes the failing one stays in place then.
  for (bool changed = true; changed;) {
    changed = false;
    Sequence sequence;
    if (!analyse(decoder, best.bytes, best.slot, sequence))
      break;
    for (size_t i = sequence.items.size(); i-- > 0 && sequence.items.size() > 1 && !changed;) {
      Instance candidate = best;
      candidate.bytes = without(sequence, i);
      changed = attempt(candidate);
    }
  }
  auto set = [&](uint64_t bits) {
    Instance candidate = best;
    candidate.simplified |= bits;
    return candidate.simplified != best.simplified && attempt(candidate);
  };
  constexpr uint64_t Gprs = 0xffff, Xmms = uint64_t(0xffff) << simple::Xmm0;
  if (!set(Gprs | Xmms | 0x3full << simple::Flags)) {
    set(Xmms);
    set(Gprs);
    for (unsigned bit = 0; bit < simple::Count; ++bit)
      if (bit <= simple::Bases || bit >= simple::Xmm0)
        set(uint64_t(1) << bit);
  }
  if (best.tiers.jit) {
    for (unsigned level : {0u, 1u}) {
      Instance candidate = best;
      candidate.mode.level = level;
      if (level < best.mode.level && attempt(candidate))
        break;
    }
    Instance candidate = best;
    candidate.mode.threads = false;
    if (best.mode.threads)
      attempt(candidate);
  }
  return best;
}

std::string reproducer(const Instance &i) {
  std::string line = "dbt-fuzz --seed=0x" + llvm::utohexstr(i.seed, true) + " --bytes=" + hexOf(i.bytes);
  if (i.slot)
    line += " --slot=" + std::to_string(i.slot);
  if (i.simplified)
    line += " --simple=0x" + llvm::utohexstr(i.simplified, true);
  if (i.tiers.effects)
    return line + " --effects";
  if (!i.tiers.jit)
    return line + (i.tiers.interp ? " --tier=interp" : " --tier=copy");
  if (!i.tiers.interp)
    line += " --tier=jit";
  line += " -O" + std::to_string(i.mode.level);
  line += i.mode.exact ? " --exact=1" : " --exact=0";
  line += i.mode.threads ? " --threads=1" : " --threads=0";
  return line;
}

std::string describe(Decoder &decoder, const Instance &instance, const std::string &difference) {
  Sequence sequence;
  if (!analyse(decoder, instance.bytes, instance.slot, sequence))
    return "  " + reproducer(instance) + "\n" + difference;
  std::string text;
  size_t at = 0;
  for (const Sequence::Item &item : sequence.items) {
    std::vector<uint8_t> bytes(sequence.bytes.begin() + at, sequence.bytes.begin() + at + item.insn.length);
    std::string hex = hexOf(bytes);
    hex.resize(32, ' ');
    text += "  " + hex + decoder.text(bytes.data(), bytes.size(), item.insn.pc) + "\n";
    at += item.insn.length;
  }
  return text + difference + "  reproduce: " + reproducer(instance) + "\n" +
         (instance.tiers.effects ? "" : caseBlock(decoder, sequence, instance));
}

} // namespace dbt::fuzz
