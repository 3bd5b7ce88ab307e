//===- Gather.cpp - VGATHERDPS and its like -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 2, VGATHERDPS: operands are the destination, the memory, whose index is a
// vector, and the mask. A lane that has been loaded is in the destination and out of
// the mask, so that after a fault the instruction goes on where it stopped.

#include "Guest/Vendor.h"
#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"

#include <algorithm>

namespace dbt::helpers {

namespace {

/// A lane of a YMM register.
template <class T> T &lane(CpuState &s, Reg r, unsigned i) {
  const unsigned n = number(r) - number(Reg::Xmm0);
  Vec128 &half = i < 16 / sizeof(T) ? s.xmm[n] : s.ymmHigh[n];
  return reinterpret_cast<T *>(&half)[i % (16 / sizeof(T))];
}

void zeroFrom(CpuState &s, Reg r, unsigned byte) {
  for (; byte < 32; ++byte)
    lane<uint8_t>(s, r, byte) = 0;
}

/// \p Data is a lane's type, signed, and \p Index an index's.
template <class Index, class Data> Trap gather(CpuState &s, const Insn &i) {
  const Reg to = i.reg[0], mask = i.reg[2], index = i.index;
  if (to == mask || to == index || mask == index)
    return Trap::UD;
  const unsigned width = i.has(prefix::VexL) ? 32 : 16, lanes = width / std::max(sizeof(Index), sizeof(Data));
  // The sign stays until the lane is done. What else of the mask a fault finds is the maker's
  // choice: Intel's processors widen the signs first, AMD's leave it alone.
  const bool widens = !guestIsAmd();
  for (unsigned k = 0; widens && k < width / sizeof(Data); ++k)
    lane<Data>(s, mask, k) = lane<Data>(s, mask, k) < 0 ? -1 : 0;
  if (widens)
    zeroFrom(s, mask, width);
  const uint64_t base = s.reg(i.base) + static_cast<uint64_t>(i.disp);
  for (unsigned k = 0; k < lanes; ++k) {
    if (lane<Data>(s, mask, k) >= 0) {
      lane<Data>(s, mask, k) = 0;
      continue;
    }
    uint64_t at = base + (static_cast<uint64_t>(int64_t(lane<Index>(s, index, k))) << i.scale);
    if (i.addrSize == 4)
      at = static_cast<uint32_t>(at);
    orderForFaults();
    const Data value = loadAs<Data>(at + segmentBase(s, i.segment));
    orderForFaults();
    lane<Data>(s, to, k) = value;
    if (widens)
      zeroFrom(s, to, width);
    lane<Data>(s, mask, k) = 0;
  }
  zeroFrom(s, mask, lanes * sizeof(Data));
  zeroFrom(s, to, lanes * sizeof(Data));
  return Trap::None;
}

} // namespace

Trap gatherDwordsByDwords(CpuState &s, const Insn &i) { return gather<int32_t, int32_t>(s, i); }
Trap gatherDwordsByQwords(CpuState &s, const Insn &i) { return gather<int64_t, int32_t>(s, i); }
Trap gatherQwordsByDwords(CpuState &s, const Insn &i) { return gather<int32_t, int64_t>(s, i); }
Trap gatherQwordsByQwords(CpuState &s, const Insn &i) { return gather<int64_t, int64_t>(s, i); }

} // namespace dbt::helpers
