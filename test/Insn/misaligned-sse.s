# MXCSR.MM of AMD's processors: legacy SSE operands in memory may be misaligned, but for those
# of MOVAPS and its like. Without the feature nothing may set it.
# REQUIRES: cpu-misalignsse
# RUN: %check-insn %s %t
# RUN: not --crash %dbt-run --tier=interp -cpu max,-misalignsse %t
# RUN: not --crash %dbt-run --tier=copy --tier-threshold=1 -cpu max,-misalignsse %t
# RUN: not --crash %dbt-run --tier=jit -cpu max,-misalignsse %t
# RUN: not --crash %dbt-run --tier=copy --tier-threshold=1 -cpu max,vendor=intel %t
        .include "insn.inc"

        .macro  MXCSR value
        push    \value
        ldmxcsr [rsp]
        pop     rax
        .endm

CASE mm_is_kept
        MXCSR   0x21f80
        stmxcsr [rsi]
        fxsave64 [rsi + 16]
        mov     rax, [rsi + 40]
        mov     qword ptr [rsi + 24], 0
END
CASE arithmetic
        MXCSR   0x21f80
        paddb   xmm0, [rsi + 1]
        addps   xmm1, [rsi + 3]
        sqrtpd  xmm2, [rsi + 7]
        pshufd  xmm3, [rsi + 9], 0x1b
        movshdup xmm4, [rsi + 13]
        cvtdq2ps xmm5, [rsi + 5]
        MXCSR   0x1f80
END
CASE aligned_ones_still_work
        MXCSR   0x21f80
        movaps  xmm0, [rsi + 16]
        paddb   xmm0, [rsi + 32]
        movaps  [rsi], xmm0
        MXCSR   0x1f80
END
        ret
