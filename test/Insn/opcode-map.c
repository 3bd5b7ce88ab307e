// Every opcode of the one-byte, 0F, 0F 38 and 0F 3A maps, with the usual prefixes and all kinds of
// ModRM bytes: which signal it raises where, or how long it is and what it leaves in
// the registers.
//
// usage: opcode-map some|all|few [OPCODE]: `some` takes each reg field with an operand in
// memory and in a register, `all` every ModRM byte, `few` only three prefixes, and each
// reg field only where it chooses the instruction. Prints a
// line for each prefix and opcode with a number that depends on what all its instances
// did; with OPCODE, e.g. 0fae, a line for each instance.
//
// Addresses of 32 bits hit ASan's shadow memory.
// UNSUPPORTED: asan
// RUN: %cc -O1 -static-pie -fno-stack-protector %s -o %t
// RUN: %check-tiers --tiers=interp --expect=0 --normalize="^dbt-run: error: unimplemented .*\n" %t some
// RUN: %check-tiers --tiers=jit --expect=0 --normalize="^dbt-run: error: unimplemented .*\n" %t few
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

// An instance is followed by INT3s, which are also its displacement and immediates:
// where it traps tells its length. What lies at that displacement from the slots and
// from the data is mapped, too.
enum { SlotSize = 128, SlotStart = 64, Int3 = 0xcc, MaxModrm = 256, Opcodes = 1024 };
static const uint64_t Slots = 0x60000000, SlotsSize = (uint64_t)Opcodes * MaxModrm * SlotSize;
static const uint64_t Displacement = 0x33333334;
static const uint64_t Data = 0x50000000, DataSize = 0x3000;
/// What the stack holds: an address of INT3s, with neither TF nor NT nor AC in it.
static const uint64_t Landing = 0x200004c5;
static uint64_t fsBase;
static int hasSse4a;

struct Outcome {
  int signal, code;
  uint64_t address, rip, flags, gpr[16];
};
static struct Outcome outcome;
/// The driver's registers (runSlot).
uint64_t driverStack;
uint64_t start[16];

static void onSignal(int number, siginfo_t *info, void *context) {
  // The instance may have changed FS.
  long ignored;
  __asm__ volatile("syscall" : "=a"(ignored) : "0"(SYS_arch_prctl), "D"(ARCH_SET_FS), "S"(fsBase) : "rcx", "r11", "memory");
  static const int Order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  const greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
  outcome.signal = number;
  outcome.code = info->si_code;
  outcome.address = (uint64_t)info->si_addr;
  outcome.rip = (uint64_t)regs[REG_RIP];
  outcome.flags = (uint64_t)regs[REG_EFL];
  for (int i = 0; i < 16; ++i)
    outcome.gpr[i] = (uint64_t)regs[Order[i]];
  __asm__ volatile("cld; mov driverStack(%rip), %rsp; jmp slotDone");
}

/// Jumps to \p slot with the registers `start`; onSignal() comes back.
void runSlot(uint64_t slot);
__asm__(".text\n"
        "runSlot:\n"
        "  push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
        "  mov %rsp, driverStack(%rip)\n"
        "  mov %rdi, slotTarget(%rip)\n"
        "  fninit\n"
        "  xorps %xmm0, %xmm0; xorps %xmm1, %xmm1; xorps %xmm2, %xmm2; xorps %xmm3, %xmm3; xorps %xmm4, %xmm4; xorps %xmm5, %xmm5; xorps %xmm6, %xmm6; xorps %xmm7, %xmm7\n"
        "  xorps %xmm8, %xmm8; xorps %xmm9, %xmm9; xorps %xmm10, %xmm10; xorps %xmm11, %xmm11; xorps %xmm12, %xmm12; xorps %xmm13, %xmm13; xorps %xmm14, %xmm14; xorps %xmm15, %xmm15\n"
        "  movl $0x1f80, -16(%rsp); ldmxcsr -16(%rsp)\n"
        "  pushq $0x202; popfq\n"
        "  lea start(%rip), %rax\n"
        "  mov 8(%rax), %rcx; mov 16(%rax), %rdx; mov 24(%rax), %rbx; mov 32(%rax), %rsp; mov 40(%rax), %rbp\n"
        "  mov 48(%rax), %rsi; mov 56(%rax), %rdi; mov 64(%rax), %r8; mov 72(%rax), %r9; mov 80(%rax), %r10\n"
        "  mov 88(%rax), %r11; mov 96(%rax), %r12; mov 104(%rax), %r13; mov 112(%rax), %r14; mov 120(%rax), %r15\n"
        "  mov (%rax), %rax\n"
        "  jmp *slotTarget(%rip)\n"
        "slotDone:\n"
        "  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
        "  ret\n"
        ".local slotTarget; .comm slotTarget, 8\n");

