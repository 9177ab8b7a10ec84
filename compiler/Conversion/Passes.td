//===- Passes.td - Passes that leave the seq dialect ---------------------===//
// One record for each edge of the lowering graph: what it does and what is
// left after it. A folder of the edge's name implements it.
//===----------------------------------------------------------------------===//

#ifndef SEQ_CONVERSION_PASSES_TD
#define SEQ_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandVectorMathPass : Pass<"expand-vector-math"> {
  let summary = "writes mathematics on f32 vectors as arithmetic";
  let description = [{
    Rewrites `seq.sigmoid` and the `math` functions on f32 scalars and vectors
    into `arith`, `math.fma` and bit operations: no call, no table, and the
    same instructions in every lane, so that a lane's result depends neither on
    its place nor on the vector's width. What is one instruction stays (`fma`, `sqrt`,
    `absf`, `copysign`, rounding); so do the functions for which no short
    approximation is good over all floats (`powf`, `sin`, `cos`, `erf`, ...):
    these become calls of the C library, lane by lane, on the way to LLVM.

    So is rounding f32 to bf16, which few CPUs have an instruction for.

    A product of `tanh`, `seq.sigmoid` and other numbers, where nothing else asks
    for the factors, is divided once.

    Bounds over all floats, with denormals taken as zero: `exp`, `log` and
    their kin within 4 ulp; `tanh` and `seq.sigmoid` within 2.5e-7 absolute and 1e-6
    relative, |tanh| <= 1. NaN stays NaN, infinities give the limits.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def OutlineSumsPass : Pass<"seq-outline-sums", "::mlir::ModuleOp"> {
  let summary = "moves what sums over the batch to a function of its own";
  let description = [{
    Tiles of the batch's rows know nothing of each other, so what sums over all
    rows, the gradients of parameters, cannot be in `@main`, which becomes the
    program of a tile. It moves to `@sums`, which runs when all tiles are done:
    everything from which the results with `seq.of = "param"` follow and that
    has no axis of rows. What it reads of `@main` becomes numbered results of
    `@main` and arguments of `@sums` (`seq.kept`); arguments of `@main` are
    handed to both. A state of a loop that has rows, without an axis of rows,
    is a sum over the rows of a tile: each tile leaves its own (`tensor<1x...>`),
    and `@sums` adds them up.

    Contractions over the rows are brought into one form: both operands begin
    with what is summed, in the same order, the rows first, and have one axis
    behind it.

    ```mlir
    func.func @main(%x: tensor<?x3xf32> {seq.input = "x"}, %y: tensor<?x2xf32> {seq.input = "y"})
        -> (tensor<2x3xf32> {seq.gradient = "w", seq.of = "param"}) {
      %d = arith.negf %y : tensor<?x2xf32>
      %g = seq.contract %d [0], %x [0] : tensor<?x2xf32>, tensor<?x3xf32> -> tensor<2x3xf32>
    // becomes
    func.func @main(%x: tensor<?x3xf32> {seq.input = "x"}, %y: tensor<?x2xf32> {seq.input = "y"})
        -> (tensor<?x2xf32> {seq.kept = 0}) {
      %d = arith.negf %y : tensor<?x2xf32>
    func.func @sums(%x: tensor<?x3xf32> {seq.input = "x"}, %y: tensor<?x2xf32> {seq.input = "y"},
                    %d: tensor<?x2xf32> {seq.kept = 0})
        -> (tensor<2x3xf32> {seq.gradient = "w", seq.of = "param", seq.place = 0}) {
      %g = seq.contract %d [0], %x [0] : tensor<?x2xf32>, tensor<?x3xf32> -> tensor<2x3xf32>
    ```

    After this every value in `@main` belongs to a row, or to all of them alike.
    A program without such results stays as it is.
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def ConvertSeqToLoopsPass : Pass<"convert-seq-to-loops", "::mlir::ModuleOp"> {
  let summary = "makes loops on buffers of a program on tensors";
  let description = [{
    Turns `@main` and `@pack` into the functions of the calling convention
    (runtime/core/abi.h), named by the module's `seq.model`, in destination
    style: every tensor that has to be in memory has its place in the workspace,
    in the packed parameters or in what the caller gave; everything else is
    computed where it is asked for, as scalar code at a position of a parallel
    loop. What a sum in a step and another loop of the step both ask for is
    computed once and kept, unless it is as cheap as a place. What the order of a
    sum may be, the loop says: what it reduces has
    none, what an `scf.for` carries has one. A scan is one `scf.for` in which
    nothing is allocated or copied. Products with packed weights are
    `sched.product`, whose epilogue is what is made of the sums right away; those
    that only store them are private functions, one for each shape.

    ```mlir
    %y = arith.addf %x, %x : tensor<?x16xf32>
    return %y : tensor<?x16xf32>
    // becomes, in @Model_tile
    scf.parallel (%row, %column) = (%c0, %c0) to (%rows, %c16) step (%c1, %c1) {
      %v = memref.load %x[%row, %column] : memref<?x16xf32, strided<[?, 1], offset: ?>>
      %w = arith.addf %v, %v : f32
      memref.store %w, %y[%row, %column] : memref<?x16xf32, strided<[?, 1], offset: ?>>
    }
    ```

    A loop with several stores has `seq.independent`: these read nothing of one
    another, so that they may be parted.

    A tile has up to `rows-per-tile` rows; in inference without lengths four times
    as many, where the weights of a step are more than a second cache holds: they
    come in for more rows at once. Where there are workers enough, tiles are
    lower, or, of a few rows, have several of them.

    A small model with workers (`teams`) has one more function, for a call of
    one step of one sample that gives no lengths: there all sizes are 1, so that
    nothing is left of the loops around the step, and products are in it.

    ```mlir
    %status = scf.if %is_single -> (i32) {
      call @seqc_run_tiles(%call, %c1, @Model_single)
    } else {
      call @seqc_run_tiles(%call, %tasks, @Model_tile)
    }
    ```

    Two loops in time with as many weights a step, few enough for a worker's own
    cache, are for two workers at the same time, marked with `sched.side`. Either
    neither needs the other: the directions of a layer. Or the second one, the
    next layer, needs of the first what that gives at each step, for products
    that it makes itself block by block: then both are one loop over blocks, in
    which the first is a block ahead.

    ```mlir
    scf.for %begin = %c0 to %end step %most iter_args(...) {
      scf.for %t = %from to %to step %c1 ... {sched.side = 0}
      func.call @product(...) {sched.side = 1}
      scf.for %t = %before to %from step %c1 ... {sched.side = 1}
    }
    ```

    Where there is `@sums` (`seq-outline-sums`), its operations become tasks of a
    second stage, which begins when all tiles have left what it reads in the
    workspace. A task has a block of one result, and how results are cut follows
    from their shapes alone: so the number of workers changes no bit.

    Modules inside of a training step's (`@optimizer`, `@schedule`) are converted
    as well, and their functions moved out of them; `NAME_step` calls the
    optimizer's for each chunk of a parameter.

    With `precision=bf16` packed weights are bf16, in pairs along K; sums and all
    else stay f32. Where the target has a dot product of pairs (`dot-bf16`), the
    rows that weights are multiplied with are rounded to bf16 as well, once in
    front of each product; elsewhere they are multiplied as they are.

    ```mlir
    %h = seq.contract %x [1], %w [1] : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x4xf32>
    // becomes, with precision=bf16
    sched.product %x, %panels rows(%n) units(4) : memref<?x3xf32>, memref<1x2x8xbf16> {...}
    // becomes, with precision=bf16 dot-bf16
    scf.parallel (%row, %k) = (%c0, %c0) to (%n, %c3) step (%c1, %c1) {
      %v = memref.load %x[%row, %k] : memref<?x3xf32>
      %r = arith.truncf %v : f32 to bf16
      memref.store %r, %rounded[%row, %k] : memref<64x4xbf16>
    }
    ...
    sched.product %rounded, %panels rows(%n) units(4) : memref<64x4xbf16>, memref<1x2x8xbf16> {...}
    ```

    With `precision=int8` weights are int8, by four along K, with a scale for each
    column that `NAME_pack` finds; and a row that they are multiplied with is
    int8 with a scale of its own, found in front of each product.

    After this no tensor is left. Mathematics (`math.*`, `seq.sigmoid`) stays,
    on scalars.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "256",
           "bits of the target's vector registers">,
    Option<"vectorRegisters", "registers", "int64_t", "16",
           "number of the target's vector registers">,
    Option<"rowsPerTile", "rows-per-tile", "int64_t", "16",
           "the most rows of a tile of the batch">,
    Option<"hasTeams", "teams", "bool", "true",
           "whether several workers may share the work on one tile">,
    Option<"weightsPerMember", "weights-per-member", "int64_t", "24576",
           "weights of a step for which another worker is worth waiting for">,
    Option<"precision", "precision", "::seqc::Precision",
           "::seqc::Precision::F32", "the numbers that packed weights are",
           [{::llvm::cl::values(
             clEnumValN(::seqc::Precision::F32, "f32", "f32"),
             clEnumValN(::seqc::Precision::BF16, "bf16",
                        "bf16, in pairs along K"),
             clEnumValN(::seqc::Precision::Int8, "int8",
                        "int8, by four along K, with a scale for each "
                        "column"))}]>,
    Option<"dotBf16", "dot-bf16", "bool", "false",
           "whether the target has a dot product of pairs of bf16">,
    Option<"tileBf16", "tile-bf16", "bool", "false",
           "whether the target multiplies tiles of bf16">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect", "::seqc::sched::SchedDialect"
  ];
}

def ConvertSchedToVectorPass : Pass<"convert-sched-to-vector"> {
  let summary = "makes kernels on vector registers of scheduled products";
  let description = [{
    The edge to CPU code for `sched.product`: for each panel of weights and each
    tile of rows an `scf.for` along K that carries the tile's sums in vector
    registers. Tiles are as tall as the registers allow; what is left of the
    rows goes in fours, pairs and singly.

    An epilogue that only stores the sums stores vectors. Any other one becomes
    an `scf.parallel` over the tile's rows and units, whose sums lie in a few
    cache lines on the stack: `vectorize-parallel-loops` runs it on lanes.

    ```mlir
    sched.product %x, %panels rows(%n) units(16)
        : memref<?x3xf32>, memref<1x3x16xf32> {
    ^bb0(%row: index, %unit: index, %sum: f32):
      memref.store %sum, %y[%row, %unit] : memref<?x16xf32>
    }
    // becomes, for a single row, with vector-bits=512
    %y0 = scf.for %k = %c0 to %c3 step %c1 iter_args(%sum = %zero) -> (vector<16xf32>) {
      %w = vector.load %panels[%c0, %k, %c0] : memref<1x3x16xf32>, vector<16xf32>
      %v = memref.load %x[%row, %k] : memref<?x3xf32>
      %all = vector.broadcast %v : f32 to vector<16xf32>
      %next = vector.fma %all, %w, %sum : vector<16xf32>
      scf.yield %next : vector<16xf32>
    }
    vector.store %y0, %y[%row, %c0] : memref<?x16xf32>, vector<16xf32>
    ```

    A panel that no first cache holds goes in blocks of its steps, of which each
    stays there while up to eight tiles pass; their sums wait in memory. Where
    sums are only stored, the result is that memory, and all panels pass before
    the next block begins, so that the rows' part of it stays near as well. The
    order of a sum is the same. Of weights that a second cache does not keep,
    those that come next are prefetched meanwhile.

    A `sched.barrier` calls the runtime, where there are several members.

    Weights of bf16 are multiplied in pairs where the left operand is bf16 and
    there is an instruction for that (`dot-bf16`: AVX512_BF16's); where a tile
    has few sums, each is added up in some chains, so that one product need not
    wait for the one before it. Elsewhere each vector of pairs becomes two of
    f32, for a multiply-add each.

    ```mlir
    sched.product %x, %panels rows(%n) units(16) : memref<?x6xbf16>, memref<1x3x32xbf16> {...}
    // becomes, for a step along K of a single row, with vector-bits=512 dot-bf16
    %w = vector.load %panels[%c0, %k, %c0] : memref<1x3x32xbf16>, vector<32xbf16>
    %pair = vector.load %x[%row, %twice_k] : memref<?x6xbf16>, vector<2xbf16>
    %v = ... // the pair, in all lanes
    %next = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%sum, %v, %w)
        : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
    ```

    Where the target has registers for tiles of bf16 (`tile-bf16`: Intel's AMX),
    rows whose numbers fill whole tiles, and panels 16 units wide, are multiplied
    by these, 16 pairs along K at once. Rows that are left behind blocks of 16 are
    copied to where 16 may be read.

    ```mlir
    // the same for 16 rows, with tile-bf16 and 32 numbers along K
    %sum = amx.tile_zero : !amx.tile<16x16xf32>
    %rows = amx.tile_load %x[%row, %twice_k]
        : memref<?x32xbf16> into !amx.tile<16x32xbf16>
    %w = amx.tile_load %panels[%c0, %k, %c0]
        : memref<1x16x32xbf16> into !amx.tile<16x32xbf16>
    %next = amx.tile_mulf %rows, %w, %sum
        : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
    ```

    So are weights of int8, by four (`dot-int8`: AVX512_VNNI's or AVX-VNNI's
    instruction); their sums are i32, and become f32 behind all steps. Elsewhere
    each vector of four becomes four of i32.

    After this nothing of the `sched` dialect is left.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "256",
           "bits of the target's vector registers">,
    Option<"vectorRegisters", "registers", "int64_t", "16",
           "number of the target's vector registers">,
    Option<"dotBf16", "dot-bf16", "bool", "false",
           "whether the target has a dot product of pairs of bf16">,
    Option<"dotInt8", "dot-int8", "bool", "false",
           "whether the target has a dot product of four int8">,
    Option<"tileBf16", "tile-bf16", "bool", "false",
           "whether the target multiplies tiles of bf16">,
  ];
  let dependentDialects = [
    "::mlir::amx::AMXDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def VectorizeParallelLoopsPass : Pass<"vectorize-parallel-loops"> {
  let summary = "runs parallel loops on the lanes of vectors";
  let description = [{
    The edge to CPU code: makes `scf.for` of each `scf.parallel`, in the order
    of its dimensions, and lets the last dimension run over lanes, where what it
    writes, reads and adds up can have them. Where the size of that dimension is
    no multiple of the vector's, lanes that do not exist are masked.

    ```mlir
    scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c16) step (%c1, %c1) {
      %v = memref.load %x[%i, %j] : memref<?x16xf32>
      %s = memref.load %b[%i] : memref<?xf32>
      %w = arith.addf %v, %s : f32
      memref.store %w, %y[%i, %j] : memref<?x16xf32>
    }
    // becomes, with vector-bits=256
    scf.for %i = %c0 to %n step %c1 {
      scf.for %j = %c0 to %c16 step %c8 {
        %v = vector.load %x[%i, %j] : memref<?x16xf32>, vector<8xf32>
        %s = memref.load %b[%i] : memref<?xf32>
        %all = vector.broadcast %s : f32 to vector<8xf32>
        %w = arith.addf %v, %all : vector<8xf32>
        vector.store %w, %y[%i, %j] : memref<?x16xf32>, vector<8xf32>
      }
    }
    ```

    What is read at lanes lies side by side, or in one place; index arithmetic
    may move lanes, but not part them; what a branch or an inner loop does is
    the same in all lanes. Stores that break this leave for a scalar loop of
    their own, if the loop has `seq.independent` (its stores read nothing of one
    another). A parallel loop inside of one that has lanes is a loop that each
    lane walks; inside of one that has none it may have lanes of its own. A
    scalar loop that writes a matrix goes by blocks of columns.

    What a loop reduces is added up lane by lane, and the lanes at the end; a
    product with `fastmath<contract>` on it and on its sum is one operation with
    that. How work is ordered follows from shapes and `vector-bits` alone.

    After this there is no `scf.parallel`.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "256",
           "bits of the target's vector registers">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

def ConvertSchedToParallelPass : Pass<"convert-sched-to-parallel"> {
  let summary = "makes parallel loops of scheduled products";
  let description = [{
    The edge to everything that has no vectors for `sched.product`: an
    `scf.parallel` over rows and units, with scalar code at a position. There the
    sum of each group is an `scf.for` along K; the epilogue follows.

    ```mlir
    sched.product %x, %panels init(%b) rows(%n) units(16)
        : memref<?x3xf32>, memref<2x3x8xf32>, memref<?x16xf32> {
    ^bb0(%row: index, %unit: index, %sum: f32):
      memref.store %sum, %y[%row, %unit] : memref<?x16xf32>
    }
    // becomes
    scf.parallel (%row, %unit) = (%c0, %c0) to (%n, %c16) step (%c1, %c1) {
      %panel = arith.divui %unit, %c8 : index
      %column = arith.remui %unit, %c8 : index
      %begin = memref.load %b[%row, %unit] : memref<?x16xf32>
      %sum = scf.for %k = %c0 to %c3 step %c1 iter_args(%s = %begin) -> (f32) {
        %v = memref.load %x[%row, %k] : memref<?x3xf32>
        %w = memref.load %panels[%panel, %k, %column] : memref<2x3x8xf32>
        %next = math.fma %v, %w, %s : f32
        scf.yield %next : f32
      }
      memref.store %sum, %y[%row, %unit] : memref<?x16xf32>
    }
    ```

    Products of int8 have no such form yet.

    After this nothing of the `sched` dialect is left.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def ConvertParallelToGpuPass
    : Pass<"convert-parallel-to-gpu", "::mlir::ModuleOp"> {
  let summary = "makes kernels of a call's tasks";
  let description = [{
    The edge to GPU code: each function that the program hands to the runtime's
    workers as a task becomes a kernel, in a `gpu.module` with copies of what it
    calls. A block of threads does one task, that of its number, in a workspace
    of its own: so many blocks, so many workers. `NAME_pack` becomes a kernel of
    one block besides, for packed parameters are wanted on the device.

    The threads of a block share out the positions of each outermost
    `scf.parallel`, also in the functions that they call together. All else they
    do alike, but for what writes memory: thread 0 does that. Barriers stand
    around both, so that no thread reads what another has yet to write, or
    writes what another has yet to read. What a loop outside of others reduces,
    each thread computes for itself, in order.

    ```mlir
    func.func private @M_tile(%call: !llvm.ptr, %tile: i64, %worker: i32) {
      ...
      scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c4) step (%c1, %c1) {
        memref.store %v, %y[%i, %j] : memref<?x4xf32>
      }
      memref.store %v, %z[%c0] : memref<1xf32>
      return
    }
    // becomes, with threads=64
    gpu.module @kernels {
      gpu.func @M_tile(%call: !llvm.ptr) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
        %thread = gpu.thread_id x
        %block = gpu.block_id x
        ...
        %count = arith.muli %n, %c4 : index
        gpu.barrier
        scf.for %position = %thread to %count step %c64 {
          %j = arith.remui %position, %c4 : index
          %i = arith.divui %position, %c4 : index
          memref.store %v, %y[%i, %j] : memref<?x4xf32>
        }
        gpu.barrier
        %first = arith.cmpi eq, %thread, %c0 : index
        scf.if %first {
          memref.store %v, %z[%c0] : memref<1xf32>
        }
        gpu.barrier
        gpu.return
      }
    }
    ```

    What reports an error is called by thread 0; the runtime's part of it is a
    function that the device code declares. The functions of the host that hand
    out the tasks are erased, for nothing launches the kernels yet; those that
    pack parameters there and say how much memory a call takes stay.

    After this no function in the `gpu.module` has an `scf.parallel`. A module
    without tasks stays as it is.
  }];
  let options = [
    Option<"threads", "threads", "int64_t", "256", "threads of a block">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::gpu::GPUDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def ConvertGpuMathPass : Pass<"convert-gpu-math"> {
  let summary = "makes intrinsics of the mathematics that GPUs have";
  let description = [{
    Rewrites scalar `math` functions that are one instruction or a few on a GPU
    (`fma`, `sqrt`, `absf`, `copysign`, rounding) into calls of LLVM's
    intrinsics. The conversion to NVVM makes calls of a library (`__nv_sinf`) of
    those that are left.

    ```mlir
    %z = math.fma %x, %y, %x : f32
    // becomes
    %z = llvm.call_intrinsic "llvm.fma"(%x, %y, %x) : (f32, f32, f32) -> f32
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // SEQ_CONVERSION_PASSES_TD
