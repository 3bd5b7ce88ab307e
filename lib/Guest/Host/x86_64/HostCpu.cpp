//===- HostCpu.cpp - The processor, on an x86-64 host ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guest/Host/HostCpu.h"

#include <cpuid.h>
#include <x86intrin.h>

namespace dbt::host {

CpuidLeaf cpuid(uint32_t leaf, uint32_t subleaf) {
  CpuidLeaf r = {};
  __cpuid_count(leaf, subleaf, r.eax, r.ebx, r.ecx, r.edx);
  return r;
}

__attribute__((target("xsave"))) bool ymmEnabled() { return (_xgetbv(0) & 6) == 6; }

uint64_t timeStamp() { return __rdtsc(); }

TimeStamp timeStampWithAux() {
  TimeStamp t;
  t.ticks = __rdtscp(&t.aux);
  return t;
}

__attribute__((target("rdrnd,rdseed"))) bool random(bool seed, unsigned bits, uint64_t &value) {
  unsigned short word = 0;
  unsigned half = 0;
  unsigned long long whole = 0;
  bool there;
  switch (bits) {
  case 16:
    there = seed ? _rdseed16_step(&word) : _rdrand16_step(&word);
    value = word;
    return there;
  case 32:
    there = seed ? _rdseed32_step(&half) : _rdrand32_step(&half);
    value = half;
    return there;
  default:
    there = seed ? _rdseed64_step(&whole) : _rdrand64_step(&whole);
    value = whole;
    return there;
  }
}

bool querySegment(SegmentQuery what, uint16_t selector, uint64_t &value) {
  bool valid = false;
  switch (what) {
  case SegmentQuery::Rights: asm("larq %w2, %0" : "+r"(value), "=@ccz"(valid) : "r"(uint64_t(selector))); break;
  case SegmentQuery::Limit: asm("lslq %w2, %0" : "+r"(value), "=@ccz"(valid) : "r"(uint64_t(selector))); break;
  case SegmentQuery::Readable: asm("verr %1" : "=@ccz"(valid) : "r"(selector)); break;
  case SegmentQuery::Writable: asm("verw %1" : "=@ccz"(valid) : "r"(selector)); break;
  }
  return valid;
}

__attribute__((target("cx16"))) bool compareExchange16(void *address, unsigned __int128 &expected, unsigned __int128 desired) {
  const unsigned __int128 wanted = expected;
  expected = __sync_val_compare_and_swap(static_cast<unsigned __int128 *>(address), wanted, desired);
  return expected == wanted;
}

} // namespace dbt::host
