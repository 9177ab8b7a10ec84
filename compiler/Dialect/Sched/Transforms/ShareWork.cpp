//===- ShareWork.cpp - Parts of a function for the members of a team ------===//
// Cuts products and parallel loops, leaves other writes to one member, and lets
// members wait where one needs what another has written.
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Sched/Transforms/Passes.h"
#include "compiler/Dialect/Sched/Transforms/Sides.h"
#include "compiler/Dialect/Sched/Transforms/TeamAccess.h"
#include "compiler/Dialect/Sched/Transforms/TeamCode.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace seqc::sched {
#define GEN_PASS_DEF_SHAREWORKPASS
#include "compiler/Dialect/Sched/Transforms/Passes.h.inc"

/// Columns are cut at multiples of this, which is one of most panels' units and
/// of all vectors' lanes.
static constexpr int64_t kGrain = 32;

//===----------------------------------------------------------------------===//
// The team in a function
//===----------------------------------------------------------------------===//

namespace {

/// A member of a team in one function.
struct Team {
  Value call, member, members;
};

/// Shares what stands in one function.
class FunctionSharing {
public:
  FunctionSharing(Operation *begin, Team team, TeamCode &code)
      : begin(begin), b(begin->getLoc(), begin->getContext()), team(team),
        whole(team), code(code) {}

  /// Shares what is behind `begin` in its block.
  void run();

  /// Calls of team functions, which want to be told of the team.
  SmallVector<std::pair<func::CallOp, Team>> calls;

private:
  /// How members share an operation.
  struct Share {
    Part part;
    /// The index that parts cut, where they are columns.
    Value column;
  };

  void shareOps(Block::iterator from, Block &block);
  Team teamOfSide(unsigned side);
  Team teamAt(Operation *op);
  bool canShare();
  bool canShareOp(Operation *op);
  bool isStructure(Operation *op);
  void shareOp(Operation *op);
  void shareProduct(ProductOp op);
  void shareLoop(scf::ParallelOp loop);
  void leaveToOne(Operation *op);
  std::pair<Value, Value> partOf(int64_t columns);
  std::pair<Value, Value> partOf(Value first, Value end);
  Accesses accessesOf(Operation *op);

  Accesses follow(Block::iterator from, Block &block, Accesses pending);
  Accesses followOp(Operation &op, Accesses pending);
  Accesses followPair(const SidePair &pair, Accesses pending);
  void insertBarriers();
  void fetchRows(ProductOp op);

  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, n); }

  Operation *begin;
  ImplicitLocOpBuilder b;
  /// Who shares what is looked at: the whole team, or those of one side.
  Team team;
  const Team whole;
  TeamCode &code;
  /// The members of each side, and who shares what has one.
  std::optional<Team> sideTeams[2];
  llvm::DenseMap<Operation *, Team> sided;
  /// The columns of each member by the member and how many there are.
  llvm::DenseMap<std::pair<Value, int64_t>, std::pair<Value, Value>> parts;
  /// What members do not all do.
  llvm::DenseMap<Operation *, Share> shares;
  /// What is behind a barrier of those who share it, and of all.
  llvm::SetVector<Operation *> waiting, meeting;
};

} // namespace

/// What is between the bounds for this member: equal parts, rounded up.
std::pair<Value, Value> FunctionSharing::partOf(Value first, Value end) {
  Value size = arith::SubIOp::create(b, end, first);
  size = arith::MaxSIOp::create(b, size, constant(0));
  Value share = arith::CeilDivUIOp::create(b, size, team.members);
  Value from = arith::MulIOp::create(b, team.member, share);
  Value to = arith::AddIOp::create(b, from, share);
  from = arith::AddIOp::create(b, first, arith::MinUIOp::create(b, from, size));
  to = arith::AddIOp::create(b, first, arith::MinUIOp::create(b, to, size));
  return {from, to};
}

/// The columns of this member: the same wherever there are so many.
std::pair<Value, Value> FunctionSharing::partOf(int64_t columns) {
  const auto key = std::make_pair(team.member, columns);
  auto known = parts.find(key);
  if (known != parts.end())
    return known->second;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(begin);
  const int64_t grains = (columns + kGrain - 1) / kGrain;
  auto [first, end] = partOf(constant(0), constant(grains));
  auto columnOf = [&](Value grain) -> Value {
    Value column = arith::MulIOp::create(b, grain, constant(kGrain));
    return arith::MinUIOp::create(b, column, constant(columns));
  };
  return parts[key] = {columnOf(first), columnOf(end)};
}

//===----------------------------------------------------------------------===//
// Sides
//===----------------------------------------------------------------------===//

