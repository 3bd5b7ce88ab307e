//===- AddressSpace.h - The guest's mappings --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Host address == guest address, so the guest shares one address space with the
// translator. This class knows which part is the guest's and with which
// protection the guest believes it to be mapped. One per process; all of the
// guest's mmap, munmap, mprotect, mremap and brk go through it. Start reading
// at map() in AddressSpace.cpp.
//
// Invariants:
// - A recorded mapping exists in the host with the host protection that
//   hostProt() gives: the guest's with EXEC read as READ (the host never runs
//   guest bytes), without WRITE on pages that hold tracked code.
// - What is not recorded is never unmapped, mapped over or reprotected.
// - While a page is tracked, its bytes and its guest protection do not change,
//   unless it was tracked as Volatile; the change listener has invalidated it
//   (and called untrackCode()) before they do.
// - A page that somebody may write unnoticed is never tracked but as Volatile: one that
//   a system call under way writes, and one whose WRITE the host would not withhold.
//
// Locking: one mutex guards everything. Every function takes it and releases
// it before it returns; none touches guest memory while it holds it, so the
// handler of a synchronous fault may call any of them. The change listener is
// called without it: a listener may take its own lock and call query(),
// trackCode() and untrackCode() under that, but must not change mappings.
//
// Results are the kernel's: a value, or a negative errno, ready for the guest.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_ADDRESSSPACE_H
#define DBT_LOADER_ADDRESSSPACE_H

#include "Loader/WriteUnderWay.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace dbt {

/// What lies behind a mapping that is not private anonymous memory. Shared
/// anonymous memory has one of its own without a path, so that two mappings of
/// the same storage always share one MappedFile.
struct MappedFile {
  FileId id;
  bool described = false; ///< path and noExec are known, as they are once it is mapped
  std::string path;    ///< as it was called when it was first mapped
  bool noExec = false; ///< on a file system mounted noexec
  bool everShared = false; ///< has had a MAP_SHARED mapping
  /// Another process may store to it through a mapping of its own. Not to memory which this
  /// process has made and has given to nobody.
  bool outside = true;
  bool mayBeWritten = false; ///< a descriptor of this process may be open for writing
  unsigned codePages = 0;    ///< pages with tracked code that map it
  unsigned writes = 0;       ///< system calls under way that change its contents
};

enum class MappingKind : uint8_t { Plain, Heap, Stack };

/// A guest mapping as the guest sees it.
struct Mapping {
  uint64_t start = 0, end = 0;
  int prot = 0;  ///< PROT_READ | PROT_WRITE | PROT_EXEC
  int flags = 0; ///< MAP_SHARED or MAP_PRIVATE, MAP_GROWSDOWN
  MappingKind kind = MappingKind::Plain;
  uint64_t offset = 0; ///< in the file, of start
  std::shared_ptr<MappedFile> file;

  bool contains(uint64_t addr) const { return addr >= start && addr < end; }
  bool isShared() const;
};

/// What a decoder needs to know of an address.
struct PageInfo {
  int prot = 0;        ///< the guest's; 0 also where nothing is mapped
  bool mapped = false; ///< the guest's mapping, whatever its protection
  uint64_t end = 0;    ///< up to where this holds (of a mapped address)
};

enum class CodeTracking {
  Untracked, ///< the answer for an address that is not the guest's
  ReadOnly,  ///< the guest cannot write the page
  Protected, ///< the guest may write it; a store faults in the host
  Volatile,  ///< it may be written unnoticed: compare the bytes before use
};

class Relatives;

class AddressSpace {
public:
  AddressSpace() = default;
  AddressSpace(const AddressSpace &) = delete;
  AddressSpace &operator=(const AddressSpace &) = delete;

  /// \name The guest's system calls.
  /// @{
  int64_t map(uint64_t addr, uint64_t len, int prot, int flags, int fd, uint64_t offset);
  int64_t unmap(uint64_t addr, uint64_t len);
  int64_t protect(uint64_t addr, uint64_t len, int prot);
  int64_t remap(uint64_t old, uint64_t oldLen, uint64_t newLen, int flags, uint64_t newAddr);
  /// The new break, or the old one if it cannot be moved, as the kernel does.
  uint64_t brk(uint64_t addr);
  /// @}

  /// Says where the break starts; the loader does, after it mapped the image.
  void setBrk(uint64_t start);
  /// Names the mapping that holds \p addr as the heap or stack. A stack answers
  /// PROT_GROWSDOWN as one that the kernel made would.
  void setKind(uint64_t addr, MappingKind kind);
  /// personality(READ_IMPLIES_EXEC) from now on.
  void setReadImpliesExec(bool on);

