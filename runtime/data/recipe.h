//===- recipe.h - How data becomes samples --------------------------------===//
// Owns what is chosen by the user and what is learnt from the training part:
// vocabularies, classes, scales. A model's file carries it, so that what is
// asked of the model later is read as what it was trained on.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_RECIPE_H
#define SEQC_RUNTIME_DATA_RECIPE_H

#include "runtime/data/csv_table.h"
#include "runtime/data/tokenizer.h"
#include "runtime/data/vocabulary.h"
#include "runtime/services/safetensors.h"

#include <map>
#include <string>
#include <vector>

namespace seqc::data {

/// What the user may choose; each reader looks at what concerns it.
struct DataOptions {
  Tokenizer tokenizer = Tokenizer::BasicEnglish;
  /// Of a text that is one sample: tokens at most; of a text that is read in
  /// pieces: tokens of a piece.
  int64_t maxTokens = 256;
  Truncation kept = Truncation::Ends;
  VocabularyOptions vocabulary;
  /// Of the special tokens the one that each text ends with; empty: none.
  std::string endToken;
  /// A file that holds the vocabulary, which is then not learnt.
  std::string vocabularyFile;

  /// Steps of a window over a series; 0: each sample is a series of its own.
  int64_t window = 0;
  /// How many steps behind a window what it forecasts is.
  int64_t horizon = 1;
  /// Numbers are shifted and scaled to mean 0 and deviation 1.
  bool isNormalised = false;
  /// How a table is written.
  CsvFormat table;
  /// The columns of a table that an input is read from, by its name; else the
  /// one that is called so, or what is left.
  std::map<std::string, std::vector<std::string>> columns;
  /// The column that says which rows of a table are one sample; empty: each
  /// row is a sample.
  std::string group;
};

/// x is read as (x - mean) / deviation.
struct Scale {
  std::string column;
  double mean = 0;
  double deviation = 1;

  float apply(double value) const {
    return static_cast<float>((value - mean) / deviation);
  }
  double undo(double value) const { return value * deviation + mean; }
};

struct Recipe {
  DataOptions options;
  /// By what the model writes for the number of tokens: `V`.
  std::map<std::string, Vocabulary> vocabularies;
  /// Of labels, in the order of their numbers, and the input or target that
  /// takes them; empty where there are none.
  std::vector<std::string> classes;
  std::string classesOf;
  /// One for each column of numbers that is scaled.
  std::vector<Scale> scales;

  /// The classes that an input or target takes; empty where it takes none.
  std::vector<std::string> classesFor(const std::string &input) const {
    return input == classesOf ? classes : std::vector<std::string>();
  }

  /// That of a column; the identity where it is not scaled.
  Scale scaleOf(const std::string &column) const;
};

/// `seqc.data`, `seqc.vocabulary`, `seqc.normalisation`: JSON without a path or
/// a time. Equal recipes give equal text.
runtime::Metadata toMetadata(const Recipe &recipe);

/// Throws runtime::Error, which names `file`, where an entry is missing or not
/// what `toMetadata` writes.
Recipe recipeOf(const runtime::Metadata &metadata, const std::string &file);

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_RECIPE_H
