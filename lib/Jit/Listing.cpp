//===- Listing.cpp - A region's guest and host code as text ---------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/Listing.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LegacyPassManager.h"

using namespace llvm;

namespace dbt {

namespace {

/// Width of the guest's column.
constexpr size_t GuestColumn = 48;

/// The line of a `.loc FILE LINE COLUMN ...` directive.
std::optional<unsigned> locationOf(StringRef text) {
  if (!text.consume_front(".loc"))
    return std::nullopt;
  unsigned line = 0;
  SmallVector<StringRef, 4> words;
  SplitString(text, words);
  if (words.size() < 2 || words[1].getAsInteger(10, line))
    return std::nullopt;
  return line;
}

/// Labels of jumps stay, those that delimit the function and its lines go.
bool isLabelOfInterest(StringRef text, StringRef function) {
  return text.starts_with(".LBB") || text.starts_with((function + ":").str());
}

/// Without the tabs of assembly.
std::string clean(StringRef text) {
  std::string line;
  for (char c : text.rtrim())
    line += c == '\t' ? ' ' : c;
  return line;
}

class SideBySide {
public:
  SideBySide(const LiftedRegion &region, const std::vector<HostLine> &host, const InsnText &insnText)
      : region(region), host(host), insnText(insnText), hasCode(region.lines.size() + 1), printed(hasCode.size()) {}

  std::string print() {
    for (const HostLine &line : host)
      hasCode[line.guest] = true;
    unsigned last = ~0u;
    for (const HostLine &line : host) {
      std::string left;
      if (line.guest != last) {
        printEmptyBefore(line.guest);
        left = guest(line.guest);
        printed[line.guest] = true;
      }
      last = line.guest;
      row(left, line.text);
    }
    for (unsigned line = 1; line < printed.size(); ++line)
      if (!printed[line])
        row(guest(line), "");
    return std::move(text);
  }

private:
  /// Instructions in front of \p line that became nothing.
  void printEmptyBefore(unsigned line) {
    unsigned first = line;
    while (first > 1 && !hasCode[first - 1] && !printed[first - 1])
      --first;
    for (; first < line; ++first) {
      row(guest(first), "");
      printed[first] = true;
    }
  }

  std::string guest(unsigned line) const {
    if (line == 0)
      return "";
    const uint64_t pc = region.lines[line - 1];
    return utohexstr(pc, true) + ": " + insnText(pc);
  }

  void row(std::string left, StringRef right) {
    if (!right.empty()) {
      if (left.size() >= GuestColumn) { // too wide: a row of its own
        text += "  " + left + "\n";
        left.clear();
      }
      left.resize(GuestColumn, ' ');
      left += "| ";
      left += right;
    }
    text += "  " + left + "\n";
  }

  const LiftedRegion &region;
  const std::vector<HostLine> &host;
  const InsnText &insnText;
  std::vector<bool> hasCode, printed;
  std::string text;
};

} // namespace

std::vector<HostLine> hostLines(Module &module, TargetMachine &machine, StringRef function) {
  SmallString<4096> assembly;
  raw_svector_ostream out(assembly);
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, out, nullptr, CodeGenFileType::AssemblyFile))
    return {};
  passes.run(module);
  std::vector<HostLine> lines;
  unsigned guest = 0;
  bool inside = false;
  for (StringRef text : split(assembly, '\n')) {
    StringRef body = text.ltrim();
    inside |= isLabelOfInterest(body, function) && !body.starts_with(".LBB");
    if (body.starts_with(".Lfunc_end"))
      inside = false;
    if (!inside || body.empty())
      continue;
    if (std::optional<unsigned> line = locationOf(body))
      guest = *line;
    else if (isLabelOfInterest(body, function))
      lines.push_back({clean(body), guest});
    else if (text.starts_with("\t") && body[0] != '.' && body[0] != '#')
      lines.push_back({"  " + clean(body), guest});
  }
  return lines;
}

std::string listHost(const std::vector<HostLine> &host) {
  std::string text;
  for (const HostLine &line : host)
    text += "  " + line.text + "\n";
  return text;
}

std::string listSideBySide(const LiftedRegion &region, const std::vector<HostLine> &host, const InsnText &insnText) {
  return SideBySide(region, host, insnText).print();
}

} // namespace dbt
