//===- AddressMap.h - A map by guest address, without pauses ----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A hash table that grows moves all that it holds, 2 ms for the 20000 blocks of an
// interpreter, while the guest waits. This one moves a few chains with each insertion, and
// looks into both tables meanwhile. What lies together in the guest does so here.
//===----------------------------------------------------------------------===//
#ifndef DBT_SUPPORT_ADDRESSMAP_H
#define DBT_SUPPORT_ADDRESSMAP_H

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

namespace dbt {

template <class T> class AddressMap {
  struct Node {
    uint64_t pc;
    Node *next;
    T value;
  };

public:
  AddressMap() = default;
  ~AddressMap() {
    for (Table *table : {&old, &now})
      for (size_t i = 0; i < table->size(); ++i)
        while (Node *node = table->chains[i])
          remove(&table->chains[i], node);
  }
  AddressMap(const AddressMap &) = delete;
  AddressMap &operator=(const AddressMap &) = delete;

  /// Null: there is none at \p pc. Valid until it is erased.
  T *find(uint64_t pc) {
    Node *node = *place(pc);
    return node ? &node->value : nullptr;
  }
  const T *find(uint64_t pc) const {
    const Node *node = *place(pc);
    return node ? &node->value : nullptr;
  }
  /// What is at \p pc, made if need be.
  T &operator[](uint64_t pc) {
    if (T *known = find(pc))
      return *known;
    grow();
    Node **at = place(pc);
    *at = new Node{pc, nullptr, T()};
    ++count;
    return (*at)->value;
  }
  void erase(uint64_t pc) {
    Node **at = place(pc);
    if (*at)
      remove(at, *at);
  }
  size_t size() const { return count; }

  /// Calls f(pc, value) for all, in no order.
  template <class F> void forEach(F f) {
    for (Table *table : {&old, &now})
      for (size_t i = 0; i < table->size(); ++i)
        for (Node *node = table->chains[i]; node; node = node->next)
          f(node->pc, node->value);
  }

private:
  static constexpr unsigned FirstBits = 10, GrowthBits = 3;

  struct Free {
    bool small = false;
    void operator()(Node **p) const { small ? delete[] p : std::free(p); }
  };
  struct Table {
    unsigned bits = 0; ///< log2 of the chains; 0: none
    std::unique_ptr<Node *[], Free> chains;

    void allocateFirst() {
      bits = FirstBits;
      chains = {new Node *[size()](), Free{true}};
    }
    /// False: there is no memory for so many.
    bool allocate(unsigned newBits) {
      chains = {static_cast<Node **>(std::calloc(size_t(1) << newBits, sizeof(Node *))), Free{}}; // costs what is used
      bits = chains ? newBits : 0;
      return bits != 0;
    }
    size_t size() const { return bits ? size_t(1) << bits : 0; }
    size_t indexOf(uint64_t pc) const { return (pc >> 2 ^ pc >> (2 + bits)) & (size() - 1); }
    /// The pointer to the node of \p pc, or the null one at the end of its chain.
    Node **place(uint64_t pc) const {
      Node **at = &chains[indexOf(pc)];
      while (*at && (*at)->pc != pc)
        at = &(*at)->next;
      return at;
    }
  };
  Node **place(uint64_t pc) const {
    if (old.bits && old.indexOf(pc) >= moved)
      if (Node **at = old.place(pc); *at)
        return at;
    if (now.bits)
      return now.place(pc);
    static Node *none = nullptr;
    return &none;
  }

  /// Moves some chains, or begins to.
  void grow() {
    constexpr size_t AtOnce = 8, NodesAChain = 1;
    if (!now.bits) {
      now.allocateFirst();
    } else if (!old.bits && count > now.size() * NodesAChain) {
      std::swap(old, now);
      moved = 0;
      if (!now.allocate(old.bits + GrowthBits))
        std::swap(old, now); // it goes on with longer chains
    }
    for (size_t end = moved + AtOnce; old.bits && moved < end; ++moved) {
      while (Node *node = old.chains[moved]) {
        old.chains[moved] = node->next;
        node->next = std::exchange(now.chains[now.indexOf(node->pc)], node);
      }
      if (moved + 1 == old.size())
        old = Table();
    }
  }
  void remove(Node **at, Node *node) {
    *at = node->next;
    delete node;
    --count;
  }

  Table now, old;
  size_t moved = 0; ///< of the old table's chains, those that are empty by now
  size_t count = 0;
};

} // namespace dbt

#endif
