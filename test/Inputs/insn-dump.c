/* Prints what insn_save has saved: one line a register, with integer instructions
   and one system call only, so that little must work before tests do. */
struct State {
  unsigned long gpr[16], flags;
  unsigned int mxcsr, pad;
  unsigned char xmm[16][16];
};

extern struct State state;
extern unsigned char scratch[256];

static char buffer[4096];
static unsigned used;

static void put(const char *text) {
  while (*text)
    buffer[used++] = *text++;
}

static void hex(unsigned long value, int digits) {
  while (digits--)
    buffer[used++] = "0123456789abcdef"[value >> (4 * digits) & 15];
}

static void line(const char *name, unsigned long value, int digits) {
  put(name);
  put(" ");
  hex(value, digits);
  put("\n");
}

static void write_all(void) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(1L), "D"(1L), "S"(buffer), "d"((unsigned long)used) : "rcx", "r11", "memory");
  used = 0;
}

void insn_dump(const char *name, unsigned mask) {
  static const char *const names[16] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                        "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
  put("== ");
  put(name);
  put("\n");
  for (int i = 0; i < 16; i++)
    if (i != 4) /* natively and under dbt-run stacks lie elsewhere */
      line(names[i], state.gpr[i], 16);
  line("flags", state.flags & mask, 3);
  line("mxcsr", state.mxcsr, 4);
  for (int i = 0; i < 16; i++) {
    put("xmm");
    hex(i, 1);
    put(" ");
    for (int j = 15; j >= 0; j--)
      hex(state.xmm[i][j], 2);
    put("\n");
  }
  for (int i = 0; i < 256; i += 32) {
    put("mem");
    hex(i, 2);
    put(" ");
    for (int j = 0; j < 32; j++)
      hex(scratch[i + j], 2);
    put("\n");
  }
  write_all();
}
