//===- LiefElfOnly.S - LIEF without its other formats ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// LIEF's ELF parser refers to its parsers of all other formats, whose static
// constructors cost each start of dbt-run more than a millisecond. dbt calls the
// ELF part only, so here are weak definitions of the symbols by which it reaches the
// others: enough to leave those out of the link, and overridden where a version of
// LIEF links them in by another way.
//===----------------------------------------------------------------------===//

.macro notElf symbol
  .weak \symbol
\symbol:
.endm

.text
notElf _ZN4LIEF2PE4HashD1Ev
notElf _ZN4LIEF2PE5is_peERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
notElf _ZN4LIEF2PE5is_peERKSt6vectorIhSaIhEE
notElf _ZN4LIEF2PE6Parser5parseERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
notElf _ZN4LIEF2PE6Parser5parseERKSt6vectorIhSaIhEERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
notElf _ZN4LIEF3ART4HashD1Ev
notElf _ZN4LIEF3DEX4HashD1Ev
notElf _ZN4LIEF3OAT4HashD1Ev
notElf _ZN4LIEF3OAT6Parser5parseERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
notElf _ZN4LIEF3OAT6Parser5parseERKSt6vectorIhSaIhEERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
notElf _ZN4LIEF3OAT6is_oatERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
notElf _ZN4LIEF3OAT6is_oatERKSt6vectorIhSaIhEE
notElf _ZN4LIEF4VDEX4HashD1Ev
notElf _ZN4LIEF5MachO12ParserConfig4deepEv
notElf _ZN4LIEF5MachO12ParserConfigD1Ev
notElf _ZN4LIEF5MachO13init_c_binaryEP14Macho_Binary_tPNS0_6BinaryE
notElf _ZN4LIEF5MachO4HashD1Ev
notElf _ZN4LIEF5MachO6Parser5parseERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS0_12ParserConfigE
notElf _ZN4LIEF5MachO6Parser5parseERKSt6vectorIhSaIhEERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS0_12ParserConfigE
notElf _ZN4LIEF5MachO8is_machoERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
notElf _ZN4LIEF5MachO8is_machoERKSt6vectorIhSaIhEE
notElf _ZN4LIEF5MachO9FatBinary8pop_backEv
notElf _ZN4LIEF5MachO9FatBinaryixEm
notElf _ZNK4LIEF5MachO9FatBinary4sizeEv
  ud2

// vtables and type infos: nothing has these types.
.section .data.rel.ro, "aw"
.balign 8
notElf _ZTIN4LIEF2PE6BinaryE
notElf _ZTIN4LIEF5MachO6BinaryE
notElf _ZTVN4LIEF2PE4HashE
notElf _ZTVN4LIEF3ART4HashE
notElf _ZTVN4LIEF3DEX4HashE
notElf _ZTVN4LIEF3OAT4HashE
notElf _ZTVN4LIEF4VDEX4HashE
notElf _ZTVN4LIEF5MachO4HashE
  .zero 128

.section .note.GNU-stack, "", %progbits
