//===- seq-opt.cpp - Every pass alone, for tests --------------------------===//
// mlir-opt with the seq dialect and the project's passes.
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/Passes.h"
#include "compiler/Dialect/Sched/Transforms/Passes.h"
#include "compiler/Dialect/Seq/Transforms/Passes.h"
#include "compiler/Pipelines/Phases.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  seqc::registerPhaseDialects(registry);
  mlir::registerAllPasses();
  seqc::seq::registerSeqPasses();
  seqc::sched::registerSchedPasses();
  seqc::registerSeqConversionPasses();
  seqc::registerPhasePipelines();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "seq-opt: passes on sequence models\n", registry));
}
