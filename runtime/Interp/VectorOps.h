//===- VectorOps.h - The vector algebra on host vectors ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_VECTOROPS_H
#define DBT_INTERP_VECTOROPS_H

#include "Guest/HostValues.h"

namespace dbt::interp {

/// Mixed into Machine.
template <class Self> class VectorOps {};

} // namespace dbt::interp

#endif