static void *map(uint64_t at, uint64_t size, int protection) {
  void *p = mmap((void *)(at & ~(uint64_t)0xfff), ((at + size + 0xfff) & ~(uint64_t)0xfff) - (at & ~(uint64_t)0xfff),
                 protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (p == MAP_FAILED) {
    perror("mmap");
    exit(1);
  }
  return p;
}

/// Opcodes are numbered map by map: 38 for 0x138, d8 for 0x2d8, 0f 38 d8.
static unsigned putOpcode(uint8_t *at, unsigned opcode) {
  static const uint8_t Maps[] = {0, 0, 0x38, 0x3a};
  unsigned n = 0;
  if (opcode > 0xff)
    at[n++] = 0x0f;
  if (opcode > 0x1ff)
    at[n++] = Maps[opcode >> 8];
  at[n++] = opcode & 0xff;
  return n;
}

static void printOpcode(const uint8_t *prefixes, unsigned opcode) {
  uint8_t bytes[3];
  for (int i = 0; prefixes[i]; ++i)
    printf("%02x ", prefixes[i]);
  const unsigned n = putOpcode(bytes, opcode);
  for (unsigned i = 0; i < n; ++i)
    printf("%02x", bytes[i]);
}

static int hasModrm(unsigned opcode) {
  unsigned op = opcode & 0xff;
  if (opcode > 0x1ff)
    return 1;
  if (opcode < 0x100) {
    if (op < 0x40)
      return (op & 7) < 4;
    return op == 0x63 || op == 0x69 || op == 0x6b || (op & 0xf0) == 0x80 || op == 0xc0 || op == 0xc1 || op == 0xc6 ||
           op == 0xc7 || (op >= 0xd0 && op <= 0xd3) || op >= 0xfe || (op & 0xf8) == 0xd8 || (op & 0xfe) == 0xf6;
  }
  return !((op >= 0x05 && op <= 0x0c) || op == 0x0e || (op >= 0x30 && op <= 0x37) || op == 0x77 || (op & 0xf0) == 0x80 ||
           (op >= 0xa0 && op <= 0xa2) || (op >= 0xa8 && op <= 0xaa) || (op & 0xf8) == 0xc8);
}

static const uint8_t Prefixes[][4] = {{0}, {0x66}, {0xf3}, {0xf2}, {0x48}, {0x66, 0x48}, {0xf0}, {0x65}, {0x67}, {0x66, 0xf3}, {0xf3, 0x48}};
enum { NumPrefixes = sizeof Prefixes / sizeof *Prefixes, FewPrefixes = 3 };

/// What programs may see differently on each processor, or dbt does not have: its CPUID
/// says so.
static int excluded(const uint8_t *prefixes, unsigned opcode, unsigned modrm) {
  int f3 = 0, f2 = 0, size = 0;
  for (int i = 0; i < 4; ++i) {
    f3 |= prefixes[i] == 0xf3;
    f2 |= prefixes[i] == 0xf2;
    size |= prefixes[i] == 0x66;
  }
  const unsigned reg = modrm >> 3 & 7, isRegister = modrm >= 0xc0;
  switch (opcode) {
  case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3: case 0x0f: // prefixes of the INT3s
  case 0x40: case 0x41: case 0x42: case 0x43: case 0x44: case 0x45: case 0x46: case 0x47:
  case 0x48: case 0x49: case 0x4a: case 0x4b: case 0x4c: case 0x4d: case 0x4e: case 0x4f:
  case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
  case 0x62: case 0xc4: case 0xc5: // EVEX, VEX
  case 0xf1:                       // INT1: virtual machines report a fault
    return 1;
  case 0xd9: // not documented, and nothing that dbt does
    return (modrm & 0xf8) == 0xd8;
  case 0xc6: case 0xc7: // XABORT, XBEGIN
    return modrm == 0xf8;
  case 0x101:
    return isRegister || reg < 2 || reg == 4; // VMX, SGX, MONITORX, PKU, ...; SGDT, SIDT, SMSW
  case 0x100: // SLDT, STR; LOCK and VERW, which some of AMD's microcode lets pass
    return reg < 2 || (reg == 5 && prefixes[0] == 0xf0);
  case 0x131: case 0x1a2: // RDTSC, CPUID
  case 0x134: case 0x135: // SYSENTER, SYSEXIT
  case 0x137:             // GETSEC
  case 0x10e: case 0x10f: // 3DNow!
  case 0x138: case 0x13a: // longer maps
    return 1;
  case 0x1c7: // RDRAND, RDSEED, RDPID, UINTR, XSAVES
    return isRegister || reg == 3 || reg == 5;
  case 0x1ae: // RDFSBASE and the like read what differs; WAITPKG, CET
    return isRegister ? f3 || f2 || size : reg > 3 && (f3 || f2 || size);
  case 0x10d: // PREFETCH of a register: processors differ
    return isRegister;
  case 0x178: case 0x179: // EXTRQ and INSERTQ
    return (f2 || size) && !hasSse4a;
  case 0x12b: // MOVNTSD and MOVNTSS
    return (f2 || f3) && !hasSse4a;
  case 0x1a6: case 0x1a7: // PadLock
  case 0x280: case 0x281: case 0x282: // INVEPT, INVVPID, INVPCID
  case 0x2d8: // Key Locker
  case 0x2f5: case 0x2f8: case 0x2f9: case 0x2fa: case 0x2fb: case 0x2fc: // CET, MOVDIRI, ENQCMD, ...
    return 1;
  case 0x2dc: case 0x2dd: case 0x2de: case 0x2df:
    return f3; // Key Locker
  case 0x2f6:
    return !f3 && !size; // CET's WRSS
  case 0x2f0: case 0x2f1:
    return f2 && f3;
  default:
    return 0;
  }
}

static uint64_t hash(uint64_t h, uint64_t v) {
  h = (h ^ v) * 0x9e3779b97f4a7c15;
  return h ^ h >> 29;
}

/// Whether ModRM's reg field is a part of the opcode.
static int isGroup(unsigned opcode) {
  switch (opcode & 0xff) {
  case 0x00: case 0x01: case 0x0d: case 0x20: case 0x21: case 0x22: case 0x23: case 0x71: case 0x72: case 0x73: case 0xae: case 0xba:
    return opcode >> 8 == 1;
  case 0x80: case 0x81: case 0x83: case 0x8c: case 0x8e: case 0x8f: case 0xc0: case 0xc1: case 0xc6: case 0xd0: case 0xd1: case 0xd2:
  case 0xd3: case 0xd8: case 0xd9: case 0xda: case 0xdb: case 0xdc: case 0xdd: case 0xde: case 0xdf: case 0xf6: case 0xf7: case 0xfe:
  case 0xff:
    return opcode < 0x100;
  case 0xc7:
    return opcode < 0x200;
  default:
    return (opcode & 0x3f8) == 0x118;
  }
}

static int taken(const char *mode, unsigned opcode, unsigned modrm) {
  if (!hasModrm(opcode))
    return modrm == 0;
  if (mode[0] == 'a')
    return 1;
  if (mode[0] == 'f' && !isGroup(opcode))
    return modrm == 0x0f || modrm == 0xca;
  return (modrm & 0xc7) == 0x07 || (modrm & 0xc7) == 0xc2 || (mode[0] == 's' && modrm >= 0xc0 && opcode >= 0xd8 && opcode < 0xe0);
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "some";
  unsigned only = 0;
  if (argc > 2)
    only = strtoul(argv[2], 0, 16);
  if (only > 0xffff)
    only = (only & 0xff) + ((only >> 8 & 0xff) == 0x38 ? 0x200 : 0x300);
  else if (only > 0xff)
    only = (only & 0xff) + 0x100;
  uint8_t *slots = map(Slots, SlotsSize, PROT_READ | PROT_WRITE);
  memset(map(Slots - Displacement, SlotsSize, PROT_READ | PROT_WRITE), Int3, SlotsSize);
  mprotect((void *)((Slots - Displacement) & ~(uint64_t)0xfff), SlotsSize, PROT_READ | PROT_EXEC);
  memset(map(Landing, 1, PROT_READ | PROT_WRITE), Int3, 0x1000);
  mprotect((void *)(Landing & ~(uint64_t)0xfff), 0x1000, PROT_READ | PROT_EXEC);
  uint8_t *data = map(Data, DataSize, PROT_READ | PROT_WRITE);
  map(Data - Displacement, DataSize, PROT_READ | PROT_WRITE);
  // RCX is a small number: a count.
  for (unsigned i = 0; i < 16; ++i)
    start[i] = i == 1 ? 3 : Data + 0x400 + 0x80 * i;
  start[3] += 1;            // RBX is not aligned
  start[4] = Data + 0x1800; // RSP
  start[14] = ~(uint64_t)0;
  syscall(SYS_arch_prctl, ARCH_GET_FS, &fsBase);
  hasSse4a = __builtin_cpu_supports("sse4a") != 0;
  syscall(SYS_arch_prctl, ARCH_SET_GS, 0x20);
  stack_t stack = {.ss_size = 1 << 16, .ss_sp = malloc(1 << 16)};
  sigaltstack(&stack, 0);
  struct sigaction action = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; ++i)
    sigaction(signals[i], &action, 0);

  for (unsigned p = 0; p < (mode[0] == 'f' ? FewPrefixes : NumPrefixes); ++p) {
    const uint8_t *prefixes = Prefixes[p];
    mprotect(slots, SlotsSize, PROT_READ | PROT_WRITE);
    memset(slots, Int3, SlotsSize);
    for (unsigned opcode = 0; opcode < Opcodes; ++opcode)
      for (unsigned modrm = 0; modrm < MaxModrm; ++modrm) {
        if ((only && opcode != only) || !taken(mode, opcode, modrm))
          continue;
        uint8_t *at = slots + (uint64_t)(opcode * MaxModrm + modrm) * SlotSize + SlotStart;
        for (int i = 0; prefixes[i]; ++i)
          *at++ = prefixes[i];
        at += putOpcode(at, opcode);
        if (hasModrm(opcode))
          *at++ = (uint8_t)modrm;
      }
    mprotect(slots, SlotsSize, PROT_READ | PROT_EXEC);
    for (unsigned opcode = 0; opcode < Opcodes; ++opcode) {
      uint64_t all = 0;
      unsigned count = 0;
      for (unsigned modrm = 0; modrm < MaxModrm; ++modrm) {
        if ((only && opcode != only) || !taken(mode, opcode, modrm) || excluded(prefixes, opcode, modrm))
          continue;
        for (uint64_t i = 0; i < DataSize; i += 8)
          *(uint64_t *)(data + i) = Landing;
        const uint64_t slot = Slots + (uint64_t)(opcode * MaxModrm + modrm) * SlotSize + SlotStart;
        runSlot(slot);
        uint64_t h = hash(hash(0, (uint64_t)outcome.signal), (uint64_t)outcome.code);
        h = hash(hash(h, outcome.address), outcome.rip);
        uint64_t registers = outcome.flags & 0x400;
        for (int i = 0; i < 16; ++i)
          registers = hash(registers, outcome.gpr[i]);
        all = hash(hash(all, h), registers);
        ++count;
        if (!only)
          continue;
        printOpcode(prefixes, opcode);
        printf(" %02x: signal %d code %d address %lx rip %+ld registers %08x", modrm, outcome.signal, outcome.code, outcome.address,
               (long)(outcome.rip - slot), (unsigned)(registers >> 32));
        for (int i = 0; i < 16; ++i)
          if (outcome.gpr[i] != start[i])
            printf(" %d:%lx", i, outcome.gpr[i]);
        printf("\n");
      }
      if (only || !count)
        continue;
      printOpcode(prefixes, opcode);
      printf(": %u, %016lx\n", count, all);
    }
  }
  return 0;
}
