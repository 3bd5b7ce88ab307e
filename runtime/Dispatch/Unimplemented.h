//===- Unimplemented.h - The line about an instruction that dbt lacks -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_UNIMPLEMENTED_H
#define DBT_DISPATCH_UNIMPLEMENTED_H

#include <cstdint>

namespace dbt {

/// Names the instruction at \p pc, of which \p available bytes can be read, on
/// stderr (and in the log with -d unimp). The guest gets SIGILL besides.
void reportUnimplemented(uint64_t pc, uint64_t available);

} // namespace dbt

#endif
