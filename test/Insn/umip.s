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
CASE memory_with_rex_w
        .byte   0x48, 0x0f, 0x01, 0x26          # smsw [rsi]
        .byte   0x48, 0x0f, 0x00, 0x4e, 0x10    # str [rsi + 16]
        .byte   0x66, 0x0f, 0x01, 0x66, 0x20    # smsw [rsi + 32]
END
        EACH    smsw
        EACH    str
        EACH    sldt
CASE tables
        sgdt    [rsi]
        sidt    [rsi + 17]
END
        ret
