//===- RegionBuilder.h - The IR function that a region becomes --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Shared by the Emit*.cpp files: where guest registers are, how a region ends, and
// what is known of the flags. Exits are only noted while blocks are emitted and
// filled in at the end, when it is known which registers the region changes.
// RegionState.cpp has guest state, RegionControl.cpp control.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_REGIONBUILDER_H
#define DBT_LIFT_REGIONBUILDER_H

#include "Guest/CpuState.h"
#include "Guest/ExitReason.h"
#include "Guest/RegionTable.h"
#include "Lift/DirtyState.h"
#include "Lift/InsnLines.h"
#include "Lift/RegionAbi.h"
#include "Lift/RegionLifter.h"

#include "llvm/IR/IRBuilder.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace dbt::lift {

/// What set the flags, where that is known.
struct FlagDef {
  bool known = false;
  FlagKind kind = FlagKind::Literal;
  unsigned bits = 64;
  llvm::Value *a = nullptr, *b = nullptr;
  llvm::Value *carry = nullptr; ///< of Adc and Sbb, if not constant
  /// UCOMISS's family, a and b being the float bits: what a comparison of the two
  /// says takes the place of flags.
  bool isFloat = false;
};

class RegionBuilder {
public:
  RegionBuilder(llvm::Module &module, const RegionRequest &request, LiftedRegion &lifted);

  /// Emits the whole region.
  void build();

  llvm::LLVMContext &context;
  llvm::Module &module;
  const RegionRequest &request;
  LiftedRegion &lifted;
  llvm::IRBuilder<> ir;
  const RegionAbi abi;
  llvm::Function *function = nullptr;

  //===--- The instruction at hand ---===//

  const Insn *insn = nullptr;
  const char *rowName = nullptr;
  bool terminated = false; ///< it has ended its block
  bool mayStore = false;   ///< it has emitted a store
  FlagDef flags;
  bool inMmx = false; ///< an MMX instruction of this block has set the x87 stack up
  bool x87InHost = false;  ///< CpuState::x87InHost is known to be set
  llvm::StoreInst *x87Ip = nullptr, *x87Opcode = nullptr, *x87Dp = nullptr; ///< the last stores of X87State's pointers

  //===--- Guest state ---===//

  llvm::Value *gpr(Reg r) { return ir.CreateLoad(ir.getInt64Ty(), gprPlace(number(r))); }
  void setGpr(Reg r, llvm::Value *v);
  /// Bits 0 to 127; writing them keeps those above.
  llvm::Value *xmm(unsigned n);
  void setXmm(unsigned n, llvm::Value *v);
  /// All 256 bits.
  llvm::Value *ymm(unsigned n);
  void setYmm(unsigned n, llvm::Value *v);
  /// Clears bits 128 to 255.
  void zeroUpper(unsigned n);
  /// Replaces all that the region knows of the register by what \p pass makes of it.
  void passVector(unsigned n, llvm::function_ref<llvm::Value *(llvm::Value *)> pass);
  void setThunk(llvm::Value *op, llvm::Value *a, llvm::Value *b);
  struct Thunk {
    llvm::Value *op, *a, *b;
  };
  Thunk thunk();
  /// A status flag where several definitions may meet.
  llvm::Value *joinedFlag(uint32_t which);
  /// What setThunk() said last is \p def, if \p c.
  void defineFlags(const FlagDef &def, llvm::Value *c = nullptr);
  llvm::Value *field(uint64_t offset);
  llvm::Value *loadField(llvm::Type *type, uint64_t offset);
  llvm::StoreInst *storeField(llvm::Value *v, uint64_t offset);
  /// The same where the store before is dead if nothing can have read it: \p last.
  void storeFieldOver(llvm::StoreInst *&last, llvm::Value *v, uint64_t offset);
  /// Marks an access as guest memory's.
  template <class T> T *guestAccess(T *access) {
    // In exact mode a load must stay between the stores of the state before it and
    // those of the state after it.
    if (request.multiThreaded || request.exact)
      access->setVolatile(true);
    markGuestAccess(access);
    return access;
  }
  /// The part of that which says that CpuState is not meant.
  void markGuestAccess(llvm::Instruction *access) { access->setMetadata(llvm::LLVMContext::MD_noalias, cpuScope); }
  /// A value that a select may not take: in exact mode, if it was loaded, the load happens
  /// all the same. LLVM makes a branch around it, or a masked load, even of a volatile one.
  llvm::Value *loadedForGood(llvm::Value *v);
  /// In exact mode: everything to CpuState, for an instruction that may fault here.
  void beforeFault();
  /// All registers into CpuState, and back.
  void writeAll();
  void reloadAll();

