//===- TeamAccess.cpp - What members of a team do to memory ---------------===//
// From a memref back to the buffers that it may be a view of.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Sched/Transforms/TeamAccess.h"

#include "compiler/Dialect/Sched/IR/SchedDialect.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace seqc::sched {

//===----------------------------------------------------------------------===//
// From views to buffers
//===----------------------------------------------------------------------===//

namespace {

/// The buffers that a memref may be a view of.
struct Origins {
  /// Null stands for the caller's memory.
  llvm::SmallSetVector<Value, 4> roots;
  /// Whether a column of the memref's last axis is that column of the buffer.
  bool keepsColumns = true;
};

class OriginFinder {
public:
  explicit OriginFinder(Origins &origins) : origins(origins) {}

  void visit(Value memref);

private:
  void visitArgument(BlockArgument argument);
  void visitYields(Operation *op, unsigned number);

  Origins &origins;
  llvm::DenseSet<Value> seen;
};

} // namespace

/// The values that a loop's body or a branch hands on as `value`.
void OriginFinder::visitYields(Operation *op, unsigned number) {
  for (Region &region : op->getRegions())
    if (!region.empty())
      visit(region.front().getTerminator()->getOperand(number));
}

void OriginFinder::visitArgument(BlockArgument argument) {
  auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
  if (!loop) {
    origins.roots.insert({});
    return;
  }
  const unsigned number = argument.getArgNumber() - loop.getNumInductionVars();
  visit(loop.getInitArgs()[number]);
  visitYields(loop, number);
}

/// Whether a view has the columns of what it is a view of.
static bool hasSameColumns(Operation *view, Value source) {
  auto from = dyn_cast<MemRefType>(source.getType());
  auto to = dyn_cast<MemRefType>(view->getResult(0).getType());
  if (!from || !to || from.getRank() == 0 || to.getRank() == 0)
    return false;
  const int64_t columns = to.getShape().back();
  if (ShapedType::isDynamic(columns) || from.getShape().back() != columns)
    return false;
  if (isa<memref::CastOp>(view))
    return true;
  if (auto part = dyn_cast<memref::SubViewOp>(view))
    return part.getStaticOffsets().back() == 0 &&
           part.getStaticStrides().back() == 1 &&
           !part.getDroppedDims().test(from.getRank() - 1);
  auto cast = dyn_cast<memref::ReinterpretCastOp>(view);
  if (!cast || cast.getStaticOffsets()[0] != 0)
    return false;
  ArrayRef<int64_t> strides = cast.getStaticStrides();
  return strides.back() == 1 &&
         llvm::all_of(strides.drop_back(), [&](int64_t stride) {
           return !ShapedType::isDynamic(stride) && stride % columns == 0;
         });
}

void OriginFinder::visit(Value memref) {
  if (!seen.insert(memref).second)
    return;
  if (auto argument = dyn_cast<BlockArgument>(memref))
    return visitArgument(argument);
  Operation *op = memref.getDefiningOp();
  if (isa<scf::ForOp, scf::IfOp>(op)) {
    const unsigned number = cast<OpResult>(memref).getResultNumber();
    if (auto loop = dyn_cast<scf::ForOp>(op))
      visit(loop.getInitArgs()[number]);
    return visitYields(op, number);
  }
  // Each buffer of a workspace is one view of its bytes.
  if (isa<memref::ViewOp, memref::AllocaOp>(op)) {
    origins.roots.insert(memref);
    return;
  }
  if (auto metadata = dyn_cast<memref::ExtractStridedMetadataOp>(op)) {
    origins.keepsColumns = false;
    return visit(metadata.getSource());
  }
  if (auto view = dyn_cast<ViewLikeOpInterface>(op)) {
    origins.keepsColumns &= hasSameColumns(op, view.getViewSource());
    return visit(view.getViewSource());
  }
  if (op->hasAttr(kConstantAttr))
    return;
  // What is chosen between memrefs is one of them; else it is the caller's.
  bool isOfOthers = false;
  for (Value operand : op->getOperands())
    if (isa<MemRefType>(operand.getType())) {
      isOfOthers = true;
      visit(operand);
    }
  if (isOfOthers)
    origins.keepsColumns = false;
  else
    origins.roots.insert({});
}

static Origins originsOf(Value memref) {
  Origins origins;
  OriginFinder(origins).visit(memref);
  return origins;
}

//===----------------------------------------------------------------------===//
// What operations touch
//===----------------------------------------------------------------------===//

