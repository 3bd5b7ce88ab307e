//===- Operands.h - Whether printed operands are an Insn's ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_DECODE_OPERANDS_H
#define DBT_TEST_DECODE_OPERANDS_H

#include "Decode/Insn.h"
#include "Oracle.h"

#include <string>
#include <string_view>

namespace dbt {

/// Empty if the operands that LLVM prints are those of \p insn, which is
/// named \p ours: registers, sizes,
/// immediates and addresses. Else what is different about them.
std::string differingOperand(const OracleInsn &truth, const Insn &insn,
                             std::string_view ours);

} // namespace dbt

#endif
