//===- SseString.cpp - SSE4.2 string comparison, CRC32, odd ones of SSE4.1 ===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Semantics/Helpers.h"
#include "Semantics/SimdOperands.h"

using namespace dbt;

DBT_FAMILY(SseString,
  both(helper<helpers::pcmpistri>("vpcmpistri", Isa::Sse42)).plain(),
  both(helper<helpers::pcmpistrm>("vpcmpistrm", Isa::Sse42)).plain(),
  both(helper<helpers::pcmpestri>("vpcmpestri", Isa::Sse42)).plain(),
  both(helper<helpers::pcmpestrm>("vpcmpestrm", Isa::Sse42)).plain(),
  helper<helpers::crc32>("crc32", Isa::Sse42).plain(),
  simdInt("vmpsadbw", Isa::Sse41, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vmpsad(immediate(m.instruction()), a, b));
  }),
  simdFixed("vphminposuw", Isa::Sse41, [](auto &m) { m.writeVec(w128, 0, m.vminPosition(m.readVec(w128, 1))); }))
