//===- CodeBytes.h - Guest code as bytes ------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_CODEBYTES_H
#define DBT_DECODE_CODEBYTES_H

#include <cstdint>
#include <functional>

namespace dbt {

/// Guest code as bytes: what may be executed at \p pc, up to the end of the
/// readable stretch; size 0 if nothing.
struct CodeBytes {
  const uint8_t *data;
  uint64_t size;
  bool guestWritable; ///< the guest can store there
};
using CodeReader = std::function<CodeBytes(uint64_t pc)>;

} // namespace dbt

#endif
