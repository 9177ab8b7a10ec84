//===- SinkBroadcasts.cpp - Products before what they give is repeated ----===//
// A product of a repeated tensor is the repeated product: what is the same at
// each position of an axis is multiplied once and not once for each.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Regroup.h"
#include "compiler/Dialect/Seq/Transforms/ScanUtils.h"

using namespace mlir;

namespace seqc::seq {
#define GEN_PASS_DEF_SINKBROADCASTSPASS
#include "compiler/Dialect/Seq/Transforms/Passes.h.inc"

namespace {

struct SinkBroadcastsPass : impl::SinkBroadcastsPassBase<SinkBroadcastsPass> {
  void runOnOperation() override;
};

} // namespace

/// A broadcast that a contraction on this side can pass: all that it adds are
/// axes of the result.
static BroadcastOp matchBroadcast(const ContractSide &side, Value operand) {
  auto broadcast = operand.getDefiningOp<BroadcastOp>();
  auto isKept = [&](int64_t axis) {
    return llvm::is_contained(broadcast.getDims(), axis);
  };
  if (!broadcast || !llvm::all_of(side.axes(), isKept) ||
      !llvm::all_of(side.batch(), isKept))
    return {};
  return broadcast;
}

/// The axes of the contraction's result that are not new ones of `broadcast`.
static SmallVector<int64_t> keptAxes(const ContractSide &side,
                                     BroadcastOp broadcast) {
  ContractOp op = side.op;
  SmallVector<int64_t> kept;
  int64_t axis = 0;
  for ([[maybe_unused]] int64_t walked : op.getLhsBatch())
    kept.push_back(axis++);
  for (bool isLeft : {true, false}) {
    for (int64_t i : ContractSide{op, isLeft}.freeAxes()) {
      if (isLeft != side.isLeft || llvm::is_contained(broadcast.getDims(), i))
        kept.push_back(axis);
      ++axis;
    }
  }
  return kept;
}

/// Where the operand's axes were before the broadcast.
static SmallVector<int64_t> before(BroadcastOp broadcast,
                                   ArrayRef<int64_t> axes) {
  return llvm::map_to_vector(axes, [&](int64_t axis) -> int64_t {
    return llvm::find(broadcast.getDims(), axis) - broadcast.getDims().begin();
  });
}

/// Puts the broadcast on this side behind the contraction. Its new axes keep
/// their order, and with it their sizes. Gives the new contraction.
static ContractOp sink(const ContractSide &side, BroadcastOp broadcast) {
  ContractOp op = side.op;
  OpBuilder builder(op);
  auto product =
      cast<ContractOp>(side.create(builder, broadcast.getInput(), side.other(),
                                   before(broadcast, side.axes()),
                                   before(broadcast, side.batch()))
                           .getDefiningOp());
  Value repeated =
      BroadcastOp::create(builder, broadcast.getLoc(), op.getType(), product,
                          broadcast.getSizes(), keptAxes(side, broadcast));
  op.getResult().replaceAllUsesWith(repeated);
  op.erase();
  return product;
}

static void sinkBroadcasts(Block &block) {
  splitContractions(block, [](const ContractSide &side, ConcatOp concat) {
    return llvm::any_of(concat.getInputs(), [&](Value part) {
      return matchBroadcast(side, part) != nullptr;
    });
  });
  for (ContractOp op : llvm::make_early_inc_range(block.getOps<ContractOp>()))
    for (bool isLeft : {true, false}) {
      const ContractSide side{op, isLeft};
      if (BroadcastOp broadcast = matchBroadcast(side, side.operand()))
        op = sink(side, broadcast);
    }
}

void SinkBroadcastsPass::runOnOperation() {
  func::FuncOp function = getOperation();
  function.walk([](ScanOp scan) { sinkBroadcasts(scan.getBody().front()); });
  for (Block &block : function.getBody())
    sinkBroadcasts(block);
  eraseDeadOps(function.getBody());
}

} // namespace seqc::seq
