//===- Isa.h - Instruction-set extensions -----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_ISA_H
#define DBT_SEMANTICS_ISA_H

#include <cstdint>

namespace dbt {

/// The extension that an instruction came with, by the SDM's CPUID feature.
enum class Isa : uint8_t {
  Base, Cmov, Cx8, Cx16, Lahf, Movbe, Popcnt, Lzcnt, Bmi1, Bmi2, Adx, Rdtscp, Fsgsbase,
  X87, Mmx, Fxsr, Sse, Sse2, Sse3, Ssse3, Sse41, Sse42, Aes, Pclmul, Sha,
  Avx, Avx2, Fma, F16c, Xsave, Clflush, System,
};

inline const char *isaName(Isa isa) {
  static constexpr const char *Names[] = {
      "base", "cmov", "cx8", "cx16", "lahf", "movbe", "popcnt", "lzcnt", "bmi1", "bmi2", "adx",
      "rdtscp", "fsgsbase", "x87", "mmx", "fxsr", "sse", "sse2", "sse3", "ssse3", "sse4.1",
      "sse4.2", "aes", "pclmulqdq", "sha", "avx", "avx2", "fma", "f16c", "xsave", "clflush",
      "system"};
  static_assert(sizeof(Names) / sizeof(*Names) == static_cast<unsigned>(Isa::System) + 1);
  return Names[static_cast<unsigned>(isa)];
}

} // namespace dbt

#endif
