# Helpers that give every target of the project the same warnings, the same
# sanitizers, and the right C++ standard.

# Warnings and sanitizers; CMake's own generic flags stay as they are.
add_library(seqc_options INTERFACE)
target_compile_options(seqc_options INTERFACE
  -Wall -Wextra -Wno-unused-parameter -fno-omit-frame-pointer)
if(SEQC_SANITIZE)
  # Debian's LLVM is not instrumented: no vptr checks across the boundary. Nor
  # is what the JIT makes: a check of a function pointer reads the bytes before
  # the function, which may be no memory at all.
  target_compile_options(seqc_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr,function
    -fno-sanitize-recover=undefined)
  target_link_options(seqc_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr,function)
endif()

# Headers are named from the project's root ("runtime/core/abi.h").
function(_seqc_common target)
  target_link_libraries(${target} PUBLIC seqc_options)
  target_include_directories(${target} PUBLIC
    ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
endfunction()

# seqc_add_library(NAME sources... LINK libs...): C++20, free of LLVM.
function(seqc_add_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  _seqc_common(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# What every target that includes MLIR's headers needs: C++17, and those
# headers as system headers. RTTI is on, as in Debian's LLVM: one type has one
# identity in all of the program.
function(_seqc_uses_mlir target)
  _seqc_common(${target})
  set_target_properties(${target} PROPERTIES CXX_STANDARD 17)
  target_include_directories(${target} SYSTEM PUBLIC
    ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_compile_definitions(${target} PUBLIC ${LLVM_DEFINITIONS_LIST})
endfunction()

# seqc_add_mlir_library(NAME sources... LINK libs... DEPENDS tablegen-targets...)
function(seqc_add_mlir_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  _seqc_uses_mlir(${name})
  if(NOT name STREQUAL "SeqcPch")
    target_precompile_headers(${name} REUSE_FROM SeqcPch)
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINK} MLIR LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# seqc_add_tool(NAME sources... LINK libs...): an executable that uses MLIR.
function(seqc_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  _seqc_uses_mlir(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
endfunction()
