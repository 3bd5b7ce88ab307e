// Where instructions fault, what the signal says of it, and what they leave in the
// registers: addresses that are not canonical, stacks, string instructions half-way.
// Its pages lie at addresses of ASan's shadow memory.
// UNSUPPORTED: asan
// RUN: %cc -O1 -static -no-pie -fno-stack-protector %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,heat,opt --expect=0 %t
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

// Registers at the start of each case:
//   RAX  an address that is not canonical     RBX  one that is not mapped
//   RCX  0x30                                 RDX  a page that is only read
//   RSI  0x20 below the end of mapped memory  RDI  0x10 below it
//   R8   0x20 above its start                 R9   0x10 above it
//   R10  an aligned place in the middle       RSP  another      RBP  one that is not aligned
#define CASES(X)                                                                                                       \
  X(load_noncanonical, "mov (%rax), %ecx")                                                                             \
  X(store_noncanonical, "mov %ecx, 8(%rax)")                                                                           \
  X(load_wraps, "mov -8(%rax), %ecx")                                                                                  \
  X(stack_noncanonical, "mov %rax, %rsp; push %rcx")                                                                   \
  X(stack_pop_noncanonical, "mov %rax, %rsp; pop %rcx")                                                                \
  X(stack_relative_noncanonical, "mov %rax, %rbp; mov 8(%rbp), %ecx")                                                  \
  X(stack_call_noncanonical, "mov %rax, %rsp; call 1f; 1: nop")                                                        \
  X(stack_ret_noncanonical, "mov %rax, %rsp; ret")                                                                     \
  X(jump_noncanonical, "jmp *%rax")                                                                                    \
  X(jump_noncanonical_tag, "lea 1(%rax), %rax; jmp *%rax")                                                             \
  X(ret_noncanonical, "push %rax; ret")                                                                                \
  X(jump_unmapped, "jmp *%rbx")                                                                                        \
  X(call_unmapped, "call *%rbx")                                                                                       \
  X(jump_no_exec, "jmp *%r10")                                                                                         \
  X(load_unmapped, "mov 5(%rbx), %al")                                                                                 \
  X(load_across_end, "mov 0x1c(%rsi), %rax")                                                                           \
  X(store_across_end, "mov %rax, 0x1c(%rsi)")                                                                          \
  X(store_read_only, "movl $5, 16(%rdx)")                                                                              \
  X(lock_read_only, "lock incl (%rdx)")                                                                                \
  X(cmpxchg_read_only, "cmpxchg %ecx, (%rdx)")                                                                         \
  X(xadd_read_only, "xadd %ecx, (%rdx)")                                                                               \
  X(xchg_read_only, "xchg %rcx, (%rdx)")                                                                               \
  X(cmp_read_only, "cmpl $0, (%rdx)")                                                                                  \
  X(adc_read_only, "stc; adcl $0, (%rdx)")                                                                             \
  X(rol_read_only, "roll $3, (%rdx)")                                                                                  \
  X(bts_read_only, "btsl %ecx, (%rdx)")                                                                                \
  X(setcc_read_only, "sete (%rdx)")                                                                                    \
  X(movaps_unaligned, "movaps (%rbp), %xmm0")                                                                          \
  X(movaps_noncanonical, "movaps (%rax), %xmm0")                                                                       \
  X(addps_unaligned, "addps (%rbp), %xmm0")                                                                            \
  X(cmpxchg16b_unaligned, "lock cmpxchg16b (%rbp)")                                                                    \
  X(cmpxchg16b_read_only, "mov %rdx, %rdi; cmpxchg16b (%rdi)")                                                         \
  X(cmpxchg8b_read_only, "mov %rdx, %rdi; lock cmpxchg8b (%rdi)")                                                      \
  X(maskmovq_at_end, "lea 8(%rdi), %rdi; pcmpeqb %mm0, %mm0; maskmovq %mm0, %mm0; emms; mov (%rdi), %rax")             \
  X(maskmovq_across_end, "lea 12(%rdi), %rdi; pcmpeqb %mm0, %mm0; maskmovq %mm0, %mm0; emms")                          \
  X(fxsave_unaligned, "fxsave (%rbp)")                                                                                 \
  X(pop_to_unmapped, "pop (%rbx)")                                                                                     \
  X(push_from_unmapped, "push (%rbx)")                                                                                 \
  X(pop_to_stack, "pop 8(%rsp)")                                                                                       \
  X(enter_levels, "lea 0x10(%r9), %rsp; mov %r10, %rbp; enter $8, $31")                                                \
  X(enter_good, "mov %r10, %rbp; enter $24, $4; mov %rsp, %rax; mov -8(%rbp), %rbx")                                   \
  X(enter_top_unmapped, "lea 0x10(%r9), %rsp; mov %r10, %rbp; enter $0x100, $0")                                       \
  X(enter_top_read_only, "lea 0x1008(%rdx), %rsp; enter $0x800, $0")                                                   \
  X(leave_unmapped, "mov %rbx, %rbp; leave")                                                                           \
  X(pusha_at_start, "mov %r9, %rsp; push %rax; push %rax; push %rax")                                                  \
  X(rep_movsb, "rep movsb")                                                                                            \
  X(rep_movsq, "rep movsq")                                                                                            \
  X(rep_movsl_down, "mov %r8, %rsi; mov %r9, %rdi; std; rep movsl")                                                    \
  X(rep_movsb_overlap, "lea -0x400(%rsi), %rsi; lea 3(%rsi), %rdi; rep movsb; mov -1(%rdi), %rax")                     \
  X(rep_movsb_overlap_down, "lea -0x400(%rsi), %rsi; lea 3(%rsi), %rdi; std; rep movsb; mov 1(%rdi), %rax")            \
  X(rep_movsw_source_ends, "mov %r10, %rdi; rep movsw")                                                                \
  X(rep_stosb, "rep stosb")                                                                                            \
  X(rep_stosq, "rep stosq")                                                                                            \
  X(rep_stosl_down, "mov %r8, %rdi; std; rep stosl")                                                                   \
  X(rep_stos_read_only, "mov %rdx, %rdi; rep stosb")                                                                   \
  X(rep_lodsq, "rep lodsq")                                                                                            \
  X(repe_cmpsb, "repe cmpsb")                                                                                          \
  X(repe_cmpsq_down, "mov %r8, %rsi; mov %r9, %rdi; std; repe cmpsq")                                                  \
  X(repne_scasb, "mov $0x77, %al; repne scasb")                                                                        \
  X(repne_scasl_down, "mov %r9, %rdi; mov $0x77, %al; std; repne scasl")                                               \
  X(rep_movs_none, "xor %ecx, %ecx; mov %rbx, %rsi; rep movsb")                                                        \
  X(rep_movs_noncanonical, "mov %rax, %rsi; rep movsb")                                                                \
  X(xlat_unmapped, "xlatb")                                                                                            \
  X(div_by_zero, "xor %edx, %edx; xor %ecx, %ecx; div %ecx")                                                           \
  X(div_too_large, "mov $1, %ecx; div %rcx")                                                                           \
  X(div_memory, "xor %edx, %edx; divl (%rbx)")                                                                         \
  X(int3_is_a_trap, "nop; int3")                                                                                       \
  X(int_3, ".byte 0xcd, 3")                                                                                            \
  X(int_4, ".byte 0xcd, 4")                                                                                            \
  X(int_5, ".byte 0xcd, 5")                                                                                            \
  X(into, ".byte 0xce")                                                                                                \
  X(icebp_prefixed, ".byte 0x66, 0xcc")                                                                                \
  X(ud0, ".byte 0x0f, 0xff, 0xc0")                                                                                     \
  X(ud1, ".byte 0x0f, 0xb9, 0xc0")                                                                                     \
  X(ud2, "ud2")                                                                                                        \
  X(hlt, "hlt")                                                                                                        \
  X(in, "in $4, %al")                                                                                                  \
  X(rep_outs, "rep outsb")                                                                                             \
  X(cli, "cli")                                                                                                        \
  X(rdmsr, "rdmsr")                                                                                                    \
  X(mov_cr0, "mov %cr0, %rax")                                                                                         \
  X(lock_bad, ".byte 0xf0, 0x89, 0xc8")                                                                                \
  X(fifteen_bytes, ".byte 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x89, 0xc8")

