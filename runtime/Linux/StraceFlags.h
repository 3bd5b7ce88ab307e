//===- StraceFlags.h - Names of flag arguments ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The flag sets that Syscalls.def names: xFlags are sets of bits, xNames are
// numbers.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_STRACEFLAGS_H
#define DBT_LINUX_STRACEFLAGS_H

#include "Linux/SyscallTable.h"

namespace dbt {

extern const FlagSet accessFlags, archPrctlNames, atFlags, clockNames, cloneFlags, closeRangeFlags,
    epollCreateFlags, epollCtlNames, eventfdFlags, fallocateFlags, familyNames,
    fcntlNames, flockFlags, futexFlags, getrandomFlags, ioctlNames, ipcCmdNames, ipcFlags,
    ipcKeyNames, itimerNames, madviseNames, memfdFlags, mmapFlags, mremapFlags, msgFlags,
    msyncFlags, openFlags, pipeFlags, prctlNames, protFlags, rlimitNames, schedNames,
    shmFlags, shutdownNames, sigHowNames, sockLevelNames, socketFlags, statxFlags,
    timerFlags, timerfdFlags, unlinkFlags, waitFlags, waitIdNames, whenceNames;

/// The type in struct stat's mode.
extern const FlagSet fileTypeNames;

} // namespace dbt

#endif
