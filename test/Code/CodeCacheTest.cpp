//===- CodeCacheTest.cpp - The code cache, by itself and under threads ----===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// `build/bin/dbt-code-test` says which checks failed. Guest memory is an array whose tracking is only
// noted; objects return the byte that they were made from.
//===----------------------------------------------------------------------===//
#include "Code/CodeCache.h"
#include "Guest/Pending.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

using namespace dbt;

namespace {

int failures = 0;

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                  \
      ++failures;                                                                                  \
    }                                                                                              \
  } while (false)

/// Pages of guest code. A store first has to fault if the page is tracked, as in a process.
class Memory final : public CodeMemory {
public:
  static constexpr unsigned Pages = 4;

  Memory() : bytes(static_cast<uint8_t *>(std::aligned_alloc(CodePageSize, Pages * CodePageSize))) {
    std::memset(bytes, 0, Pages * CodePageSize);
  }
  ~Memory() { std::free(bytes); }

  uint64_t at(unsigned page, unsigned offset = 0) const { return reinterpret_cast<uint64_t>(bytes) + page * CodePageSize + offset; }
  unsigned pageOf(uint64_t address) const { return static_cast<unsigned>((address - at(0)) / CodePageSize); }

  uint64_t executableBytes(uint64_t pc) override { return at(Pages) - pc; }
  PageKind track(uint64_t page, bool asVolatile) override {
    if (asVolatile)
      return PageKind::Volatile;
    std::lock_guard guard(protection);
    isTracked[pageOf(page)] = true;
    return kind;
  }
  void untrack(uint64_t start, uint64_t size) override {
    std::lock_guard guard(protection);
    for (uint64_t page = start & -CodePageSize; page < start + size; page += CodePageSize)
      isTracked[pageOf(page)] = false;
  }
  std::vector<uint64_t> trackedBehind(uint64_t address) override {
    const uint64_t page = address & -CodePageSize;
    std::lock_guard guard(protection);
    return isTracked[pageOf(page)] ? std::vector{page} : std::vector<uint64_t>{};
  }
  bool isWritable(uint64_t) override { return true; }
  bool isReadable(uint64_t) override { return true; }

  /// The guest's store of a byte, which the processor makes if it may, in one step.
  void store(CodeCache &cache, uint64_t address, uint8_t value) {
    while (!tryStore(address, value))
      cache.onWriteFault(address);
  }

  PageKind kind = PageKind::Writable;
  bool tracks(unsigned page) {
    std::lock_guard guard(protection);
    return isTracked[page];
  }

private:
  bool tryStore(uint64_t address, uint8_t value) {
    std::lock_guard guard(protection);
    if (isTracked[pageOf(address)])
      return false;
    *reinterpret_cast<uint8_t *>(address) = value;
    return true;
  }

  std::mutex protection; ///< stands for the processor's look at the page's protection
  bool isTracked[Pages] = {};
  uint8_t *const bytes;
};

std::atomic<int> alive{0};

/// Code of the bytes in [pc, pc + size), entered at pc.
class Object final : public CodeObject {
public:
  Object(TierId tier, uint64_t pc, uint64_t size) : CodeObject(tier), entry{pc, this}, span{pc, size}, copy(new uint8_t[size]) {
    kind = PageKind::Writable;
    for (uint64_t i = 0; i < size; ++i)
      copy[i] = *reinterpret_cast<const uint8_t *>(pc + i);
    ++alive;
  }
  ~Object() override { --alive; }
  std::span<const Entry> entries() const override { return {&entry, 1}; }
  std::span<const GuestSpan> spans() const override { return {&span, 1}; }
  const uint8_t *guestBytes() const override { return copy.get(); }
  int value() const { return copy[0]; }

private:
  const Entry entry;
  const GuestSpan span;
  std::unique_ptr<uint8_t[]> copy;
};

Object *make(const CodeLock &guard, CodeCache &cache, uint64_t pc, uint64_t size = 4) {
  for (uint64_t page = pc & -CodePageSize; page < pc + size; page += CodePageSize)
    cache.track(guard, page);
  auto *object = new Object(TierId::Copy, pc, size);
  cache.publish(guard, object);
  return object;
}

Object *find(const CodeLock &guard, CodeCache &cache, uint64_t pc) {
  return static_cast<Object *>(cache.find(guard, TierId::Copy, pc).object);
}

void codeBesideAStoreStays() {
  Memory memory;
  CodeCache cache(memory);
  const uint64_t pc = memory.at(0, 16);
  Object *made;
  {
    CodeLock guard(cache.mutex());
    made = make(guard, cache, pc);
  }
  memory.store(cache, memory.at(0, 200), 1);
  CHECK(made->state == CodeObject::State::Suspended);
  CodeLock guard(cache.mutex());
  CHECK(find(guard, cache, pc) == made);
  CHECK(memory.tracks(0));
}

void changedCodeDies() {
  Memory memory;
  CodeCache cache(memory);
  const uint64_t across = memory.at(1) - 2; // in two pages
  {
    CodeLock guard(cache.mutex());
    make(guard, cache, across);
  }
  memory.store(cache, memory.at(1, 1), 9);
  CodeLock guard(cache.mutex());
  CHECK(find(guard, cache, across) == nullptr);
  CHECK(make(guard, cache, across)->value() == 0);
  CHECK(cache.objectsAt(guard, memory.at(1)).size() == 1);
}