  /// Records a mapping that a system call has made in the guest's name
  /// (shmat, io_setup), with the guest's protection. Nothing recorded may
  /// overlap it: unmap() what SHM_REMAP replaces first.
  void adopt(const Mapping &mapping);
  /// Forgets recorded mappings that such a call (shmdt, io_destroy) is about to
  /// remove; invalidates code there.
  void forget(uint64_t start, uint64_t len);
  /// Compares with the host's own list and forgets what is no longer there:
  /// after a call that may have failed halfway, or in the child of a fork with
  /// MADV_DONTFORK.
  void resync();

  /// \name Looking.
  /// @{
  PageInfo query(uint64_t addr);
  /// The whole record; `end == 0` if the address is not the guest's.
  Mapping find(uint64_t addr);
  /// All of [start, start + len) is the guest's.
  bool isGuest(uint64_t start, uint64_t len);
  std::vector<Mapping> mappings();
  /// The guest's /proc/self/maps, in the kernel's format.
  std::string mapsText();
  /// @}

  /// \name Code.
  /// @{

  /// Called with (start, len), without any lock held, before memory that holds
  /// tracked code changes: munmap, mmap over it, mprotect, mremap, releaseCode;
  /// \c gone: it will be unmapped or replaced.
  /// It must put what was decoded there out of reach and untrackCode() every page of
  /// the range. A decoder that holds the lock which the listener takes from
  /// before trackCode() until its block is published cannot miss a change.
  using ChangeListener = void (*)(void *context, uint64_t start, uint64_t len, bool gone);
  void setChangeListener(ChangeListener listener, void *context);

  /// The page of \p addr holds code that is about to be decoded: from now on a
  /// store to it, through any of its mappings, faults in the host, unless the
  /// answer is Volatile. \p asVolatile asks for that (a page that is written
  /// often). Volatile are also pages whose protection cannot be withheld (huge pages, or
  /// the host has as many mappings as it allows), those that a system call under way
  /// writes, and memory shared with other processes. The answer holds until untrackCode().
  CodeTracking trackCode(uint64_t addr, bool asVolatile = false);
  /// No decoded code of the pages of [start, start + len) is left; the guest's stores go
  /// through again.
  void untrackCode(uint64_t start, uint64_t len);
  CodeTracking tracking(uint64_t addr);
  /// The tracked pages whose bytes a store to \p addr changes: its own and, in
  /// shared memory, those at which the same storage is mapped as well. Empty if
  /// a host fault at \p addr is not caused by tracking, or no longer: if query()
  /// says that the guest may write, another thread was first; repeat the store.
  std::vector<uint64_t> codeBehind(uint64_t addr);
  /// Has the listener invalidate all tracked code in [start, start + len), for
  /// a call that changes what is mapped there (MADV_DONTNEED, SHM_REMAP).
  void releaseCode(uint64_t start, uint64_t len);
  /// The same for code which a write to [start, start + len) would change.
  /// \returns whether there was any.
  bool releaseWritableCode(uint64_t start, uint64_t len);
  /// @}

  /// \name System calls that change memory with code in it, or what it maps.
  /// @{

  /// The kernel is about to write what \p write says. Code there is invalidated, so that
  /// the pages can be written (a protected one would be EFAULT), and until end() code
  /// there is Volatile, so that they stay so and nobody keeps code from the old bytes.
  void begin(WriteUnderWay &write);
  void end(WriteUnderWay &write);

  /// Tells whether a call that writes to a descriptor has to say to begin() what file that is.
  FileWatch &fileWatch() { return watch; }
  /// A descriptor of \p file has been opened for writing, or was found to be.
  void noteWritable(const FileId &file);
  /// All files that inherited descriptors can write have been noted.
  void inheritedNoted();
  /// From now on every call that writes to a descriptor looks at what it is.
  void watchAlways();
  /// @}

  /// \name Memory that other processes can store to.
  /// @{

  /// \p file is memory that this process has just made and nobody else has.
  void noteOwn(const FileId &file);
  /// Whether there may be such a file.
  bool ownsFiles() const { return numOwn.load(std::memory_order_relaxed) != 0; }
  /// Other processes may have \p file from now on.
  void share(const FileId &file);
  /// The same for all shared memory: before a fork.
  void shareAll();
  /// A process that shares our table of descriptors exists: what we make is never ours alone.
  void ownNothing();

  /// The processes that may write each other's memory, and \p self among them. In a fork's child
  /// called again, since it is another process.
  void join(Relatives &relatives, pid_t self);
  /// @}