#define ASM(name, text) __asm__(".text\n.globl case_" #name "\ncase_" #name ":\n" text "\nint3\n");
CASES(ASM)
#define DECLARE(name, text) extern const char case_##name[];
CASES(DECLARE)

struct Case {
  const char *name, *code;
};
#define ENTRY(name, text) {#name, case_##name},
static const struct Case Cases[] = {CASES(ENTRY)};

static const uint64_t Mapped = 0x500000000, Size = 0x2000, ReadOnly = 0x600000000;
uint64_t driverStack, start[16], target;
static volatile int signalNumber, signalCode;
static volatile uint64_t faultAddress, trapNumber, errorCode, rip, gpr[16];

static void onSignal(int number, siginfo_t *info, void *context) {
  static const int Order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  const greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
  signalNumber = number;
  signalCode = info->si_code;
  faultAddress = (uint64_t)info->si_addr;
  trapNumber = (uint64_t)regs[REG_TRAPNO];
  errorCode = (uint64_t)regs[REG_ERR];
  rip = (uint64_t)regs[REG_RIP];
  for (int i = 0; i < 16; ++i)
    gpr[i] = (uint64_t)regs[Order[i]];
  __asm__ volatile("cld; mov driverStack(%rip), %rsp; jmp caseDone");
}

