# AMD's SSE4A: bit fields in the low half of a register, scalar streaming stores.
# REQUIRES: cpu-sse4a
# RUN: %check-insn %s %t
        .include "insn.inc"

        .macro  FIELDS length, index
CASE extrq_\length\()_\index
        extrq   xmm3, \length, \index
        mov     eax, \length | \index << 8
        movq    xmm5, rax
        extrq   xmm6, xmm5
END
CASE insertq_\length\()_\index
        insertq xmm3, xmm4, \length, \index
        mov     eax, \length | \index << 8
        movq    xmm5, rax
        movq    xmm7, rcx
        punpcklqdq xmm7, xmm5
        insertq xmm6, xmm7
END
        .endm

        FIELDS  8, 4
        FIELDS  0, 0
        FIELDS  1, 63
        FIELDS  63, 1
        FIELDS  33, 31
        FIELDS  16, 48
        FIELDS  200, 130

CASE same_register
        insertq xmm3, xmm3
        extrq   xmm4, xmm4
        insertq xmm5, xmm5, 8, 16
END
CASE upper_registers
        extrq   xmm11, 12, 20
        insertq xmm12, xmm9, 12, 20
        extrq   xmm13, xmm14
        insertq xmm15, xmm8
END
CASE stores
        movntsd [rsi], xmm3
        movntss [rsi + 9], xmm4
        movntsd [rsi + 19], xmm12
        movntss [rsi + 33], xmm15
        sfence
END
        ret
