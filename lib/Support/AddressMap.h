//===- AddressMap.h - A map by guest address, without pauses ----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A hash table that grows moves all that it holds, 2 ms for the 20000 blocks of an
// interpreter, while the guest waits. This one is many small tables, each of which grows
// by itself.
//===----------------------------------------------------------------------===//
#ifndef DBT_SUPPORT_ADDRESSMAP_H
#define DBT_SUPPORT_ADDRESSMAP_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace dbt {

template <class T> class AddressMap {
public:
  /// Null: there is none at \p pc. Valid until it is erased.
  T *find(uint64_t pc) { return const_cast<T *>(std::as_const(*this).find(pc)); }
  const T *find(uint64_t pc) const {
    const Part &part = parts[partOf(pc)];
    auto it = part.find(pc);
    return it == part.end() ? nullptr : &it->second;
  }
  /// What is at \p pc, made if need be.
  T &operator[](uint64_t pc) {
    auto [it, isNew] = parts[partOf(pc)].try_emplace(pc);
    count += isNew;
    return it->second;
  }
  void erase(uint64_t pc) { count -= parts[partOf(pc)].erase(pc); }
  size_t size() const { return count; }

  /// Calls f(pc, value) for all, in no order.
  template <class F> void forEach(F f) {
    for (size_t part = 0; part < NumParts; ++part)
      forEachOf(part, f);
  }
  /// For those of one of NumParts parts, to do it step by step.
  template <class F> void forEachOf(size_t part, F f) {
    for (auto &[pc, value] : parts[part])
      f(pc, value);
  }
  static constexpr size_t NumParts = 256;

private:
  using Part = std::unordered_map<uint64_t, T>;
  static size_t partOf(uint64_t pc) {
    constexpr uint64_t Golden = 0x9e3779b97f4a7c15; // Knuth's multiplicative hash
    return pc * Golden >> 56;
  }

  std::array<Part, NumParts> parts;
  size_t count = 0;
};

} // namespace dbt

#endif
