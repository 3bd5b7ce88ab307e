//===- System.cpp - Identification, fences, segments, privileges ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.13 to 7.3.17, and what belongs to the system: privileged
// instructions raise #GP as they do for any user program.

#include "Semantics/Family.h"
#include "Semantics/Helpers.h"

using namespace dbt;

namespace {

constexpr auto nothing = [](auto &m) {};
constexpr auto fence = [](auto &m) { m.fence(); };
template <Trap T> constexpr auto raise = [](auto &m) { m.trap(T); };

/// RDFSBASE and the like.
template <Reg Segment> constexpr auto readBase = [](auto &m, auto w) {
  m.write(w, 0, m.trunc(w, m.segmentBase(Segment)));
};
template <Reg Segment> constexpr auto writeBase = [](auto &m, auto w) {
  auto base = m.zext(w64, m.read(w, 0));
  if constexpr (w.value == 64) {
    auto k = [&](uint64_t v) { return m.constant(w64, v); };
    auto upper = m.ashr(base, k(47));
    m.trapIf(m.not_(m.or_(m.eq(upper, k(0)), m.eq(upper, k(~uint64_t(0))))), Trap::GP);
  }
  m.setSegmentBase(Segment, base);
};

constexpr auto pushFlags = [](auto &m, auto w) {
  auto sp = m.sub(m.reg(w64, Reg::Rsp), m.constant(w64, w.value / 8));
  m.store(w, sp, m.trunc(w, m.rflagsWord()));
  m.setReg(w64, Reg::Rsp, sp);
};

/// CLFLUSH and its like write a line back: they fault as a read of it does.
constexpr auto flushLine = [](auto &m) {
  m.load(w8, m.address());
  m.fence();
};

/// EDX:EAX, twice \p w bits, is compared with memory, which becomes ECX:EBX if it is equal;
/// otherwise it becomes what memory is.
constexpr auto exchangePair = [](auto &m, auto w) {
  constexpr Bits<2 * decltype(w)::value> ww;
  auto pair = [&](Reg high, Reg low) {
    return m.or_(m.shl(m.zext(ww, m.reg(w, high)), m.constant(ww, w.value)), m.zext(ww, m.reg(w, low)));
  };
  auto seen = m.compareExchange(ww, 0, pair(Reg::Rdx, Reg::Rax), pair(Reg::Rcx, Reg::Rbx));
  auto differs = m.not_(seen.equal);
  m.setRegIf(differs, w, Reg::Rax, m.trunc(w, seen.before));
  m.setRegIf(differs, w, Reg::Rdx, m.trunc(w, m.lshr(seen.before, m.constant(ww, w.value))));
  m.setFlagBits(flag::ZF, m.shl(m.fromBool(w64, seen.equal), m.constant(w64, 6)));
};

// What Linux shows user code of the system registers where the processor keeps it from
// them (UMIP, arch/x86/kernel/umip.c), whatever this one does: the tables lie at
// addresses that tell nothing, CR0's lower half and the selectors are the usual ones.
constexpr uint64_t GdtBase = 0xfffffffffffe0000, IdtBase = 0xffffffffffff0000;
constexpr uint64_t MachineStatus = 0x80050033, TaskSelector = 0x40;
template <uint64_t Base> constexpr auto storeTable = [](auto &m) {
  auto at = m.address();
  m.store(w64, m.add(at, m.constant(w64, 2)), m.constant(w64, Base));
  m.store(w16, at, m.constant(w16, 0));
};
/// The kernel leaves the upper half of a 32-bit register alone, which a processor would clear.
template <uint64_t Value> constexpr auto storeWord = [](auto &m, auto w) {
  if constexpr (w.value == 32) {
    const Reg to = m.instruction().reg[0];
    auto upper = m.and_(m.reg(w64, to), m.constant(w64, ~uint64_t(0) << 32));
    m.setReg(w64, to, m.or_(upper, m.constant(w64, Value)));
  } else {
    m.write(w, 0, m.constant(w, Value));
  }
};

/// CR0, CR2 to CR4, CR8 and eight debug registers; there are no others.
constexpr FormFn controlRegister = [](const Insn &i) {
  const Reg r = i.reg[0] >= Reg::Cr0 ? i.reg[0] : i.reg[1];
  const unsigned n = number(r) - number(Reg::Cr0);
  return (r >= Reg::Dr0 && number(r) - number(Reg::Dr0) < 8) || (r >= Reg::Cr0 && (n == 0 || (n >= 2 && n <= 4) || n == 8));
};
constexpr FormFn noRegister = [](const Insn &i) { return i.reg[0] >= Reg::Cr0 || i.reg[1] >= Reg::Cr0; };
template <int N> constexpr FormFn vector = [](const Insn &i) { return (i.imm & 0xff) == N; };

/// The decoder gives it no operand.
constexpr FormFn ofRegister = [](const Insn &i) { return i.numOps == 0; };
constexpr MakersDiffer PrefetchDiffers = {"0F 0D with a register does nothing", "0F 0D with a register is undefined",
                                          "SDM Vol. 2, Table A-3 and NOP (reserved NOPs); APM Vol. 3, PREFETCHlevel; measured on family 19h"};

constexpr uint32_t LahfFlags = flag::SF | flag::ZF | flag::AF | flag::PF | flag::CF;

constexpr const char *AsksHost = "rare; asks the host's processor, which takes as long as the call";

} // namespace

