# What Linux shows user code of the system registers where the processor keeps them from it
# (UMIP): of a 32-bit register the upper half stays.
# REQUIRES: cpu-umip
# RUN: %check-insn %s %t
        .include "insn.inc"

        .macro  EACH name
CASE \name\()_registers
        \name   ax
        \name   ecx
        \name   rdx
        \name   r11d
END
CASE \name\()_memory
        \name   word ptr [rsi]
        \name   word ptr [rsi + 11]
END
        .endm
        EACH    smsw
        EACH    str
        EACH    sldt
CASE tables
        sgdt    [rsi]
        sidt    [rsi + 17]
END
        ret
