//===- SeqDialect.td - The seq dialect -----------------------------------===//
// Owns the dialect's definition and the text that its reference page opens
// with.
//===----------------------------------------------------------------------===//

#ifndef SEQ_DIALECT_TD
#define SEQ_DIALECT_TD

include "mlir/IR/DialectBase.td"
include "mlir/IR/AttrTypeBase.td"

def SeqDialect : Dialect {
  let name = "seq";
  let cppNamespace = "::seqc::seq";
  let summary = "The mathematics of sequence models, on tensors";
  let description = [{
    A program in `seq` says *what* is computed: contractions, gathers,
    reductions and the time loop (`seq.scan`), on immutable tensors. It holds
    no layout, no buffer and no target. Elementwise mathematics is `arith` and
    `math` on tensors; this dialect holds only what they have no word for.

    **Element types.** `f32` (numbers), `i64` (tokens) and `i1` (booleans).
    `index` scalars appear only as sizes of dynamic dimensions.

    **One sample, then a batch.** The front end emits the program of *one
    unpadded sample*. The pass `seq-batch` makes the batched program of it:
    every value that depends on an input gains a leading batch dimension, and
    whatever the lengths of the samples touch says so: `seq.scan` by its
    `lengths` operand, everything else by `seq.mask` before it.

    **Functions.** A module holds `@main` (a sample's, later a batch's
    results) and `@init` (the values of its carried states before the first
    call; of parameters alone). After `seq-outline-pack` there is `@pack` in
    place of `@init` (whatever depends on parameters alone), and the parameters
    of `@main` are numbered packed tensors. What an argument or a result is to
    the caller is an attribute:

    | attribute | on | meaning |
    |---|---|---|
    | `seq.model` | module | the model's name: the prefix of C symbols, and nothing else |
    | `seq.dims` | module | names of the dynamic dimensions by ordinal, for messages |
    | `seq.derived = [..]` | module | dimensions of results that follow from others (`#seq.derived`); their ordinals follow those of `seq.dims` |
    | `seq.input = "x"` | argument | a tensor that the caller passes in each call |
    | `seq.vocabulary = V` | argument | how many tokens an input of tokens may hold |
    | `seq.param = "fc.weight"` | argument | a parameter, with `seq.init` and `seq.site` |
    | `seq.aliases = [..]` | argument | names under which a file may hold the parameter instead |
    | `seq.ties = [..]` | argument | names of other places that share the parameter, which a file may hold too |
    | `seq.state = "encoder.h_l0"` | argument and result | a carried state, before and after |
    | `seq.lengths = N` | argument | after `seq-batch`: the lengths of dynamic dimension `N` |
    | `seq.lengths = N` | `seq.contract` in `@sums` | of each row only the positions below its length in dimension `N` are summed: an operand is zero behind them |
    | `seq.packed = N` | argument of `@main`, result of `@pack` | packed tensor `N` |
    | `seq.initial = N` | result of `@pack` | the value of state `N` before the first call |
    | `seq.output = "y"` | result | a result of the model |
    | `seq.training` | module | the results are sums and weights of a loss and of metrics, the first of them `loss.sum` |
    | `seq.gradient = "x"` | result | the gradient with respect to the argument `x`; `seq.of` says what that is: `"param"`, `"input"`, `"state"`. That of a parameter is summed over the batch |
    | `seq.kept = N` | result of `@main`, argument of `@sums` | after `seq-outline-sums`: what the whole batch's `@sums` reads of the rows' `@main`: for each row, or one (a first axis of 1 there) for each tile of rows |
    | `seq.place = N` | result | after `seq-outline-sums`: the number of a gradient among all outputs and gradients |
    | `seq.axes = [..]` | argument and result | for each axis of one *sample's* tensor the ordinal of its dynamic dimension, or -1 where the width is static |

    **A training program** is a module with two more in it. The step computes a
    scalar for each sample: for each measure NAME the outputs `NAME.sum` and
    `NAME.weight`, of which the mean over a batch is a quotient of sums. The
    module `@optimizer` inside of the step's updates one parameter of any size:
    its inputs are the gradient, by what it is to be multiplied, and scalars; its
    first state is the weight. `@schedule`, where there is one, gives what
    changes from step to step. Both have no `@init`, for `seq.init` says how each
    state begins but the weight. `convert-seq-to-loops` makes one module of all.

    | attribute | on | meaning |
    |---|---|---|
    | `seq.training` | the step | this is one |
    | `seq.measures = [..]` | the step | what has a sum and a weight; the loss is the first |
    | `seq.metrics = [..]` | the step | each is an output of the schedule, or else a measure's mean |
    | `seq.scalars = {lr = 0.1}` | the step | inputs of the optimizer that are constants; the others are outputs of the schedule |
    | `seq.clip_norm`, `seq.accumulate`, `seq.truncate` | the step | settings of the `train` block; left out: none |
    | `seq.clip_value` | the step | the same, and the optimizer does it |
    | `seq.elementwise` | the optimizer | no element of a weight has an effect on another one |

    No pass looks at the names, but for those of the loss.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

#endif // SEQ_DIALECT_TD
