//===- Decoder.h - Guest bytes to Insn --------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_DECODER_H
#define DBT_DECODE_DECODER_H

#include "Decode/FormCache.h"
#include "Decode/Insn.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace dbt {

/// One per thread.
class Decoder {
public:
  Decoder();
  ~Decoder();
  Decoder(const Decoder &) = delete;
  Decoder &operator=(const Decoder &) = delete;

  /// False: no valid instruction within \p available bytes.
  bool decode(const uint8_t *bytes, size_t available, uint64_t pc, Insn &out);
  /// The SDM's mnemonic in lower case.
  static std::string_view mnemonicName(uint16_t mnemonic);
  /// As objdump's Intel syntax prints it.
  std::string text(const uint8_t *bytes, size_t available, uint64_t pc);

private:
  /// decode() of what the form cache does not know, by Capstone.
  bool disassemble(const uint8_t *bytes, size_t available, uint64_t pc, Insn &out);

  FormCache forms;
  size_t handle = 0;
  void *insn = nullptr;
};

} // namespace dbt

#endif
