//===- Summary.cpp - seqc summary -----------------------------------------===//
// What a model takes, gives and learns, as tables.
//===----------------------------------------------------------------------===//

#include "compiler/Tools/seqc/Commands.h"
#include "compiler/Tools/seqc/TrainingMemory.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace seqc::tool {
namespace {

struct Row {
  std::string name;
  std::string type;
  int64_t count = 0;
};

int64_t elementsOf(const runtime::TensorSpec &spec) {
  return std::accumulate(spec.shape.begin(), spec.shape.end(), int64_t{1},
                         std::multiplies<>());
}

/// `lstm` of `lstm.weight_ih_l0`: the instance that owns the parameter.
std::string instanceOf(const std::string &name) {
  const size_t dot = name.rfind('.');
  return dot == std::string::npos ? std::string("(model)")
                                  : name.substr(0, dot);
}

class SummaryWriter {
public:
  SummaryWriter(const runtime::Signature &signature,
                const std::vector<Remark> &remarks)
      : signature(signature), remarks(remarks) {}

  std::string write() {
    fmt::format_to(std::back_inserter(out), "model {}\n", signature.model);
    if (!remarks.empty() && !remarks.front().text.empty())
      out += "  " + remarks.front().text + "\n\n";
    writeTensors("input", signature.inputs);
    writeTensors("output", signature.outputs);
    writeTensors("state", signature.states);
    writeUses();
    writeParams();
    return std::move(out);
  }

private:
  void writeTensors(const char *role,
                    const std::vector<runtime::TensorSpec> &specs) {
    for (const runtime::TensorSpec &spec : specs)
      fmt::format_to(std::back_inserter(out), "  {:<7} {} : {}\n", role,
                     spec.name, runtime::describeBatched(signature, spec));
  }

  /// Layers and cells, and what they say of themselves.
  void writeUses() {
    size_t name = 0;
    for (const Remark &remark : remarks)
      name = std::max(name, remark.name.size());
    for (size_t i = 1; i < remarks.size(); ++i) {
      const Remark &remark = remarks[i];
      std::string line = fmt::format("  {:<7} {:<{}}  {}", remark.kind,
                                     remark.name, name, remark.text);
      line.resize(line.find_last_not_of(' ') + 1);
      out += (i == 1 ? "\n" : "") + line + "\n";
    }
  }

  /// Instances in the order of their first parameter, each with its own.
  std::vector<Row> rowsOfParams() const {
    std::vector<std::string> instances;
    for (const runtime::ParamSpec &param : signature.params) {
      std::string instance = instanceOf(param.tensor.name);
      if (std::find(instances.begin(), instances.end(), instance) ==
          instances.end())
        instances.push_back(std::move(instance));
    }
    std::vector<Row> rows;
    for (const std::string &instance : instances) {
      const size_t head = rows.size();
      rows.push_back({instance, "", 0});
      for (const runtime::ParamSpec &param : signature.params) {
        if (instanceOf(param.tensor.name) != instance)
          continue;
        const int64_t count = elementsOf(param.tensor);
        rows.push_back({"  " + param.tensor.name,
                        runtime::describeParam(param.tensor), count});
        rows[head].count += count;
      }
    }
    return rows;
  }

  void writeParams() {
    const std::vector<Row> rows = rowsOfParams();
    size_t name = 8;
    size_t type = 5;
    for (const Row &row : rows) {
      name = std::max(name, row.name.size());
      type = std::max(type, row.type.size());
    }
    fmt::format_to(std::back_inserter(out), "\n{:<{}}  {:<{}}  {:>12}\n",
                   "instance", name, "shape", type, "parameters");
    int64_t total = 0;
    for (const Row &row : rows) {
      fmt::format_to(std::back_inserter(out), "{:<{}}  {:<{}}  {:>12}\n",
                     row.name, name, row.type, type, row.count);
      total += row.type.empty() ? row.count : 0;
    }
    fmt::format_to(std::back_inserter(out), "{:<{}}  {:<{}}  {:>12}\n", "total",
                   name, "", type, total);
  }

  const runtime::Signature &signature;
  const std::vector<Remark> &remarks;
  std::string out;
};

struct SummaryOptions {
  ModelOptions model;
  BatchSizes sizes;
  bool training = false;
};

void summarize(const SummaryOptions &options) {
  Compilation compilation = options.model.start();
  compilation.advance(Phase::Seq);
  const std::vector<Remark> remarks = compilation.remarks();
  std::string text = SummaryWriter(compilation.signature(), remarks).write();
  if (options.training)
    text += "\n" + describeTrainingMemory(options.model, options.sizes);
  print(text);
}

} // namespace

void addSummary(CLI::App &app) {
  CLI::App *command = app.add_subcommand(
      "summary", "list a model's inputs, outputs, parts and parameters");
  auto options = std::make_shared<SummaryOptions>();
  options->model.addTo(*command);
  command->add_flag("--training", options->training,
                    "list the memory of a training step as well, for each "
                    "choice of --save");
  addBatchSizes(*command, options->sizes);
  command->footer("Examples:\n"
                  "  seqc summary examples/sentiment.seq\n"
                  "  seqc summary examples/sentiment.seq --training --batch 32 "
                  "--length 100");
  command->callback([options] { summarize(*options); });
}

} // namespace seqc::tool
