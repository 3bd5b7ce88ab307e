//===- SseString.cpp - SSE4.2 string comparison, CRC32, and the odd ones of SSE4.1 ===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Semantics/Helpers.h"
#include "Semantics/SimdOperands.h"

using namespace dbt;

DBT_FAMILY(SseString,
  helper<helpers::pcmpistri>("pcmpistri", Isa::Sse42),
  helper<helpers::pcmpistrm>("pcmpistrm", Isa::Sse42),
  helper<helpers::pcmpestri>("pcmpestri", Isa::Sse42),
  helper<helpers::pcmpestrm>("pcmpestrm", Isa::Sse42),
  helper<helpers::crc32>("crc32", Isa::Sse42),
  helper<helpers::mpsadbw>("mpsadbw", Isa::Sse41),
  helper<helpers::phminposuw>("phminposuw", Isa::Sse41),
  helper<helpers::maskmovdqu>("maskmovdqu", Isa::Sse2))
