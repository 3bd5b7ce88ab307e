//===- StraceArgs.cpp - Spelling of arguments and results -----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// As strace does: strings of 32 characters, arrays of 32 elements, then "...".
//===----------------------------------------------------------------------===//
#include "Linux/StraceArgs.h"

#include "Linux/GuestMemory.h"
#include "Linux/StraceFlags.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

namespace dbt {

namespace {

constexpr size_t MaxText = 32;
constexpr size_t MaxElements = 32;

[[gnu::format(printf, 2, 3)]] void print(std::string &to, const char *format, ...) {
  char text[256];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  to += text;
}

void printPointer(std::string &to, uint64_t address) {
  if (address)
    print(to, "%#lx", address);
  else
    to += "NULL";
}

void printQuoted(std::string &to, const char *text, size_t size) {
  to += '"';
  for (size_t i = 0; i < size; ++i) {
    unsigned char c = text[i];
    static constexpr char letters[] = "\n\r\t\v\f\"\\", spelled[] = "nrtvf\"\\";
    if (const char *at = c ? strchr(letters, c) : nullptr) {
      to += '\\';
      to += spelled[at - letters];
    } else if (c >= ' ' && c < 0x7f) {
      to += c;
    } else {
      // Three digits where the next character would read as a fourth.
      bool digit = i + 1 < size && text[i + 1] >= '0' && text[i + 1] <= '7';
      print(to, digit ? "\\%03o" : "\\%o", c);
    }
  }
  to += '"';
}

/// \p size bytes at \p address, or the address where they cannot be read.
void printBytes(std::string &to, uint64_t address, uint64_t size) {
  char text[MaxText];
  size_t shown = std::min<uint64_t>(size, MaxText);
  if (!address || !readGuest(text, address, shown))
    return printPointer(to, address);
  printQuoted(to, text, shown);
  if (size > shown)
    to += "...";
}

/// Paths are shown whole, other strings up to MaxText.
void printString(std::string &to, uint64_t address, size_t limit) {
  std::optional<std::string> text;
  if (!address || !(text = readGuestString(address)))
    return printPointer(to, address);
  printQuoted(to, text->data(), std::min(text->size(), limit));
  if (text->size() > limit)
    to += "...";
}

void printFlags(std::string &to, const FlagSet &set, uint64_t value) {
  uint64_t rest = value;
  size_t start = to.size();
  auto add = [&](const char *name) {
    if (to.size() > start)
      to += '|';
    to += name;
  };
  uint64_t number = value & set.enumMask;
  if (set.enumMask || !value)
    for (const FlagName &flag : set.names)
      if (!(flag.value & ~set.enumMask) && flag.value == number) {
        add(flag.name);
        rest &= ~set.enumMask;
        break;
      }
  for (const FlagName &flag : set.names)
    if (flag.value && !(flag.value & set.enumMask) && (rest & flag.value) == flag.value) {
      add(flag.name);
      rest &= ~flag.value;
    }
  if (to.size() == start) // nothing of it has a name
    print(to, rest ? "%#lx /* %s */" : "0", rest, set.unknown);
  else if (rest)
    print(to, "|%#lx", rest);
}

} // namespace

void printSignal(std::string &to, int number) {
  if (const char *name = sigabbrev_np(number))
    print(to, "SIG%s", name);
  else if (number >= 32 && number <= 64)
    print(to, "SIGRT_%d", number - 32);
  else
    print(to, "%d", number);
}

namespace {

void printStrings(std::string &to, uint64_t address) {
  if (!address)
    return printPointer(to, address);
  to += '[';
  for (size_t i = 0;; ++i) {
    std::optional<uint64_t> element = readGuestValue<uint64_t>(address + i * sizeof(uint64_t));
    if (element == uint64_t(0))
      break;
    to += i ? ", " : "";
    if (!element || i == MaxElements) {
      to += "...";
      break;
    }
    printString(to, *element, MaxText);
  }
  to += ']';
}

/// Iovecs with \p filled bytes of content; reading calls show what arrived.
void printIovecs(std::string &to, uint64_t address, uint64_t count, uint64_t filled) {
  if (!address)
    return printPointer(to, address);
  to += '[';
  for (uint64_t i = 0; i < count; ++i) {
    to += i ? ", " : "";
    std::optional<iovec> element = readGuestValue<iovec>(address + i * sizeof(iovec));
    if (!element || i == MaxElements) {
      to += "...";
      break;
    }
    uint64_t shown = std::min<uint64_t>(element->iov_len, filled);
    filled -= shown;
    to += "{iov_base=";
    printBytes(to, reinterpret_cast<uint64_t>(element->iov_base), shown);
    print(to, ", iov_len=%zu}", element->iov_len);
  }
  to += ']';
}

void printSockaddr(std::string &to, uint64_t address, uint64_t size) {
  sockaddr_storage storage = {};
  size = std::min<uint64_t>(size, sizeof storage);
  if (size < sizeof(sa_family_t) || !readGuest(&storage, address, size))
    return printPointer(to, address);
  to += "{sa_family=";
  printFlags(to, familyNames, storage.ss_family);
  if (storage.ss_family == AF_UNIX) {
    const char *path = reinterpret_cast<sockaddr_un &>(storage).sun_path;
    size_t length = size - offsetof(sockaddr_un, sun_path);
    bool abstract = length && !*path;
    to += abstract ? ", sun_path=@" : ", sun_path=";
    printQuoted(to, path + abstract, abstract ? length - 1 : strnlen(path, length));
    to += '}';
  } else if (storage.ss_family == AF_INET) {
    auto &in = reinterpret_cast<sockaddr_in &>(storage);
    char text[INET_ADDRSTRLEN];
    print(to, ", sin_port=htons(%u), sin_addr=inet_addr(\"%s\")}", ntohs(in.sin_port),
          inet_ntop(AF_INET, &in.sin_addr, text, sizeof text));
  } else if (storage.ss_family == AF_INET6) {
    auto &in = reinterpret_cast<sockaddr_in6 &>(storage);
    char text[INET6_ADDRSTRLEN];
    print(to, ", sin6_port=htons(%u), sin6_addr=inet_pton(\"%s\")}", ntohs(in.sin6_port),
          inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof text));
  } else {
    to += ", ...}";
  }
}

void printStat(std::string &to, uint64_t address) {
  std::optional<struct stat> st = readGuestValue<struct stat>(address);
  if (!st)
    return printPointer(to, address);
  to += "{st_mode=";
  printFlags(to, fileTypeNames, st->st_mode & S_IFMT);
  print(to, "|0%o, ", st->st_mode & ~S_IFMT);
  if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
    print(to, "st_rdev=%#lx, ...}", st->st_rdev);
  else
    print(to, "st_size=%ld, ...}", st->st_size);
}

void printRlimit(std::string &to, uint64_t address) {
  std::optional<rlimit> limit = readGuestValue<rlimit>(address);
  if (!limit)
    return printPointer(to, address);
  auto value = [&](rlim_t v) {
    if (v == RLIM_INFINITY)
      to += "RLIM64_INFINITY";
    else if (v > 1024 && v % 1024 == 0)
      print(to, "%lu*1024", v / 1024);
    else
      print(to, "%lu", v);
  };
  to += "{rlim_cur=";
  value(limit->rlim_cur);
  to += ", rlim_max=";
  value(limit->rlim_max);
  to += '}';
}

void printWaitStatus(std::string &to, uint64_t address) {
  std::optional<int> status = readGuestValue<int>(address);
  if (!status)
    return printPointer(to, address);
  int s = *status;
  to += '[';
  if (WIFEXITED(s)) {
    print(to, "{WIFEXITED(s) && WEXITSTATUS(s) == %d}", WEXITSTATUS(s));
  } else if (WIFCONTINUED(s)) {
    to += "{WIFCONTINUED(s)}";
  } else {
    bool stopped = WIFSTOPPED(s);
    to += stopped ? "{WIFSTOPPED(s) && WSTOPSIG(s) == " : "{WIFSIGNALED(s) && WTERMSIG(s) == ";
    printSignal(to, stopped ? WSTOPSIG(s) : WTERMSIG(s));
    to += WCOREDUMP(s) && !stopped ? " && WCOREDUMP(s)}" : "}";
  }
  to += ']';
}

void printTimespec(std::string &to, uint64_t address) {
  if (std::optional<timespec> t = readGuestValue<timespec>(address))
    print(to, "{tv_sec=%ld, tv_nsec=%ld}", t->tv_sec, t->tv_nsec);
  else
    printPointer(to, address);
}

void printMessage(std::string &to, uint64_t address, uint64_t filled) {
  std::optional<msghdr> message = readGuestValue<msghdr>(address);
  if (!message)
    return printPointer(to, address);
  to += "{msg_iov=";
  printIovecs(to, reinterpret_cast<uint64_t>(message->msg_iov), message->msg_iovlen, filled);
  print(to, ", msg_iovlen=%zu, msg_controllen=%zu, msg_flags=", message->msg_iovlen,
        message->msg_controllen);
  printFlags(to, msgFlags, message->msg_flags);
  to += '}';
}

/// What the kernel has written, once it has: nothing is behind the pointer if
/// the call failed.
void printOut(std::string &to, const ArgSpec &spec, const Syscall &call, uint64_t value,
              int64_t result) {
  uint64_t filled = static_cast<uint64_t>(result);
  switch (spec.kind) {
  case ArgKind::BytesOut:
    if (spec.length & ArgSpec::ByResult)
      return printBytes(to, value, std::min(filled, call.arg[spec.length & 7]));
    return printPointer(to, value);
  case ArgKind::IovecOut: return printIovecs(to, value, call.arg[spec.length], filled);
  case ArgKind::MsgOut: return printMessage(to, value, filled);
  case ArgKind::TimespecOut: return printTimespec(to, value);
  case ArgKind::StatOut: return printStat(to, value);
  case ArgKind::RlimitOut: return printRlimit(to, value);
  case ArgKind::WaitStatusOut: return result ? printWaitStatus(to, value) : printPointer(to, value);
  case ArgKind::IntOut:
    if (std::optional<int> number = readGuestValue<int>(value))
      return print(to, "[%d]", *number);
    return printPointer(to, value);
  case ArgKind::FdPairOut: {
    struct Pair { int first, second; };
    if (std::optional<Pair> fds = readGuestValue<Pair>(value))
      return print(to, "[%d, %d]", fds->first, fds->second);
    return printPointer(to, value);
  }
  default: return printPointer(to, value);
  }
}

} // namespace

