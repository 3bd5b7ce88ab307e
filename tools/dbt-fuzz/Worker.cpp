//===- Worker.cpp - The process that runs instances -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Worker.h"

#include "Failure.h"
#include "Guard.h"
#include "Interp/Interp.h"
#include "Native.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dbt::fuzz {

namespace {

enum class Phase : uint8_t { Generating, Compiling, Running, Shrinking };
constexpr const char *PhaseNames[] = {"making it", "compiling it", "running it", "shrinking it"};
/// Mismatches of one row that are described; the others are counted.
constexpr uint32_t MaxShown = 2;
/// Seconds that a batch may take before it counts as hung.
constexpr unsigned BatchTimeout = 60;
constexpr unsigned MaxRows = 4096;

} // namespace

/// Read by the parent when a child has died.
struct Worker::Shared {
  uint64_t unit;
  Phase phase;
  uint64_t singlyUntil; ///< units before this one are compiled one by one
  uint64_t seed;
  CompileMode mode;
  unsigned slot, size;
  uint8_t bytes[MaxSequenceBytes];
  uint64_t instances, instructions, mismatches;
  RowCount rows[MaxRows];

  void note(Phase now, const Instance &instance) {
    phase = now;
    seed = instance.seed;
    mode = instance.mode;
    slot = instance.slot;
    size = static_cast<unsigned>(instance.bytes.size());
    std::copy(instance.bytes.begin(), instance.bytes.end(), bytes);
  }
};

Worker::Worker(const FuzzOptions &options, Decoder &decoder, Generator &generator, Plan plan)
    : options(options), decoder(decoder), generator(generator), plan(std::move(plan)) {
  void *p = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED || generator.rows().size() > MaxRows) {
    std::perror("dbt-fuzz: error: cannot map memory for results");
    std::exit(2);
  }
  shared = static_cast<Shared *>(p);
}

const RowCount &Worker::count(unsigned row) const { return shared->rows[row]; }
uint64_t Worker::instances() const { return shared->instances; }
uint64_t Worker::mismatches() const { return shared->mismatches; }
uint64_t Worker::instructions() const { return shared->instructions; }

uint64_t Worker::seedOf(uint64_t unit) const { return Random(options.seed ^ Random(unit).next()).next(); }

CompileMode Worker::modeOf(uint64_t batch) const {
  static constexpr unsigned Levels[] = {0, 0, 1, 1, 1, 1, 2, 2};
  Random r(seedOf(~batch));
  CompileMode mode;
  mode.level = options.level.value_or(Levels[r.below(8)]);
  mode.exact = options.exact.value_or(r.below(8) != 0);
  mode.threads = options.threads.value_or(r.below(8) == 0);
  return mode;
}

void Worker::run() {
  for (uint64_t unit = 0; unit < plan.units;) {
    std::fflush(stdout);
    const pid_t pid = fork();
    if (pid < 0) {
      std::perror("dbt-fuzz: error: cannot fork");
      std::exit(2);
    }
    if (pid == 0) {
      child(unit);
      std::fflush(stdout);
      _exit(0);
    }
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    unit = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? plan.units : crashed(status);
  }
}

uint64_t Worker::crashed(int status) {
  const uint64_t unit = shared->unit;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
    std::exit(2); // it has said why
  // Which of a batch it was, compiling them one by one shows.
  if (shared->phase == Phase::Compiling && shared->singlyUntil <= unit) {
    const uint64_t first = unit / BatchSize * BatchSize;
    shared->singlyUntil = first + BatchSize;
    return unit;
  }
  Instance instance;
  instance.bytes.assign(shared->bytes, shared->bytes + shared->size);
  instance.slot = shared->slot;
  instance.seed = shared->seed;
  instance.mode = shared->mode;
  instance.tiers = options.tiers;
  RowCount &count = shared->rows[rowOf(unit)];
  ++count.mismatches;
  ++shared->mismatches;
  const char *name = generator.rows()[rowOf(unit)].row->info.name;
  if (count.shown++ < MaxShown)
    std::printf("CRASH %s: dbt died of signal %d %s\n%s", name, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                PhaseNames[static_cast<unsigned>(shared->phase)], describe(decoder, instance, "").c_str());
  return unit + 1;
}

