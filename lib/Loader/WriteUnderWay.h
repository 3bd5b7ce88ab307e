//===- WriteUnderWay.h - What a system call is writing ----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_WRITEUNDERWAY_H
#define DBT_LOADER_WRITEUNDERWAY_H

#include "Loader/FileWatch.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace dbt {

inline constexpr uint64_t PageSize = 4096;
constexpr uint64_t pageDown(uint64_t addr) { return addr & -PageSize; }
constexpr uint64_t pageUp(uint64_t addr) { return pageDown(addr + PageSize - 1); }

/// The first address that user space cannot have (4-level paging).
inline constexpr uint64_t TaskSize = 0x7ffffffff000;

struct AddressRange {
  uint64_t start, end;

  bool overlaps(const AddressRange &other) const { return start < other.end && other.start < end; }
};

struct MappedFile;

/// The guest memory that the kernel writes on behalf of one system call, and the files whose
/// contents it changes. Filled by whoever makes the call, then given to AddressSpace::begin()
/// until end().
class WriteUnderWay {
public:
  WriteUnderWay() = default;
  WriteUnderWay(const WriteUnderWay &) = delete;
  WriteUnderWay &operator=(const WriteUnderWay &) = delete;

  /// The pages of [\p start, \p start + \p size).
  void add(uint64_t start, uint64_t size) {
    if (start == 0 || size == 0 || start >= TaskSize)
      return;
    const AddressRange range{pageDown(start), size < TaskSize - start ? pageUp(start + size) : TaskSize};
    if (count < few.size())
      few[count++] = range;
    else
      more.push_back(range);
  }
  void add(const FileId &file) { ids.push_back(file); }
  bool empty() const { return count == 0 && ids.empty(); }

private:
  friend class AddressSpace;

  template <class F> void forRanges(F f) const {
    for (unsigned i = 0; i < count; ++i)
      f(few[i]);
    for (const AddressRange &range : more)
      f(range);
  }

  std::array<AddressRange, 4> few; ///< nearly always enough
  unsigned count = 0;
  std::vector<AddressRange> more;
  std::vector<FileId> ids;
  std::vector<std::shared_ptr<MappedFile>> files; ///< from begin() to end()
  WriteUnderWay *next = nullptr, **place = nullptr; ///< AddressSpace's list; not in it: no place
};

} // namespace dbt

#endif
