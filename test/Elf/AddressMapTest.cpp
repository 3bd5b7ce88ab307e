//===- AddressMapTest.cpp - A map by guest address ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/AddressMap.h"
#include "Test.h"

#include <map>
#include <memory>
#include <random>

using namespace dbt;
using namespace dbttest;

namespace {

/// Insertions, replacements and erasures at random, also while the table grows, compared
/// with std::map's.
void asAnyMap() {
  std::mt19937_64 random(1);
  AddressMap<uint64_t> map;
  std::map<uint64_t, uint64_t> expected;
  for (unsigned i = 0; i < 200000; ++i) {
    // Close together, and far apart; from no entries to many and back.
    const uint64_t pc = random() % 3 ? 0x401000 + random() % 40000 : random() & 0x7ffffffff000;
    const bool growing = i % 100000 < 60000;
    if (random() % 10 < (growing ? 7 : 2)) {
      map[pc] = expected[pc] = i;
    } else if (!expected.empty()) {
      const uint64_t victim = random() % 2 ? pc : expected.lower_bound(pc) == expected.end() ? expected.begin()->first : expected.lower_bound(pc)->first;
      map.erase(victim);
      expected.erase(victim);
    }
    const uint64_t *found = map.find(pc);
    auto known = expected.find(pc);
    if ((found != nullptr) != (known != expected.end()) || (found && *found != known->second))
      return fail(__FILE__, __LINE__, "step " + show(i));
  }
  EQ(map.size(), expected.size());
  std::map<uint64_t, uint64_t> all;
  map.forEach([&](uint64_t pc, uint64_t value) { CHECK(all.emplace(pc, value).second); });
  CHECK(all == expected);
}

/// What it holds stays where it is, and is freed once.
void valuesStay() {
  AddressMap<std::unique_ptr<int>> map;
  std::unique_ptr<int> *first = &map[8];
  *first = std::make_unique<int>(5);
  for (uint64_t pc = 16; pc < 100000; pc += 3)
    map[pc] = std::make_unique<int>(static_cast<int>(pc));
  CHECK(map.find(8) == first && **first == 5);
  for (uint64_t pc = 16; pc < 100000; pc += 6)
    map.erase(pc);
  CHECK(!map.find(16) && **map.find(19) == 19);
}

} // namespace

const std::vector<Test> &dbttest::addressMapTests() {
  static const std::vector<Test> tests = {{"address-map", asAnyMap}, {"address-map-values", valuesStay}};
  return tests;
}
