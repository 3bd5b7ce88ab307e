# RUN: %check-insn %s %t
        .include "insn.inc"
CASE lahf
        cmp     r8, 1
        lahf
END
CASE sahf
        mov     ah, 0xd7
        sahf
END
CASE sahf_keeps_overflow
        cmp     r8, 1
        mov     ah, 0
        sahf
END
CASE pushf
        cmp     r9d, r13d
        pushfq
        pop     rax
        and     eax, 0xcd5
END
CASE popf
        push    0xcd5
        popfq
        pushfq
        pop     rax
        cld
END
CASE pushf_16
        cmp     r8, 1
        lea     rsp, [rsp - 6]
        pushfw
        pop     rax
        and     eax, 0xcd5
END
CASE cld_std
        std
        pushfq
        pop     rax
        and     eax, 0x400
END
CASE cmc
        stc
        cmc
        setc    al
        cmc
        setc    ah
END
CASE clc_keeps
        cmp     r12, r13
        clc
END
CASE mfence
        mfence
        lfence
        sfence
END
CASE prefetch
        prefetcht0 [rsi]
        prefetchnta [rax]
END
CASE nops
        nop
        pause
        endbr64
END
CASE cmpxchg8b_equal
        mov     eax, [rsi]
        mov     edx, [rsi + 4]
        cmpxchg8b [rsi]
END
CASE cmpxchg8b_differs
        lock    cmpxchg8b [rsi]
END
CASE cmpxchg16b_equal
        mov     rax, [rsi]
        mov     rdx, [rsi + 8]
        lock    cmpxchg16b [rsi]
END
CASE cmpxchg16b_differs
        cmpxchg16b [rsi]
END
CASE cmpxchg16b_flags
        mov     rax, [rsi]
        mov     rdx, [rsi + 8]
        stc
        lock    cmpxchg16b [rsi]
        setc    r8b
        cmovz   r9, rsi
        sub     r9, rdi
        cmpxchg16b [rsi + 16]
        adc     r10, 0
END
CASE cmpxchg8b_upper_halves
        mov     rax, -1
        mov     rdx, -1
        cmpxchg8b [rsi + 4]
        mov     r8, rax
        mov     r9, rdx
        bts     rax, 63
        bts     rdx, 62
        cmpxchg8b [rsi + 4]
END
CASE cmpxchg16b_loop
        xor     eax, eax
        xor     edx, edx
1:      lea     rbx, [rax + 1]
        lea     rcx, [rdx - 1]
        lock    cmpxchg16b [rsi]
        jne     1b
END
CASE mov_from_cs
        mov     eax, cs
        mov     bx, ss
        mov     ecx, ds
        mov     rdx, fs
END
CASE mov_from_es_mem
        mov     [rsi], ss
END
CASE push_fs
        push    fs
        pop     rax
        push    gs
        pop     rbx
END
CASE enter_leave
        enter   40, 0
        sub     rbp, rsp
        mov     rax, rbp
        add     rbp, rsp
        leave
END mask=0
CASE cbw
        mov     al, 0x80
        cbw
END
CASE cwde
        mov     ax, 0x8000
        cwde
END
CASE cdqe
        mov     eax, 0x80000000
        cdqe
END
CASE cwd
        mov     ax, 0x8000
        cwd
END
CASE cdq
        cdq
END
CASE cqo
        cqo
END
CASE cpuid_zeros
        mov     eax, 0x0d
        xor     ecx, ecx
        cpuid
        xor     eax, eax
        xor     ebx, ebx
        xor     ecx, ecx
        xor     edx, edx
END
CASE rdtsc_grows
        rdtsc
        mov     ebx, eax
        mov     ecx, edx
        rdtsc
        shl     rdx, 32
        or      rax, rdx
        shl     rcx, 32
        or      rbx, rcx
        cmp     rax, rbx
        setae   al
        movzx   eax, al
        xor     ebx, ebx
        xor     ecx, ecx
        xor     edx, edx
END
CASE lar_lsl
        mov     ecx, 0x33
        lar     rax, rcx
        lsl     rbx, rcx
        mov     ecx, 0x2b
        lar     edx, ecx
        lsl     bp, cx
END
CASE lar_nothing
        xor     ecx, ecx
        stc
        lar     rax, rcx
        lsl     bx, cx
END
CASE verr_verw
        mov     ecx, 0x33
        verr    cx
        setz    al
        verw    cx
        setz    ah
        mov     word ptr [rsi], 0x2b
        verw    word ptr [rsi]
        setz    bl
        verr    word ptr [rsi + 8]
END
CASE smsw_str_sldt
        smsw    rax
        smsw    bx
        smsw    word ptr [rsi]
        str     ecx
        str     word ptr [rsi + 8]
        xor     edx, edx        # Linux, emulating, keeps the upper half
        sldt    edx
        sldt    r8w
END
CASE enter_16
        mov     rbx, rsp
        lea     rbp, [rsp - 64]
        .byte   0x66
        enter   40, 2
        mov     rax, rsp
        sub     rax, rbx
        leavew
        mov     rcx, rsp
        sub     rcx, rbx
        mov     rsp, rbx
        xor     ebp, ebp
        xor     ebx, ebx
END mask=0
        ret