  //===--- Control ---===//

  /// The block to branch to for guest address \p pc: the region's own, by way of a
  /// safepoint if that is backwards, or an exit.
  llvm::BasicBlock *edge(uint64_t pc);
  llvm::BasicBlock *exitTo(uint64_t pc, uint64_t callee);
  /// An exit that returns to the dispatcher, which handles what is pending first.
  llvm::BasicBlock *exitBlockReturning(uint64_t pc);
  llvm::BasicBlock *newBlock(const llvm::Twine &name);
  /// Ends the current block with a guest RET to \p rip.
  void returnRip(llvm::Value *rip);
  /// Ends the current block with the dispatcher's help at \p pc.
  void leave(ExitReason exit, uint64_t pc, Trap trap = Trap::None);
  /// The instruction cannot be lifted: the interpreter does it.
  void refuse();
  /// A guest CALL as a host call, and on to its return address.
  void callRegion(llvm::Value *target);
  /// A jump to an address that is not constant.
  void jumpIndirect(llvm::Value *target);
  /// Ends the block by jumping to a region's entry.
  void tailCall(llvm::Value *code, llvm::Value *rip);
  /// The edge to \p pc leaves with what is known of the flags now.
  void noteFlagsFor(uint64_t pc);
  /// A region's entry for an address that is not constant: from the thread's table,
  /// or null.
  llvm::Value *probe(llvm::Value *target);
  llvm::Value *slotEntry(uint64_t pc);
  llvm::Value *slotNamed(const llvm::Twine &name);
  llvm::Value *loadSlot(llvm::Value *slot);
  void expect(llvm::Value *c, llvm::BasicBlock *rare, llvm::BasicBlock *usual);

private:
  /// The count of instructions (EmitCount.cpp) is kept as registers are.
  llvm::Value *countPlace();
  void makeCounter();
  void addToCount(int64_t n);
  void storeCount();
  void reloadCount();
  llvm::Value *orLimitReached(llvm::Value *c);
  /// Where a register is: an alloca or, with request.inMemory, CpuState.
  llvm::Value *gprPlace(unsigned n);
  llvm::Value *xmmPlace(unsigned n);
  llvm::Value *upperPlace(unsigned n);
  llvm::Value *upper(unsigned n);
  void findUppers();
  /// A vector register's bits as they come in: \p low, which is \p inCpuState, too, or
  /// not, and the others from CpuState.
  void takeVector(unsigned n, llvm::Value *low, bool inCpuState);
  llvm::Value *flagsPlace(unsigned word);
  void fillFlagPlaces();
  /// Whether the flags need not be in CpuState where guest code goes on at \p pc, in
  /// another region perhaps.
  bool flagsDeadAt(uint64_t pc) const;
  void forgetFlags();
  void makeAllocas();
  /// Values come in: \p inCpuState says whether they are there, too.
  void takeArguments(bool inCpuState, llvm::function_ref<llvm::Value *(unsigned)> value);
  void reloadMemoryState();
  /// Here CpuState is to have these registers (DirtyState).
  void sync(DirtyState::Mask which);
  void writeBack(DirtyState::Mask dirty);
  /// What it is to have where guest code goes on elsewhere.
  DirtyState::Mask syncedAtBoundaries() const;
  void storeRip(uint64_t pc);
  /// Where control may go from the end of \p block without leaving the region; with
  /// \p throughCalls also to the return address of a host call.
  std::vector<uint64_t> successors(const CfgBlock &block, bool throughCalls) const;
  void findLoops();
  /// Goes on at one of \p returns, if that is where \p rip, the address of a guest RET,
  /// leads; if not, what is emitted next decides.
  bool isGuestWritable(uint64_t pc) const;
  void returnInside(llvm::Value *rip, llvm::ArrayRef<uint64_t> returns);
  void callHost(llvm::Value *code, llvm::Value *rip, llvm::ArrayRef<uint64_t> returns);
  void emitCalleeExit(uint64_t callee);
  void branchIfKnown(llvm::Value *target);
  llvm::Value *hostStackPointer();
  void forgetThunkStores() { thunkStores.clear(); }
  void emitTransfer();
  void emitReturn();
  void emitEntry();
  void emitBlock(const CfgBlock &block);
  void emitInsn(const Insn &insn);
  void finishExits();
  static llvm::DebugLoc exitLocation(const llvm::BasicBlock &block);
  void erase(llvm::Instruction *dead);
  llvm::SmallVector<llvm::Value *, 32> arguments(llvm::Value *rip);

