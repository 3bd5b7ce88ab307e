//===- CodeLock.h - The one lock of translated code -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_CODELOCK_H
#define DBT_CODE_CODELOCK_H

#include <mutex>

namespace dbt {

/// Guards all that is known of translated code (CodeCache.h). Whoever makes code holds it from
/// having the page tracked until the code is published; whoever changes guest memory holds it
/// until the old code is out of reach and the page may be written.
///
/// Comes before AddressSpace's lock. A thread that runs guest code does not hold it, so the
/// handler of a fault in guest code may take it.
class CodeMutex {
public:
  /// Around fork.
  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }

private:
  std::mutex mutex;
};

/// The proof that the lock is held: what changes the tables takes one.
class CodeLock {
public:
  explicit CodeLock(CodeMutex &mutex) : guard(mutex) {}
  CodeLock(const CodeLock &) = delete;
  CodeLock &operator=(const CodeLock &) = delete;

  /// Lets others have the lock while \p f runs. Nothing that was found under it holds afterwards.
  template <class F> void without(F f) {
    guard.unlock();
    f();
    guard.lock();
  }

private:
  std::unique_lock<CodeMutex> guard;
};

} // namespace dbt

#endif
