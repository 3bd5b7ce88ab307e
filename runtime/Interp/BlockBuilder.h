//===- BlockBuilder.h - From guest bytes to a block -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_BLOCKBUILDER_H
#define DBT_INTERP_BLOCKBUILDER_H

#include "Decode/Decoder.h"
#include "Interp/Block.h"

#include <functional>

namespace dbt {

/// Decodes the block at \p pc, of which \p available bytes may be executed. Blocks
/// end at control flow, at MaxBlockInsns, and where the page ends. On pages that
/// the guest can write they end after every instruction that may store, so that
/// an instruction that changes the next one is seen. \p kind is the page's; \p reaches is called
/// with each further page that an instruction reaches into, before its bytes are used, and gives
/// that page's. The code lock is held.
std::unique_ptr<Block> buildBlock(Decoder &decoder, uint64_t pc, uint64_t available, PageKind kind,
                                  const std::function<PageKind(uint64_t page)> &reaches, int64_t budget);

} // namespace dbt

#endif
