// seqc as a side of bench/epoch: trains a model on the batches of real data
// that `seqc train --data` would make, a part of them at a time.
//
//     seqc-epoch MODEL.seq NAME DATA V THREADS SHARE BATCHES.safetensors
//
// Writes the first `1 / SHARE` of an epoch's batches to a file, for the others;
// then reads `round BEGIN END` and answers with the time of those batches.

#include "rounds.h"

#include "compiler/Driver/Interface.h"
#include "compiler/Driver/Training.h"
#include "compiler/Seqc.h"
#include "runtime/data/data_set.h"
#include "runtime/fit/batch_loader.h"
#include "runtime/services/safetensors.h"

#include <fmt/format.h>

#include <sys/resource.h>

#include <iostream>
#include <sstream>

using namespace seqc;

namespace {

constexpr int64_t kBatch = 32, kSeed = 0;

struct Arguments {
  std::string model, name, data;
  int64_t vocabulary;
  int32_t threads;
  int64_t share;
  std::string out;
};

data::DataSet readData(const runtime::Interface &interface,
                       const std::string &path) {
  data::DataSetOptions options;
  options.path = path;
  options.validation = data::HeldOut{};
  options.test = data::HeldOut{};
  data::Warnings warnings;
  return data::readDataSet(interface, options, kSeed, warnings);
}

int64_t residentBytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{1024} * usage.ru_maxrss;
}

void writeBatches(const std::vector<runtime::TensorMap> &batches,
                  const std::string &path) {
  runtime::TensorMap all;
  for (size_t i = 0; i < batches.size(); ++i)
    for (const auto &[name, tensor] : batches[i])
      all.emplace(fmt::format("{}.{}", name, i),
                  runtime::Tensor::copyOf(tensor));
  runtime::writeSafetensors(path, runtime::viewsOf(all));
}

void train(const Arguments &arguments) {
  CompileOptions compile;
  compile.model = arguments.name;
  compile.settings = {fmt::format("V={}", arguments.vocabulary)};
  const SourceText source = withImports(readSource(arguments.model));
  const runtime::Interface interface = readInterface(source, compile);
  std::vector<runtime::TensorMap> batches;
  {
    const data::DataSet set = readData(interface, arguments.data);
    fit::BatchLoader loader(set.training.samples, kSeed, kBatch, 0);
    const int64_t count = loader.batchesOfEpoch() / arguments.share;
    for (int64_t i = 0; i < count; ++i)
      batches.push_back(loader.next().tensors);
  }
  writeBatches(batches, arguments.out);
  const int64_t before = residentBytes();
  TrainOptions options;
  options.threads = arguments.threads;
  Trainer trainer(compileTraining(source, compile), options);
  std::cout << fmt::format("{{\"batches\": {}}}", batches.size()) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string word;
    size_t begin = 0, end = 0;
    words >> word >> begin >> end;
    double loss = 0;
    const double start = rounds::milliseconds();
    for (size_t i = begin; i < std::min(end, batches.size()); ++i)
      loss = trainer.step(runtime::viewsOf(batches[i])).loss;
    std::cout << fmt::format("{{\"ms\": {}, \"loss\": {}, \"bytes\": {}}}",
                             rounds::milliseconds() - start, loss,
                             residentBytes() - before)
              << std::endl;
  }
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 8) {
    std::cerr << "seven arguments are wanted; see the first lines\n";
    return 2;
  }
  try {
    train({argv[1], argv[2], argv[3], std::stoll(argv[4]), std::stoi(argv[5]),
           std::stoll(argv[6]), argv[7]});
  } catch (const std::exception &error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  }
}