/// Of a team of two, one member is a team of its own for each side, in which
/// the other one is number 1 of 1: it has no part. Other teams share both.
Team FunctionSharing::teamOfSide(unsigned side) {
  if (sideTeams[side])
    return *sideTeams[side];
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(begin);
  auto isEqual = [&](Value value, int64_t n) -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, value,
                                 constant(n));
  };
  Value isTwo = isEqual(whole.members, 2);
  Value alone = arith::SelectOp::create(b, isEqual(whole.member, side),
                                        constant(0), constant(1));
  Value member = arith::SelectOp::create(b, isTwo, alone, whole.member);
  Value members = arith::SelectOp::create(b, isTwo, constant(1), whole.members);
  sideTeams[side] = {whole.call, member, members};
  return *sideTeams[side];
}

/// Who shares `op`.
Team FunctionSharing::teamAt(Operation *op) {
  for (; op; op = op->getParentOp())
    if (auto found = sided.find(op); found != sided.end())
      return found->second;
  return whole;
}

/// Shares what is in `block` from `from` on. What has sides is in none itself.
void FunctionSharing::shareOps(Block::iterator from, Block &block) {
  const Team sharers = team;
  if (sharers.member == whole.member)
    for (const SidePair &pair : findPairs(from, block))
      for (unsigned side : {0, 1})
        for (Operation *op : pair.sides[side])
          sided[op] = teamOfSide(side);
  auto end = block.mightHaveTerminator() ? std::prev(block.end()) : block.end();
  for (Operation &op :
       llvm::make_early_inc_range(llvm::make_range(from, end))) {
    auto side = sided.find(&op);
    team = side == sided.end() ? sharers : side->second;
    shareOp(&op);
  }
  team = sharers;
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

void FunctionSharing::shareProduct(ProductOp op) {
  const int64_t panelUnits = op.getPanelUnits();
  b.setInsertionPoint(op);
  Value first, end;
  if (kGrain % panelUnits == 0) {
    auto [firstUnit, endUnit] = partOf(int64_t(op.getUnits()));
    Value width = constant(panelUnits);
    first = arith::CeilDivUIOp::create(b, firstUnit, width);
    end = arith::CeilDivUIOp::create(b, endUnit, width);
    shares[op] = {{Part::Columns, int64_t(op.getUnits())}, op.getUnit()};
  } else {
    const int64_t panels = op.getPanels().getType().getDimSize(0);
    std::tie(first, end) = partOf(constant(0), constant(panels));
    shares[op] = {};
  }
  op.getFirstPanelMutable().assign(first);
  op.getEndPanelMutable().assign(end);
}

/// The dimension of a loop that is cut. The last one, where it is long enough
/// for all; else one that is as long as the batch or a sequence.
static unsigned cutDimension(scf::ParallelOp loop) {
  const unsigned last = loop.getNumLoops() - 1;
  auto end = getConstantIntValue(loop.getUpperBound()[last]);
  if (end ? *end >= 2 * kGrain : last == 0)
    return last;
  return last > 1 ? 1 : 0;
}

void FunctionSharing::shareLoop(scf::ParallelOp loop) {
  const unsigned dimension = cutDimension(loop);
  Value begin = loop.getLowerBound()[dimension];
  Value end = loop.getUpperBound()[dimension];
  auto columns = getConstantIntValue(end);
  b.setInsertionPoint(loop);
  std::pair<Value, Value> part;
  if (columns && isConstantIntValue(begin, 0)) {
    part = partOf(*columns);
    shares[loop] = {{Part::Columns, *columns},
                    loop.getInductionVars()[dimension]};
  } else {
    part = partOf(begin, end);
    shares[loop] = {};
  }
  loop.getLowerBoundMutable()[dimension].assign(part.first);
  loop.getUpperBoundMutable()[dimension].assign(part.second);
}

void FunctionSharing::leaveToOne(Operation *op) {
  b.setInsertionPoint(op);
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                        team.member, constant(0));
  auto branch = scf::IfOp::create(b, isFirst, /*withElseRegion=*/false);
  op->moveBefore(branch.thenBlock()->getTerminator());
  if (Attribute side = op->removeAttr(kSideAttr)) {
    branch->setAttr(kSideAttr, side);
    sided[branch] = team;
  }
  shares[branch] = {{Part::One, 0}, {}};
}

/// Whether it can be cut: loops go in steps of one and give nothing.
static bool isCut(Operation *op) {
  auto loop = dyn_cast<scf::ParallelOp>(op);
  return loop && loop.getNumReductions() == 0 &&
         llvm::all_of(loop.getStep(),
                      [](Value step) { return isConstantIntValue(step, 1); });
}

