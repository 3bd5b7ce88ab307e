//===- dbt-fuzz.cpp - Compares instructions with the processor ------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Makes random instances of every row of the instruction table, runs each on the
// processor itself, interpreted, copied and compiled, and reports where the ends differ. Templates
// has what is run, Rules what is not or not compared, Worker how.
//===----------------------------------------------------------------------===//
#include "Failure.h"
#include "Guard.h"
#include "Instructions.h"
#include "Interp/Interp.h"
#include "Native.h"
#include "Options.h"
#include "Rules.h"
#include "Worker.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

using namespace dbt;
using namespace dbt::fuzz;

namespace {

[[noreturn]] void fail(const std::string &message) {
  std::fprintf(stderr, "dbt-fuzz: error: %s\n", message.c_str());
  std::exit(2);
}

/// --bytes: the instance that a reproducer names, and with --count those of the seeds
/// behind it.
int runBytes(const FuzzOptions &o, Decoder &decoder) {
  initNative();
  installGuard();
  initialiseTiers();
  if (llvm::Error error = Compiled::initialise())
    fail(llvm::toString(std::move(error)));
  Instance instance;
  instance.bytes = o.bytes;
  instance.slot = o.slot;
  instance.simplified = o.simplified;
  instance.tiers = o.tiers;
  instance.mode = {o.level.value_or(1), o.exact.value_or(true), o.threads.value_or(false)};
  uint64_t failed = 0;
  const uint64_t count = o.count.value_or(1);
  for (uint64_t n = 0; n < count; ++n) {
    instance.seed = o.seed + n;
    std::string difference;
    if (!checkAlone(decoder, instance, difference))
      fail("'" + hexOf(o.bytes) + "' cannot be run: no row, results that are open, control flow in its midst, or several instructions with --effects");
    if (!difference.empty() && ++failed == 1)
      std::printf("MISMATCH\n%s", describe(decoder, instance, difference).c_str());
  }
  std::printf("%lu instances, %lu mismatches\n", count, failed);
  return failed != 0;
}

Plan makePlan(const FuzzOptions &o, const Generator &generator) {
  constexpr unsigned States = 32, DefaultCount = 100000;
  Plan plan;
  for (unsigned row : generator.testable()) {
    const char *name = generator.rows()[row].row->info.name;
    if (o.insns.empty() || std::find(o.insns.begin(), o.insns.end(), name) != o.insns.end())
      plan.rows.push_back(row);
  }
  for (const std::string &name : o.insns) {
    auto isNamed = [&](unsigned row) { return name == generator.rows()[row].row->info.name; };
    if (std::none_of(plan.rows.begin(), plan.rows.end(), isNamed)) {
      const Rule *rule = findRule(name);
      fail("no row '" + name + "' that can be run" + (rule ? std::string(": ") + rule->why : ""));
    }
  }
  auto up = [](uint64_t a, uint64_t b) { return (a + b - 1) / b; };
  const uint64_t perRow = o.perRow.value_or(up(o.count.value_or(DefaultCount), plan.rows.size()));
  plan.states = static_cast<unsigned>(std::max<uint64_t>(o.states.value_or(std::min<uint64_t>(perRow / 8, States)), 1));
  plan.units = o.perRow ? up(perRow, plan.states) * plan.rows.size() : up(o.count.value_or(DefaultCount), plan.states);
  return plan;
}

int report(const FuzzOptions &o, const Generator &generator, const Plan &plan, const Worker &worker) {
  struct Sum {
    unsigned rows = 0, never = 0, off = 0;
    uint64_t instances = 0, mismatches = 0;
  };
  std::map<Isa, Sum> sums;
  for (unsigned i = 0; i < generator.rows().size(); ++i) {
    const RowTemplates &row = generator.rows()[i];
    Sum &sum = sums[row.row->info.isa];
    const RowCount &count = worker.count(i);
    sum.rows += count.instances != 0;
    sum.off += !row.enabled;
    sum.never += row.enabled && std::count(generator.testable().begin(), generator.testable().end(), i) == 0;
    sum.instances += count.instances;
    sum.mismatches += count.mismatches;
    if (o.listRows && (count.instances || count.mismatches))
      std::printf("row %-16s %-12s %9lu instances %6lu mismatches %4zu encodings\n", row.row->info.name,
                  isaName(row.row->info.isa), count.instances, count.mismatches, row.templates.size());
  }
  std::printf("%-14s %6s %6s %6s %12s %11s\n", "ISA", "rows", "never", "off", "instances", "mismatches");
  for (const auto &[isa, sum] : sums)
    if (sum.rows || sum.never || sum.off)
      std::printf("%-14s %6u %6u %6u %12lu %11lu\n", isaName(isa), sum.rows, sum.never, sum.off, sum.instances, sum.mismatches);
  for (unsigned i : plan.rows)
    if (const RowCount &count = worker.count(i); count.mismatches)
      std::printf("mismatches: %s %lu of %lu\n", generator.rows()[i].row->info.name, count.mismatches, count.instances);
  std::printf("seed %lu: %lu instances, %lu instructions, %lu mismatches\n", o.seed, worker.instances(), worker.instructions(),
              worker.mismatches());
  return worker.mismatches() != 0;
}

} // namespace

int main(int argc, char **argv) {
  FuzzOptions o;
  OptionTable table = fuzzOptionTable(o);
  Result<ParsedOptions> parsed = table.parse({argv + 1, static_cast<size_t>(argc - 1)});
  if (!parsed)
    fail(parsed.error().message);
  if (o.help || o.helpMarkdown) {
    std::fputs((o.help ? table.help() : table.markdown()).c_str(), stdout);
    return 0;
  }
  if (o.version) {
    std::puts("dbt-fuzz " DBT_VERSION);
    return 0;
  }
  if (o.listInsns)
    return printInstructions() ? 0 : 1;
  if (!parsed->rest.empty())
    fail("'" + parsed->rest[0] + "' is no option");
  Decoder decoder;
  if (!o.bytes.empty())
    return runBytes(o, decoder);
  Generator generator(decoder);
  int status = 0;
  for (const std::string &name : generator.unreached()) {
    std::printf("NO ENCODING of %s\n", name.c_str());
    status = 1;
  }
  const Plan plan = makePlan(o, generator);
  initNative();
  Worker worker(o, decoder, generator, plan);
  worker.run();
  return report(o, generator, plan, worker) | status;
}
