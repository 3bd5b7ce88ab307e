//===- FileWrites.h - Descriptors through which code changes ----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// AddressSpace has to be told of every regular file that this process has open for writing
// (Loader/FileWatch.h), however it came by the descriptor; of memory that it makes, which is its own until
// it gives the descriptor away; and of /proc/PID/mem, where writing changes memory itself.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_FILEWRITES_H
#define DBT_LINUX_FILEWRITES_H

#include "Linux/Syscalls.h"
#include "Loader/WriteUnderWay.h"

namespace dbt {

/// A new descriptor, unless it is an error. \returns \p fd.
int64_t noteDescriptor(int64_t fd);
/// The same for memory that this call has made: a memfd, a file without a name.
int64_t noteOwnFile(int64_t fd);

/// Call \p call, which changes the file of descriptor \p fd, changes this. True if it is the memory
/// of another process.
bool addFile(WriteUnderWay &write, const Syscall &call, int fd);
/// The regular file that a path names is about to be made shorter.
void addNamedFile(WriteUnderWay &write, int dirfd, uint64_t path);

/// A message's descriptors, sent or received.
void shareDescriptors(uint64_t message);
void noteDescriptors(uint64_t message);
/// Before an execve in a vfork's child, whose parent lives on: what the new program inherits.
void shareInherited();

} // namespace dbt

#endif
