# RUN: %check-insn %s %t
# What random instances and maps of opcodes found of integer instructions (dbt-fuzz and its
# forerunners), as far as no other test here has it.
        .include "insn.inc"

# A register loaded through itself keeps its upper part.
CASE load_through_itself
        mov     rax, rsi
        mov     ax, word ptr [rax]
        lea     rbp, [rsi + 8]
        mov     bp, word ptr [rbp]
        lea     rbx, [rsi + 3]
        mov     bl, byte ptr [rbx]
        lea     rcx, [rsi + 5]
        mov     ch, byte ptr [rcx]
        lea     r11, [rsi + 7]
        mov     r11b, byte ptr [r11]
        lea     r13, [rsi + 9]
        mov     r13w, word ptr [r13]
        lea     rdx, [rsi + 11]
        add     dx, word ptr [rdx]
        mov     rdi, rsi
        movzx   di, byte ptr [rdi]
        # Addresses, which are the same in each tier, as the program is static.
END
CASE load_word_through_rdi
        mov     di, word ptr [rdi]
END
CASE load_byte_through_rsi
        mov     sil, byte ptr [rsi]
END
CASE load_word_through_rbp
        mov     rbp, rsi
        call    1f
        jmp     2f
1:      mov     bp, word ptr [rbp]
        ret
2:
END
CASE load_through_itself_in_loop
        mov     r8d, 20
1:      mov     rbp, rsi
        mov     bp, word ptr [rbp + r8]
        add     rax, rbp
        mov     rcx, rdi
        mov     cl, byte ptr [rcx + r8]
        add     rax, rcx
        dec     r8d
        jne     1b
END

# The offset of a bit is added before the address is cut to 32 bits.
        .irp    op, bt, bts, btr, btc
CASE \op\()_addr32
        mov     ecx, -77
        \op     dword ptr [edi], ecx
        mov     eax, 200
        \op     word ptr [edi + 2], ax
        mov     rdx, -130
        \op     qword ptr [edi], rdx
END mask=CF+ZF
CASE \op\()_addr32_wraps
        # EDI - 2^32 + an offset in bits that comes back.
        mov     rbx, rdi
        sub     rbx, 0x10000000
        mov     eax, 0x7fffffff # nearly 2^28 bytes
        \op     dword ptr [ebx + 1], eax
END mask=CF+ZF
        .endr

# Segments of operands that are not written.
        .macro  GS_BASE at
        lea     rsi, [rip + \at]
        mov     edi, 0x1001     # ARCH_SET_GS
        mov     eax, 158        # arch_prctl
        syscall
        mov     ecx, 5          # RCX and R11 have RIP and the flags
        mov     r11d, 0
        .endm
CASE xlat_with_gs
        GS_BASE scratch
        mov     ebx, 64
        mov     al, 17
        gs      xlatb
END
CASE xlat_with_gs_addr32
        GS_BASE scratch
        mov     rbx, 0x100000040
        mov     al, 3
        .byte   0x65, 0x67, 0xd7
END
CASE maskmovdqu_with_gs
        GS_BASE scratch
        mov     edi, 33
        movaps  xmm1, xmm5
        pcmpeqb xmm2, xmm2
        pslldq  xmm2, 5
        gs      maskmovdqu xmm1, xmm2
END
CASE maskmovq_with_gs
        GS_BASE scratch
        mov     edi, 77
        movdq2q mm1, xmm8
        movdq2q mm2, xmm3
        gs      maskmovq mm1, mm2
        emms
END
CASE movs_with_gs
        GS_BASE scratch
        mov     esi, 100
        lea     rdi, [rip + scratch]
        gs      movsq
        gs      lodsd
END

CASE push_imm16
        mov     rbx, rsp
        .byte   0x66, 0x68, 0x34, 0x92 # pushw
        .byte   0x66, 0x6a, 0x81
        mov     ax, [rsp + 2]
        mov     cx, [rsp]
        sub     rbx, rsp
        lea     rsp, [rsp + 4]
END
CASE push_segment
        mov     rbx, rsp
        push    fs
        sub     rbx, rsp
        pop     rax
        push    -1
        .byte   0x66
        push    gs
        mov     rcx, [rsp]
        .byte   0x66
        pop     gs
        pop     rdx
END
CASE repne_movs
        mov     ecx, 7
        .byte   0xf2, 0xa5      # repne movsd: as with REP
END
CASE repne_stos_lods
        mov     ecx, 6
        .byte   0xf2, 0x48, 0xab
        mov     ecx, 6
        .byte   0xf2, 0xac
END
CASE relative_to_eip
        .byte   0x67            # by EIP: the program lies below 4 GB
        mov     eax, [rip + scratch + 5]
        .byte   0x67
        lea     rcx, [rip + scratch]
        lea     rdx, [rip + scratch]
        sub     rcx, rdx
END
CASE call_addr32_rex_w
        jmp     2f
1:      mov     rbx, [rsp]
        ret
2:      .byte   0x67, 0x48, 0xe8        # a displacement of 32 bits
        .long   1b - 3f
3:      lea     rax, [rip + 3b]
        sub     rbx, rax
END
CASE test_second_encoding
        .byte   0xf6, 0xc8, 0x81        # F6 /1: test al, imm8
        setne   dl
        .byte   0xf7, 0xca, 0x78, 0x56, 0x34, 0x12
        .byte   0xc0, 0xf3, 3           # /6: shl bl, 3
END mask=CF+ZF+SF+PF
        ret
