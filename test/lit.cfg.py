# lit's configuration: what a test may call, and which folders hold no tests.
import os
import shutil
import sys
import lit.formats

config.name = "seqc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".seq", ".test"]
config.excludes = ["Inputs", "Unit", "Golden"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.build_dir, "test")
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.build_dir, "bin"), config.llvm_tools_dir, os.environ["PATH"]]
)
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "SEQC_DATA"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# No code from earlier runs: the compiler is what is tested. Tests of the cache name folders of their own.
config.environment["SEQC_CACHE_DIR"] = ""
config.substitutions.append(("%examples", os.path.join(config.source_dir, "examples")))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%source", config.source_dir))
if config.sanitize:
    config.available_features.add("sanitize")
# NVIDIA's assembler, where it is installed; no test needs a GPU.
ptxas = shutil.which("ptxas") or shutil.which("ptxas", path="/usr/local/cuda/bin")
if ptxas:
    config.available_features.add("ptxas")
    config.substitutions.append(("%ptxas", ptxas))
# What a C program needs to link a built model: the core and its headers.
link_core = ["-I", config.source_dir, os.path.join(config.build_dir, "runtime/core/libSeqcRuntimeCore.a"), "-lm", "-lpthread"]
if config.sanitize:
    link_core += ["-fsanitize=address,undefined", "-fno-sanitize=vptr"]
config.substitutions.append(("%link_core", " ".join(link_core)))