void slotsFollow() {
  Memory memory;
  CodeCache cache(memory);
  const char stub = 0;
  CodeSlot slot{&stub, &stub}, late{&stub, &stub};
  const uint64_t pc = memory.at(2);
  Object *made;
  {
    CodeLock guard(cache.mutex());
    cache.addSlot(guard, slot, TierId::Copy, pc);
    CHECK(slot.find() == nullptr);
    made = make(guard, cache, pc);
    cache.addSlot(guard, late, TierId::Copy, pc);
  }
  CHECK(slot.find() == made && late.find() == made);
  memory.store(cache, memory.at(2, 100), 1);
  CHECK(slot.find() == nullptr && late.find() == nullptr);
  CodeLock guard(cache.mutex());
  CHECK(find(guard, cache, pc) == made && slot.find() == made);
  cache.kill(guard, *made);
  CHECK(slot.find() == nullptr);
}

void goneIsGone() {
  Memory memory;
  CodeCache cache(memory);
  {
    CodeLock guard(cache.mutex());
    make(guard, cache, memory.at(0));
    make(guard, cache, memory.at(1) - 1);
    make(guard, cache, memory.at(3));
  }
  cache.change(memory.at(0), CodePageSize, /*gone=*/true);
  CodeLock guard(cache.mutex());
  CHECK(!find(guard, cache, memory.at(0)) && !find(guard, cache, memory.at(1) - 1));
  CHECK(find(guard, cache, memory.at(3)));
}

void memoryComesBackWhenThreadsHaveRested() {
  Memory memory;
  CodeCache cache(memory);
  CpuState inside = {}, idle = {};
  cache.openThread(inside);
  cache.openThread(idle);
  Epochs::idle(idle);
  const int before = alive;
  CodeLock guard(cache.mutex());
  cache.kill(guard, *make(guard, cache, memory.at(0)));
  make(guard, cache, memory.at(1)); // collects
  CHECK(alive == before + 2);
  cache.epochs().rest(inside);
  make(guard, cache, memory.at(2));
  CHECK(alive == before + 2);
}

void restlessPagesBecomeVolatile() {
  Memory memory;
  CodeCache cache(memory);
  for (int i = 0; i < 100; ++i) {
    {
      CodeLock guard(cache.mutex());
      if (cache.track(guard, memory.at(0)) == PageKind::Volatile)
        return;
    }
    memory.store(cache, memory.at(0, 8), static_cast<uint8_t>(i));
  }
  CHECK(!"a page that is always written is given up");
}

void codeForReadOnlyPagesDiesInWritableOnes() {
  Memory memory;
  memory.kind = PageKind::Stable;
  CodeCache cache(memory);
  Object *made;
  {
    CodeLock guard(cache.mutex());
    made = make(guard, cache, memory.at(0));
    made->kind = PageKind::Stable;
  }
  cache.change(memory.at(0), CodePageSize, /*gone=*/false); // mprotect
  memory.kind = PageKind::Writable;
  CodeLock guard(cache.mutex());
  CHECK(find(guard, cache, memory.at(0)) == nullptr);
}

/// Readers look code up by a slot or the cache and compare it with a version that they have
/// heard of; writers change it, and things beside it.
void noThreadFindsOldCode() {
  Memory memory;
  CodeCache cache(memory);
  const char stub = 0;
  CodeSlot slot{&stub, &stub};
  const uint64_t pc = memory.at(0, 64);
  {
    CodeLock guard(cache.mutex());
    cache.addSlot(guard, slot, TierId::Copy, pc);
  }
  constexpr int Rounds = 8, Versions = 40;
  std::atomic<int> version{0}, old{0}, round{0};
  std::atomic<unsigned> looked{0};
  std::atomic<bool> done{false};
  auto reader = [&] {
    auto state = std::make_unique<CpuState>();
    cache.openThread(*state);
    while (!done) {
      cache.epochs().rest(*state);
      const int atRound = round, atLeast = version;
      const auto *object = static_cast<const Object *>(slot.find());
      if (!object) {
        CodeLock guard(cache.mutex());
        object = find(guard, cache, pc);
        if (!object && cache.track(guard, pc) != PageKind::Volatile)
          object = make(guard, cache, pc);
      }
      ++looked;
      if (object && object->value() < atLeast && atRound == round)
        ++old;
    }
    cache.closeThread(*state);
  };
  auto beside = [&] {
    for (unsigned i = 0; !done; ++i) {
      memory.store(cache, memory.at(0, 1024 + i % 512), static_cast<uint8_t>(i));
      std::this_thread::yield();
    }
  };
  std::thread threads[] = {std::thread(reader), std::thread(reader), std::thread(beside)};
  for (int i = 0; i < Rounds; ++i) {
    ++round;
    version = 0;
    memory.store(cache, pc, 0);
    ++round;
    for (int v = 1; v <= Versions; ++v) {
      memory.store(cache, pc, static_cast<uint8_t>(v));
      version = v;
      for (const unsigned before = looked; looked - before < 4;)
        std::this_thread::yield();
    }
  }
  done = true;
  for (std::thread &thread : threads)
    thread.join();
  CHECK(old == 0);
}

} // namespace

int main() {
  codeBesideAStoreStays();
  changedCodeDies();
  slotsFollow();
  goneIsGone();
  memoryComesBackWhenThreadsHaveRested();
  restlessPagesBecomeVolatile();
  codeForReadOnlyPagesDiesInWritableOnes();
  noThreadFindsOldCode();
  CHECK(alive == 0);
  std::puts(failures ? "failed" : "ok");
  return failures != 0;
}
