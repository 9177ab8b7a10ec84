//===- ModelOptions.cpp - What every subcommand is told of a model --------===//
// The shared part of the command line.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/ModelOptions.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace seqc::tool {

void ModelOptions::addTo(CLI::App &command) {
  command.add_option("FILE", file, "the model, a .seq file")->required();
  command
      .add_option("--set", compile.settings,
                  "the value of a dimension, in place of its default; may be "
                  "repeated")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  command
      .add_option("--model", compile.model,
                  "which model of the file (default: the last)")
      ->type_name("NAME");
  command
      .add_option("--target", compile.target.triple,
                  "make code for this machine (default: this one); nvptx is "
                  "an NVIDIA GPU")
      ->type_name("TRIPLE");
  command
      .add_option("--cpu", compile.target.cpu,
                  "make code for this CPU (default: the features that this "
                  "machine reports) or GPU (default: sm_80)")
      ->type_name("NAME");
  command
      .add_option("--features", compile.target.features,
                  "features to add or to leave out, as in +avx2,-avx512f")
      ->type_name("LIST");
}

Compilation ModelOptions::start() const {
  return Compilation(readSource(file), compile);
}

CLI::Option *addPrecision(CLI::App &command, CompileOptions &compile) {
  const std::vector<std::string> names(kPrecisionNames.begin(),
                                       kPrecisionNames.end());
  return command
      .add_option_function<std::string>(
          "--precision",
          [&compile](const std::string &name) {
            const auto *found =
                std::find(kPrecisionNames.begin(), kPrecisionNames.end(), name);
            compile.precision =
                static_cast<Precision>(found - kPrecisionNames.begin());
          },
          "the numbers that products with weights multiply: f32, bf16 or, in "
          "inference, int8; states and all else are f32 in any case (default: "
          "f32)")
      ->type_name("NUMBERS")
      ->check(CLI::IsMember(names));
}

void addCache(CLI::App &command, CompileOptions &compile) {
  compile.cacheFolder = defaultCacheFolder();
  command.add_flag_callback(
      "--no-cache", [&compile] { compile.cacheFolder.clear(); },
      "compile in any case, and keep no code on disk");
  command.add_flag_callback(
      "--verbose",
      [&compile] {
        compile.onCode = [](const std::string &sentence) {
          std::fprintf(stderr, "%s\n", sentence.c_str());
        };
      },
      "say on stderr where the code comes from");
}

std::shared_ptr<seqc_team> makeTeam(int32_t threads) {
  if (threads <= 1)
    return nullptr;
  seqc_team *team = seqc_team_create(threads);
  if (!team)
    throw runtime::Error("cannot make " + std::to_string(threads) +
                         " threads");
  return std::shared_ptr<seqc_team>(team, seqc_team_destroy);
}

CLI::Validator fits64Bits() {
  return CLI::Validator(
      [](std::string &text) {
        errno = 0;
        std::strtoll(text.c_str(), nullptr, 0);
        return errno == ERANGE ? "Value " + text + " does not fit 64 bits"
                               : std::string();
      },
      /*validator_desc=*/"");
}

void print(const std::string &text) {
  const size_t written = std::fwrite(text.data(), 1, text.size(), stdout);
  if (written != text.size() || std::fflush(stdout) != 0)
    throw runtime::Error("cannot write to standard output");
}

} // namespace seqc::tool
