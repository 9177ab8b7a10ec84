//===- Passes.td - Passes on the seq dialect -----------------------------===//
// One record for each pass: what it does, its smallest before and after, and
// its options. One file of the same name implements it.
//===----------------------------------------------------------------------===//

#ifndef SEQ_PASSES_TD
#define SEQ_PASSES_TD

include "mlir/Pass/PassBase.td"

def SpecializeInferencePass : Pass<"seq-specialize-inference", "::mlir::func::FuncOp"> {
  let summary = "makes the program that runs outside training";
  let description = [{
    Replaces every `seq.dropout` and `seq.stop_gradient` with its operand. After
    this, no op of the function behaves differently in training. With
    `keep-stops`, in front of differentiation, the second kind stays.
  }];
  let options = [
    Option<"keepStops", "keep-stops", "bool", "false", "leave seq.stop_gradient">
  ];
}

def DrawDropoutPass : Pass<"seq-draw-dropout", "::mlir::func::FuncOp"> {
  let summary = "makes draws and choices of dropout";
  let description = [{
    Replaces every `seq.dropout` of the program of one sample by what it does in
    training: where a random number is below the rate zero, elsewhere the
    element over one minus the rate. The number is one of `seq.uniform` with the
    dropout's site; static axes are its elements, and its time is the position
    in the loop around it, then in each dynamic axis of its own: outer position
    times 65536 plus inner position. Dropout with `once` has time 0, and its
    elements are repeated. A loop that runs backwards has the same positions.

    ```mlir
    %y = seq.dropout %x rate 0.5 site 3 : tensor<?x2xf32>
    // becomes
    %t = seq.iota size(%n) : tensor<?xi64>
    %u = seq.uniform time(%t : tensor<?xi64>) site 3 -> tensor<?x2xf32>
    %d = arith.cmpf olt, %u, %rate : tensor<?x2xf32>
    %s = arith.mulf %x, %two : tensor<?x2xf32>
    %y = arith.select %d, %zero, %s : tensor<?x2xi1>, tensor<?x2xf32>
    ```

    After this there is no `seq.dropout`: nothing but `seq.uniform` is random.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ExpandMapsPass : Pass<"seq-expand-maps", "::mlir::func::FuncOp"> {
  let summary = "makes operations on whole tensors of each seq.map";
  let description = [{
    Gives everything in the body of a map, innermost first, one more leading
    dimension: that of the positions.

    ```mlir
    %y = seq.map sequences(%x : tensor<?x2xf32>) invariants(%w : tensor<3x2xf32>) -> tensor<?x3xf32> {
    ^bb0(%e: tensor<2xf32>, %v: tensor<3x2xf32>):
      %p = seq.contract %v [1], %e [0] : tensor<3x2xf32>, tensor<2xf32> -> tensor<3xf32>
      seq.yield %p : tensor<3xf32>
    }
    // becomes
    %y = seq.contract %x [1], %w [1] : tensor<?x2xf32>, tensor<3x2xf32> -> tensor<?x3xf32>
    ```

    After this no `seq.map` remains.
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def HoistOutPass : Pass<"seq-hoist-out", "::mlir::func::FuncOp"> {
  let summary = "takes out of the loop over time what no later step reads";
  let description = [{
    What only accumulates and what only maps leaves a scan behind it, as one
    operation over all steps. A state that does nothing but grow is a sum over
    the steps: a product in it becomes a contraction over time too, through
    sums, moves of elements and factors that are the same at every step; of
    anything else with one axis the steps' values are kept and added up, unless
    they are arithmetic for this sum alone. A product that nothing but outputs
    reads becomes a product of all steps' values, if these are there, are
    states, or take no more memory. With `lengths`, operands of such
    contractions are zero where rows have ended. A
    loop over segments (`seq.segments`) stays as it is: nothing of a segment is
    to be kept, which makes its own part of each sum.

    ```mlir
    %w = seq.scan sequences(%x, %g : tensor<?x2xf32>, tensor<?x3xf32>) states(%w0 : tensor<3x2xf32>) -> tensor<3x2xf32> {
    ^bb0(%x_t: tensor<2xf32>, %g_t: tensor<3xf32>, %s: tensor<3x2xf32>):
      %p = seq.contract %g_t [], %x_t [] : tensor<3xf32>, tensor<2xf32> -> tensor<3x2xf32>
      %n = arith.addf %s, %p : tensor<3x2xf32>
      seq.yield %n : tensor<3x2xf32>
    }
    // becomes
    %p = seq.contract %g [0], %x [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<3x2xf32>
    %w = arith.addf %w0, %p : tensor<3x2xf32>
    ```

    After this no state of a scan merely accumulates products, or vectors that
    are there for something else, and no product in a body has its result in outputs alone, unless its operands would
    take more memory than it does.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def SinkSumsPass : Pass<"seq-sink-sums", "::mlir::func::FuncOp"> {
  let summary = "makes contractions over an axis of sums over it";
  let description = [{
    The sum over an axis that a contraction walks is the contraction over that
    axis; where one operand alone has it, that is summed first. Sums pass sums,
    moves of elements and factors that are the same all along the axis. So the
    gradient of a parameter is one product of all rows and positions, and no
    tensor holds what each adds to it.

    ```mlir
    %p = seq.contract %g [], %x [] batch [0], [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x3x2xf32>
    %w = seq.reduce sum %p axis 0 : tensor<?x3x2xf32> -> tensor<3x2xf32>
    // becomes
    %w = seq.contract %g [0], %x [0] : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<3x2xf32>
    ```

    A sum of what a loop's steps add up moves as far as to the loop
    (`seq-sum-states`). After this no sum is over an axis of a contraction that
    nothing else reads.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def SumStatesPass : Pass<"seq-sum-states", "::mlir::func::FuncOp"> {
  let summary = "lets loops add up sums where only their sum is wanted";
  let description = [{
    A state that begins with zero and to which each step adds something, and of
    whose final value only the sum over an axis is read, becomes the sum over
    that axis. A loop over segments of time so holds one gradient of a weight
    for all rows, and not one for each.

    ```mlir
    %s = seq.scan axis 1 sequences(%x) states(%zero : tensor<?x3xf32>) -> tensor<?x3xf32> {
    ^bb0(%e: tensor<?x3xf32>, %a: tensor<?x3xf32>):
      %n = arith.addf %a, %e : tensor<?x3xf32>
      seq.yield %n : tensor<?x3xf32>
    }
    %w = seq.reduce sum %s axis 0 : tensor<?x3xf32> -> tensor<3xf32>
    // becomes
    %w = seq.scan axis 1 sequences(%x) states(%zero : tensor<3xf32>) -> tensor<3xf32> {
    ^bb0(%e: tensor<?x3xf32>, %a: tensor<3xf32>):
      %r = seq.reduce sum %e axis 0 : tensor<?x3xf32> -> tensor<3xf32>
      %n = arith.addf %a, %r : tensor<3xf32>
      seq.yield %n : tensor<3xf32>
    }
    ```

    A scan with lengths stays as it is: each row ends with a sum of its own.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def BatchPass : Pass<"seq-batch", "::mlir::ModuleOp"> {
  let summary = "makes a batch's program of one sample's";
  let description = [{
    Gives everything in `@main` that depends on an input or a carried state one
    more leading dimension, the batch. `@main` gets the lengths of each dynamic
    dimension as an argument, and whatever a row's length touches says so: scans
    by their `lengths`, all else by a `seq.mask` before it. There must be no
    `seq.map` (`seq-expand-maps`).

    ```mlir
    func.func @main(%x: tensor<?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>})
        -> tensor<2xf32> {
      %y = seq.reduce sum %x axis 0 : tensor<?x2xf32> -> tensor<2xf32>
      return %y : tensor<2xf32>
    }
    // becomes
    func.func @main(%x: tensor<?x?x2xf32> {seq.input = "x", seq.axes = array<i64: 0, -1>},
                    %n: tensor<?xi64> {seq.lengths = 0}) -> tensor<?x2xf32> {
      %m = seq.mask %x axis 1 lengths(%n : tensor<?xi64>) fill 0.0 : f32 : tensor<?x?x2xf32>
      %y = seq.reduce sum %m axis 1 : tensor<?x?x2xf32> -> tensor<?x2xf32>
      return %y : tensor<?x2xf32>
    }
    ```

    The gradient of a parameter (`seq.of = "param"`) is the sum over the batch.

    After this no `seq.length` remains, and every input and every result has the
    batch in front, but gradients of parameters.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def SegmentTimePass : Pass<"seq-segment-time", "::mlir::func::FuncOp"> {
  let summary = "cuts the time loop into segments, for a gradient that runs them once more";
  let description = [{
    A scan in `@main` over its first axis that has more than `every` steps becomes a scan over
    segments (`seq.windows` of the sequences), marked `seq.segments`, whose body
    is the scan over the steps of one. What it makes is put together again by
    `seq.overlap_add`. The last segment may have fewer steps, which the inner
    scan's lengths say.

    `seq-differentiate` saves of a scan over segments only the states between
    them, so that memory is that of T / `every` states and of the steps of one
    segment (Chen et al., Training Deep Nets with Sublinear Memory Cost, 2016).
    With steps that come to T the least is at the root of T: `every` is a constant
    of the program, and 32 is right for about a thousand steps.

    ```mlir
    %h, %y = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<2xf32>) ... { step }
    // becomes
    %s = seq.windows %x axis 0 size 32 stride 32 after 31 : tensor<?x2xf32> -> tensor<?x32x2xf32>
    %h, %z = seq.scan sequences(%s, %n : tensor<?x32x2xf32>, tensor<?xi64>) states(%h0 : tensor<2xf32>) ... {
    ^bb0(%part: tensor<32x2xf32>, %steps: tensor<i64>, %h1: tensor<2xf32>):
      %h2, %y2 = seq.scan sequences(%part : tensor<32x2xf32>) states(%h1 : tensor<2xf32>)
                 lengths(%steps : tensor<i64>) ... { step }
      seq.yield %h2, %y2 : tensor<2xf32>, tensor<32x2xf32>
    }
    %y = seq.overlap_add %z axis 0 stride 32 size(%t) : tensor<?x32x2xf32> -> tensor<?x2xf32>
    ```
  }];
  let options = [
    Option<"every", "every", "int64_t", "32", "steps of a segment">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ProbeStatesPass : Pass<"seq-probe-states", "::mlir::func::FuncOp"> {
  let summary = "adds an input to each state at each step";
  let description = [{
    Gives `@main` an input of zeros (`seq.probe`) for each state of numbers of
    each of its scans, and adds its element to what a step makes of the state.
    Wherever the step reads the new state, it reads the sum; so the gradient of
    the input is the gradient by the state at each step, through all that
    follows: how far back in time a loss is felt. The input is called `probe.`
    and the state's name, which the front end leaves in the scan's location, as
    `probe.encoder.h_l0`; without a name `probe.scan0.state0`.

    ```mlir
    %r = seq.scan sequences(%x : tensor<?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32> {
    ^bb0(%e: tensor<2xf32>, %h: tensor<2xf32>):
      %n = math.tanh %h : tensor<2xf32>
      seq.yield %n : tensor<2xf32>
    }
    // becomes
    %r = seq.scan sequences(%x, %probe : tensor<?x2xf32>, tensor<?x2xf32>) states(%h0 : tensor<2xf32>) -> tensor<2xf32> {
    ^bb0(%e: tensor<2xf32>, %p: tensor<2xf32>, %h: tensor<2xf32>):
      %n = math.tanh %h : tensor<2xf32>
      %s = arith.addf %n, %p : tensor<2xf32>
      seq.yield %s : tensor<2xf32>
    }
    ```

    Scans inside of other loops, and those whose steps are no dimension of an
    argument, have none. There must be no `seq.map` (`seq-expand-maps`). The
    function gets `seq.probe`, too: its gradient is then that of its probes,
    even if there are none.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def DifferentiatePass : Pass<"seq-differentiate", "::mlir::ModuleOp"> {
  let summary = "adds the gradient to the program of one sample";
  let description = [{
    Reverse mode: the ops of `@main` are walked from the last to the first, and
    each adds to the gradients of its operands what follows from that of its
    result. The adjoint of a scan is a scan that runs the other way.

    In a program of training (`seq.training` on the module) it is the gradient
    of the result `loss.sum` with respect to the parameters that it depends on;
    where there are probes (`seq-probe-states`), with respect to them alone.
    Otherwise `@main`
    gets an argument `y.gradient` for each result `y` that holds numbers, the
    gradient of whatever is computed of it, and gives those of parameters,
    inputs and carried states: a product of vector and Jacobian. Gradients stand
    behind all other results, in the order of the arguments, with the attributes
    `seq.gradient` and `seq.of`; what nothing depends on has a gradient of zeros.
    It stands before `seq-batch`, which then puts the masks of ragged lengths
    into both directions alike, and sums what is of parameters over the batch.

    ```mlir
    func.func @main(%x: tensor<2xf32> {seq.input = "x"}) -> (tensor<2xf32> {seq.output = "y"}) {
      %y = math.tanh %x : tensor<2xf32>
      return %y : tensor<2xf32>
    // becomes
    func.func @main(%x: tensor<2xf32> {seq.input = "x"}, %dy: tensor<2xf32> {seq.input = "y.gradient"})
        -> (tensor<2xf32> {seq.output = "y"}, tensor<2xf32> {seq.gradient = "x", seq.of = "input"}) {
      %y = math.tanh %x : tensor<2xf32>
      %s = arith.mulf %y, %y : tensor<2xf32>
      %d = arith.subf %one, %s : tensor<2xf32>
      %dx = arith.mulf %dy, %d : tensor<2xf32>
      return %y, %dx : tensor<2xf32>, tensor<2xf32>
    ```

    An op without a rule on the way is an error that names it. There must be no
    `seq.map` and no `seq.dropout` (`seq-expand-maps`, `seq-draw-dropout`).

    What a backward scan reads of the forward one is a choice:

    | `save` | kept of each step |
    |---|---|
    | `recompute` | the least memory from which the rest follows by elementwise mathematics |
    | `all` | everything that the backward step reads |
  }];
  let options = [
    Option<"save", "save", "::seqc::seq::SavePolicy",
           "::seqc::seq::SavePolicy::Recompute",
           "what is kept of each step for the backward scan",
           [{::llvm::cl::values(
             clEnumValN(::seqc::seq::SavePolicy::Recompute, "recompute",
                        "as little as elementwise mathematics allows"),
             clEnumValN(::seqc::seq::SavePolicy::All, "all",
                        "everything that the backward step reads"))}]>,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def CentreWeightsPass : Pass<"seq-centre-weights", "::mlir::func::FuncOp"> {
  let summary = "takes the mean of a product from its weights";
  let description = [{
    A product with parameters, less its mean along their axis, becomes the
    product with parameters less their mean, which is taken once and not at each
    step. So does a sum of such products and of parameters. Before the gradient,
    which needs no sum over that axis either.

    ```mlir
    %p = seq.contract %w [1], %x [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    %s = seq.reduce sum %p axis 0 : tensor<4xf32> -> tensor<f32>
    %m = arith.divf %s, %four : tensor<f32>
    %b = seq.broadcast %m dims [] : tensor<f32> -> tensor<4xf32>
    %c = arith.subf %p, %b : tensor<4xf32>
    // becomes, with parameter %w
    %s = seq.reduce sum %w axis 0 : tensor<4x3xf32> -> tensor<3xf32>
    %m = arith.divf %s, %fours : tensor<3xf32>
    %b = seq.broadcast %m dims [1] : tensor<3xf32> -> tensor<4x3xf32>
    %v = arith.subf %w, %b : tensor<4x3xf32>
    %c = seq.contract %v [1], %x [0] : tensor<4x3xf32>, tensor<3xf32> -> tensor<4xf32>
    ```

    A product that is read in another place as well stays as it is.
  }];
}

def InvertRootsPass : Pass<"seq-invert-roots", "::mlir::func::FuncOp"> {
  let summary = "divides once by a root that is the same along an axis";
  let description = [{
    A quotient by a `seq.broadcast` of a square root becomes a product with the
    broadcast of the root's inverse: normalisation divides once for each row and
    not once for each element of it. Before the gradient, so that its quotients
    are such products as well. Only of roots: the inverse of another number may
    overflow, or be a denormal, where the quotient is neither.

    ```mlir
    %s = math.sqrt %v : tensor<f32>
    %r = seq.broadcast %s dims [] : tensor<f32> -> tensor<4xf32>
    %q = arith.divf %x, %r : tensor<4xf32>
    // becomes
    %s = math.rsqrt %v : tensor<f32>
    %r = seq.broadcast %s dims [] : tensor<f32> -> tensor<4xf32>
    %q = arith.mulf %x, %r : tensor<4xf32>
    ```

    After this nothing is divided by a broadcast of a root.
  }];
}

def SinkBroadcastsPass : Pass<"seq-sink-broadcasts", "::mlir::func::FuncOp"> {
  let summary = "multiplies once what is the same at each position of an axis";
  let description = [{
    A contraction of a `seq.broadcast` whose new axes are axes of the result
    becomes the broadcast of a contraction. Before that, contractions over a
    `seq.concat` with such a part become sums. So a query is multiplied once,
    and not once for each position of the memory that it is compared with.

    ```mlir
    %r = seq.broadcast %q sizes(%n) dims [1] : tensor<4xf32> -> tensor<?x4xf32>
    %p = seq.contract %r [1], %w [1] : tensor<?x4xf32>, tensor<8x4xf32> -> tensor<?x8xf32>
    // becomes
    %s = seq.contract %q [0], %w [1] : tensor<4xf32>, tensor<8x4xf32> -> tensor<8xf32>
    %p = seq.broadcast %s sizes(%n) dims [1] : tensor<8xf32> -> tensor<?x8xf32>
    ```

    After this no contraction reads a broadcast, unless it sums over an axis that
    the broadcast adds, or walks it together with the other operand's.
  }];
}

def HoistInPass : Pass<"seq-hoist-in", "::mlir::func::FuncOp"> {
  let summary = "takes out of the loop over time what no step has to wait for";
  let description = [{
    Whatever in the body of a scan does not depend on the state is computed
    before the scan: as it is, where it is the same at every step, and as one
    operation over all steps, where it depends on the sequences. Before that,
    contractions over a `seq.concat` become sums, slices move up through
    elementwise operations, and sums are regrouped so that what may leave
    stands together. Only work leaves: a mere copy would take memory for
    nothing.

    ```mlir
    ^bb0(%x_t: tensor<?x2xf32>, %h: tensor<?x3xf32>, %w: tensor<3x2xf32>):
      %p = seq.contract %x_t [1], %w [1] : tensor<?x2xf32>, tensor<3x2xf32> -> tensor<?x3xf32>
      %n = arith.addf %p, %h : tensor<?x3xf32>
    // becomes, with a product over all of %x as a sequence
    ^bb0(%p_t: tensor<?x3xf32>, %h: tensor<?x3xf32>):
      %n = arith.addf %p_t, %h : tensor<?x3xf32>
    ```

    After this no body of a scan does work that does not depend on its state,
    and no scan has an operand that its body does not use (but one sequence,
    which says how many steps there are).
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def OutlinePackPass : Pass<"seq-outline-pack", "::mlir::ModuleOp"> {
  let summary = "moves what depends on parameters alone to a function of its own";
  let description = [{
    Everything in `@main` that depends on parameters alone moves to `@pack`,
    which runs once when parameters are bound. What `@main` reads of it become
    packed tensors, numbered in the order in which they are read first; a
    parameter that is read as it is becomes one too. `@init` is inlined into
    `@pack`: its results are those with `seq.initial`.

    ```mlir
    func.func @main(%x: tensor<?x3xf32> {seq.input = "x"}, %a: tensor<3xf32> {seq.param = "a"},
                    %b: tensor<3xf32> {seq.param = "b"}, %n: index) -> tensor<?x3xf32> {
      %s = arith.addf %a, %b : tensor<3xf32>
      %t = seq.broadcast %s sizes(%n) dims [1] : tensor<3xf32> -> tensor<?x3xf32>
    // becomes
    func.func @main(%x: tensor<?x3xf32> {seq.input = "x"}, %p: tensor<3xf32> {seq.packed = 0}, ...) {
      %t = seq.broadcast %p sizes(%n) dims [1] : tensor<3xf32> -> tensor<?x3xf32>
    func.func @pack(%a: tensor<3xf32> {seq.param = "a"}, %b: tensor<3xf32> {seq.param = "b"})
        -> (tensor<3xf32> {seq.packed = 0}) {
      %s = arith.addf %a, %b : tensor<3xf32>
    ```

    After this no argument of `@main` is a parameter. Its arguments are inputs,
    lengths, states, packed tensors, in this order.
  }];
}

def FuseGatesPass : Pass<"seq-fuse-gates", "::mlir::func::FuncOp"> {
  let summary = "makes one product of those that share an operand";
  let description = [{
    Slices of a product, those in a loop that walks it too, move up to it and
    cut it into the column blocks that are asked for; then all products of the
    same data with weights that depend on parameters alone become one, in each
    block, in the order in which a walk from the block's results meets them. So
    it does not matter how gates were written: one weight and slices of its
    product, a weight for each, with its columns first or last, in any order.
    Biases of products outside of scans are joined too. Sums and commutative
    operands are brought into an order that depends on what they compute, and
    all ops into the order in which the results need them.

    ```mlir
    %f = seq.contract %h [1], %wf [1] : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
    %i = seq.contract %h [1], %wi [1] : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
    // becomes
    %w = seq.concat %wf, %wi axis 0 : tensor<4x4xf32>, tensor<4x4xf32> -> tensor<8x4xf32>
    %p = seq.contract %h [1], %w [1] : tensor<?x4xf32>, tensor<8x4xf32> -> tensor<?x8xf32>
    %f = seq.slice %p axis 1 offset 0 : tensor<?x8xf32> -> tensor<?x4xf32>
    %i = seq.slice %p axis 1 offset 4 : tensor<?x8xf32> -> tensor<?x4xf32>
    ```

    After this no two products of a block share their data, and a program's
    text says nothing about how its gates were spelt.
  }];
}

def GatherOneHotPass : Pass<"seq-gather-one-hot", "::mlir::func::FuncOp"> {
  let summary = "makes look-ups and sums at tokens of products with one-hot tensors";
  let description = [{
    A contraction over the classes of a `seq.one_hot` takes rows of its other
    operand: neither the product nor the one-hot tensor is made. One over all
    its tokens adds rows at their tokens (`seq.scatter_add`): the gradient of a
    look-up. A product over a `seq.concat` that holds one is split first.

    ```mlir
    %x = seq.one_hot %t : tensor<?xi64> -> tensor<?x5000xf32>
    %y = seq.contract %x [1], %w [1] : tensor<?x5000xf32>, tensor<4x5000xf32> -> tensor<?x4xf32>
    // becomes
    %u = seq.transpose %w [1, 0] : tensor<4x5000xf32> -> tensor<5000x4xf32>
    %y = seq.gather %u[%t] : tensor<5000x4xf32>, tensor<?xi64> -> tensor<?x4xf32>
    ```

    After this no contraction has a one-hot operand whose classes, or whose
    tokens' axes, are all that it sums over.
  }];
}

def UnrollTimePass : Pass<"seq-unroll-time", "::mlir::func::FuncOp"> {
  let summary = "unrolls the loop over time";
  let description = [{
    A scan whose number of steps is literal and small, and whose rows are all
    full, becomes straight-line code. Of the others, those with a tiny body are
    marked with `seq.unroll = factor`: the conversion to loops makes so many
    steps one iteration, and a second loop for the remainder. (A body of
    several steps cannot be written as a scan: its remainder would be a second
    scan, and rows end in between.)

    ```mlir
    %h = seq.scan sequences(%x : tensor<2x3xf32>) states(%h0 : tensor<3xf32>) -> tensor<3xf32> {
    ^bb0(%x_t: tensor<3xf32>, %s: tensor<3xf32>):
      %n = arith.addf %s, %x_t : tensor<3xf32>
      seq.yield %n : tensor<3xf32>
    }
    // becomes
    %x_0 = seq.at %x axis 0 index 0 : tensor<2x3xf32> -> tensor<3xf32>
    %h_0 = arith.addf %h0, %x_0 : tensor<3xf32>
    %x_1 = seq.at %x axis 0 index 1 : tensor<2x3xf32> -> tensor<3xf32>
    %h = arith.addf %h_0, %x_1 : tensor<3xf32>
    ```
  }];
  let options = [
    Option<"factor", "factor", "int64_t", /*default=*/"4",
           "Steps in one iteration of a loop with a tiny body">,
    Option<"maxWidth", "max-width", "int64_t", /*default=*/"64",
           "Most elements that a row of a value in a tiny body has">,
    Option<"maxFull", "max-full", "int64_t", /*default=*/"4",
           "Most steps that are unrolled in full">,
  ];
}

#endif // SEQ_PASSES_TD
