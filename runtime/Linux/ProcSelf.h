//===- ProcSelf.h - The guest's view of /proc/self --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What /proc says about this process is about dbt-run. Programs ask it where
// their executable, their arguments and their memory are; these files are
// answered for the guest. The rest (fd, status, task, ...) is the host's: it
// shows the translator's threads and descriptors too, which docs/Syscalls.md
// says. Another process's files are the host's.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_PROCSELF_H
#define DBT_LINUX_PROCSELF_H

#include <string>
#include <string_view>

namespace dbt {

enum class ProcFile { None, Exe, Maps, Cmdline, Environ, Auxv, Stat };

/// Which file of the guest's own /proc directory \p path names, in any of the
/// spellings /proc/self, /proc/thread-self, /proc/PID and .../task/TID.
ProcFile procFile(std::string_view path);

/// The content of a file other than Exe. \p path is what it was opened as.
std::string procContent(ProcFile file, const std::string &path);

/// \p path, or the guest program's for a spelling of /proc/self/exe: what a
/// call that follows symbolic links is to be given.
std::string throughProcExe(std::string path);

} // namespace dbt

#endif
