//===- KernelWrites.h - Guest memory that the kernel will write -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Pages that hold translated code are write-protected on the host although the
// guest may write them. A store of the guest faults there and the fault
// handler drops the translations; a store of the kernel would be EFAULT. So
// before a call such pages in its output arguments are touched the way the
// guest would.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_KERNELWRITES_H
#define DBT_LINUX_KERNELWRITES_H

#include "Linux/SyscallTable.h"

namespace dbt {

/// The kernel is about to write [\p address, +\p size).
void prepareKernelWrite(uint64_t address, uint64_t size);

/// The kernel is about to write what \p row says of the call's arguments.
void prepareKernelWrites(const Syscall &call, const SyscallRow &row);

} // namespace dbt

#endif
