//===- X87Stack.h - The x87 register stack ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_HELPERS_X87STACK_H
#define DBT_SEMANTICS_HELPERS_X87STACK_H

#include "Guest/Host/HostX87.h"

namespace dbt::helpers {

/// The state, for a helper that compiled code may call while the host's unit has it.
inline X87State &x87InMemory(CpuState &s) {
  if (s.x87InHost)
    host::x87Leave(s);
  return s.x87;
}

/// Operations on X87State by stack position.
class X87Stack {
public:
  explicit X87Stack(X87State &x) : x(x) {}

  unsigned top() const { return x.status >> 11 & 7; }
  unsigned physical(unsigned i) const { return (top() + i) & 7; }
  X87State::Value &st(unsigned i) { return x.st[physical(i)]; }
  bool valid(unsigned i) const { return x.valid >> physical(i) & 1; }
  void free(unsigned i) { x.valid &= static_cast<uint8_t>(~(1u << physical(i))); }
  void setTop(unsigned top) {
    x.status = static_cast<uint16_t>((x.status & ~x87status::Top) | (top & 7) << 11);
  }
  void pop() {
    free(0);
    setTop(top() + 1);
  }
  /// ST(7) must be empty.
  void push(const X87State::Value &v) {
    setTop(top() - 1);
    x.valid |= static_cast<uint8_t>(1u << top());
    st(0) = v;
  }
  void clearC1() { x.status &= static_cast<uint16_t>(~x87status::C1); }
  bool pending() const { return x.status & x87status::Summary; }
  /// ES and B follow from exceptions and their masks.
  void summarize() {
    bool any = x.status & ~x.control & x87status::Exceptions;
    constexpr uint16_t Bits = x87status::Summary | x87status::Busy;
    x.status = static_cast<uint16_t>(any ? x.status | Bits : x.status & ~Bits);
  }

private:
  X87State &x;
};

} // namespace dbt::helpers

#endif
