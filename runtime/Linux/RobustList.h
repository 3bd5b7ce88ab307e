//===- RobustList.h - Robust futexes of a thread that ends ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_ROBUSTLIST_H
#define DBT_LINUX_ROBUSTLIST_H

namespace dbt {

/// Marks the futexes that the calling thread, \p tid, still owns as FUTEX_OWNER_DIED and
/// takes its list away from the kernel. The kernel would do that when the host
/// thread ends, which is after clear_child_tid: a joiner may have reused the list's
/// memory by then. A process's end is left to the kernel.
void endRobustList(int tid);

} // namespace dbt

#endif
