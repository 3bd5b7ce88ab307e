# RUN: %check-insn %s %t
# Prefixes in odd numbers and orders.
        .include "insn.inc"
CASE movsxd_to_r32
        .byte   0x63, 0xc3              # without REX.W: no extension
END
CASE movsxd_to_r16
        .byte   0x66, 0x63, 0xc3
END
CASE opsize_before_rep
        .byte   0x66, 0xf3, 0x01, 0xd8  # add ax, bx
END
CASE rex_not_last
        .byte   0x48, 0x66, 0x01, 0xd8  # add ax, bx
END
CASE rex_w_and_opsize
        .byte   0x66, 0x48, 0x01, 0xd8  # add rax, rbx
END
CASE imul_opsize_repne
        .byte   0x66, 0xf2, 0x0f, 0xaf, 0xc3
END mask=CF+OF
CASE tzcnt_opsize_rep
        .byte   0xf3, 0x66, 0x0f, 0xbc, 0xc3
END mask=CF+ZF
CASE lock_after_xacquire
        .byte   0xf2, 0xf0, 0x01, 0x1e  # lock add [rsi], ebx
END
CASE xacquire_after_lock
        .byte   0xf0, 0xf2, 0x48, 0x01, 0x1e
END
CASE addsd_opsize
        .byte   0xf2, 0x66, 0x0f, 0x58, 0xc1
END
CASE addsd_opsize_first
        .byte   0x66, 0xf2, 0x0f, 0x58, 0xc1
END
CASE lea_addr32_rex_w
        .byte   0x67, 0x48, 0x8d, 0x44, 0x1b, 0x80
END
CASE comisd_is_not_comiss
        .byte   0x67, 0x48, 0x0f, 0x2f, 0xc1 # comiss
END
CASE mov_from_segment_rex_r
        .byte   0x44, 0x8c, 0xd0        # mov eax, ss
END
CASE mfence_any_rm
        .byte   0x0f, 0xae, 0xf5
END
CASE jump_addr32_rex_w
        .byte   0x67, 0x48, 0xe9, 4, 0, 0, 0
        add     rax, 1
        add     rbx, 1
END
        ret
