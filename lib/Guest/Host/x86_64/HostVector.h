//===- HostVector.h - Masked stores on x86-64 -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_X86_64_HOSTVECTOR_H
#define DBT_GUEST_HOST_X86_64_HOSTVECTOR_H

#include "Guest/HostValues.h"
#include "Guest/Width.h"

#include <cstdint>

namespace dbt::hostvector {

/// The lanes of \p v whose mask's top bit is set.
inline void maskStore(Bits<8>, uint64_t at, host::Vec<128> mask, host::Vec<128> v) {
  asm volatile("movdqa %1, %%xmm0\n\tmovdqa %2, %%xmm1\n\tmaskmovdqu %%xmm1, %%xmm0"
               :
               : "D"(at), "m"(v), "m"(mask)
               : "xmm0", "xmm1", "memory");
}
/// Of 8 bytes: as half of 16 none of which lies in a page that the 8 do not.
inline void maskStore(Bits<8> lane, uint64_t at, host::Vec<64> mask, host::Vec<64> v) {
  const bool upper = (at & 0xfff) > 0xff0;
  auto whole = [&](host::Vec<64> half) { return upper ? host::Vec<128>{{0, half.q[0]}} : host::Vec<128>{{half.q[0], 0}}; };
  maskStore(lane, upper ? at - 8 : at, whole(mask), whole(v));
}
#define DBT_MASK_STORE(lane, width, reg, mnemonic)                                                 \
  inline void maskStore(Bits<lane>, uint64_t at, host::Vec<width> mask, host::Vec<width> v) {      \
    asm volatile("vmovdqu %1, %%" reg "0\n\tvmovdqu %2, %%" reg "1\n\t"                            \
                 mnemonic " %%" reg "0, %%" reg "1, (%0)\n\tvzeroupper"                            \
                 :                                                                                 \
                 : "r"(at), "m"(v), "m"(mask)                                                      \
                 : "xmm0", "xmm1", "memory");                                                      \
  }
DBT_MASK_STORE(32, 128, "xmm", "vmaskmovps")
DBT_MASK_STORE(64, 128, "xmm", "vmaskmovpd")
DBT_MASK_STORE(32, 256, "ymm", "vmaskmovps")
DBT_MASK_STORE(64, 256, "ymm", "vmaskmovpd")
#undef DBT_MASK_STORE

} // namespace dbt::hostvector

#endif
