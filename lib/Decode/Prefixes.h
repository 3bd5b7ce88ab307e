//===- Prefixes.h - An instruction's prefixes, put in order -----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Capstone has one slot for LOCK and REP, and judges 66, F2 and F3 by their
// order; a processor does not (SDM Vol. 2, 2.1.1 and 2.2.1). So prefixes are
// read here, and Capstone sees only those that mean something, each once.
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_PREFIXES_H
#define DBT_DECODE_PREFIXES_H

#include <cstddef>
#include <cstdint>

namespace dbt {

enum class PrefixVerdict : uint8_t {
  Good,
  Undefined, ///< #UD: LOCK where it must not stand, or no opcode within 15
             ///< bytes
  Ambiguous, ///< processors or their manuals differ, or Capstone is wrong: to
             ///< be refused loudly
};

struct Prefixes {
  uint8_t
      canonical[5]; ///< 67, segment, 66, F2/F3, REX, as far as they are there
  uint8_t numCanonical;
  uint8_t numOriginal; ///< how many bytes they are in the guest
  bool lock;
  uint8_t rep;  ///< F2 or F3, where it means something; or 0
  bool size;    ///< 66, where it means something
  bool address; ///< 67; not always among the canonical
  bool narrowBranch; ///< 66 in front of a near branch of AMD's, whose operand is of 16 bits
  bool otherLoop;    ///< F2 or F3 makes LOOPE of LOOPNE on AMD's processors, or the reverse
  PrefixVerdict verdict;

  Prefixes(const uint8_t *bytes, size_t available);
};

} // namespace dbt

#endif
