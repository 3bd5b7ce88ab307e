//===- Sse4a.cpp - AMD's bit fields and scalar streaming stores -----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// APM Vol. 4, EXTRQ, INSERTQ, MOVNTSD and MOVNTSS. A field's length and index are two
// immediates, or six bits each, a byte apart, of a register; a length of 0 is 64. The upper
// half of the result is undefined; it is zero on family 19h, and here.

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

template <class V> struct Field {
  V mask, index; ///< the mask is of a field at index 0
};

template <class M, class V> Field<V> field(M &m, V length, V index) {
  auto six = m.constant(w64, 63);
  auto unused = m.and_(m.sub(m.constant(w64, 64), m.and_(length, six)), six);
  return {m.lshr(m.constant(w64, ~uint64_t(0)), unused), m.and_(index, six)};
}

/// The field that the immediates name, or the low bits of \p how(), which is asked only without them.
template <class M, class F> auto fieldOf(M &m, F how) {
  const Insn &insn = m.instruction();
  if (insn.kind[insn.numOps - 1] == OpKind::Imm)
    return field(m, m.constant(w64, static_cast<uint64_t>(insn.imm)), m.constant(w64, insn.imm2));
  auto word = how();
  return field(m, word, m.lshr(word, m.constant(w64, 8)));
}

template <class M, class V> void writeResult(M &m, V low) { m.writeVec(w128, 0, m.vinsert(w64, m.vzero(w128), 0, low)); }

} // namespace

DBT_FAMILY(Sse4a,
  fixed("extrq", Isa::Sse4a, [](auto &m) {
    auto f = fieldOf(m, [&] { return m.vlow64(m.readVec(w128, 1)); });
    writeResult(m, m.and_(m.lshr(m.vlow64(m.readVec(w128, 0)), f.index), f.mask));
  }),
  fixed("insertq", Isa::Sse4a, [](auto &m) {
    auto source = m.readVec(w128, 1);
    auto f = fieldOf(m, [&] { return m.vextract(w64, source, 1); });
    auto rest = m.and_(m.vlow64(m.readVec(w128, 0)), m.not_(m.shl(f.mask, f.index)));
    writeResult(m, m.or_(rest, m.shl(m.and_(m.vlow64(source), f.mask), f.index)));
  }),
  fixed("movntsd", Isa::Sse4a, [](auto &m) { m.write(w64, 0, m.read(w64, 1)); }),
  fixed("movntss", Isa::Sse4a, [](auto &m) { m.write(w32, 0, m.read(w32, 1)); }))
