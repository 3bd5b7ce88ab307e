//===- Exceptions.h - Where the two decoders may differ ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Everything that is not plain agreement has a kind here, which is counted and
// printed; what has none is a failure.
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_DECODE_EXCEPTIONS_H
#define DBT_TEST_DECODE_EXCEPTIONS_H

#include "Decode/Insn.h"
#include "Oracle.h"

#include <string_view>

namespace dbt {

/// Why LLVM's name and ours mean the same instruction, or null: they do not.
/// Empty if the names are equal.
const char *sameName(const OracleInsn &truth, const Insn &insn,
                     std::string_view ours);

/// The extension of an instruction that dbt does not run, or null: it should.
const char *refusedIsa(const OracleInsn &truth, const uint8_t *bytes);

/// Why LLVM's operands and length are not ours, or null. Insn/opcode-map.c has the
/// processor's word for it.
const char *misreadByLlvm(const Insn &insn, const uint8_t *bytes);

/// Why what LLVM does not know is the instruction \p ours all the same, or
/// null.
const char *undocumented(std::string_view ours, const uint8_t *bytes);

bool isLegacyPrefix(uint8_t byte);

/// Whether LOCK may stand in front of it (SDM Vol. 2, LOCK).
bool lockable(const OracleInsn &truth);

} // namespace dbt

#endif
