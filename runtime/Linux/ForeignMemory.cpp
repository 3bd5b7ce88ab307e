//===- ForeignMemory.cpp - Processes that write each other's memory -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/ForeignMemory.h"

#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/KernelWrites.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"
#include "Loader/AddressSpace.h"
#include "Loader/Relatives.h"

#include <algorithm>
#include <atomic>
#include <climits>
#include <fcntl.h>
#include <string>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace dbt {

namespace {

std::atomic<Relatives *> relatives{nullptr};
std::atomic<uint64_t> noticed{0}; ///< of relatives->changes()

/// The bytes of iovecs, one after the other.
class Cursor {
public:
  Cursor(uint64_t iovecs, uint64_t count) : iovecs(iovecs), count(std::min<uint64_t>(count, IOV_MAX)) {}

  /// What is left of the element that it is at; empty at the end, or where there is no iovec.
  iovec piece() {
    while (index < count) {
      auto element = readGuestValue<iovec>(iovecs + index * sizeof(iovec));
      if (!element)
        break;
      if (element->iov_len > done)
        return {static_cast<char *>(element->iov_base) + done, element->iov_len - done};
      ++index;
      done = 0;
    }
    return {nullptr, 0};
  }
  void advance(size_t size) { done += size; }
  /// Of all from where it is.
  uint64_t size() const {
    Cursor copy = *this;
    uint64_t sum = 0;
    for (iovec rest; (rest = copy.piece()).iov_len; copy.advance(rest.iov_len))
      sum += rest.iov_len;
    return sum;
  }

private:
  const uint64_t iovecs, count;
  uint64_t index = 0, done = 0;
};

/// Writes to a page that the target's translator, but not its guest, has protected.
int64_t writeProtected(int memory, const iovec &local, const iovec &remote) {
  std::string bytes(local.iov_len, '\0');
  if (!readGuest(bytes.data(), reinterpret_cast<uint64_t>(local.iov_base), bytes.size()))
    return -EFAULT;
  const ssize_t size = pwrite(memory, bytes.data(), bytes.size(), static_cast<off_t>(reinterpret_cast<uint64_t>(remote.iov_base)));
  return size < 0 ? -EFAULT : size;
}

/// process_vm_writev page by page, since the kernel has refused some page of it. Where the target
/// withholds WRITE from its guest the process's memory is written as a file, which asks for the same
/// permissions as the call.
int64_t writePages(pid_t target, Relatives &all, Cursor local, Cursor remote) {
  int memory = -1;
  int64_t total = 0, error = 0;
  while (!error) {
    iovec from = local.piece(), to = remote.piece();
    const uint64_t at = reinterpret_cast<uint64_t>(to.iov_base);
    const size_t size = std::min({from.iov_len, to.iov_len, static_cast<size_t>(pageDown(at) + PageSize - at)});
    if (!size)
      break;
    from.iov_len = to.iov_len = size;
    auto copy = [&] {
      return rawSyscall(SYS_process_vm_writev, static_cast<uint64_t>(target), reinterpret_cast<uint64_t>(&from), 1,
                        reinterpret_cast<uint64_t>(&to), 1, 0);
    };
    int64_t written = copy();
    if (written == -EFAULT && all.isWithheld(target, pageDown(at))) {
      if (memory < 0)
        memory = open(("/proc/" + std::to_string(target) + "/mem").c_str(), O_WRONLY | O_CLOEXEC);
      written = writeProtected(memory, from, to);
    } else if (written == -EFAULT) {
      written = copy(); // it may have been given back meanwhile
    }
    if (written < 0)
      error = written;
    else
      total += written;
    local.advance(size);
    remote.advance(size);
  }
  if (memory >= 0)
    close(memory);
  return total ? total : error;
}

} // namespace

bool hasOurMemory(pid_t id) {
  const pid_t self = getpid();
  if (id == self)
    return true;
  const ThreadContext *thread = currentThread();
  if (thread && thread->vforked && id == getppid())
    return true; // a vfork's child has its parent's
  return id > 0 && rawSyscall(SYS_tgkill, static_cast<uint64_t>(self), static_cast<uint64_t>(id), 0) == 0;
}

void haveRelatives(pid_t self) {
  if (relatives.load())
    return;
  // Without memory for it they go unnoticed.
  Relatives *made = Relatives::create(), *none = nullptr;
  if (made && relatives.compare_exchange_strong(none, made))
    process().space->join(*made, self);
}

void becomeRelative() {
  if (Relatives *all = relatives.load())
    process().space->join(*all, getpid());
}

void leaveRelatives() {
  if (relatives.load())
    process().space->releaseWritableCode(0, TaskSize);
}

void noticeForeignWrites() {
  Relatives *all = relatives.load(std::memory_order_acquire);
  if (!all) [[likely]]
    return;
  const uint64_t now = all->changes();
  if (now == noticed.load(std::memory_order_acquire))
    return;
  process().space->releaseCode(0, TaskSize);
  // Another thread may have noticed more.
  for (uint64_t seen = noticed.load(); seen < now && !noticed.compare_exchange_weak(seen, now);) {
  }
}

ForeignWrite::ForeignWrite(bool is) : is(is && relatives.load()) {
  if (this->is)
    before = relatives.load()->beginWrite();
}

void ForeignWrite::end() {
  if (!is)
    return;
  is = false;
  // Our own code has not changed: if nobody else has written, there is nothing to notice.
  if (uint64_t seen = before; relatives.load()->endWrite() == before + 1)
    noticed.compare_exchange_strong(seen, before + 2);
}

int64_t sysProcessVmWritev(Syscall &call) {
  auto &a = call.arg;
  const auto target = static_cast<pid_t>(a[0]);
  const bool isOurs = hasOurMemory(target);
  KernelWrites writes = KernelWrites::toBuffers(a[3], isOurs ? a[4] : 0);
  ForeignWrite foreign(!isOurs);
  const int64_t result = rawSyscall(SYS_process_vm_writev, a[0], a[1], a[2], a[3], a[4], a[5]);
  Relatives *all = relatives.load();
  if (isOurs || !all || (result < 0 && result != -EFAULT))
    return result;
  const Cursor local(a[1], a[2]), remote(a[3], a[4]);
  if (result >= 0 && static_cast<uint64_t>(result) == std::min(local.size(), remote.size()))
    return result;
  // What has been transferred is transferred again, with the rest.
  return std::max(result, writePages(target, *all, local, remote));
}

} // namespace dbt