/// Whether what is in `op` is shared, and not `op` itself.
bool FunctionSharing::isStructure(Operation *op) {
  return isa<scf::ForOp, scf::IfOp>(op) && code.writes(op) &&
         (code.isShared(op) || op->getNumResults() > 0);
}

bool FunctionSharing::canShareOp(Operation *op) {
  if (isa<memref::AllocaOp, LLVM::AllocaOp>(op))
    return false; // Each member would have its own.
  if (isStructure(op))
    return llvm::all_of(op->getRegions(), [&](Region &region) {
      return llvm::all_of(region.getOps(),
                          [&](Operation &inner) { return canShareOp(&inner); });
    });
  return isa<ProductOp>(op) || isCut(op) || code.callsTeam(op) ||
         !code.writes(op) || op->getNumResults() == 0;
}

void FunctionSharing::shareOp(Operation *op) {
  if (auto product = dyn_cast<ProductOp>(op))
    return shareProduct(product);
  if (isCut(op))
    return shareLoop(cast<scf::ParallelOp>(op));
  if (code.callsTeam(op))
    return calls.push_back({cast<func::CallOp>(op), team});
  // What only reads, all do.
  if (!code.writes(op))
    return;
  if (!isStructure(op))
    return leaveToOne(op);
  for (Region &region : op->getRegions())
    for (Block &block : region)
      shareOps(block.begin(), block);
}

//===----------------------------------------------------------------------===//
// Barriers
//===----------------------------------------------------------------------===//

Accesses FunctionSharing::accessesOf(Operation *op) {
  Accesses accesses;
  const Share share = shares.lookup(op);
  if (share.part.kind != Part::Columns) {
    addAccesses(op, share.part, code.symbols, accesses);
    return accesses;
  }
  addColumnAccesses(op->getRegion(0), share.column, share.part.columns,
                    code.symbols, accesses);
  if (auto product = dyn_cast<ProductOp>(op))
    for (Value operand : product->getOperands())
      if (isa<MemRefType>(operand.getType()))
        addReads(operand, accesses);
  return accesses;
}

/// `pending` is what members may have touched since they met; gives that at
/// the end.
Accesses FunctionSharing::followOp(Operation &op, Accesses pending) {
  if (shares.contains(&op) || !isStructure(&op)) {
    Accesses own = accessesOf(&op);
    if (isInConflict(pending, own))
      waiting.insert(&op);
    if (waiting.contains(&op))
      pending.clear();
    unite(pending, own);
    return pending;
  }
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    Accesses after = pending;
    for (Region &region : op.getRegions())
      if (!region.empty())
        unite(after, follow(region.front().begin(), region.front(), pending));
    return after;
  }
  // Until another turn of the loop shows nothing new.
  Block &body = op.getRegion(0).front();
  while (true) {
    const size_t before = waiting.size() + meeting.size();
    Accesses after = follow(body.begin(), body, pending);
    if (!unite(pending, after) && waiting.size() + meeting.size() == before)
      return pending;
  }
}

/// Nobody begins a side before all have met where one of them may need what
/// another has written, so that within it only its own accesses count.
Accesses FunctionSharing::followPair(const SidePair &pair, Accesses pending) {
  Accesses all;
  for (const auto &side : pair.sides)
    for (Operation *op : side)
      addAccesses(op, {}, code.symbols, all);
  if (isInConflict(pending, all))
    meeting.insert(pair.first());
  if (meeting.contains(pair.first()))
    pending.clear();
  for (const auto &side : pair.sides) {
    Accesses own;
    for (Operation *op : side)
      own = followOp(*op, std::move(own));
  }
  unite(pending, all);
  return pending;
}

Accesses FunctionSharing::follow(Block::iterator from, Block &block,
                                 Accesses pending) {
  SmallVector<SidePair> pairs = findPairs(from, block);
  llvm::erase_if(pairs, [&](const SidePair &pair) {
    return !sided.contains(pair.first());
  });
  const SidePair *pair = pairs.begin();
  for (Operation &op : llvm::make_range(from, block.end())) {
    if (pair != pairs.end() && pair->first() == &op)
      pending = followPair(*pair++, std::move(pending));
    else if (!sided.contains(&op))
      pending = followOp(op, std::move(pending));
  }
  return pending;
}

