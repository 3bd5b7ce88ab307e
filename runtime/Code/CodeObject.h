//===- CodeObject.h - A piece of translated code ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A block, a unit of copies or a region, as the code cache knows it. docs/CodeCache.md has the
// states and what each allows.
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_CODEOBJECT_H
#define DBT_CODE_CODEOBJECT_H

#include "Code/CodeMemory.h"
#include "Code/TierId.h"

#include <cstdint>
#include <span>

namespace dbt {

/// Guest bytes that a piece of code depends on.
struct GuestSpan {
  uint64_t start, size;
  /// Not executed by it: a pointer that it takes for a constant, or code that was looked at.
  /// The guest must not be able to write such bytes.
  bool lookedAt = false;

  uint64_t end() const { return start + size; }
  bool overlaps(uint64_t from, uint64_t to) const { return start < to && end() > from; }
};

class CodeObject {
public:
  enum class State : uint8_t {
    New,       ///< not published yet
    Live,      ///< lookups find it; its bytes are as they were, and no store changes them unnoticed
    Suspended, ///< not found, as its bytes may have changed: compared before it is found again
    Dead,      ///< never found again; freed when no thread can be inside
  };
  /// Where the code is entered for a guest address. What \c code points to is the tier's affair.
  struct Entry {
    uint64_t pc;
    const void *code;
  };

  explicit CodeObject(TierId tier) : tier(tier) {}
  CodeObject(const CodeObject &) = delete;
  CodeObject &operator=(const CodeObject &) = delete;
  /// Frees the host's code. No thread is inside.
  virtual ~CodeObject() = default;

  virtual std::span<const Entry> entries() const = 0;
  virtual std::span<const GuestSpan> spans() const = 0;
  /// The bytes of spans(), one span after the other, as they were when they were decoded.
  virtual const uint8_t *guestBytes() const = 0;
  /// It compares its bytes itself whenever it is entered, so nobody need notice stores.
  virtual bool checksItself() const { return false; }
  /// \name With the code lock held.
  /// @{
  /// Says whether lookups find it, and whether a better tier has code at its entry.
  virtual void update(bool /*found*/, bool /*superseded*/) {}
  /// Nothing finds it any more.
  virtual void died() {}
  /// @}

  const TierId tier;
  /// What its pages were when it was made: code for pages that the guest cannot write relies on that.
  PageKind kind = PageKind::Stable;
  State state = State::New;

private:
  friend class CodeCache;
  friend class Epochs;
  uint8_t missed = 0;             ///< changes of its pages since it was suspended
  uint64_t retired = 0;           ///< the epoch in which it died
  CodeObject *nextRetired = nullptr;
};

} // namespace dbt

#endif
