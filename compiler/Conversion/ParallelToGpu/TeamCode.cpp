//===- TeamCode.cpp - Code of one task for a block of threads -------------===//
// Parallel loops over the threads, writes of one thread, barriers.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/ParallelToGpu/TeamCode.h"
#include "compiler/Conversion/ParallelToVector/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace seqc {
namespace {

//===----------------------------------------------------------------------===//
// What code does
//===----------------------------------------------------------------------===//

class CodeAnalysis {
public:
  explicit CodeAnalysis(gpu::GPUModuleOp kernels) : symbols(kernels) {
    for (auto kernel : kernels.getOps<gpu::GPUFuncOp>())
      team.insert(kernel);
    // What calls team code is team code.
    bool grows = true;
    while (grows) {
      grows = false;
      for (Operation &function : *kernels.getBody())
        grows |= isTeamCode(&function) && team.insert(&function);
    }
  }

  /// Kernels, and functions that the threads of a block call together.
  ArrayRef<Operation *> teamFunctions() const { return team.getArrayRef(); }

  /// Whether threads work together in `op`.
  bool isTeamCode(Operation *op) {
    auto result = op->walk([&](Operation *inner) {
      auto call = dyn_cast<func::CallOp>(inner);
      const bool isShared = isa<scf::ParallelOp>(inner) ||
                            (call && team.contains(calleeOf(call)));
      return isShared ? WalkResult::interrupt() : WalkResult::advance();
    });
    return result.wasInterrupted();
  }

  /// Whether `op` may write memory that it has not made itself.
  bool writes(Operation *op) {
    auto result = op->walk([&](Operation *inner) {
      return writesItself(inner) ? WalkResult::interrupt()
                                 : WalkResult::advance();
    });
    return result.wasInterrupted();
  }

private:
  Operation *calleeOf(func::CallOp call) {
    return symbols.lookup(call.getCallee());
  }
  bool writesItself(Operation *op);

  SymbolTable symbols;
  llvm::SetVector<Operation *> team;
};

} // namespace

/// Leaves out what is in the regions of `op`.
bool CodeAnalysis::writesItself(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op)) {
    auto callee = cast<func::FuncOp>(calleeOf(call));
    return callee.isDeclaration() || writes(callee);
  }
  if (auto effects = dyn_cast<MemoryEffectOpInterface>(op))
    return effects.hasEffect<MemoryEffects::Write>();
  const bool isTransparent =
      op->hasTrait<OpTrait::HasRecursiveMemoryEffects>() ||
      isa<func::FuncOp, func::ReturnOp, LLVM::AllocaOp>(op);
  return !isTransparent;
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

namespace {

class TeamFunction {
public:
  TeamFunction(FunctionOpInterface function, CodeAnalysis &analysis,
               int64_t threads)
      : function(function), b(function.getLoc(), function.getContext()),
        analysis(analysis), threads(threads) {}

  LogicalResult share();

private:
  void walkReductions();
  LogicalResult shareBlock(Block &block);
  LogicalResult shareOp(Operation *op);
  LogicalResult shareLoop(scf::ParallelOp loop);
  SmallVector<Value> placeOf(Value position, scf::ParallelOp loop,
                             ArrayRef<Value> sizes);
  Value sizeOf(scf::ParallelOp loop, unsigned dimension);
  void leaveToOneThread(Operation *op);
  void surroundWithBarriers(Operation *op);

  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }

  FunctionOpInterface function;
  ImplicitLocOpBuilder b;
  CodeAnalysis &analysis;
  int64_t threads;
  /// The thread's number in its block.
  Value thread;
};

} // namespace

LogicalResult TeamFunction::share() {
  walkReductions();
  Block &entry = function.getFunctionBody().front();
  b.setInsertionPointToStart(&entry);
  thread = gpu::ThreadIdOp::create(b, gpu::Dimension::x);
  return shareBlock(entry);
}

/// Makes sequential loops of outermost loops that reduce: each thread needs
/// the result, and computes it.
void TeamFunction::walkReductions() {
  SmallVector<scf::ParallelOp> left = outermostLoops(function);
  while (!left.empty()) {
    scf::ParallelOp loop = left.pop_back_val();
    if (loop.getNumReductions() == 0)
      continue;
    left.append(outermostLoops(loop));
    lowerToScalarLoops(loop);
  }
}

LogicalResult TeamFunction::shareBlock(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block))
    if (failed(shareOp(&op)))
      return failure();
  return success();
}

