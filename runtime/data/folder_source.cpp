//===- folder_source.cpp - Samples from texts in folders ------------------===//
// One source for each part of the tree.
//===----------------------------------------------------------------------===//

#include "runtime/data/folder_source.h"

#include "runtime/data/labels.h"
#include "runtime/data/text_folders.h"
#include "runtime/data/texts.h"
#include "runtime/services/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

namespace seqc::data {
namespace {

/// The inputs that a tree of texts fills. A model may take no label.
struct Inputs {
  InputSpec text;
  std::optional<InputSpec> label;
};

class FolderSource : public Source {
public:
  FolderSource(std::vector<LabelledText> texts,
               const std::vector<std::string> &classes, const Inputs &inputs)
      : texts(std::move(texts)), classes(classes), inputs(inputs) {}

  std::vector<int64_t> addresses() const override {
    std::vector<int64_t> all(texts.size());
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  void learn(const std::vector<int64_t> &training,
             Recipe &recipe) const override {
    TokenCounts counts;
    for (int64_t address : training)
      counts.add(tokensOf(recipe.options.tokenizer, texts[address].text));
    learnVocabulary(inputs.text, counts, recipe);
    recipe.classes = classes;
    recipe.classesOf = inputs.label ? inputs.label->name : "";
  }

  Samples samples(const std::vector<int64_t> &addresses, const Recipe &recipe,
                  Warnings &warnings) const override {
    std::vector<std::vector<int64_t>> numbers;
    for (int64_t address : addresses)
      numbers.push_back(numbersOf(texts[address].text, inputs.text, recipe,
                                  place(address), warnings));
    Samples samples;
    samples.addTokens(inputs.text.name, numbers);
    if (inputs.label)
      addLabels(
          *inputs.label, addresses,
          [&](int64_t address) { return classes[texts[address].label]; },
          [&](int64_t address) { return place(address); }, recipe, samples);
    return samples;
  }

  std::string place(int64_t address) const override {
    return texts[address].name;
  }

  std::string excerpt(int64_t address) const override {
    return texts[address].text;
  }

private:
  std::vector<LabelledText> texts;
  std::vector<std::string> classes;
  Inputs inputs;
};

/// Where a part goes, by its name.
SourcePtr &placeFor(const std::string &part, Sources &sources,
                    const std::string &path) {
  if (part.empty() || part == "train" || part == "training")
    return sources.training;
  if (part == "test")
    return sources.test;
  if (part == "valid" || part == "val" || part == "dev" || part == "validation")
    return sources.validation;
  throw runtime::Error(fmt::format("`{}` has a part `{}`: parts are called "
                                   "`train`, `valid` and `test`",
                                   path, part));
}

} // namespace

Sources readFolderSources(const std::string &path,
                          const runtime::Interface &interface,
                          Warnings &warnings) {
  TextFolders folders = readTextFolders(path, warnings);
  const std::string data =
      fmt::format("`{}` has texts (`text`) of {} classes (`label`: {})", path,
                  folders.classes.size(), fmt::join(folders.classes, ", "));
  Slots slots(interface, data);
  Inputs inputs;
  inputs.text = slots.take("text", takesText, "texts");
  if (const InputSpec *label = slots.find("label", takesLabel)) {
    checkClasses(*label, folders.classes.size(), data);
    inputs.label = *label;
  }
  slots.finish();
  Sources sources;
  for (auto &[part, texts] : folders.parts) {
    SourcePtr &place = placeFor(part, sources, path);
    if (place)
      throw runtime::Error(fmt::format("`{}` has the part `{}` under another "
                                       "name, too",
                                       path, part));
    place = std::make_unique<FolderSource>(std::move(texts), folders.classes,
                                           inputs);
  }
  return sources;
}

} // namespace seqc::data
