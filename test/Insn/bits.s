# RUN: %check-insn %s %t
        .include "insn.inc"
CASE bt_reg
        bt      rbx, rcx
END mask=CF+ZF
CASE bt_reg_32
        xor     eax, eax
        bt      r11d, ecx
END mask=CF+ZF
CASE bt_imm
        bt      edx, 36
END mask=CF+ZF
CASE bt_imm_64
        bt      r8, 63
END mask=CF+ZF
CASE bt_16
        bt      bx, dx
END mask=CF+ZF
CASE bt_mem_imm
        bt      dword ptr [rsi], 37
END mask=CF+ZF
CASE bt_mem_reg
        bt      [rsi], ecx
END mask=CF+ZF
CASE bt_mem_below
        mov     rax, -77
        bt      [rsi], rax
END mask=CF+ZF
CASE bt_mem_16
        mov     ax, -30
        bt      [rsi], ax
END mask=CF+ZF
CASE bts_reg
        bts     rbx, rcx
END mask=CF+ZF
CASE bts_reg_32
        xor     eax, eax
        bts     r11d, ecx
END mask=CF+ZF
CASE bts_imm
        bts     edx, 36
END mask=CF+ZF
CASE bts_imm_64
        bts     r8, 63
END mask=CF+ZF
CASE bts_16
        bts     bx, dx
END mask=CF+ZF
CASE bts_mem_imm
        bts     dword ptr [rsi], 37
END mask=CF+ZF
CASE bts_mem_reg
        bts     [rsi], ecx
END mask=CF+ZF
CASE bts_mem_below
        mov     rax, -77
        bts     [rsi], rax
END mask=CF+ZF
CASE bts_mem_16
        mov     ax, -30
        bts     [rsi], ax
END mask=CF+ZF
CASE lock_bts
        lock    bts qword ptr [rsi], 5
END mask=CF+ZF
CASE lock_bts_reg
        mov     eax, 130
        lock    bts [rsi], rax
END mask=CF+ZF
CASE btr_reg
        btr     rbx, rcx
END mask=CF+ZF
CASE btr_reg_32
        xor     eax, eax
        btr     r11d, ecx
END mask=CF+ZF
CASE btr_imm
        btr     edx, 36
END mask=CF+ZF
CASE btr_imm_64
        btr     r8, 63
END mask=CF+ZF
CASE btr_16
        btr     bx, dx
END mask=CF+ZF
CASE btr_mem_imm
        btr     dword ptr [rsi], 37
END mask=CF+ZF
CASE btr_mem_reg
        btr     [rsi], ecx
END mask=CF+ZF
CASE btr_mem_below
        mov     rax, -77
        btr     [rsi], rax
END mask=CF+ZF
CASE btr_mem_16
        mov     ax, -30
        btr     [rsi], ax
END mask=CF+ZF
CASE lock_btr
        lock    btr qword ptr [rsi], 5
END mask=CF+ZF
CASE lock_btr_reg
        mov     eax, 130
        lock    btr [rsi], rax
END mask=CF+ZF
CASE btc_reg
        btc     rbx, rcx
END mask=CF+ZF
CASE btc_reg_32
        xor     eax, eax
        btc     r11d, ecx
END mask=CF+ZF
CASE btc_imm
        btc     edx, 36
END mask=CF+ZF
CASE btc_imm_64
        btc     r8, 63
END mask=CF+ZF
CASE btc_16
        btc     bx, dx
END mask=CF+ZF
CASE btc_mem_imm
        btc     dword ptr [rsi], 37
END mask=CF+ZF
CASE btc_mem_reg
        btc     [rsi], ecx
END mask=CF+ZF
CASE btc_mem_below
        mov     rax, -77
        btc     [rsi], rax
END mask=CF+ZF
CASE btc_mem_16
        mov     ax, -30
        btc     [rsi], ax
END mask=CF+ZF
CASE lock_btc
        lock    btc qword ptr [rsi], 5
END mask=CF+ZF
CASE lock_btc_reg
        mov     eax, 130
        lock    btc [rsi], rax
END mask=CF+ZF
CASE bsf_64
        bsf     rax, r10
END mask=ZF
CASE bsf_32
        bsf     eax, r11d
END mask=ZF
CASE bsf_16
        bsf     ax, cx
END mask=ZF
CASE bsf_zero
        xor     ebx, ebx
        bsf     rax, rbx
END mask=ZF
CASE bsf_zero_32
        xor     ebx, ebx
        bsf     edx, ebx
END mask=ZF
CASE bsf_mem
        bsf     rax, [rsi]
END mask=ZF
CASE bsr_64
        bsr     rax, r10
END mask=ZF
CASE bsr_32
        bsr     eax, r11d
END mask=ZF
CASE bsr_16
        bsr     ax, cx
END mask=ZF
CASE bsr_zero
        xor     ebx, ebx
        bsr     rax, rbx
END mask=ZF
CASE bsr_zero_32
        xor     ebx, ebx
        bsr     edx, ebx
END mask=ZF
CASE bsr_mem
        bsr     rax, [rsi]
END mask=ZF
CASE popcnt_64
        popcnt  rax, rdx
END
CASE popcnt_32
        stc
        popcnt  eax, r11d
END
CASE popcnt_16
        popcnt  ax, bx
END
CASE popcnt_zero
        xor     ebx, ebx
        popcnt  rax, rbx
END
CASE popcnt_mem
        popcnt  rax, [rdi]
END
CASE bswap_32
        bswap   r11d
END
CASE bswap_64
        bswap   rdx
END
CASE movbe_load
        movbe   eax, [rsi + 2]
END
CASE movbe_store
        movbe   [rsi], rbx
END
CASE movbe_16
        movbe   [rdi], bx
END
CASE pdep_32
        mov     eax, 0xf0f00ff0
        pdep    ecx, r11d, eax
END
CASE pdep_64_mem
        pdep    rax, r11, [rdi]
END
CASE pdep_same
        pdep    rbx, rbx, rbx
END
CASE pext_32_mem
        pext    eax, r11d, [rdi + 4]
END
CASE pext_64
        movabs  rax, 0x8000f0f000ff0001
        stc
        pext    rcx, r12, rax
END
CASE pext_nothing
        xor     eax, eax
        pext    rdx, rbx, rax
END
CASE pdep_after_pext
        pext    rax, rbx, r11
        pdep    rcx, rax, r11
        xor     rcx, rbx
        and     rcx, r11
END
        ret