void Worker::child(uint64_t unit) {
  installGuard();
  initialiseTiers();
  if (options.tiers.jit)
    if (llvm::Error error = Compiled::initialise()) {
      std::fprintf(stderr, "dbt-fuzz: error: %s\n", llvm::toString(std::move(error)).c_str());
      _exit(2);
    }
  while (unit < plan.units) {
    const uint64_t first = unit / BatchSize * BatchSize, end = std::min(first + BatchSize, plan.units);
    alarm(BatchTimeout);
    batch(first, unit, end, shared->singlyUntil > unit);
    unit = end;
  }
}

/// Runs units \p begin to \p end of the batch whose first unit is \p first.
void Worker::batch(uint64_t first, uint64_t begin, uint64_t end, bool singly) {
  const CompileMode mode = modeOf(first / BatchSize);
  shared->unit = begin;
  shared->phase = Phase::Generating;
  shared->size = 0;
  std::vector<Sequence> sequences;
  std::vector<Instance> instances;
  std::vector<uint64_t> units;
  unprotectCode();
  for (uint64_t unit = begin; unit < end; ++unit) {
    Random r(seedOf(unit));
    const unsigned length = r.below(2) ? options.shortest : options.shortest + r.below(options.longest - options.shortest + 1);
    Sequence sequence = generator.make(r, rowOf(unit), length, static_cast<unsigned>(unit - first));
    if (sequence.items.empty()) {
      std::printf("NO INSTANCE of %s\n", generator.rows()[rowOf(unit)].row->info.name);
      ++shared->rows[rowOf(unit)].mismatches;
      ++shared->mismatches;
      continue;
    }
    placeNative(sequence.slot, sequence.bytes.data(), sequence.bytes.size());
    instances.push_back({sequence.bytes, sequence.slot, 0, 0, mode, options.tiers});
    sequences.push_back(std::move(sequence));
    units.push_back(unit);
  }
  protectCode();
  std::unique_ptr<Compiled> together;
  for (size_t i = 0; i < sequences.size(); ++i) {
    shared->unit = units[i];
    shared->note(Phase::Compiling, instances[i]);
    std::unique_ptr<Compiled> alone;
    if (options.tiers.jit && (singly || !together)) {
      auto compiled = singly ? Compiled::compile({sequences[i]}, mode) : Compiled::compile(sequences, mode);
      if (!compiled) {
        const std::string why = "  cannot be compiled: " + llvm::toString(compiled.takeError()) + "\n";
        if (!singly)
          return batch(first, begin, end, true);
        mismatch(units[i], instances[i], why);
        continue;
      }
      (singly ? alone : together) = std::move(*compiled);
    }
    runUnit(units[i], sequences[i], instances[i], singly ? alone.get() : together.get(), singly ? 0 : i);
  }
}

void Worker::runUnit(uint64_t unit, const Sequence &sequence, Instance &instance, Compiled *compiled, size_t n) {
  Interpreted interpreted(decoder, sequence);
  std::unique_ptr<Copied> copied;
  if (options.tiers.copy)
    copied = Copied::create(interpreted);
  RowCount &count = shared->rows[rowOf(unit)];
  const uint64_t seed = seedOf(unit);
  for (unsigned k = 0; k < plan.states; ++k) {
    instance.seed = seed + k + 1;
    shared->note(Phase::Running, instance);
    const std::string difference = check(sequence, instance, {interpreted, copied.get(), compiled, n});
    ++count.instances;
    ++shared->instances;
    shared->instructions += sequence.items.size();
    if (difference.empty())
      continue;
    shared->note(Phase::Shrinking, instance);
    mismatch(unit, instance, difference);
    // Shrinking has put other bytes in their place.
    unprotectCode();
    placeNative(sequence.slot, sequence.bytes.data(), sequence.bytes.size());
    protectCode();
  }
}

void Worker::mismatch(uint64_t unit, const Instance &instance, const std::string &difference) {
  RowCount &count = shared->rows[rowOf(unit)];
  ++count.mismatches;
  ++shared->mismatches;
  if (count.shown >= MaxShown)
    return;
  ++count.shown;
  const Instance smaller = shrink(decoder, instance);
  std::string now;
  checkAlone(decoder, smaller, now);
  // What fails in its batch only is told as it was there.
  const bool alone = !now.empty();
  std::printf("MISMATCH %s%s\n%s", generator.rows()[rowOf(unit)].row->info.name, alone ? "" : " (not when run alone)",
              describe(decoder, alone ? smaller : instance, alone ? now : difference).c_str());
  std::fflush(stdout);
}

} // namespace dbt::fuzz
