//===- SharedMemory.cpp - Mappings that other calls make ------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// System V shared memory and the completion ring of asynchronous I/O: the
// kernel maps, AddressSpace is told.
//===----------------------------------------------------------------------===//
#include "Linux/SharedMemory.h"

#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/KernelWrites.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"
#include "Linux/WriteExecute.h"
#include "Loader/AddressSpace.h"

#include <cstdio>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>

namespace dbt {

namespace {

/// An attached segment: its length and storage.
struct Attachment {
  uint64_t length;
  std::shared_ptr<MappedFile> file;
};

/// Attachments by address, and the storage behind the segments.
struct Attachments {
  std::mutex lock;
  std::map<uint64_t, Attachment> attached;
  std::map<int, std::weak_ptr<MappedFile>> segments;
};

Attachments &attachments() {
  static Attachments instance;
  return instance;
}

AddressSpace &space() { return *process().space; }

std::shared_ptr<MappedFile> segmentFile(Attachments &all, int id, key_t key) {
  std::weak_ptr<MappedFile> &known = all.segments[id];
  if (std::shared_ptr<MappedFile> file = known.lock())
    return file;
  char name[32];
  snprintf(name, sizeof name, "/SYSV%08x (deleted)", static_cast<unsigned>(key));
  auto file = std::make_shared<MappedFile>();
  file->id.inode = id;
  file->path = name;
  known = file;
  return file;
}

/// Where [\p address, +\p length) is free for shmat to map over: reserved in
/// the host, not recorded. Zero lets the kernel choose.
int64_t reserve(uint64_t address, uint64_t length) {
  int64_t at = space().map(address, length, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (address ? MAP_FIXED : 0),
                           -1, 0);
  if (at >= 0)
    space().forget(at, length);
  return at;
}

} // namespace

std::mutex &attachmentsLock() { return attachments().lock; }

int64_t sysShmat(Syscall &call) {
  auto id = static_cast<int>(call.arg[0]);
  uint64_t address = call.arg[1];
  auto flags = static_cast<int>(call.arg[2]);
  shmid_ds segment;
  int64_t error = rawSyscall(SYS_shmctl, id, IPC_STAT, reinterpret_cast<uint64_t>(&segment));
  if (error < 0)
    return error;
  if (flags & SHM_RND)
    address = pageDown(address);
  if (address % PageSize || (!address && (flags & SHM_REMAP)))
    return -EINVAL;
  if (!(flags & SHM_RDONLY) && (flags & SHM_EXEC) && deniesMapping(PROT_WRITE | PROT_EXEC))
    return -EACCES;
  uint64_t length = pageUp(segment.shm_segsz);
  Attachments &all = attachments();
  std::lock_guard lock(all.lock);
  // Without SHM_REMAP the kernel refuses an address where anything is mapped,
  // be it the guest's or ours.
  bool reserved = !address || (flags & SHM_REMAP);
  if (reserved) {
    int64_t at = reserve(address, length);
    if (at < 0)
      return at;
    address = at;
  }
  int hostFlags = (flags & ~SHM_EXEC) | (reserved ? SHM_REMAP : 0);
  int64_t at = rawSyscall(SYS_shmat, id, address, hostFlags);
  if (at < 0) {
    if (reserved)
      rawSyscall(SYS_munmap, address, length);
    return at;
  }
  Mapping mapping;
  mapping.start = at;
  mapping.end = at + length;
  mapping.prot = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE) | (flags & SHM_EXEC ? PROT_EXEC : 0);
  mapping.flags = MAP_SHARED;
  mapping.file = segmentFile(all, id, segment.shm_perm.__key);
  space().adopt(mapping);
  all.attached[at] = {length, mapping.file};
  return at;
}

int64_t sysShmdt(Syscall &call) {
  Attachments &all = attachments();
  std::lock_guard lock(all.lock);
  auto found = all.attached.find(call.arg[0]);
  if (found == all.attached.end())
    return -EINVAL;
  // The guest may have unmapped part of it and mapped something else there,
  // which the kernel leaves alone.
  uint64_t start = found->first, end = start + found->second.length;
  for (const Mapping &mapping : space().mappings())
    if (mapping.start < end && mapping.end > start && mapping.file == found->second.file)
      space().forget(mapping.start, mapping.end - mapping.start);
  all.attached.erase(found);
  return rawSyscall(SYS_shmdt, call.arg[0]);
}

namespace {

/// The end of the host mapping that starts at \p start.
uint64_t hostMappingEnd(uint64_t start) {
  uint64_t end = 0;
  FILE *maps = fopen("/proc/self/maps", "re");
  if (!maps)
    return 0;
  char line[512];
  while (!end && fgets(line, sizeof line, maps)) {
    unsigned long from, to;
    if (sscanf(line, "%lx-%lx", &from, &to) == 2 && from == start)
      end = to;
  }
  fclose(maps);
  return end;
}

} // namespace

int64_t sysIoSetup(Syscall &call) {
  // The context's name is the address at which the kernel maps the ring.
  std::optional<uint64_t> context = readGuestValue<uint64_t>(call.arg[1]);
  if (!context)
    return -EFAULT;
  int64_t result =
      rawSyscall(SYS_io_setup, call.arg[0], reinterpret_cast<uint64_t>(&*context));
  if (result < 0)
    return result;
  auto ring = std::make_shared<MappedFile>();
  ring->id.inode = *context;
  ring->path = "/[aio] (deleted)";
  Mapping mapping;
  mapping.start = *context;
  mapping.end = hostMappingEnd(*context);
  mapping.prot = PROT_READ | PROT_WRITE;
  mapping.flags = MAP_SHARED;
  mapping.file = ring;
  if (mapping.end)
    space().adopt(mapping);
  if (writeGuestValue(call.arg[1], *context))
    return 0;
  space().forget(mapping.start, mapping.end - mapping.start);
  rawSyscall(SYS_io_destroy, *context);
  return -EFAULT;
}

int64_t sysIoSubmit(Syscall &call) {
  const auto count = static_cast<int64_t>(call.arg[1]);
  KernelWrites writes = KernelWrites::ofRequests(call, call.arg[2], count > 0 ? static_cast<uint64_t>(count) : 0);
  return rawSyscall(SYS_io_submit, call.arg[0], call.arg[1], call.arg[2]);
}

int64_t sysIoDestroy(Syscall &call) {
  Mapping ring = space().find(call.arg[0]);
  int64_t result = rawSyscall(SYS_io_destroy, call.arg[0]);
  if (!result && ring.end)
    space().forget(ring.start, ring.end - ring.start);
  return result;
}

} // namespace dbt