  /// Around a host fork(): a child must not inherit the lock from a thread that
  /// it does not have, nor that thread's writes under way. False, and nothing is locked, if
  /// another thread has made shared memory since shareAll().
  bool lockForFork();
  void unlockAfterFork(bool inChild);

private:
  using Map = std::map<uint64_t, Mapping>; ///< by start; disjoint
  using Lock = std::unique_lock<std::mutex>;
  using File = std::shared_ptr<MappedFile>;
  using Range = AddressRange;
  /// A page with code: what it was answered to be, and what it maps.
  struct TrackedPage {
    CodeTracking tracking; ///< Protected or Volatile
    MappedFile *file;      ///< kept alive by the page's record
    uint64_t offset;       ///< in the file
  };
  using Code = std::map<uint64_t, TrackedPage>; ///< by page
  /// A part of a file, in bytes. No file: nothing.
  struct FilePart {
    const MappedFile *file;
    Range offsets;
  };

  // All of these want the lock held. Records:
  Map::iterator lookup(uint64_t addr);
  Map::iterator firstAt(uint64_t addr); ///< the first that ends after addr
  bool followGrowth(Map::iterator it);
  void splitAt(uint64_t addr);
  void erase(Range range);
  void record(Mapping mapping);
  void mergeAround(Range range);
  uint64_t coveredEnd(uint64_t start, uint64_t end);
  /// Calls f(piece, record) for what the guest has of \p range, in order.
  template <class F> void forPieces(Range range, F f) {
    for (uint64_t at = range.start; at < range.end;) {
      auto it = firstAt(at);
      if (it == records.end() || it->second.start >= range.end)
        return;
      uint64_t end = std::min(it->second.end, range.end);
      f(Range{std::max(it->second.start, at), end}, it->second);
      at = end;
    }
  }
  void resyncLocked();
  // The host:
  File known(const FileId &id);
  File fileOf(int fd, int64_t &error);
  bool isFull() const;
  bool splits(Range range);
  int64_t claimGaps(Range range, std::vector<Range> &claimed);
  int64_t hostProtect(Range range, int prot);
  static FilePart writablePart(const Mapping &mapping, uint64_t size);
  int64_t mapFixed(Mapping mapping, int flags, int fd);
  int64_t unmapLocked(Range range);
  int64_t protectLocked(Range range, int prot);
  int64_t moveLocked(const Mapping &source, Range old, uint64_t newLen, int flags,
                     uint64_t newAddr);
  // Code:
  bool isProtected(uint64_t page) const;
  bool anyTracked(Range range) const;
  bool anyWithheld(Range range) const;
  std::vector<uint64_t> sameStorage(uint64_t page, bool sharedOnly);
  std::vector<uint64_t> codeBehindPage(uint64_t page);
  Range withheldAround(uint64_t page);
  std::vector<uint64_t> codeThatWithholds(uint64_t page);
  bool withhold(uint64_t page);
  void restore(uint64_t page);
  void restoreWriters(uint64_t page);
  bool insertWithheld(uint64_t page);
  void eraseWithheld(Range range);
  bool isListed(uint64_t page);
  Code::iterator forgetCode(Code::iterator it);
  bool isNoticed(uint64_t page) const;
  bool isFileNoticed(const Mapping &mapping);
  std::vector<uint64_t> codeOf(const FilePart &part);
  std::vector<uint64_t> codeBehindShared(Range range);
  std::vector<uint64_t> codeToRelease(Range range, bool writableOnly);
  bool tell(Lock &lock, std::vector<uint64_t> pages);
  bool release(Range range, bool writableOnly);
  /// What is about to happen to a range: the listener's \c gone.
  enum class Change : uint8_t { Altered, Gone };
  /// Takes the lock and returns with it held and no code tracked in the ranges, nor at any
  /// mapping of the part.
  Lock lockWithoutCode(Change change, Range a, Range b = {0, 0},
                       const FilePart &part = {nullptr, {0, 0}});

  std::mutex mutex;
  Map records;
  Code code;
  /// Pages a write to which would change Protected code: the host withholds
  /// WRITE from them, if the guest has it. Without such code are those to which the host
  /// would not give WRITE back.
  std::set<uint64_t> withheld;
  WriteUnderWay *underWay = nullptr;
  FileWatch watch;
  bool alwaysWatching = false;
  std::set<FileId> own; ///< see noteOwn()
  std::atomic<size_t> numOwn{0};
  bool neverOwn = false;
  Relatives *relatives = nullptr;
  pid_t self = 0; ///< as \c relatives knows us
  std::map<FileId, std::weak_ptr<MappedFile>> files;
  ChangeListener listener = nullptr;
  void *listenerContext = nullptr;
  uint64_t brkStart = 0, brkEnd = 0;
  bool readImpliesExec = false;
};

} // namespace dbt

#endif
