# Writing lines back.
# RUN: %check-insn %s %t
# REQUIRES: cpu-clflushopt, cpu-clwb
        .include "insn.inc"
CASE flush
        mov     [rsi], rax
        clflush [rsi]
        clflushopt [rsi + 64]
        clwb    [rdi]
END
        ret
