//===- AsanStack.h - Telling AddressSanitizer of another stack --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// AddressSanitizer keeps the bounds of each thread's stack. A vfork's child has its
// parent's thread-local storage and so passes for the parent's thread, on a stack of its
// own. In builds without the sanitizer this is nothing.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_ASANSTACK_H
#define DBT_LINUX_ASANSTACK_H

#include <cstddef>

#if __has_feature(address_sanitizer)
#include <sanitizer/common_interface_defs.h>
#endif

namespace dbt {

class AsanStack {
public:
#if __has_feature(address_sanitizer)
  /// By the child, as the first thing on its stack.
  void enter(const void *stack, size_t size) {
    void *frames;
    __sanitizer_start_switch_fiber(&frames, stack, size);
    __sanitizer_finish_switch_fiber(nullptr, &parentStack, &parentSize);
    parentFrames = frames;
  }
  /// By the parent, when the child has ended there.
  void leave() {
    if (!parentStack)
      return; // there was no child
    __sanitizer_start_switch_fiber(nullptr, parentStack, parentSize);
    __sanitizer_finish_switch_fiber(parentFrames, nullptr, nullptr);
  }

private:
  const void *parentStack = nullptr;
  size_t parentSize = 0;
  void *parentFrames = nullptr; ///< its fake stack
#else
  void enter(const void *, size_t) {}
  void leave() {}
#endif
};

} // namespace dbt

#endif
