//===- Reserve.h - Memory for when there is no more -----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A guest may use up what memory or mappings its process may have, and go on: so must the
// translator, which then has no more of its own than what was mapped in time. A limit counts it
// from the start, so that nothing can fail later; memory is taken only by what is used.
//===----------------------------------------------------------------------===//
#ifndef DBT_SUPPORT_RESERVE_H
#define DBT_SUPPORT_RESERVE_H

#include <cstddef>
#include <mutex>

namespace dbt {

class Reserve {
public:
  static constexpr size_t Bytes = size_t(64) << 20;
  /// What take() aligns to.
  static constexpr size_t Alignment = 64;

  /// Maps the memory, as far as that can be had.
  void open();
  /// Null: it is used up.
  void *take(size_t size);
  /// Takes back what take() has given; false, and nothing is done: \p memory is other memory.
  bool giveBack(void *memory);

  /// Held around fork; no other lock is acquired under it.
  std::mutex &mutex() { return lock; }

private:
  /// In front of each piece, and what free ones are linked by.
  struct alignas(Alignment) Header {
    unsigned order; ///< the piece has 1 << order bytes, the header included
    Header *next;
  };
  static constexpr unsigned MaxOrder = 26;

  std::mutex lock;
  char *base = nullptr;
  size_t used = 0;
  Header *free[MaxOrder + 1] = {};
};

/// The process's.
Reserve &processReserve();
/// What dbt-run exports a function under that returns it, for libdbt-jit.so.
inline constexpr const char *ReserveSymbol = "dbtReserve";

} // namespace dbt

#endif