void runCase(void);
__asm__(".text\n"
        "runCase:\n"
        "  push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
        "  mov %rsp, driverStack(%rip)\n"
        "  lea start(%rip), %rax\n"
        "  mov 8(%rax), %rcx; mov 16(%rax), %rdx; mov 24(%rax), %rbx; mov 32(%rax), %rsp; mov 40(%rax), %rbp\n"
        "  mov 48(%rax), %rsi; mov 56(%rax), %rdi; mov 64(%rax), %r8; mov 72(%rax), %r9; mov 80(%rax), %r10\n"
        "  xor %r11d, %r11d; xor %r12d, %r12d; xor %r13d, %r13d; xor %r14d, %r14d; xor %r15d, %r15d\n"
        "  mov (%rax), %rax\n"
        "  jmp *target(%rip)\n"
        "caseDone:\n"
        "  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
        "  ret\n");

int main(void) {
  uint8_t *data = mmap((void *)Mapped, Size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  uint8_t *fixed = mmap((void *)ReadOnly, 0x1000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (data == MAP_FAILED || fixed == MAP_FAILED)
    return 1;
  setvbuf(stdout, 0, _IOLBF, 1 << 12);
  // So that it is there, which the error code tells. The value must be used: while nobody
  // handles faults, compiled code leaves out a load that does nothing else.
  if (*(volatile uint8_t *)fixed != 0)
    return 1;
  const uint64_t end = Mapped + Size;
  const uint64_t initial[16] = {0x8000000000000000, 0x30, ReadOnly, 0x700000000, Mapped + 0x1000, Mapped + 0x808, end - 0x20, end - 0x10,
                                Mapped + 0x20, Mapped + 0x10, Mapped + 0x1400};
  memcpy(start, initial, sizeof start);
  stack_t stack = {.ss_size = 1 << 16, .ss_sp = malloc(1 << 16)};
  sigaltstack(&stack, 0);
  struct sigaction action = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; ++i)
    sigaction(signals[i], &action, 0);
  for (unsigned c = 0; c < sizeof Cases / sizeof *Cases; ++c) {
    for (unsigned i = 0; i < Size; ++i)
      data[i] = (uint8_t)(i >= Size - 0x40 || i < 0x40 ? 9 : i * 7 >> 3);
    target = (uint64_t)Cases[c].code;
    runCase();
    uint64_t sum = 0;
    for (unsigned i = 0; i < Size; ++i)
      sum = sum * 31 + data[i];
    const int64_t at = (int64_t)(rip - target);
    if (strstr(Cases[c].name, "_noncanonical") && (Cases[c].name[0] == 'j' || Cases[c].name[0] == 'r')) {
      // Some processors raise #GP at the jump, others behind it.
      printf("%s: signal %d code %d address %lx trap %lu error %lx\n", Cases[c].name, signalNumber, signalCode, faultAddress,
             trapNumber, errorCode);
      continue;
    }
    printf("%s: signal %d code %d", Cases[c].name, signalNumber, signalCode);
    if (faultAddress == rip)
      printf(" at rip");
    else
      printf(" address %lx", faultAddress);
    printf(" trap %lu error %lx", trapNumber, errorCode);
    if (at >= 0 && at < 64)
      printf(" rip +%ld", at);
    else
      printf(" rip %lx", rip);
    printf(" memory %016lx", sum);
    for (int i = 0; i < 16; ++i)
      if (gpr[i] != start[i])
        printf(" %d:%lx", i, gpr[i]);
    printf("\n");
  }
  return 0;
}
