# AES, PCLMULQDQ, SHA and GFNI.
# RUN: %check-insn %s %t
# REQUIRES: cpu-aes, cpu-pclmulqdq, cpu-sha_ni, cpu-gfni
        .include "insn.inc"

        .macro  BINARY name
CASE \name
        \name   xmm0, xmm2
        \name   xmm3, xmm3
        \name   xmm10, [rdi]
        \name   xmm7, [rsi + r12 * 8 + 8]
END
        .endm
        .macro  IMMEDIATE name
CASE \name
        .irp    imm, 0, 1, 0x10, 0x11, 0x53, 0xff
        \name   xmm0, xmm2, \imm
        \name   xmm3, xmm3, \imm
        \name   xmm10, [rdi], \imm
        .endr
        \name   xmm7, [rsi + 16], 0x1b
END
        .endm

        BINARY  aesenc
        BINARY  aesenclast
        BINARY  aesdec
        BINARY  aesdeclast
        BINARY  aesimc
        IMMEDIATE aeskeygenassist
        IMMEDIATE pclmulqdq
        BINARY  sha1msg1
        BINARY  sha1msg2
        BINARY  sha1nexte
        BINARY  sha256msg1
        BINARY  sha256msg2
        BINARY  gf2p8mulb
        IMMEDIATE gf2p8affineqb
        IMMEDIATE gf2p8affineinvqb
CASE sha1rnds4
        .irp    imm, 0, 1, 2, 3
        sha1rnds4 xmm0, xmm2, \imm
        sha1rnds4 xmm8, [rsi + 16], \imm
        .endr
END
CASE sha256rnds2
        sha256rnds2 xmm2, xmm9
        sha256rnds2 xmm9, [rdi]
        sha256rnds2 xmm0, xmm2
        sha256rnds2 xmm2, xmm0
END
        ret
