//===- HostVector.h - Masked stores as the host does them -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A masked store faults before it has written anything, and only for the lanes
// that it writes: no sequence of smaller stores does that.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_HOSTVECTOR_H
#define DBT_GUEST_HOST_HOSTVECTOR_H

#if defined(__x86_64__)
#include "Guest/Host/x86_64/HostVector.h"
#else
#error "no HostVector.h for this host"
#endif

#endif
