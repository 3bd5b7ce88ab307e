//===- Reserve.cpp - Memory for when there is no more ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/Reserve.h"

#include <algorithm>
#include <bit>
#include <sys/mman.h>

namespace dbt {

void Reserve::open() {
  void *memory = mmap(nullptr, Bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory != MAP_FAILED)
    base = static_cast<char *>(memory);
}

void *Reserve::take(size_t size) {
  if (!base || size > Bytes - sizeof(Header))
    return nullptr;
  const auto order = static_cast<unsigned>(std::bit_width(std::max(size + sizeof(Header), 2 * sizeof(Header)) - 1));
  const size_t bytes = size_t(1) << order;
  std::lock_guard guard(lock);
  Header *piece = free[order];
  if (piece) {
    free[order] = piece->next;
  } else {
    if (bytes > Bytes - used)
      return nullptr;
    piece = reinterpret_cast<Header *>(base + used);
    used += bytes;
    piece->order = order;
  }
  return piece + 1;
}

bool Reserve::giveBack(void *memory) {
  // Nobody has any of it before open() has returned.
  if (!base || static_cast<size_t>(static_cast<char *>(memory) - base) >= Bytes)
    return false;
  Header *piece = static_cast<Header *>(memory) - 1;
  std::lock_guard guard(lock);
  piece->next = free[piece->order];
  free[piece->order] = piece;
  return true;
}

Reserve &processReserve() {
  static constinit Reserve reserve;
  return reserve;
}

} // namespace dbt