/// Asks for all rows of a product at once: what others have just written comes
/// from their caches, and the product would wait for one line after the other.
void FunctionSharing::fetchRows(ProductOp op) {
  constexpr int64_t kLineBits = 64 * 8;
  MemRefType type = op.getLhs().getType();
  const int64_t line = kLineBits / type.getElementTypeBitWidth();
  Value isTeam = arith::CmpIOp::create(b, arith::CmpIPredicate::ugt,
                                       team.members, constant(1));
  auto branch = scf::IfOp::create(b, isTeam, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  auto rows = scf::ForOp::create(b, constant(0), op.getRows(), constant(1));
  b.setInsertionPointToStart(rows.getBody());
  auto lines = scf::ForOp::create(b, constant(0), constant(type.getDimSize(1)),
                                  constant(line));
  b.setInsertionPointToStart(lines.getBody());
  memref::PrefetchOp::create(
      b, op.getLhs(),
      ValueRange{rows.getInductionVar(), lines.getInductionVar()},
      /*isWrite=*/false, /*localityHint=*/3, /*isDataCache=*/true);
}

void FunctionSharing::insertBarriers() {
  follow(std::next(begin->getIterator()), *begin->getBlock(), {});
  for (Operation *op : meeting) {
    b.setInsertionPoint(op);
    BarrierOp::create(b, whole.call, whole.members);
  }
  for (Operation *op : waiting) {
    team = teamAt(op);
    b.setInsertionPoint(op);
    BarrierOp::create(b, team.call, team.members);
    if (auto product = dyn_cast<ProductOp>(op))
      fetchRows(product);
  }
}

//===----------------------------------------------------------------------===//
// A function
//===----------------------------------------------------------------------===//

bool FunctionSharing::canShare() {
  return llvm::all_of(
      llvm::make_range(begin->getIterator(), begin->getBlock()->end()),
      [&](Operation &op) { return canShareOp(&op); });
}

void FunctionSharing::run() {
  auto behind = llvm::make_range(std::next(begin->getIterator()),
                                 begin->getBlock()->without_terminator().end());
  if (canShare()) {
    shareOps(behind.begin(), *begin->getBlock());
    return insertBarriers();
  }
  // The first member does it all.
  b.setInsertionPoint(begin);
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                        team.member, constant(0));
  auto branch = scf::IfOp::create(b, isFirst, /*withElseRegion=*/false);
  Block *all = branch.thenBlock();
  all->getOperations().splice(all->getTerminator()->getIterator(),
                              begin->getBlock()->getOperations(),
                              behind.begin(), behind.end());
}

//===----------------------------------------------------------------------===//
// All functions
//===----------------------------------------------------------------------===//

/// Lets the callers of `function` tell it which member of which team calls.
static TeamOp addTeam(func::FuncOp function) {
  OpBuilder b(function.getContext());
  const auto first = function.getNumArguments();
  Type ptr = LLVM::LLVMPointerType::get(b.getContext());
  const Type types[] = {ptr, b.getIndexType(), b.getIndexType()};
  for (auto [i, type] : llvm::enumerate(types))
    (void)function.insertArgument(first + i, type, {}, function.getLoc());
  b.setInsertionPointToStart(&function.front());
  ValueRange team = function.getArguments().drop_front(first);
  return TeamOp::create(b, function.getLoc(), team[0], team[1], team[2]);
}

/// Whoever calls it without a team is one by himself.
static Team teamOfOne(func::CallOp call) {
  ImplicitLocOpBuilder b(call.getLoc(), call);
  Value none =
      LLVM::ZeroOp::create(b, LLVM::LLVMPointerType::get(b.getContext()));
  return {none, arith::ConstantIndexOp::create(b, 0),
          arith::ConstantIndexOp::create(b, 1)};
}

namespace {

struct ShareWorkPass : impl::ShareWorkPassBase<ShareWorkPass> {
  void runOnOperation() override;
};

} // namespace

void ShareWorkPass::runOnOperation() {
  TeamCode code(getOperation());
  SmallVector<TeamOp> teams = code.roots;
  llvm::SetVector<Operation *> known, told;
  for (TeamOp root : teams)
    known.insert(root->getParentOp());
  llvm::DenseMap<Operation *, Team> callers;
  // Grows by the functions that are called.
  for (size_t i = 0; i < teams.size(); ++i) {
    TeamOp op = teams[i];
    const Team team = {op.getCall(), op.getMember(), op.getMembers()};
    FunctionSharing sharing(op, team, code);
    sharing.run();
    op.erase();
    for (auto [call, sharers] : sharing.calls) {
      callers[call] = sharers;
      func::FuncOp callee = code.calleeOf(call);
      if (known.insert(callee) && told.insert(callee))
        teams.push_back(addTeam(callee));
    }
  }
  getOperation().walk([&](func::CallOp call) {
    if (!told.contains(code.calleeOf(call)))
      return;
    auto caller = callers.find(call);
    const Team team =
        caller == callers.end() ? teamOfOne(call) : caller->second;
    call.getOperandsMutable().append({team.call, team.member, team.members});
  });
}

} // namespace seqc::sched
