//===- SyscallTable.h - The rows of Syscalls.def ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What a row says: what is done with the call (Action) and what its arguments
// and its result are (ArgSpec, ResultKind). The dispatcher reads the first,
// -strace the second; the dispatcher also takes from it which guest memory the
// host kernel will write (see KernelWrites.h).
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_SYSCALLTABLE_H
#define DBT_LINUX_SYSCALLTABLE_H

#include "Linux/Syscalls.h"

#include <array>
#include <cerrno>
#include <span>

namespace dbt {

/// A named value of a flags argument.
struct FlagName {
  uint64_t value;
  const char *name;
};

/// How a flags argument is spelled. The bits of \p enumMask are one number
/// with names of its own (open's access mode); the others are named singly.
struct FlagSet {
  uint64_t enumMask;
  std::span<const FlagName> names;
  const char *unknown; ///< what a value without any name is marked with: "O_???"
};

enum class ArgKind : uint8_t {
  Int,      ///< signed, 32 bits
  Uint,     ///< unsigned, 32 bits
  Long,     ///< signed, 64 bits
  Size,     ///< unsigned, 64 bits
  Hex,      ///< 64 bits, hexadecimal
  Pointer,  ///< guest memory that -strace does not decode
  PointerOut, ///< the same, written by the kernel (up to 256 bytes)
  Fd,
  FdChanged, ///< the call changes the contents of its file
  DirFd,    ///< a descriptor or AT_FDCWD
  Path,     ///< NUL-terminated
  String,   ///< NUL-terminated, shown in part
  BytesIn,  ///< as many bytes as argument `length` says
  BytesOut, ///< as many bytes as the result says, or argument `length` at most
  Flags,
  Octal,
  Signal,
  Strings,   ///< a NULL-terminated array of strings
  IovecIn,   ///< `length` says how many
  IovecOut,
  Timespec,
  TimespecOut,
  IntIn,
  IntOut,
  FdPairOut,
  WaitStatusOut,
  StatOut,
  RlimitIn,
  RlimitOut,
  MsgOut,    ///< a struct msghdr to receive into
  MsgsOut,   ///< an array of struct mmsghdr; `length` says how many
  Sockaddr,  ///< as many bytes as argument `length` says
};

struct ArgSpec {
  /// For BytesOut: the result says how much was written.
  static constexpr uint8_t ByResult = 0x80;

  ArgKind kind = ArgKind::Int;
  uint8_t length = 0; ///< the argument that holds the length, | ByResult
  const FlagSet *flags = nullptr;
};

enum class ResultKind : uint8_t { Int, Hex, Octal, None };

enum class Status : uint8_t {
  Pass,    ///< the host's, which does not wait
  Blocks,  ///< the host's, which may wait: through safeSyscall
  Body,    ///< done by a function of ours
  Refused, ///< answered with an errno
};

struct Action {
  Status status;
  SyscallBody body;
  int errnum;
  bool mayWait;     ///< or never return: -strace shows its start
  const char *note; ///< what the body keeps right, or why the call is refused
};

struct SyscallRow {
  uint16_t number;
  const char *name;
  Action action;
  ResultKind result;
  uint8_t argCount;
  std::array<ArgSpec, 6> args;
};

/// All rows, by number.
std::span<const SyscallRow> syscallRows();
/// The row of \p number, or null for a number that Linux 6.1 does not know.
const SyscallRow *syscallRow(uint64_t number);

// Every body that a row names is declared here.
#define DBT_DECLARE_Pass
#define DBT_DECLARE_PassAs(note)
#define DBT_DECLARE_Blocks
#define DBT_DECLARE_Refused(errnum, why)
#define DBT_DECLARE_Body(function, note) int64_t function(Syscall &);
#define DBT_DECLARE_Waits(function, note) int64_t function(Syscall &);
#define SYSCALL(number, name, action, ...) DBT_DECLARE_##action
#include "Linux/Syscalls.def"
#undef SYSCALL

} // namespace dbt

#endif
