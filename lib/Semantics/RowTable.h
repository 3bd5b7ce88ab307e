//===- RowTable.h - From mnemonics to rows, for any machine -----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_ROWTABLE_H
#define DBT_SEMANTICS_ROWTABLE_H

#include "Decode/Decoder.h"
#include "Decode/Vex.h"
#include "Semantics/Row.h"

#include <memory>
#include <string_view>
#include <vector>

namespace dbt {

/// Finds the row of an instruction. Rows of one mnemonic are tried in the order
/// in which the families list them. Mnemonic numbers are resolved by name the
/// first time they are met; one table per thread of lookups or one lock.
template <class Entry> class RowTable {
public:
  template <size_t N> explicit RowTable(const FamilyTable<Entry> *const (&families)[N]) {
    for (const FamilyTable<Entry> *family : families)
      for (unsigned i = 0; i < family->size; ++i)
        insert(&family->rows[i]);
  }

  /// Null: there is none, or its feature is off, which \p isOff tells.
  const Entry *find(const Insn &insn, bool *isOff = nullptr) const {
    if (insn.mnemonic >= FirstEvex)
      return nullptr;
    for (int i = first(insn.mnemonic); i >= 0; i = nodes[i].next) {
      const RowInfo &info = nodes[i].row->info;
      if (info.form && !info.form(insn))
        continue;
      if (hasFeature(info.isaOf(insn)) && hasFeature(info.alsoNeeds))
        return nodes[i].row;
      if (isOff)
        *isOff = true;
    }
    return nullptr;
  }

  /// All rows, families in order.
  template <class F> void forEach(F f) const {
    for (const Node &node : nodes)
      f(*node.row);
  }

private:
  struct Node {
    const Entry *row;
    int next;
  };
  static constexpr int Unresolved = -2;

  static unsigned hash(std::string_view name) {
    unsigned h = 2166136261u;
    for (char c : name)
      h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    return h % Buckets;
  }
  void insert(const Entry *row) {
    int index = static_cast<int>(nodes.size());
    nodes.push_back({row, -1});
    // Rows of one mnemonic are chained behind the first of them.
    unsigned h = hash(row->info.name);
    for (int head : buckets[h])
      if (std::string_view(nodes[head].row->info.name) == row->info.name) {
        while (nodes[head].next >= 0)
          head = nodes[head].next;
        nodes[head].next = index;
        return;
      }
    buckets[h].push_back(index);
  }
  int first(uint16_t mnemonic) const {
    if (mnemonic >= byMnemonic.size())
      byMnemonic.resize(mnemonic + 1, Unresolved);
    int &slot = byMnemonic[mnemonic];
    if (slot == Unresolved) {
      std::string_view name = Decoder::mnemonicName(mnemonic);
      slot = -1;
      for (int head : buckets[hash(name)])
        if (name == nodes[head].row->info.name)
          slot = head;
    }
    return slot;
  }

  static constexpr unsigned Buckets = 512;
  std::vector<Node> nodes;
  std::vector<int> buckets[Buckets];
  mutable std::vector<int> byMnemonic;
};

} // namespace dbt

#endif
