//===- CfgDot.h - A control-flow graph for graphviz -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_CFGDOT_H
#define DBT_DECODE_CFGDOT_H

#include "Decode/Cfg.h"

#include <string>

namespace dbt {

/// The graph in graphviz's language, named \p name: a node for each block, with its
/// instructions as \p insnText has them; an edge for each way to go on inside; and an
/// oval for each way out. \p entries are addresses, besides the first block's, at which
/// it may be entered.
std::string cfgDot(const std::string &name, const std::vector<CfgBlock> &blocks, const std::vector<uint64_t> &entries,
                   const std::function<std::string(uint64_t pc)> &insnText);

} // namespace dbt

#endif
