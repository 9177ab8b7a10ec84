//===- model_file.h - One file for all that a trained model is ------------===//
// Owns what a `.safetensors` file of a trained model says besides its weights:
// the text it was compiled from, its dimensions, how its data is read. Whoever
// has the file needs nothing else to use the model.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_MODEL_FILE_H
#define SEQC_RUNTIME_FIT_MODEL_FILE_H

#include "runtime/data/recipe.h"
#include "runtime/services/safetensors.h"

namespace seqc::fit {

/// What a model is compiled from.
struct ModelText {
  /// The name of the file, without a folder, and its text.
  std::string file;
  std::string source;
  /// Texts of imported files by path, relative to the file.
  std::map<std::string, std::string> imports;
  /// Values of dimensions, "V=20000".
  std::vector<std::string> settings;
  /// Which model of the file.
  std::string model;
  std::string precision = "f32";

  bool operator==(const ModelText &) const = default;
};

struct ModelDescription {
  ModelText text;
  data::Recipe recipe;
};

/// `seqc.format`, `seqc.source`, `seqc.set`, `seqc.model`, and what
/// data::toMetadata says. Equal descriptions give equal text.
runtime::Metadata toMetadata(const ModelDescription &model);

/// Throws runtime::Error, which names `file`, where an entry is missing or
/// damaged.
ModelDescription descriptionOf(const runtime::Metadata &metadata,
                               const std::string &file);

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_MODEL_FILE_H