#define DBT_RAISE(name, trap) fixed(name, Isa::System, raise<trap>)
#define DBT_NOTHING(name) fixed(name, Isa::Base, nothing)

DBT_FAMILY(System,
  helper<helpers::cpuid>("cpuid", Isa::Base, "looks the guest's processor up"),
  helper<helpers::rdtsc>("rdtsc", Isa::Tsc, AsksHost),
  helper<helpers::rdtscp>("rdtscp", Isa::Rdtscp, AsksHost),
  helper<helpers::rdpid>("rdpid", Isa::Rdpid, AsksHost),
  helper<helpers::rdrand>("rdrand", Isa::Rdrand, "takes hundreds of cycles by itself"),
  helper<helpers::rdseed>("rdseed", Isa::Rdseed, "takes hundreds of cycles by itself"),
  helper<helpers::xgetbv>("xgetbv", Isa::Osxsave, "looks the guest's processor up"),
  fixed("mfence", Isa::Sse2, fence),
  fixed("lfence", Isa::Sse2, fence),
  fixed("sfence", Isa::Sse, fence),
  fixed("clflush", Isa::Clflush, flushLine), fixed("clflushopt", Isa::Clflushopt, flushLine), fixed("clwb", Isa::Clwb, flushLine),
  DBT_NOTHING("prefetch").when(ofRegister).makers(PrefetchDiffers), DBT_NOTHING("prefetch"), DBT_NOTHING("prefetchw"), DBT_NOTHING("prefetchnta"), DBT_NOTHING("prefetcht0"),
  DBT_NOTHING("prefetcht1"), DBT_NOTHING("prefetcht2"), DBT_NOTHING("prefetchwt1"), DBT_NOTHING("endbr32"),

  // Flags.
  fixed("pushfq", Isa::Base, [](auto &m) { pushFlags(m, w64); }),
  fixed("pushf", Isa::Base, [](auto &m) { pushFlags(m, w16); }),
  helper<helpers::popf>("popfq", Isa::Base, "rare; writes flags that compiled code does not keep"),
  helper<helpers::popf>("popf", Isa::Base, "rare; writes flags that compiled code does not keep"),
  fixed("lahf", Isa::Lahf, [](auto &m) {
    auto word = m.or_(m.and_(m.statusWord(), m.constant(w64, LahfFlags)), m.constant(w64, 2));
    m.setReg(w8, Reg::Ah, m.trunc(w8, word));
  }),
  fixed("sahf", Isa::Lahf, [](auto &m) { m.setFlagBits(LahfFlags, m.zext(w64, m.reg(w8, Reg::Ah))); }),

  // Atomics wider than a register.
  fixed("cmpxchg8b", Isa::Cx8, [](auto &m) { exchangePair(m, w32); }),
  fixed("cmpxchg16b", Isa::Cx16, [](auto &m) {
    m.trapIf(m.ne(m.and_(m.address(), m.constant(w64, 15)), m.constant(w64, 0)), Trap::GP);
    exchangePair(m, w64);
  }),

  fixed("mov", Isa::System, raise<Trap::GP>).when(controlRegister),
  fixed("mov", Isa::System, raise<Trap::UD>).when(noRegister),
  gpr<32, 64>("rdfsbase", Isa::Fsgsbase, readBase<Reg::Fs>),
  gpr<32, 64>("rdgsbase", Isa::Fsgsbase, readBase<Reg::Gs>),
  gpr<32, 64>("wrfsbase", Isa::Fsgsbase, writeBase<Reg::Fs>),
  gpr<32, 64>("wrgsbase", Isa::Fsgsbase, writeBase<Reg::Gs>),
  helper<helpers::lar>("lar", Isa::Base, AsksHost), helper<helpers::lsl>("lsl", Isa::Base, AsksHost),
  helper<helpers::verr>("verr", Isa::Base, AsksHost), helper<helpers::verw>("verw", Isa::Base, AsksHost),
  fixed("sgdt", Isa::Base, storeTable<GdtBase>), fixed("sidt", Isa::Base, storeTable<IdtBase>),
  gpr<16, 32, 64>("smsw", Isa::Base, storeWord<MachineStatus>), gpr<16, 32, 64>("str", Isa::Base, storeWord<TaskSelector>),
  gpr<16, 32, 64>("sldt", Isa::Base, storeWord<0>),

  // Software interrupts. Linux lets user code raise vectors 3 and 4 itself, and
  // 0x80, the 32-bit system call, which dbt does not have.
  fixed("int", Isa::System, raise<Trap::BP>).when(vector<3>),
  fixed("int", Isa::System, raise<Trap::OF>).when(vector<4>),
  fixed("int", Isa::System, raise<Trap::Unimplemented>).when(vector<0x80>),
  DBT_RAISE("int", Trap::GP),
  DBT_RAISE("int1", Trap::DB),
  DBT_RAISE("into", Trap::UD), DBT_RAISE("ud0", Trap::UD), DBT_RAISE("ud1", Trap::UD),
  DBT_RAISE("sysenter", Trap::UD),

  // Privileged, or an I/O port.
  DBT_RAISE("cli", Trap::GP), DBT_RAISE("sti", Trap::GP), DBT_RAISE("in", Trap::GP), DBT_RAISE("out", Trap::GP),
  DBT_RAISE("ins", Trap::GP), DBT_RAISE("outs", Trap::GP), DBT_RAISE("clts", Trap::GP), DBT_RAISE("invd", Trap::GP),
  DBT_RAISE("wbinvd", Trap::GP), DBT_RAISE("invlpg", Trap::GP), DBT_RAISE("rdmsr", Trap::GP),
  DBT_RAISE("wrmsr", Trap::GP), DBT_RAISE("rdpmc", Trap::GP), DBT_RAISE("swapgs", Trap::GP),
  DBT_RAISE("sysret", Trap::GP), DBT_RAISE("sysexit", Trap::GP), DBT_RAISE("lgdt", Trap::GP),
  DBT_RAISE("lidt", Trap::GP), DBT_RAISE("lldt", Trap::GP), DBT_RAISE("ltr", Trap::GP), DBT_RAISE("lmsw", Trap::GP),
  fixed("xsetbv", Isa::Osxsave, raise<Trap::GP>),

  // Undefined where the processor or its operating system has not what they need: a
  // monitor for ring 3, virtual machines, SMAP, SGX, transactions, protection keys.
  DBT_RAISE("monitor", Trap::UD), DBT_RAISE("mwait", Trap::UD), DBT_RAISE("vmcall", Trap::UD),
  DBT_RAISE("vmlaunch", Trap::UD), DBT_RAISE("vmresume", Trap::UD), DBT_RAISE("vmxoff", Trap::UD),
  DBT_RAISE("vmxon", Trap::UD), DBT_RAISE("vmptrld", Trap::UD), DBT_RAISE("vmptrst", Trap::UD),
  DBT_RAISE("vmclear", Trap::UD), DBT_RAISE("vmread", Trap::UD), DBT_RAISE("vmwrite", Trap::UD),
  DBT_RAISE("vmfunc", Trap::UD), DBT_RAISE("vmmcall", Trap::UD), DBT_RAISE("vmrun", Trap::UD),
  DBT_RAISE("vmload", Trap::UD), DBT_RAISE("vmsave", Trap::UD), DBT_RAISE("stgi", Trap::UD),
  DBT_RAISE("clgi", Trap::UD), DBT_RAISE("skinit", Trap::UD), DBT_RAISE("invlpga", Trap::UD),
  DBT_RAISE("invept", Trap::UD), DBT_RAISE("invvpid", Trap::UD), DBT_RAISE("invpcid", Trap::UD),
  DBT_RAISE("clac", Trap::UD), DBT_RAISE("stac", Trap::UD), DBT_RAISE("encls", Trap::UD),
  DBT_RAISE("enclu", Trap::UD), DBT_RAISE("xbegin", Trap::UD), DBT_RAISE("xend", Trap::UD),
  DBT_RAISE("xabort", Trap::UD), DBT_RAISE("xtest", Trap::UD), DBT_RAISE("rdpkru", Trap::UD),
  DBT_RAISE("wrpkru", Trap::UD), DBT_RAISE("rsm", Trap::UD), DBT_RAISE("getsec", Trap::UD),
  DBT_RAISE("xsaves", Trap::UD), DBT_RAISE("xsaves64", Trap::UD), DBT_RAISE("xrstors", Trap::UD),
  DBT_RAISE("xrstors64", Trap::UD))
