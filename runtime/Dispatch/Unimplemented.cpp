//===- Unimplemented.cpp - The line about an instruction that dbt lacks ---===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/Unimplemented.h"
#include "Decode/Decoder.h"
#include "Support/Log.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <unistd.h>

namespace dbt {

void reportUnimplemented(uint64_t pc, uint64_t available) {
  auto *bytes = reinterpret_cast<const uint8_t *>(pc);
  size_t size = std::min<uint64_t>(available, 15);
  Decoder decoder;
  Insn insn;
  std::string text = "(bad)";
  if (decoder.decode(bytes, size, pc, insn)) {
    size = insn.length;
    text = decoder.text(bytes, size, pc);
  }
  char head[96];
  std::snprintf(head, sizeof head, "dbt-run: error: unimplemented instruction at 0x%" PRIx64 ":", pc);
  std::string line = head;
  for (size_t i = 0; i < size; ++i) {
    std::snprintf(head, sizeof head, " %02x", bytes[i]);
    line += head;
  }
  line += "  " + text + "\n";
  // stderr is where it must be seen; a closed one is the guest's own wish.
  if (write(2, line.data(), line.size()) < 0)
    return;
  if (processLog().wants(log::Unimp) && !processLog().onStderr)
    processLog().write(line);
}

} // namespace dbt
