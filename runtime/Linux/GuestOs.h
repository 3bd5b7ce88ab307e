//===- GuestOs.h - Linux, as the dispatcher needs it ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_GUESTOS_H
#define DBT_LINUX_GUESTOS_H

#include "Dispatch/GuestOs.h"

namespace dbt {

/// System calls, signals and threads for a Dispatcher.
GuestOs linuxGuestOs();

} // namespace dbt

#endif
