//===- RobustList.cpp - Robust futexes of a thread that ends --------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The list is in guest memory and the guest's own: every pointer may be bad.
//===----------------------------------------------------------------------===//
#include "Linux/RobustList.h"

#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"
#include "Loader/AddressSpace.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace dbt {

namespace {

constexpr unsigned ListLimit = 2048; ///< ROBUST_LIST_LIMIT
constexpr uint64_t PiBit = 1;        ///< of a pointer in the list: a priority-inheritance futex

/// struct robust_list_head in guest memory.
struct Head {
  uint64_t next;
  int64_t futexOffset;
  uint64_t pending;
};

/// handle_futex_death.
void ownerDied(uint64_t address, uint32_t tid, bool priorityInheritance, bool pendingOperation) {
  for (;;) {
    auto value = readGuestValue<uint32_t>(address);
    if (!value || address % sizeof *value)
      return;
    // The owner released it and died before it woke a waiter.
    if (pendingOperation && !priorityInheritance && !(*value & FUTEX_TID_MASK)) {
      rawSyscall(SYS_futex, address, FUTEX_WAKE, 1);
      return;
    }
    if ((*value & FUTEX_TID_MASK) != tid)
      return;
    uint32_t expected = *value, desired = (*value & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
    if (!(process().space->query(address).prot & PROT_WRITE))
      return;
    if (!__atomic_compare_exchange_n(reinterpret_cast<uint32_t *>(address), &expected, desired, false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
      continue;
    if (!priorityInheritance && (*value & FUTEX_WAITERS))
      rawSyscall(SYS_futex, address, FUTEX_WAKE, 1);
    return;
  }
}

} // namespace

void endRobustList(int tid) {
  uint64_t list = 0, size = 0;
  if (rawSyscall(SYS_get_robust_list, 0, reinterpret_cast<uint64_t>(&list), reinterpret_cast<uint64_t>(&size)) < 0 || !list)
    return;
  auto head = readGuestValue<Head>(list);
  if (!head)
    return;
  rawSyscall(SYS_set_robust_list, 0, sizeof(Head));
  auto die = [&](uint64_t entry, bool pendingOperation) {
    ownerDied((entry & ~PiBit) + static_cast<uint64_t>(head->futexOffset), static_cast<uint32_t>(tid), entry & PiBit, pendingOperation);
  };
  uint64_t entry = head->next;
  for (unsigned i = 0; i < ListLimit && (entry & ~PiBit) != list; ++i) {
    // The next one first: a woken waiter may free this one.
    auto next = readGuestValue<uint64_t>(entry & ~PiBit);
    if (entry != head->pending)
      die(entry, false);
    if (!next)
      break;
    entry = *next;
  }
  if (head->pending)
    die(head->pending, true);
}

// The translator uses no robust mutexes, so the kernel's list can be the guest's.
int64_t sysSetRobustList(Syscall &c) { return rawSyscall(SYS_set_robust_list, c.arg[0], c.arg[1]); }
int64_t sysGetRobustList(Syscall &c) { return rawSyscall(SYS_get_robust_list, c.arg[0], c.arg[1], c.arg[2]); }

} // namespace dbt
