//===- Strace.cpp - System calls as strace prints them --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/Strace.h"

#include "Abi/SafeSyscall.h"
#include "Linux/ProcessState.h"
#include "Linux/StraceArgs.h"

#include <cstdio>
#include <sys/syscall.h>

namespace dbt {

int straceFd = -1;

void traceSyscallsTo(int fd) { straceFd = fd; }

namespace {

/// Where strace -o puts the result of a short call.
constexpr size_t ResultColumn = 40;

bool several() { return process().several || process().child; }

std::string prefix() {
  return several() ? "[pid " + std::to_string(rawSyscall(SYS_gettid)) + "] " : "";
}

void writeText(const std::string &text) {
  rawSyscall(SYS_write, straceFd, reinterpret_cast<uint64_t>(text.data()), text.size());
}

void printUnknown(std::string &line, const Syscall &call) {
  char text[160];
  snprintf(text, sizeof text, "syscall_0x%lx(%#lx, %#lx, %#lx, %#lx, %#lx, %#lx",
           call.number, call.arg[0], call.arg[1], call.arg[2], call.arg[3], call.arg[4],
           call.arg[5]);
  line += text;
}

} // namespace

SyscallTrace::SyscallTrace(const Syscall &call, const SyscallRow *row) : call(call), row(row) {
  line = prefix();
  if (!row) {
    printUnknown(line, call);
    return;
  }
  line += row->name;
  line += '(';
  for (; printed < row->argCount; ++printed) {
    if (isOutArg(row->args[printed]))
      break;
    if (isUnusedArg(*row, call, printed))
      continue;
    line += printed ? ", " : "";
    printArg(line, *row, call, printed, 0);
  }
  if (!row->action.mayWait && row->result != ResultKind::None)
    return;
  if (row->result == ResultKind::None) {
    line += ") = ?\n";
  } else if (several()) {
    split = true;
    line += printed == row->argCount ? " <unfinished ...>\n" : ", <unfinished ...>\n";
  }
  write();
}

void SyscallTrace::write() {
  writeText(line);
  column += line.size();
  line.clear();
}

void SyscallTrace::finish(int64_t result) {
  if (row && row->result == ResultKind::None)
    return;
  if (split)
    line = prefix() + "<... " + row->name + " resumed>";
  for (bool first = split; row && printed < row->argCount; ++printed) {
    if (isUnusedArg(*row, call, printed))
      continue;
    line += printed && !first ? ", " : "";
    first = false;
    printArg(line, *row, call, printed, result);
  }
  line += ')';
  size_t end = column + line.size();
  line.append(end < ResultColumn && !split ? ResultColumn - end : 1, ' ');
  line += "= ";
  printResult(line, row ? row->result : ResultKind::Int, result);
  if (row && row->action.status == Status::Refused)
    line += std::string(" (refused: ") + row->action.note + ")";
  line += '\n';
  write();
}

void traceEvent(const std::string &text) {
  if (tracingSyscalls())
    writeText(prefix() + text + "\n");
}

} // namespace dbt
