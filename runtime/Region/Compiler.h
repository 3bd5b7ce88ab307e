//===- Compiler.h - The compiling tier, as the runtime sees it --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// LLVM and all that stands on it are in a module of their own (libdbt-jit.so),
// loaded when the first region is queued, so that cold programs do not pay for
// it. This is the whole interface in both directions.
//===----------------------------------------------------------------------===//
#ifndef DBT_REGION_COMPILER_H
#define DBT_REGION_COMPILER_H

#include "Code/CodeObject.h"
#include "Guest/CpuState.h"
#include "Guest/Features.h"
#include "Interp/Block.h"
#include "Region/TierPolicy.h"
#include "Semantics/Row.h"
#include "Support/Log.h"

#include <string>
#include <string_view>
#include <vector>

namespace dbt {

/// From \p offset in a region's host code on, it is for the guest instruction at \p pc.
struct CodeLine {
  uint32_t offset;
  uint64_t pc;
};

/// One compiled region. The compiler makes it and frees it (Compiler::release).
struct Region {
  virtual ~Region() = default; ///< frees the code, too

  uint64_t pc;
  uint32_t guestInsns;
  /// The region's head and its further entries.
  std::vector<CodeObject::Entry> entries;
  /// Its own blocks; then, from numOwn on, those of called functions that it has as well, which
  /// have regions of their own where they are called from elsewhere; then, from numCode on, what
  /// it relies on being as it was.
  std::vector<GuestSpan> spans;
  size_t numOwn = 0, numCode = 0;
  std::vector<uint8_t> bytes; ///< of the spans, as they were read
  /// \name What it was compiled for.
  /// @{
  bool guestWritable = false; ///< the guest may write some of its code
  bool exact = false, multiThreaded = false;
  /// @}
  /// Of the code at the entries, with CompilerOptions::describeCode.
  uint32_t codeBytes = 0;
  std::vector<CodeLine> lines{};
};

/// What the runtime gives the compiler.
class CompilerHost {
public:
  /// \name The code cache.
  /// @{
  /// Before anything else: what empty slots hold, and memory for slots.
  virtual void startCache(void *exitStub, void *slotMemory, size_t slotBytes) = 0;
  /// The slot of a guest address, null if there is no more memory for one; and one that stays
  /// empty.
  virtual void *slot(uint64_t pc) = 0;
  virtual void *emptySlot() = 0;
  /// Whether there is a region with an entry at \p pc.
  virtual bool isCompiled(uint64_t pc) = 0;
  /// Makes a region live; false, and it stays the caller's, if it is not what the guest's
  /// memory and threads call for any more.
  virtual bool publish(Region *region) = 0;
  /// @}
  /// Bytes at \p pc that the guest may execute, and whether the page is writable
  /// by the guest. 0 bytes: none, or the page must not be compiled.
  virtual uint64_t compilableBytes(uint64_t pc, bool &guestWritable) = 0;
  /// Whether the guest cannot write \p size bytes at \p at, within a page.
  virtual bool isConstant(uint64_t at, uint64_t size) = 0;
  /// Guest instructions interpreted in the block at \p pc since it was reported hot.
  virtual uint64_t heat(uint64_t pc) = 0;
  /// Whether to compile the hot block at \p pc now. If not, it counts its runs anew:
  /// either it has hardly run since, or a region that has come meanwhile holds it.
  virtual bool admit(uint64_t pc, bool stale) = 0;
  /// Whether the interpreter has seen the block at \p pc run.
  virtual bool hasRun(uint64_t pc) = 0;
  /// Where the interpreter has seen the indirect call or jump go that the block at \p pc
  /// ends with; as far as it remembers. No vector: what one side allocates the other does
  /// not free.
  virtual SeenTargets targets(uint64_t pc) = 0;
  /// The guest handles SIGSEGV or another fault: registers must be in CpuState
  /// wherever an instruction may fault.
  virtual bool exact() = 0;
  /// More than one guest thread exists or has existed: memory order is kept.
  virtual bool multiThreaded() = 0;
  /// The helper of the row named \p row, or null.
  virtual HelperFn helper(std::string_view row) = 0;
  /// Setting up has failed on the thread that does it, and cannot return.
  virtual void loadingFailed(const char *why) = 0;
  /// Starts a thread for compiling (GuestOs::startHostThread): 0 or an errno.
  virtual int startThread(void (*main)(void *), void *argument) = 0;

protected:
  ~CompilerHost() = default;
};

/// How regions are compiled, and for which processor. What of it is logged: \p log
/// (Support/Log.h).
struct CompilerOptions {
  TierPolicy policy;
  FeatureSet features;
  Vendor vendor = Vendor::Other;
  Log *log = nullptr;
  bool countSites = false; ///< for --stats: exits by address
  bool countInsns = false; ///< RegionRequest's
  bool lockstep = false;   ///< RegionRequest's
  bool perfMap = false;    ///< a perf-PID.map is wanted
  std::string dumpDirectory; ///< of the jit-PID.dump that is wanted; else empty
  bool noChain = false;    ///< regions return to the dispatcher instead of calling each other

  /// Region::codeBytes and lines are wanted.
  bool describeCode() const { return perfMap || !dumpDirectory.empty(); }
};

struct CompilerStats {
  uint64_t regions = 0, guestInsns = 0, irInsns = 0, hostBytes = 0, failed = 0;
  uint64_t liftNs = 0, passNs = 0, codegenNs = 0, linkNs = 0;
};

class Compiler {
public:
  virtual ~Compiler() = default;
  /// Has the region at \p pc compiled in the background.
  virtual void queue(uint64_t pc) = 0;
  /// Compiles the region at \p pc before it returns. False: it cannot be.
  virtual bool compileNow(uint64_t pc) = 0;
  /// Frees a region that was published, on the compiler's own thread. No guest thread is inside.
  virtual void release(Region *region) = 0;
  /// Enters compiled code: registers from \p s, and back when it returns.
  void (*enter)(CpuState &s, void *entry) = nullptr;
  /// Whether a host address lies in compiled code.
  virtual bool owns(const void *hostPc) = 0;
  /// Holds all work still, around fork.
  virtual void pause() = 0;
  /// Goes on; in a fork's child with a new thread.
  virtual void resume(bool inChild) = 0;
  virtual CompilerStats stats() = 0;
};

/// Null if there can be none; the log has the reason.
using CreateCompilerFn = Compiler *(*)(CompilerHost &, const CompilerOptions &);
/// How what is said begins when compiling ends for good.
inline constexpr const char *NoCompiledCode = "dbt-run: warning: no compiled code from now on: ";
inline constexpr const char *CreateCompilerName = "dbtCreateCompiler";

} // namespace dbt

#endif
