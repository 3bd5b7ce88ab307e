//===- Log.cpp - -d: what dbt-run says of its work ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/Log.h"

#include <charconv>
#include <unistd.h>

namespace dbt {

const LogItem LogItems[8] = {
    {"in_asm", log::InAsm, "guest code of each region that is compiled"},
    {"ir", log::Ir, "the IR of each region as lifted"},
    {"ir_opt", log::IrOpt, "the IR of each region after the passes"},
    {"out_asm", log::OutAsm, "the host code of each region; with in_asm, side by side with the guest's"},
    {"exec", log::Exec, "each block when it is interpreted: with --tier=interp, all"},
    {"unimp", log::Unimp, "instructions that dbt lacks"},
    {"strace", log::Strace, "system calls"},
    {"tier", log::Tier, "what becomes hot, is compiled, is published and dies"},
};

void Log::write(std::string_view record) const {
  while (!record.empty()) {
    ssize_t n = ::write(fd, record.data(), record.size());
    if (n <= 0)
      return; // nobody to tell
    record.remove_prefix(static_cast<size_t>(n));
  }
}

Log &processLog() {
  static Log theLog;
  return theLog;
}

namespace {
template <class F> bool forEachPart(std::string_view list, F f) {
  while (!list.empty()) {
    size_t comma = list.find(',');
    if (!f(list.substr(0, comma)))
      return false;
    list = comma == list.npos ? "" : list.substr(comma + 1);
  }
  return true;
}

bool parseHex(std::string_view text, uint64_t &value) {
  if (text.starts_with("0x"))
    text.remove_prefix(2);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc() && end == text.data() + text.size();
}
} // namespace

uint32_t parseLogItems(std::string_view list, std::string &bad) {
  uint32_t bits = 0;
  bool good = forEachPart(list, [&](std::string_view name) {
    for (const LogItem &item : LogItems)
      if (name == item.name) {
        bits |= item.bit;
        return true;
      }
    bad = name;
    return false;
  });
  return good ? bits : 0;
}

bool parseLogFilter(std::string_view list, std::vector<std::pair<uint64_t, uint64_t>> &ranges) {
  return forEachPart(list, [&](std::string_view part) {
    uint64_t a, b;
    if (size_t at = part.find(".."); at != part.npos) {
      if (!parseHex(part.substr(0, at), a) || !parseHex(part.substr(at + 2), b))
        return false;
      if (b < a)
        return false; // would be empty
      ranges.emplace_back(a, b + 1);
      return true;
    }
    size_t at = part.find_first_of("+-");
    if (at == part.npos || !parseHex(part.substr(0, at), a) || !parseHex(part.substr(at + 1), b))
      return false;
    if (part[at] == '-' && b > a)
      return false;
    if (part[at] == '+')
      ranges.emplace_back(a, a + b);
    else
      ranges.emplace_back(a - b, a + 1);
    return true;
  });
}

} // namespace dbt
