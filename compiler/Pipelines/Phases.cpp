//===- Phases.cpp - The named phases of the compiler ----------------------===//
// The order of all passes.
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Phases.h"
#include "compiler/Conversion/Passes.h"
#include "compiler/Dialect/Sched/IR/SchedDialect.h"
#include "compiler/Dialect/Sched/Transforms/Passes.h"
#include "compiler/Dialect/Seq/IR/SeqDialect.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/AMX/Transforms.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace seqc {
namespace {

void addPhase(Phase phase, OpPassManager &pm, const TargetDescription &target,
              Goal goal, const SaveOptions &save, Precision precision) {
  switch (phase) {
  case Phase::Grad:
    return addGradPhase(pm, goal, save);
  case Phase::Batch:
    return addBatchPhase(pm);
  case Phase::Fused:
    return addFusedPhase(pm);
  case Phase::Loops:
    return addLoopsPhase(pm, target, precision);
  case Phase::LLVM:
    return addLLVMPhase(pm, target);
  default:
    return;
  }
}

void addVectorPasses(OpPassManager &pm, const TargetDescription &target) {
  pm.addPass(sched::createShareWorkPass());
  pm.addPass(sched::createShareProductsPass());
  ConvertSchedToVectorPassOptions vectors;
  vectors.vectorBits = target.vectorBits;
  vectors.vectorRegisters = target.vectorRegisters;
  vectors.dotBf16 = target.dotBf16;
  vectors.dotInt8 = target.dotInt8;
  vectors.tileBf16 = target.tileBf16;
  pm.addPass(createConvertSchedToVectorPass(vectors));
  VectorizeParallelLoopsPassOptions lanes;
  lanes.vectorBits = target.vectorBits;
  pm.addPass(createVectorizeParallelLoopsPass(lanes));
}

void addGpuPasses(OpPassManager &pm, const TargetDescription &target) {
  pm.addPass(createConvertSchedToParallelPass());
  ConvertParallelToGpuPassOptions kernels;
  kernels.threads = target.threadsPerBlock;
  pm.addPass(createConvertParallelToGpuPass(kernels));
}

/// What is no instruction of the target any more, on the way to LLVM.
void addStructurePasses(OpPassManager &pm) {
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
}

void addCpuLLVMPasses(OpPassManager &pm) {
  pm.addPass(createConvertVectorToSCFPass(
      VectorTransferToSCFOptions().enableFullUnroll()));
  addStructurePasses(pm);
  // LLVM's intrinsics where there is one; it calls the C library for those
  // that are no instruction. The rest are calls from the start.
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  // Vectors of more than one dimension, which the pass after it does not know.
  pm.addPass(createConvertVectorToLLVMPass());
  // Everything else in one walk.
  pm.addPass(createConvertToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

void addGpuLLVMPasses(OpPassManager &pm) {
  addStructurePasses(pm);
  pm.addPass(createConvertGpuMathPass());
  // Functions before kernels: the pass for kernels would wrap each in one that
  // C can call. Mathematics that is left is for that pass.
  ConvertToLLVMPassOptions beforeKernels;
  beforeKernels.filterDialects = {"arith", "cf", "func", "memref"};
  pm.addPass(createConvertToLLVMPass(beforeKernels));
  pm.addPass(createConvertGpuOpsToNVVMOps());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

} // namespace

void addGradPhase(OpPassManager &pm, Goal goal, const SaveOptions &save) {
  seq::SpecializeInferencePassOptions inference;
  inference.keepStops = true;
  if (goal == Goal::Training)
    pm.addNestedPass<func::FuncOp>(seq::createDrawDropoutPass());
  else
    pm.addNestedPass<func::FuncOp>(
        seq::createSpecializeInferencePass(inference));
  pm.addNestedPass<func::FuncOp>(seq::createExpandMapsPass());
  pm.addNestedPass<func::FuncOp>(seq::createCentreWeightsPass());
  pm.addNestedPass<func::FuncOp>(seq::createInvertRootsPass());
  if (goal == Goal::StateGradients)
    pm.addNestedPass<func::FuncOp>(seq::createProbeStatesPass());
  if (save.what == Save::Checkpoint)
    pm.addNestedPass<func::FuncOp>(
        seq::createSegmentTimePass(seq::SegmentTimePassOptions{save.every}));
  // What leaves the forward loop now has its adjoint outside of the backward
  // one, and is not saved step by step.
  pm.addNestedPass<func::FuncOp>(seq::createHoistInPass());
  seq::DifferentiatePassOptions differentiate;
  if (save.what == Save::All)
    differentiate.save = seq::SavePolicy::All;
  pm.addPass(seq::createDifferentiatePass(differentiate));
  // A sum over positions in a loop must be a product to leave it.
  pm.addNestedPass<func::FuncOp>(seq::createSinkSumsPass());
  pm.addNestedPass<func::FuncOp>(seq::createHoistOutPass());
  // What the gradient of one value has in common with that of another.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void addBatchPhase(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(seq::createSpecializeInferencePass());
  pm.addNestedPass<func::FuncOp>(seq::createExpandMapsPass());
  pm.addNestedPass<func::FuncOp>(seq::createCentreWeightsPass());
  pm.addNestedPass<func::FuncOp>(seq::createInvertRootsPass());
  pm.addPass(seq::createBatchPass());
  // Sums over the batch, and over what loops have handed on; then those that
  // went into a loop.
  pm.addNestedPass<func::FuncOp>(seq::createSinkSumsPass());
  pm.addNestedPass<func::FuncOp>(seq::createSumStatesPass());
  pm.addNestedPass<func::FuncOp>(seq::createSinkSumsPass());
  // Broadcasts of broadcasts and masks of masks, which batching leaves.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void addFusedPhase(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(seq::createSinkBroadcastsPass());
  pm.addNestedPass<func::FuncOp>(seq::createHoistInPass());
  pm.addNestedPass<func::FuncOp>(seq::createFuseGatesPass());
  // Behind it, so that the tables of all gates are one.
  pm.addNestedPass<func::FuncOp>(seq::createGatherOneHotPass());
  pm.addPass(seq::createOutlinePackPass());
  // What outlining moved may now be the same, or constant, on both sides.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // Behind them, so that equal values are kept once.
  pm.addPass(createOutlineSumsPass());
}

void addLoopsPhase(OpPassManager &pm, const TargetDescription &target,
                   Precision precision) {
  ConvertSeqToLoopsPassOptions loops;
  loops.vectorBits = target.vectorBits;
  loops.vectorRegisters = target.vectorRegisters;
  loops.rowsPerTile = target.rowsPerTile;
  loops.hasTeams = !target.isGpu();
  loops.weightsPerMember = target.weightsPerMember;
  loops.precision = precision;
  loops.dotBf16 = target.dotBf16;
  loops.tileBf16 = target.tileBf16;
  pm.addPass(createConvertSeqToLoopsPass(loops));
  if (target.isGpu())
    addGpuPasses(pm, target);
  else
    addVectorPasses(pm, target);
  pm.addPass(createExpandVectorMathPass());
  // Constants and address arithmetic that each use of a value made anew.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void addLLVMPhase(OpPassManager &pm, const TargetDescription &target) {
  if (target.isGpu())
    addGpuLLVMPasses(pm.nest<gpu::GPUModuleOp>());
  else
    addCpuLLVMPasses(pm);
}

LogicalResult runPhase(ModuleOp module, Phase phase,
                       const TargetDescription &target, Goal goal,
                       const SaveOptions &save, Precision precision) {
  // What is called beside a training step is a program of its own until the
  // conversion to loops makes one module of all.
  if (phase == Phase::Batch || phase == Phase::Fused)
    for (auto beside : module.getOps<ModuleOp>())
      if (failed(runPhase(beside, phase, target)))
        return failure();
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  addPhase(phase, pm, target, goal, save, precision);
  // Verifying after each pass takes a fifth of the time; seq-opt does it.
  pm.enableVerifier(false);
  return pm.run(module);
}

void registerPhaseDialects(DialectRegistry &registry) {
  registry.insert<seq::SeqDialect, sched::SchedDialect, func::FuncDialect,
                  arith::ArithDialect, math::MathDialect, tensor::TensorDialect,
                  scf::SCFDialect, cf::ControlFlowDialect,
                  memref::MemRefDialect, vector::VectorDialect, amx::AMXDialect,
                  LLVM::LLVMDialect, NVVM::NVVMDialect, gpu::GPUDialect>();
  registerConvertAMXToLLVMInterface(registry);
  arith::registerConvertArithToLLVMInterface(registry);
  cf::registerConvertControlFlowToLLVMInterface(registry);
  index::registerConvertIndexToLLVMInterface(registry);
  registerConvertFuncToLLVMInterface(registry);
  registerConvertMemRefToLLVMInterface(registry);
  ub::registerConvertUBToLLVMInterface(registry);
  vector::registerConvertVectorToLLVMInterface(registry);
}

void registerPhasePipelines() {
  for (Phase phase : {Phase::Grad, Phase::Batch, Phase::Fused, Phase::Loops,
                      Phase::LLVM}) {
    std::string name = "seq-phase-" + std::string(nameOf(phase));
    std::string description = "phase `" + std::string(nameOf(phase)) + "`";
    registerPassPipeline(
        name, description,
        [phase](OpPassManager &pm, StringRef options,
                function_ref<LogicalResult(const Twine &)> onError) {
          const bool training = phase == Phase::Grad && options == "training";
          if (!options.empty() && !training)
            return onError("phases take no such option");
          addPhase(phase, pm, hostTarget(),
                   training ? Goal::Training : Goal::Gradient, {},
                   Precision::F32);
          return success();
        },
        [](function_ref<void(const detail::PassOptions &)>) {});
  }
}

} // namespace seqc