LogicalResult TeamFunction::shareOp(Operation *op) {
  if (auto loop = dyn_cast<scf::ParallelOp>(op))
    return shareLoop(loop);
  if (isa<memref::AllocaOp, LLVM::AllocaOp>(op))
    return op->emitError("memory of one thread in code of all");
  const bool isShared = analysis.isTeamCode(op);
  // All threads call it, and share inside.
  if (isShared && isa<func::CallOp>(op))
    return success();
  if (!isShared && !analysis.writes(op))
    return success();
  if (!isShared && op->getNumResults() == 0) {
    leaveToOneThread(op);
    return success();
  }
  if (op->getNumRegions() == 0)
    return op->emitError("writes memory, and has results that all threads "
                         "need");
  for (Region &region : op->getRegions())
    for (Block &block : region)
      if (failed(shareBlock(block)))
        return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Loops over the threads
//===----------------------------------------------------------------------===//

/// How many positions a dimension has.
Value TeamFunction::sizeOf(scf::ParallelOp loop, unsigned dimension) {
  Value begin = loop.getLowerBound()[dimension];
  Value distance =
      arith::SubIOp::create(b, loop.getUpperBound()[dimension], begin);
  Value size =
      arith::CeilDivSIOp::create(b, distance, loop.getStep()[dimension]);
  return arith::MaxSIOp::create(b, size, constant(0));
}

/// The indices of `loop` at `position`, counted row by row.
SmallVector<Value> TeamFunction::placeOf(Value position, scf::ParallelOp loop,
                                         ArrayRef<Value> sizes) {
  SmallVector<Value> place(sizes.size());
  for (unsigned dimension = sizes.size(); dimension-- > 0;) {
    Value index = position;
    if (dimension > 0) {
      index = arith::RemUIOp::create(b, position, sizes[dimension]);
      position = arith::DivUIOp::create(b, position, sizes[dimension]);
    }
    Value distance = arith::MulIOp::create(b, index, loop.getStep()[dimension]);
    place[dimension] =
        arith::AddIOp::create(b, loop.getLowerBound()[dimension], distance);
  }
  return place;
}

/// Thread `t` takes positions t, t + threads, ...: neighbours take what lies
/// side by side.
LogicalResult TeamFunction::shareLoop(scf::ParallelOp loop) {
  SmallVector<scf::ParallelOp> inner;
  auto callsTeam = loop.getBody()->walk([&](Operation *op) {
    if (auto nested = dyn_cast<scf::ParallelOp>(op))
      inner.push_back(nested);
    else if (isa<func::CallOp>(op) && analysis.isTeamCode(op))
      return WalkResult::interrupt();
    return WalkResult::advance();
  });
  if (callsTeam.wasInterrupted())
    return loop.emitError("a thread alone calls code of all");
  for (scf::ParallelOp nested : inner)
    lowerToScalarLoops(nested);

  b.setLoc(loop.getLoc());
  b.setInsertionPoint(loop);
  SmallVector<Value> sizes;
  Value count = constant(1);
  for (unsigned dimension = 0; dimension < loop.getNumLoops(); ++dimension) {
    sizes.push_back(sizeOf(loop, dimension));
    count = arith::MulIOp::create(b, count, sizes.back());
  }
  auto shared = scf::ForOp::create(b, thread, count, constant(threads));
  surroundWithBarriers(shared);

  Block *body = loop.getBody();
  b.setInsertionPointToStart(shared.getBody());
  SmallVector<Value> place = placeOf(shared.getInductionVar(), loop, sizes);
  for (auto [argument, index] : llvm::zip_equal(body->getArguments(), place))
    argument.replaceAllUsesWith(index);
  body->getTerminator()->erase();
  shared.getBody()->getOperations().splice(
      shared.getBody()->getTerminator()->getIterator(), body->getOperations());
  loop.erase();
  return success();
}

//===----------------------------------------------------------------------===//
// Writes of one thread
//===----------------------------------------------------------------------===//

void TeamFunction::leaveToOneThread(Operation *op) {
  b.setLoc(op->getLoc());
  b.setInsertionPoint(op);
  Value isFirst =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, thread, constant(0));
  auto branch = scf::IfOp::create(b, isFirst, /*withElseRegion=*/false);
  op->moveBefore(branch.thenBlock()->getTerminator());
  surroundWithBarriers(branch);
}

/// Whether all threads have met since one of them last touched memory before
/// `op`. Of what stands around its block nothing is known.
static bool isBehindBarrier(Operation *op) {
  while ((op = op->getPrevNode())) {
    if (isa<gpu::BarrierOp>(op))
      return true;
    if (!isMemoryEffectFree(op))
      return false;
  }
  return false;
}

/// Others may still read what `op` writes, and will read it.
void TeamFunction::surroundWithBarriers(Operation *op) {
  b.setInsertionPoint(op);
  if (!isBehindBarrier(op))
    gpu::BarrierOp::create(b);
  b.setInsertionPointAfter(op);
  gpu::BarrierOp::create(b);
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

/// Forbids LLVM to move calls into branches that not all threads take.
static void markConvergent(func::FuncOp function) {
  constexpr StringLiteral kPassthrough = "passthrough";
  Builder b(function.getContext());
  SmallVector<Attribute> attributes = {b.getStringAttr("convergent")};
  if (auto others = function->getAttrOfType<ArrayAttr>(kPassthrough))
    attributes.append(others.begin(), others.end());
  function->setAttr(kPassthrough, b.getArrayAttr(attributes));
}

LogicalResult shareOut(gpu::GPUModuleOp kernels, int64_t threads) {
  CodeAnalysis analysis(kernels);
  for (Operation *function : analysis.teamFunctions()) {
    if (failed(
            TeamFunction(cast<FunctionOpInterface>(function), analysis, threads)
                .share()))
      return failure();
    if (auto called = dyn_cast<func::FuncOp>(function))
      markConvergent(called);
  }
  return success();
}

} // namespace seqc
