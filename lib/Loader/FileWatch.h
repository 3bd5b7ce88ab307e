//===- FileWatch.h - Whose writes to files concern code ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Code may be mapped from a file that this process writes with system calls. Hardly any
// program does that, and all of them call write(2), so what that costs is a look at one
// flag: it is unset as long as no file is both open for writing and mapped with tracked code.
//
// The flag changes while other threads write. Whoever has seen it unset counts as an
// unwatched write until its call has returned; AddressSpace sets the flag first and then
// takes code of such a file for Volatile as long as it finds one.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_FILEWATCH_H
#define DBT_LOADER_FILEWATCH_H

#include <array>
#include <atomic>
#include <bitset>
#include <compare>
#include <cstdint>
#include <sys/types.h>

namespace dbt {

/// What a file is, however it is called.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;

  auto operator<=>(const FileId &) const = default;
};

class FileWatch {
public:
  /// Threads count themselves in different places, or the count would be theirs to fight for.
  static constexpr unsigned Shards = 16;

  /// A call is about to write to a descriptor. True: it need not look to which file, and
  /// calls leave() with the same \p shard when it has returned.
  bool enterUnwatched(unsigned shard) {
    std::atomic<int> &count = unwatched[shard].count;
    count.fetch_add(1);
    if (!watching.load())
      return true;
    count.fetch_sub(1);
    return false;
  }
  void leave(unsigned shard) { unwatched[shard].count.fetch_sub(1); }

  /// \name With AddressSpace's lock held.
  /// @{
  void watch(bool on) { watching.store(on); }
  bool anyUnwatched() const {
    for (const Shard &shard : unwatched)
      if (shard.count.load() != 0)
        return true;
    return false;
  }
  /// In a fork's child, which has none of the threads that were writing.
  void forgetUnwatched() {
    for (Shard &shard : unwatched)
      shard.count.store(0);
  }
  /// A descriptor of this process is open for writing, and may be for ever: duplicates and
  /// passed ones are not followed.
  void noteWritable(const FileId &id) { writable.set(hash(id)); }
  /// Never false for a noted one.
  bool mayBeWritten(const FileId &id) const { return writable.test(hash(id)); }
  /// @}

private:
  struct alignas(64) Shard {
    std::atomic<int> count{0};
  };
  static constexpr size_t FilterBits = size_t(1) << 15;
  static size_t hash(const FileId &id) {
    const uint64_t mixed = (id.inode ^ id.device << 40) * 0x9e3779b97f4a7c15;
    return mixed >> 32 & (FilterBits - 1);
  }

  std::atomic<bool> watching{true}; ///< until the inherited descriptors are known
  std::array<Shard, Shards> unwatched;
  std::bitset<FilterBits> writable;
};

} // namespace dbt

#endif