  struct Exit {
    llvm::BasicBlock *block;
    enum Kind : uint8_t { Jump, TailCall, Return, Leave, Tagged } kind;
    uint64_t pc;
    struct {
      llvm::Value *rip = nullptr, *code = nullptr;
    } value; ///< where not constant
    ExitReason reason;
    Trap trap;
    uint64_t callee = 0; ///< of Jump and TailCall: the called function (CfgBlock) that is left
  };
  std::vector<Exit> exits;
  std::map<uint64_t, llvm::BasicBlock *> blocks, safepoints;
  std::map<std::pair<uint64_t, uint64_t>, llvm::BasicBlock *> exitBlocks; ///< by callee and address
  /// The called functions that are part of the region, by entry: the return addresses of
  /// their calls.
  std::map<uint64_t, std::vector<uint64_t>> returnsOf;
  /// Where what leaves such a function other than by its return meets.
  std::map<uint64_t, llvm::BasicBlock *> calleeExits;
  /// The edges that close a loop on which nothing else looks at what is pending.
  std::set<std::pair<uint64_t, uint64_t>> loopEdges;
  /// Blocks with one predecessor inherit what it knows of the flags.
  std::map<uint64_t, std::pair<unsigned, FlagDef>> flagsAtEntry;
  llvm::AllocaInst *gprs[16], *xmms[16], *flagWords[3], *counter = nullptr;
  /// Every definition of the flags, and the places of those flags that joinedFlag() was
  /// asked for: when the region is complete each definition computes them.
  struct FlagPoint {
    llvm::Instruction *at; ///< the store of the thunk's last word
    FlagDef def;           ///< unknown: what the thunk says
    llvm::Value *condition;
  };
  std::vector<FlagPoint> flagPoints;
  std::map<uint32_t, llvm::AllocaInst *> flagPlaces;
  /// What the region does with bits 128 to 255 of each vector register.
  enum class Upper : uint8_t {
    Untouched, ///< they stay in CpuState
    Apart,     ///< some instruction clears them: they are a value of their own
    Wide,      ///< some instruction has 256 bits of it: the whole register is one value
  };
  Upper uppers[16] = {};
  llvm::AllocaInst *upperHalves[16]; ///< of those that are Apart
  llvm::Value *cpu = nullptr; ///< CpuState's address, with request.inMemory
  /// The places of the RIP that the region leaves with and of the code that it then jumps
  /// to, and the blocks where its jumps and its returns meet.
  llvm::AllocaInst *ripToReturn = nullptr, *codeToEnter = nullptr;
  llvm::BasicBlock *transferBlock = nullptr, *returnBlock = nullptr;
  /// The stores of the last thunk, while nothing can have seen them.
  llvm::SmallVector<llvm::StoreInst *, 3> thunkStores;
  /// Stores that nothing reads. They go at the end: until then emitInsn may
  /// hold one of them as the last instruction before its own.
  llvm::SmallVector<llvm::StoreInst *, 32> deadStores;
  DirtyState dirtyState;
  llvm::Value *tableIndex = nullptr; ///< the index with which the block's jump table is read
  /// In exact mode: the instruction that CpuState::rip names here, and whether all of the
  /// region's have the same upper 32 bits.
  uint64_t ripInState = 0;
  bool oneUpperRip = false;
  llvm::MDNode *cpuScope = nullptr;
  const CfgBlock *current = nullptr;
  std::optional<InsnLines> lines;

  friend class Emitter;
};

} // namespace dbt::lift

#endif
