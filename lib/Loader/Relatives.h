//===- Relatives.h - What forked processes tell one another -----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A process can write the memory of another (process_vm_writev, /proc/PID/mem). Most
// likely to do so are processes that have forked from each other, and these run in the
// same translator. Before its first fork a process makes an object of this class in memory
// that all its descendants share until they execute a program. In it
//
// - who is about to write another's memory says so before it does and when it has, so that
//   the others can compare their code (changes(), anyWriter());
// - everybody lists the private pages from which the host withholds WRITE although the
//   guest has it: the kernel answers EFAULT there, and the writer knows that the guest's
//   own kernel would not.
//
// A process that dies leaves its entries behind; they are taken for nobody's when they are
// in the way.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_RELATIVES_H
#define DBT_LOADER_RELATIVES_H

#include <array>
#include <atomic>
#include <cstdint>
#include <sys/types.h>

namespace dbt {

class Relatives {
public:
  /// Null if there is no memory for it.
  static Relatives *create();

  /// \name Writing the memory of another process, from before the call until it has returned.
  /// @{
  /// \returns changes() before.
  uint64_t beginWrite();
  uint64_t endWrite();
  /// Counts what beginWrite() and endWrite() are called for.
  uint64_t changes() const { return numChanges.load(std::memory_order_acquire); }
  /// Whether one other than \p self is under way.
  bool anyWriter(pid_t self);
  /// @}

  /// \name The list of withheld pages.
  /// @{
  /// False if there is no room.
  bool addWithheld(pid_t process, uint64_t page);
  void removeWithheld(pid_t process, uint64_t page);
  bool isWithheld(pid_t process, uint64_t page);
  /// \p process is a new one.
  void forget(pid_t process);
  /// @}

private:
  static constexpr unsigned NumWriters = 16, NumPages = 4096, Reach = 8;
  using Entry = std::atomic<uint64_t>; ///< page and process, or 0

  static uint64_t entryOf(pid_t process, uint64_t page);
  template <class F> Entry *findEntry(uint64_t entry, F f);

  std::atomic<uint64_t> numChanges{0};
  std::array<std::atomic<pid_t>, NumWriters> writers{};
  std::array<Entry, NumPages> pages{};
};

} // namespace dbt

#endif
