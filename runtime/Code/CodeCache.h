//===- CodeCache.h - The owner of what is live ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// All translated code by guest address and by guest page, whatever tier it is of, and the one
// order in which it goes away: out of reach first, then the guest's memory changes
// (docs/CodeCache.md). Start reading at publish() and suspendPage().
//
// Invariants:
// - A live object's pages are tracked, or it checks itself; its bytes are as it was made from.
// - Slots and places live as long as the process. Objects are freed when no thread can be inside.
// - Everything here is guarded by the code lock. What threads read without it are slots, a
//   place's code and the epoch.
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_CODECACHE_H
#define DBT_CODE_CODECACHE_H

#include "Code/CodeLock.h"
#include "Code/CodePage.h"
#include "Code/CodePlace.h"
#include "Code/Epochs.h"
#include "Code/LongestPause.h"
#include "Support/AddressMap.h"

#include <map>
#include <vector>

namespace dbt {

class CodeCache {
public:
  explicit CodeCache(CodeMemory &memory) : memory(memory) {}
  ~CodeCache() { clear(); }
  /// Frees everything. No thread runs code any more.
  void clear();

  CodeMutex &mutex() { return lock; }
  Epochs &epochs() { return reclaimer; }
  LongestPause &pauses() { return pause; } ///< of changes

  /// \name Threads that run code. One leaves before its CpuState goes.
  /// @{
  void openThread(CpuState &s);
  void closeThread(CpuState &s);
  /// In a fork's child: \p s is the only one.
  void keepOnly(CpuState &s) { threads.assign(1, &s); }
  /// @}

  /// \name Looking.
  /// @{
  struct Code {
    CodeObject *object = nullptr;
    const void *code = nullptr;
    CodePlace *place = nullptr; ///< of the address
    explicit operator bool() const { return object != nullptr; }
  };
  /// The live code of a tier at \p pc. What is suspended is compared with the guest's bytes first.
  Code find(const CodeLock &, TierId tier, uint64_t pc);
  /// Made if need be.
  CodePlace &place(const CodeLock &, uint64_t pc) { return places[pc]; }
  CodePlace *known(const CodeLock &, uint64_t pc) { return places.find(pc); }
  /// Calls f(pc, place) for all.
  template <class F> void forEach(const CodeLock &, F f) { places.forEach(f); }
  /// What has guest code at \p pc among its own, in whatever state.
  std::vector<CodeObject *> objectsAt(const CodeLock &, uint64_t pc);
  /// Counts changes of guest code.
  uint64_t changes() const { return numChanges.load(std::memory_order_acquire); }
  /// @}

  /// \name Making.
  /// @{
  uint64_t executableBytes(const CodeLock &, uint64_t pc) { return memory.executableBytes(pc); }
  /// Before anything is read from the page of \p pc: its bytes stay as they are until the lock
  /// is released, and afterwards the cache hears of changes.
  PageKind track(const CodeLock &, uint64_t pc);
  /// Makes \p object live and owns it. Its pages are tracked, and the lock has been held since.
  void publish(const CodeLock &, CodeObject *object);
  /// The same for an object that was made without the lock; false, and it is left alone, if
  /// its bytes or their pages are not what it was made for.
  bool publishIfCurrent(const CodeLock &, CodeObject *object);
  /// Has \p slot follow the tier's code at \p pc.
  void addSlot(const CodeLock &, CodeSlot &slot, TierId tier, uint64_t pc);
  /// @}

  /// \name Going away.
  /// @{
  void kill(const CodeLock &, CodeObject &object);
  /// All of a tier's.
  void killAll(const CodeLock &, TierId tier);
  /// Has threads that may be inside code that has gone leave it at their next safepoint.
  void interrupt(const CodeLock &);
  /// [\p start, \p start + \p size) is about to change; with \p gone what is mapped there, else
  /// its protection or contents.
  void change(uint64_t start, uint64_t size, bool gone);
  /// A host write fault at \p address: true if tracking caused it, and the store can be made
  /// again. Called in the faulting thread's signal handler.
  bool onWriteFault(uint64_t address);
  /// @}

private:
  using Pages = std::map<uint64_t, CodePage>; ///< by page number

  CodePage &page(uint64_t number);
  template <class F> static void forPages(const CodeObject &object, F f);
  enum class Currency : uint8_t {
    Current, ///< its bytes are what it was made from, in tracked pages of the kind it was made for
    NotNow,  ///< that cannot be told now: they must not be executed, or stores go unnoticed
    Stale,   ///< it will not be again
  };
  Currency currency(const CodeLock &, const CodeObject &object);
  bool revive(const CodeLock &, CodeObject &object);
  void show(const CodeLock &, CodeObject &object);
  void hide(const CodeLock &, CodeObject &object);
  void refresh(CodePlace &place);
  void setSlots(CodePlace &place, TierId tier, const void *code);
  bool suspendPage(const CodeLock &, CodePage &page);

  CodeMemory &memory;
  CodeMutex lock;
  AddressMap<CodePlace> places;
  Pages pages;
  /// What page() has given last: neighbours are asked for one after the other.
  uint64_t lastPage = ~uint64_t(0);
  CodePage *lastFound = nullptr;
  std::vector<CpuState *> threads;
  Epochs reclaimer;
  LongestPause pause;
  std::atomic<uint64_t> numChanges{0};
};

} // namespace dbt

#endif
