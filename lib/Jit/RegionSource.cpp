//===- RegionSource.cpp - The guest code that a region is made from -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/RegionSource.h"

#include "Effects/FlagLiveness.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <sys/uio.h>
#include <unistd.h>

namespace dbt {

namespace {

constexpr uint64_t GuestPage = 4096;
/// An instruction may reach into the next page.
constexpr uint64_t PageOverlap = 16;

/// A jump to what is not below it faults at once, not where it leads to.
constexpr uint64_t AddressesEnd = uint64_t(1) << 47;

size_t readGuest(uint64_t at, void *to, size_t size) {
  iovec local = {to, size}, remote = {reinterpret_cast<void *>(at), size};
  const ssize_t n = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
  return n > 0 ? static_cast<size_t>(n) : 0;
}

} // namespace

CodeBytes RegionSource::readCode(uint64_t pc) {
  const uint64_t start = pc & ~(GuestPage - 1);
  auto it = pages.find(start);
  if (it == pages.end()) {
    Page page = {{}, false};
    uint64_t available = host.compilableBytes(start, page.guestWritable);
    if (available) {
      page.bytes.resize(std::min<uint64_t>(available, GuestPage + PageOverlap));
      page.bytes.resize(readGuest(start, page.bytes.data(), page.bytes.size()));
    }
    it = pages.emplace(start, std::move(page)).first;
  }
  const Page &page = it->second;
  const uint64_t offset = pc - start;
  if (offset >= page.bytes.size())
    return {nullptr, 0, false};
  return {page.bytes.data() + offset, page.bytes.size() - offset, page.guestWritable};
}

RegionRequest RegionSource::request(uint64_t pc) {
  RegionRequest request;
  request.entry = pc;
  request.blocks = findBlocks(pc);
  // With a profile they get regions of their own where returns by way of the dispatcher
  // are frequent: as entries they would cost every value a phi.
  if (options.policy.mode == TierMode::Jit)
    request.entries = callReturns(request.blocks);
  request.multiThreaded = host.multiThreaded();
  request.exact = host.exact();
  request.inMemory = options.policy.level() == 0;
  request.countInsns = options.countInsns;
  request.lockstep = options.lockstep;
  request.lines = options.describeCode();
  request.flagsDead = [this](uint64_t at) { return flagsDead(at); };
  return request;
}

std::vector<CfgBlock> RegionSource::findBlocks(uint64_t pc) {
  CfgSource source;
  source.code = [this](uint64_t at) { return readCode(at); };
  source.data = readGuest;
  source.wanted = [this](uint64_t at) { return wanted(at); };
  source.targets = [this](const Insn &site, const std::vector<uint64_t> &line) { return targets(site, line); };
  source.constants = [this](uint64_t slot) { return constantAt(slot); };
  return findCfg(decoder, pc, source, options.policy.regionLimits());
}

std::optional<uint64_t> RegionSource::constantAt(uint64_t slot) {
  auto [known, isNew] = constants.try_emplace(slot, std::nullopt);
  uint64_t value;
  if (!isNew || !host.isConstant(slot, sizeof value) || readGuest(slot, &value, sizeof value) != sizeof value ||
      value >= AddressesEnd)
    return known->second;
  others.push_back({slot, sizeof value, true});
  return known->second = value;
}

/// Blocks that have run; where nothing is known of that, all that no other region
/// begins with.
bool RegionSource::wanted(uint64_t pc) {
  return options.policy.mode == TierMode::Jit ? !host.isCompiled(pc) : host.hasRun(pc);
}

std::vector<uint64_t> RegionSource::targets(const Insn &site, const std::vector<uint64_t> &line) {
  if (site.flow == Flow::Call)
    return {static_cast<uint64_t>(site.imm)};
  std::vector<uint64_t> seen;
  for (uint64_t pc : line)
    for (uint64_t target : host.targets(pc))
      if (target && llvm::find(seen, target) == seen.end())
        seen.push_back(target);
  return seen;
}

bool RegionSource::flagsDead(uint64_t pc) {
  auto [known, isNew] = flagsKnown.try_emplace(pc, false);
  if (!isNew)
    return known->second;
  std::vector<GuestSpan> seen;
  known->second = flagsDeadAt(pc, [&](uint64_t at, Insn &out) {
    // What the guest can write may be other code when it gets there.
    const CodeBytes code = readCode(at);
    if (!code.size || code.guestWritable || !decoder.decode(code.data, code.size, at, out))
      return false;
    seen.push_back({at, out.nextPc() - at, true});
    out = bound(out, [this](uint64_t slot) { return constantAt(slot); });
    return true;
  });
  if (known->second)
    others.insert(others.end(), seen.begin(), seen.end());
  return known->second;
}

bool RegionSource::readSpans(const std::vector<GuestSpan> &spans, std::vector<uint8_t> &bytes) const {
  for (const GuestSpan &span : spans) {
    if (auto known = constants.find(span.start); span.lookedAt && known != constants.end() && known->second) {
      const auto *value = reinterpret_cast<const uint8_t *>(&*known->second);
      bytes.insert(bytes.end(), value, value + sizeof *known->second);
      continue;
    }
    for (uint64_t at = span.start; at < span.end();) {
      auto page = pages.find(at & ~(GuestPage - 1));
      if (page == pages.end())
        return false;
      const uint64_t offset = at - page->first;
      // An instruction's end in the next page may have been read with this one only.
      const uint64_t size = std::min(span.end() - at, page->second.bytes.size() - std::min<uint64_t>(offset, page->second.bytes.size()));
      if (size == 0)
        return false;
      bytes.insert(bytes.end(), page->second.bytes.data() + offset, page->second.bytes.data() + offset + size);
      at += size;
    }
  }
  return true;
}

std::string RegionSource::insnText(uint64_t pc) {
  CodeBytes code = readCode(pc);
  return code.size ? decoder.text(code.data, code.size, pc) : "(gone)";
}

std::string RegionSource::liftOptions(const RegionRequest &request) const {
  std::string text = "--entry=" + llvm::utohexstr(request.entry, true) + " --blocks=";
  for (const CfgBlock &block : request.blocks)
    text += (&block == request.blocks.data() ? "" : ",") + llvm::utohexstr(block.pc, true);
  for (const CfgBlock &block : request.blocks)
    for (uint64_t target : block.targets)
      text += " --target=" + llvm::utohexstr(block.insns.back().pc, true) + ":" + llvm::utohexstr(target, true);
  for (const auto &[slot, value] : constants)
    if (value)
      text += " --constant=" + llvm::utohexstr(slot, true) + ":" + llvm::utohexstr(*value, true);
  text += " --max-insns=" + std::to_string(options.policy.regionLimits().maxInsns) + " -O" + std::to_string(options.policy.level());
  text += options.policy.mode == TierMode::Jit ? " --call-entries" : "";
  return text + (request.exact ? " --exact" : "") + (request.multiThreaded ? " --threads" : "") +
         (request.lockstep ? " --lockstep" : request.countInsns ? " --count-insns" : "");
}

} // namespace dbt
