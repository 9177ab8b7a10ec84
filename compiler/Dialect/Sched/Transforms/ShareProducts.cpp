//===- ShareProducts.cpp - One function for products that are alike -------===//
// Groups products by their text, but for what they take from outside.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Sched/IR/SchedDialect.h"
#include "compiler/Dialect/Sched/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace seqc::sched {
#define GEN_PASS_DEF_SHAREPRODUCTSPASS
#include "compiler/Dialect/Sched/Transforms/Passes.h.inc"

namespace {

/// A product, and the values that it takes from outside: its operands, then
/// what the epilogue uses.
struct Candidate {
  explicit Candidate(ProductOp op) : op(op) {
    outside.insert(op->operand_begin(), op->operand_end());
    getUsedValuesDefinedAbove(op.getEpilogue(), outside);
  }

  bool isLike(Candidate &other);

  ProductOp op;
  llvm::SetVector<Value> outside;
};

struct ShareProductsPass : impl::ShareProductsPassBase<ShareProductsPass> {
  void runOnOperation() override;
};

} // namespace

/// Whether the two are the same with these values for those.
bool Candidate::isLike(Candidate &other) {
  if (outside.size() != other.outside.size())
    return false;
  llvm::DenseMap<Value, Value> same;
  for (auto [mine, theirs] : llvm::zip_equal(outside, other.outside)) {
    if (mine.getType() != theirs.getType())
      return false;
    same[mine] = theirs;
  }
  return OperationEquivalence::isEquivalentTo(
      op, other.op,
      [&](Value mine, Value theirs) {
        return success(same.lookup(mine) == theirs);
      },
      [&](Value mine, Value theirs) { same[mine] = theirs; },
      OperationEquivalence::IgnoreLocations);
}

/// The function of `model`, in front of the function that holds it.
static func::FuncOp makeFunction(Candidate &model, int64_t number) {
  auto around = model.op->getParentOfType<func::FuncOp>();
  OpBuilder b(around);
  SmallVector<Type> types;
  for (Value value : model.outside)
    types.push_back(value.getType());
  auto function = func::FuncOp::create(
      b, model.op.getLoc(),
      (around.getName() + "_product_" + Twine(number)).str(),
      b.getFunctionType(types, {}));
  function.setPrivate();
  function->setAttr(
      "llvm.linkage",
      LLVM::LinkageAttr::get(b.getContext(), LLVM::Linkage::Internal));
  Block *entry = function.addEntryBlock();
  IRMapping mapping;
  for (auto [value, argument] :
       llvm::zip_equal(model.outside, entry->getArguments()))
    mapping.map(value, argument);
  b.setInsertionPointToStart(entry);
  b.clone(*model.op, mapping);
  func::ReturnOp::create(b, model.op.getLoc());
  return function;
}

void ShareProductsPass::runOnOperation() {
  std::vector<std::vector<Candidate>> groups;
  getOperation().walk([&](ProductOp op) {
    // A call takes longer than what one row saves of code.
    if (matchPattern(op.getRows(), m_One()))
      return;
    Candidate candidate(op);
    auto group = llvm::find_if(groups, [&](std::vector<Candidate> &group) {
      return group.front().isLike(candidate);
    });
    if (group == groups.end())
      group = groups.insert(groups.end(), std::vector<Candidate>());
    group->push_back(candidate);
  });
  int64_t number = 0;
  for (std::vector<Candidate> &group : groups) {
    if (group.size() < 2)
      continue;
    func::FuncOp function = makeFunction(group.front(), number++);
    for (Candidate &member : group) {
      OpBuilder b(member.op);
      func::CallOp::create(b, member.op.getLoc(), function,
                           member.outside.getArrayRef());
      member.op.erase();
    }
  }
}

} // namespace seqc::sched