bool isOutArg(const ArgSpec &spec) {
  switch (spec.kind) {
  case ArgKind::BytesOut:
  case ArgKind::IovecOut:
  case ArgKind::MsgOut:
  case ArgKind::TimespecOut:
  case ArgKind::StatOut:
  case ArgKind::RlimitOut:
  case ArgKind::WaitStatusOut:
  case ArgKind::IntOut:
  case ArgKind::FdPairOut: return true;
  default: return false;
  }
}

bool isUnusedArg(const SyscallRow &row, const Syscall &call, unsigned i) {
  return i && row.args[i].kind == ArgKind::Octal && row.args[i - 1].flags == &openFlags &&
         !(call.arg[i - 1] & O_CREAT) && (call.arg[i - 1] & O_TMPFILE) != O_TMPFILE;
}

void printArg(std::string &to, const SyscallRow &row, const Syscall &call, unsigned i,
              int64_t result) {
  const ArgSpec &spec = row.args[i];
  uint64_t value = call.arg[i];
  if (isOutArg(spec))
    return result < 0 ? printPointer(to, value) : printOut(to, spec, call, value, result);
  int number = static_cast<int>(value);
  switch (spec.kind) {
  case ArgKind::DirFd:
    if (number == AT_FDCWD) {
      to += "AT_FDCWD";
      return;
    }
    [[fallthrough]];
  case ArgKind::Int:
  case ArgKind::Fd:
  case ArgKind::FdChanged: return print(to, "%d", number);
  case ArgKind::Uint: return print(to, "%u", number);
  case ArgKind::Long: return print(to, "%ld", value);
  case ArgKind::Size: return print(to, "%lu", value);
  case ArgKind::Hex: return print(to, "%#lx", value);
  case ArgKind::Octal: return print(to, "%#03o", number);
  case ArgKind::Path: return printString(to, value, SIZE_MAX);
  case ArgKind::String: return printString(to, value, MaxText);
  case ArgKind::BytesIn: return printBytes(to, value, call.arg[spec.length]);
  case ArgKind::Flags:
    return printFlags(to, *spec.flags, static_cast<uint32_t>(value));
  case ArgKind::Signal: return printSignal(to, number);
  case ArgKind::Strings: return printStrings(to, value);
  case ArgKind::IovecIn: return printIovecs(to, value, call.arg[spec.length], UINT64_MAX);
  case ArgKind::Timespec: return value ? printTimespec(to, value) : printPointer(to, value);
  case ArgKind::RlimitIn: return value ? printRlimit(to, value) : printPointer(to, value);
  case ArgKind::IntIn:
    if (std::optional<int> content = readGuestValue<int>(value))
      return print(to, "[%d]", *content);
    return printPointer(to, value);
  case ArgKind::Sockaddr: return printSockaddr(to, value, call.arg[spec.length]);
  default: return printPointer(to, value);
  }
}

void printResult(std::string &to, ResultKind kind, int64_t result) {
  if (result == RestartSyscall) {
    to += "? ERESTARTSYS (To be restarted if SA_RESTART is set)";
    return;
  }
  if (result < 0 && result > -4096) {
    int errnum = static_cast<int>(-result);
    const char *name = strerrorname_np(errnum);
    if (!name)
      return print(to, "-1 (errno %d)", errnum);
    return print(to, "-1 %s (%s)", name, strerrordesc_np(errnum));
  }
  print(to, kind == ResultKind::Hex ? "%#lx" : kind == ResultKind::Octal ? "%#03lo" : "%ld", result);
}

} // namespace dbt
