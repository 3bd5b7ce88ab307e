//===- Program.h - Loading a program as execve does -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// resolve() does what execve checks before the point of no return: it finds the
// file, follows `#!` lines and reads the headers of the program and of its ELF
// interpreter. load() goes on to map them, builds the stack and says where to
// start. Nothing is read but headers: the contents come by page faults.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_PROGRAM_H
#define DBT_LOADER_PROGRAM_H

#include "Support/Result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dbt {

class AddressSpace;
struct CpuState;

struct LoadRequest {
  std::string path;              ///< the program, as execve's first argument
  std::vector<std::string> argv; ///< with argv[0]
  std::vector<std::string> envp;
  std::string prefix;            ///< -L: the ELF interpreter is looked for here first
  uint64_t stackSize = 0;        ///< 0: RLIMIT_STACK
  uint64_t hwcap = 0;            ///< AT_HWCAP: CPUID.1:EDX as the guest sees it
  uint64_t hwcap2 = 0;           ///< AT_HWCAP2
  uint64_t minSigStack = 2048;   ///< AT_MINSIGSTKSZ: what a signal frame needs
};

/// A mapped ELF file, for whoever names addresses.
struct LoadedImage {
  std::string path;    ///< absolute, without symbolic links
  uint64_t bias = 0;   ///< address in memory less address in the file
  uint64_t start = 0, end = 0;
};

/// Where things lie in the guest's memory (mm_struct's fields, which
/// /proc/self/stat and others show).
struct ProgramLayout {
  uint64_t startCode = 0, endCode = 0; ///< the program's executable segments
  uint64_t startData = 0, endData = 0; ///< its writable segments, without bss
  uint64_t startBrk = 0;
  uint64_t startStack = 0;             ///< RSP at the first instruction
  uint64_t stackLow = 0, stackHigh = 0; ///< the stack's mapping
  uint64_t argStart = 0, argEnd = 0;   ///< argv's strings
  uint64_t envStart = 0, envEnd = 0;   ///< envp's strings
  uint64_t auxvStart = 0, auxvEnd = 0; ///< the auxiliary vector with AT_NULL
};

struct LoadedProgram {
  uint64_t entry = 0;        ///< the first instruction: the interpreter's, if there is one
  uint64_t stackPointer = 0;
  uint64_t programEntry = 0; ///< AT_ENTRY
  uint64_t programBias = 0;
  uint64_t interpreterBias = 0; ///< AT_BASE, or 0
  std::string exePath;          ///< what /proc/self/exe points to
  std::vector<std::string> argv; ///< as the program gets it: changed by `#!`
  std::vector<LoadedImage> images; ///< the program, then its interpreter
  ProgramLayout layout;
};

/// A program that execve would accept.
struct ResolvedProgram {
  std::string path;              ///< the ELF file, after `#!` lines
  std::vector<std::string> argv;
  std::string interpreter;       ///< the ELF interpreter as found, or empty
};

/// Errors carry the errno that execve gives for the same file.
Result<ResolvedProgram> resolve(const std::string &path, const std::vector<std::string> &argv,
                                const std::string &prefix);
Result<LoadedProgram> load(AddressSpace &space, const LoadRequest &request);

/// The status that a shell gives for such an error: 127 if there is no such
/// file, 126 if it cannot be run.
int exitStatus(const Error &error);

/// All registers as the kernel leaves them at a program's first instruction.
void setInitialState(CpuState &cpu, const LoadedProgram &program);

} // namespace dbt

#endif
