//===- Build.cpp - seqc build ---------------------------------------------===//
// An object file and the C header that says how to call it.
//===----------------------------------------------------------------------===//

#include "compiler/Driver/CHeader.h"
#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/ModelOptions.h"
#include "compiler/Tools/seqc/OutputFiles.h"
#include "runtime/services/atomic_file.h"

#include <filesystem>

namespace seqc::tool {
namespace {

struct BuildOptions {
  ModelOptions model;
  std::string object;
  std::string header;
};

void build(const BuildOptions &options) {
  std::string header = options.header;
  if (header.empty())
    header = std::filesystem::path(options.object)
                 .replace_extension(".h")
                 .string();
  checkOutputs({{"--header", header}, {"-o", options.object}},
               {{"FILE", options.model.file}});
  ModelOptions model = options.model;
  model.compile.target.isShipped = true;
  Compilation compilation = model.start();
  compilation.advance(Phase::Obj);
  const std::string products =
      describeProducts(options.model.compile.precision, compilation.target());
  runtime::writeFileAtomically(
      header, {makeCHeader(compilation.signature(), products)});
  runtime::writeFileAtomically(options.object, {compilation.print()});
}

} // namespace

void addBuild(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "build", "write an object file and a C header, to ship a model");
  auto options = std::make_shared<BuildOptions>();
  options->model.addTo(*command);
  addPrecision(*command, options->model.compile);
  command->add_option("-o", options->object, "the object file")
      ->type_name("M.o")
      ->required();
  command
      ->add_option("--header", options->header,
                   "the C header (default: beside the object)")
      ->type_name("M.h");
  command->footer(
      "The object needs seqc's runtime/core and nothing else.\n\nExamples:\n"
      "  seqc build examples/rnn.seq -o rnn.o\n"
      "  cc main.c rnn.o libSeqcRuntimeCore.a -lm -lpthread -o main\n"
      "  seqc build examples/rnn.seq --target aarch64-linux-gnu -o rnn.o");
  command->callback([options] { build(*options); });
}

} // namespace seqc::tool
