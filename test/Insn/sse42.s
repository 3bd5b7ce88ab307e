# RUN: %check-insn %s %t
# SSE4.2: CRC32 and string comparison; lengths and flags at their edges.
        .include "insn.inc"
CASE crc32_bytes
        stc
        mov     rax, -1
        crc32   eax, bl
        crc32   eax, bh
        crc32   eax, byte ptr [rdi]
END
CASE crc32_wide
        mov     rax, -1
        crc32   eax, bx
        mov     rcx, -1
        crc32   ecx, dword ptr [rdi]
        mov     rdx, -1
        crc32   rdx, r11
END
CASE crc32_byte_to_64
        mov     rax, -1
        crc32   rax, r11b
END
        .macro  STRINGS control
CASE strings_\control
        movups  xmm1, [rdi]
        movups  xmm2, [rdi + 16]
        pxor    xmm3, xmm3
        punpcklbw xmm2, xmm3
        mov     rcx, -1
        pcmpistri xmm1, [rdi + 5], \control
        seto    r8b
        setc    r9b
        pcmpistrm xmm1, xmm2, \control
        movaps  xmm4, xmm0
        mov     eax, 5
        mov     edx, -7
        pcmpestrm xmm1, [rdi + 3], \control
        setz    r10b
        sets    r11b
        pcmpestri xmm2, xmm1, \control
END
        .endm
        .irp    control, 0x00, 0x05, 0x0a, 0x0f, 0x18, 0x2c, 0x34, 0x3d, 0x44, 0x49, 0x5e, 0x63, 0x70, 0x7b
        STRINGS \control
        .endr
CASE lengths
        movups  xmm1, [rdi]
        movups  xmm2, [rdi + 1]
        mov     eax, 0x80000000
        mov     edx, 100
        pcmpestri xmm1, xmm2, 0x18
        mov     r8, rcx
        xor     eax, eax
        pcmpestri xmm1, xmm2, 0x18
END
CASE lengths_of_64_bits
        movups  xmm1, [rdi]
        movups  xmm2, [rdi + 1]
        movabs  rax, 0x100000000
        movabs  rdx, 0x8000000000000000
        .byte   0x66, 0x48, 0x0f, 0x3a, 0x61, 0xca, 0x08      # with REX.W
        mov     r8, rcx
        movabs  rax, 0xfffffffe00000003
        mov     edx, 3
        .byte   0x66, 0x48, 0x0f, 0x3a, 0x60, 0xca, 0x40
END
CASE vex_mask
        vpcmpeqb ymm0, ymm0, ymm0
        vmovups xmm1, [rdi]
        vpcmpistrm xmm1, [rdi + 1], 0x40
        vextracti128 xmm2, ymm0, 1
END
CASE vex_index
        vmovups xmm1, [rdi]
        mov     eax, 9
        mov     edx, 12
        vpcmpestri xmm1, [rdi + 1], 0x0c
        vpcmpestrm xmm1, [rdi + 1], 0x4c
        setc    al
END
CASE search
        movups  xmm1, [rdi]
        xor     ebx, ebx
1:      pcmpistri xmm1, [rdi + rbx], 0x0c
        jc      2f
        jz      2f
        add     ebx, 7
        cmp     ebx, 200
        jb      1b
2:      add     ebx, ecx
END
        ret
