//===- Machines.h - Sequences in dbt's tiers --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_MACHINES_H
#define DBT_TOOLS_DBT_FUZZ_MACHINES_H

#include "Sequence.h"

#include "Interp/Block.h"
#include "Jit/Engine.h"

#include <memory>
#include <optional>

namespace dbt::fuzz {

/// \name What all tiers run on.
/// @{
extern CpuState cpu;
/// Once, before any.
void initialiseTiers();
/// Sets \c cpu up for \p state.
void startGuest(const State &state);
/// What \c cpu and the host's registers have come to, into \p state: a run of \p sequence that has
/// ended with \p signal, or 0.
void stopGuest(const Sequence &sequence, int signal, State &state);
/// @}

/// Blocks of one sequence, kept for all its states.
class Interpreted {
public:
  Interpreted(Decoder &decoder, const Sequence &sequence) : decoder(decoder), sequence(sequence) {}
  /// Runs from \p state to what follows.
  void run(State &state);

private:
  friend class Compiled;
  friend class Copied;
  const Block &blockAt(uint64_t pc);

  Decoder &decoder;
  const Sequence &sequence;
  std::vector<std::unique_ptr<Block>> blocks;
};

/// RIP at a fault of an instruction that nothing has noted: dbt-run would die of it.
inline constexpr uint64_t UnknownRip = ~uint64_t(0);

/// How regions are compiled.
struct CompileMode {
  unsigned level = 1;
  bool exact = true, threads = false;
};

/// Sequences compiled into one module. Regions stay as long as this does.
class Compiled {
public:
  /// Prepares what all batches of one level share.
  static llvm::Error initialise();
  static llvm::Expected<std::unique_ptr<Compiled>> compile(const std::vector<Sequence> &sequences, const CompileMode &mode);
  ~Compiled();

  /// Runs number \p n; what compiled code leaves to the interpreter, that does.
  void run(size_t n, State &state, Interpreted &interpreted);

private:
  Compiled() = default;
  struct Level;
  static Level *levels[4];
  static Level &levelFor(unsigned level);

  Level *level;
  std::optional<Engine::Linked> linked;
};

/// A sequence in copies, as much of it as may be copied; what is between is interpreted.
class Copied {
public:
  /// Null: the host cannot.
  static std::unique_ptr<Copied> create(Interpreted &interpreted);
  ~Copied();
  void run(State &state);

private:
  struct Code;
  explicit Copied(Interpreted &interpreted);
  void runPieces();

  Interpreted &interpreted;
  std::unique_ptr<Code> code;
};

} // namespace dbt::fuzz

#endif
