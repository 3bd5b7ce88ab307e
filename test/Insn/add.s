# RUN: %check-insn %s %t
        .include "insn.inc"
CASE add_r8
        add     al, 0xef
END
CASE add_high_byte
        add     ah, bl
END
CASE add_r16
        add     bx, 0x3211
END
CASE add_r32_zero_extends
        add     r13d, 1
END
CASE add_r64
        add     rbp, 1
END
CASE add_r64_carry
        add     r13, r12
END
CASE add_mem8
        add     byte ptr [rsi], 0x90
END
CASE add_mem32_reg
        add     dword ptr [rsi + r12*4 + 4], edx
END
CASE add_reg_mem64
        add     rax, [rdi + 8]
END
CASE lock_add
        lock add qword ptr [rsi], rbx
END
CASE adc_clear
        adc     rax, rbx
END
CASE adc_set
        stc
        adc     r13, 0
END
CASE adc_wrapped_operand
        stc
        adc     r12, -1
END
CASE adc_max
        stc
        adc     r9d, r13d
END
CASE sub_borrow
        sub     ecx, 0xc6
END
CASE sub_overflow
        sub     r8, 1
END
CASE sbb_set
        stc
        sbb     rax, rax
END
CASE sbb_wrapped_operand
        stc
        sbb     r12, -1
END
CASE cmp_mem
        cmp     dword ptr [rsi], 0x12345678
END
CASE neg_zero
        xor     eax, eax
        neg     eax
END
CASE neg_min
        neg     r8
END
CASE neg_mem8
        neg     byte ptr [rsi]
END
CASE inc_keeps_carry
        stc
        inc     r13d
END
CASE dec_keeps_carry
        stc
        dec     r8
END
CASE not_mem16
        not     word ptr [rsi]
END
CASE xadd_regs
        xadd    rax, rbx
END
CASE xadd_same
        xadd    rbx, rbx
END
CASE xadd_lock_mem
        lock xadd [rsi], edx
END
CASE cmpxchg_equal
        mov     eax, [rsi]
        cmpxchg [rsi], ebx
END
CASE cmpxchg_differs
        lock cmpxchg [rsi], rbx
END
CASE cmpxchg_reg_differs_32
        cmpxchg edx, ebx
END
CASE and_flags
        and     eax, 0x80000011
END
CASE or_8
        or      al, dh
END
CASE xor_self
        xor     rbx, rbx
END
CASE test_imm
        test    r13b, 0x80
END
        ret