static void addAccess(Value memref, bool isWrite, Part part,
                      Accesses &accesses) {
  Origins origins = originsOf(memref);
  if (part.kind == Part::Columns && !origins.keepsColumns)
    part = {};
  for (Value root : origins.roots)
    unite(accesses, Access{root, isWrite, part});
}

/// Whether the last index of `indices` is `column` of as many as `memref` has.
static bool isAtColumn(Value memref, ValueRange indices, Value column,
                       int64_t columns) {
  return !indices.empty() && indices.back() == column &&
         cast<MemRefType>(memref.getType()).getShape().back() == columns;
}

/// Whether a function that gets `argument` writes it.
static bool writes(BlockArgument argument) {
  auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  bool isWritten = false;
  function.walk([&](Operation *op) {
    if (auto store = dyn_cast<memref::StoreOp>(op)) {
      Value memref = store.getMemRef();
      while (auto view = memref.getDefiningOp<ViewLikeOpInterface>())
        memref = view.getViewSource();
      // What it is not known to be it may be.
      isWritten |= memref == argument || !isa<BlockArgument>(memref);
    } else if (!isa<ProductOp>(op)) {
      isWritten |= llvm::is_contained(op->getOperands(), argument) &&
                   !isa<memref::LoadOp, ViewLikeOpInterface>(op);
    }
  });
  return isWritten;
}

static void addCall(func::CallOp call, Part part, SymbolTable &symbols,
                    Accesses &accesses) {
  auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
  for (auto [i, operand] : llvm::enumerate(call.getOperands())) {
    if (!isa<MemRefType>(operand.getType()))
      continue;
    const bool isWritten =
        callee.isDeclaration() || writes(callee.getArgument(i));
    addAccess(operand, false, part, accesses);
    if (isWritten)
      addAccess(operand, true, part, accesses);
  }
}

/// What `op` by itself touches; `partOf` tells the part of a memref at indices.
static void addOwnAccesses(Operation *op,
                           llvm::function_ref<Part(Value, ValueRange)> partOf,
                           SymbolTable &symbols, Accesses &accesses) {
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return addAccess(load.getMemRef(), false,
                     partOf(load.getMemRef(), load.getIndices()), accesses);
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return addAccess(store.getMemRef(), true,
                     partOf(store.getMemRef(), store.getIndices()), accesses);
  const Part anywhere = partOf({}, {});
  if (auto call = dyn_cast<func::CallOp>(op))
    return addCall(call, anywhere, symbols, accesses);
  if (auto product = dyn_cast<ProductOp>(op)) {
    for (Value operand : op->getOperands())
      if (isa<MemRefType>(operand.getType()))
        addAccess(operand, false, anywhere, accesses);
    return;
  }
  // Views and loops touch nothing by themselves.
  if (op->getNumRegions() > 0 || isMemoryEffectFree(op))
    return;
  for (Value operand : op->getOperands())
    if (isa<MemRefType>(operand.getType()))
      for (bool isWrite : {false, true})
        addAccess(operand, isWrite, anywhere, accesses);
}

void addReads(Value memref, Accesses &accesses) {
  addAccess(memref, false, {}, accesses);
}

void addAccesses(Operation *op, Part part, SymbolTable &symbols,
                 Accesses &accesses) {
  auto anywhere = [&](Value, ValueRange) { return part; };
  op->walk([&](Operation *inner) {
    addOwnAccesses(inner, anywhere, symbols, accesses);
  });
}

void addColumnAccesses(Region &body, Value column, int64_t columns,
                       SymbolTable &symbols, Accesses &accesses) {
  auto partOf = [&](Value memref, ValueRange indices) {
    const bool isOwn = memref && isAtColumn(memref, indices, column, columns);
    return isOwn ? Part{Part::Columns, columns} : Part{};
  };
  body.walk([&](Operation *inner) {
    addOwnAccesses(inner, partOf, symbols, accesses);
  });
}

//===----------------------------------------------------------------------===//
// Sets of accesses
//===----------------------------------------------------------------------===//

static bool isInConflict(const Access &one, const Access &other) {
  if (one.root != other.root || (!one.isWrite && !other.isWrite))
    return false;
  return one.part.kind == Part::All || !(one.part == other.part);
}

bool isInConflict(ArrayRef<Access> some, ArrayRef<Access> others) {
  return llvm::any_of(some, [&](const Access &one) {
    return llvm::any_of(
        others, [&](const Access &other) { return isInConflict(one, other); });
  });
}

bool unite(Accesses &accesses, ArrayRef<Access> more) {
  bool grows = false;
  for (const Access &access : more)
    if (!llvm::is_contained(accesses, access)) {
      accesses.push_back(access);
      grows = true;
    }
  return grows;
}

} // namespace seqc::sched
