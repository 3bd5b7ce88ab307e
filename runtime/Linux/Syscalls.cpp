//===- Syscalls.cpp - The system-call table and its dispatcher ------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/Syscalls.h"

#include "Abi/SafeSyscall.h"
#include "Guest/FlagsWord.h"
#include "Linux/ForeignMemory.h"
#include "Linux/KernelWrites.h"
#include "Linux/Signals.h"
#include "Linux/Strace.h"
#include "Linux/StraceFlags.h"
#include "Linux/SyscallTable.h"

#include <iterator>
#include <optional>

namespace dbt {

namespace {

// What the words of Syscalls.def mean.
constexpr Action Pass{Status::Pass, nullptr, 0, false, nullptr};
constexpr Action PassAs(const char *note) { return {Status::Pass, nullptr, 0, false, note}; }
constexpr Action Blocks{Status::Blocks, nullptr, 0, true, nullptr};
constexpr Action Body(SyscallBody body, const char *note) {
  return {Status::Body, body, 0, false, note};
}
constexpr Action Waits(SyscallBody body, const char *note) {
  return {Status::Body, body, 0, true, note};
}
constexpr Action Refused(int errnum, const char *why) {
  return {Status::Refused, nullptr, errnum, false, why};
}

using enum ResultKind;

constexpr ArgSpec num{ArgKind::Int}, unum{ArgKind::Uint}, lnum{ArgKind::Long}, size{ArgKind::Size},
    hex{ArgKind::Hex}, octal{ArgKind::Octal}, fd{ArgKind::Fd}, toFd{ArgKind::FdChanged}, dirfd{ArgKind::DirFd},
    path{ArgKind::Path}, str{ArgKind::String}, ptr{ArgKind::Pointer}, out{ArgKind::PointerOut},
    time{ArgKind::Timespec}, timeOut{ArgKind::TimespecOut}, intIn{ArgKind::IntIn},
    intOut{ArgKind::IntOut}, fdPair{ArgKind::FdPairOut}, status{ArgKind::WaitStatusOut},
    statOut{ArgKind::StatOut}, rlimIn{ArgKind::RlimitIn}, rlimOut{ArgKind::RlimitOut},
    strs{ArgKind::Strings}, sig{ArgKind::Signal}, msgOut{ArgKind::MsgOut};
constexpr ArgSpec bytesIn(uint8_t length) { return {ArgKind::BytesIn, length}; }
constexpr ArgSpec bytesOut(uint8_t length) { return {ArgKind::BytesOut, length}; }
constexpr ArgSpec filled(uint8_t length) {
  return {ArgKind::BytesOut, static_cast<uint8_t>(length | ArgSpec::ByResult)};
}
constexpr ArgSpec iovIn(uint8_t count) { return {ArgKind::IovecIn, count}; }
constexpr ArgSpec iovOut(uint8_t count) { return {ArgKind::IovecOut, count}; }
constexpr ArgSpec msgsOut(uint8_t count) { return {ArgKind::MsgsOut, count}; }
constexpr ArgSpec addr(uint8_t length) { return {ArgKind::Sockaddr, length}; }
constexpr ArgSpec set(const FlagSet &flags) { return {ArgKind::Flags, 0, &flags}; }

template <class... Args>
constexpr SyscallRow makeRow(uint16_t number, const char *name, Action action, ResultKind result,
                             Args... args) {
  return {number, name, action, result, sizeof...(args), {args...}};
}

constexpr SyscallRow rows[] = {
#define SYSCALL(number, name, action, ...) makeRow(number, #name, action, __VA_ARGS__),
#include "Linux/Syscalls.def"
#undef SYSCALL
};

constexpr size_t MaxNumber = 450;
static_assert(std::end(rows)[-1].number == MaxNumber);

struct Index {
  uint16_t row[MaxNumber + 1]; ///< plus one; zero: no such number
};
constexpr Index makeIndex() {
  Index index{};
  for (uint16_t i = 0; i < std::size(rows); ++i)
    index.row[rows[i].number] = i + 1;
  return index;
}
constexpr Index rowIndex = makeIndex();

int64_t perform(Syscall &call, const SyscallRow &row) {
  auto &a = call.arg;
  switch (row.action.status) {
  case Status::Pass: {
    KernelWrites writes(call, row);
    return rawSyscall(row.number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  case Status::Blocks: {
    KernelWrites writes(call, row);
    return safeSyscall(call.cpu, row.number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  case Status::Body: return row.action.body(call);
  case Status::Refused: return -row.action.errnum;
  }
  __builtin_unreachable();
}

} // namespace

std::span<const SyscallRow> syscallRows() { return rows; }

const SyscallRow *syscallRow(uint64_t number) {
  if (number > MaxNumber || !rowIndex.row[number])
    return nullptr;
  return &rows[rowIndex.row[number] - 1];
}

SyscallOutcome linuxSyscall(CpuState &cpu) {
  if (__atomic_load_n(&cpu.pending, __ATOMIC_RELAXED) & pending::Signal) {
    // It came before the call, which is made when its handler returns.
    cpu.rip -= SyscallInsnSize;
    return SyscallOutcome::Continue;
  }
  // The kernel looks at EAX only.
  Syscall call{cpu, static_cast<uint32_t>(cpu.reg(Reg::Rax)),
               {cpu.reg(Reg::Rdi), cpu.reg(Reg::Rsi), cpu.reg(Reg::Rdx), cpu.reg(Reg::R10),
                cpu.reg(Reg::R8), cpu.reg(Reg::R9)}};
  cpu.reg(Reg::Rcx) = cpu.rip;
  cpu.reg(Reg::R11) = rflags(cpu);
  const SyscallRow *row = syscallRow(call.number);
  std::optional<SyscallTrace> trace;
  if (tracingSyscalls()) [[unlikely]]
    trace.emplace(call, row);
  int64_t result = row ? perform(call, *row) : -ENOSYS;
  noticeForeignWrites();
  if (trace)
    trace->finish(result);
  if (call.outcome != SyscallOutcome::Continue)
    return call.outcome;
  if (result == RestartSyscall) {
    // RAX still holds the number: after the signal's delivery the same
    // SYSCALL instruction runs again.
    cpu.rip -= SyscallInsnSize;
    return call.outcome;
  }
  cpu.reg(Reg::Rax) = result;
  return call.outcome;
}

} // namespace dbt
