//===- Sources.h - What tests of sources share ----------------------------===//
// Files to read, samples to look at, and messages without a folder's name.
//===----------------------------------------------------------------------===//

#ifndef SEQC_TEST_UNIT_DATA_SOURCES_H
#define SEQC_TEST_UNIT_DATA_SOURCES_H

#include "runtime/data/source.h"
#include "test/Unit/Data/Interfaces.h"
#include "test/Unit/Data/Trees.h"

#include <functional>

template <typename T>
std::vector<T> valuesOf(const seqc::runtime::Tensor &tensor) {
  return {tensor.data<T>(), tensor.data<T>() + tensor.size()};
}

template <typename T>
bool hasValues(const seqc::runtime::Tensor &tensor,
               const seqc::runtime::Shape &shape, const std::vector<T> &values,
               testing::MatchResultListener &listener) {
  if (tensor.type() != seqc::runtime::ElementTypeOf<T>::value) {
    listener << "which has another type";
    return false;
  }
  listener << "which is of shape " << testing::PrintToString(tensor.shape())
           << " and " << testing::PrintToString(valuesOf<T>(tensor));
  return tensor.shape() == shape && valuesOf<T>(tensor) == values;
}

/// Whether a tensor has this shape and these values.
MATCHER_P2(HasNumbers, shape, values, "") {
  return hasValues<float>(arg, shape, values, *result_listener);
}
MATCHER_P2(HasTokens, shape, values, "") {
  return hasValues<int64_t>(arg, shape, values, *result_listener);
}

/// Lists that macros and templates take as they are.
inline seqc::runtime::Shape shape(std::initializer_list<int64_t> sizes) {
  return sizes;
}
inline std::vector<float> numbers(std::initializer_list<float> values) {
  return values;
}
inline std::vector<int64_t> tokens(std::initializer_list<int64_t> values) {
  return values;
}

class SourceTest : public testing::Test {
protected:
  /// Writes a file, and says where it is.
  std::string write(const std::string &name, const std::string &bytes) {
    writeTree(folder / "", {{name, bytes}});
    return folder / name;
  }

  /// What is thrown, with the names of files as they were written.
  std::string messageOf(const std::function<void()> &read) const {
    try {
      read();
    } catch (const seqc::runtime::Error &error) {
      return withoutFolder(error.what());
    }
    return "no error";
  }
  std::string withoutFolder(std::string text) const {
    const std::string path = folder / "";
    for (size_t at; (at = text.find(path)) != std::string::npos;)
      text.erase(at, path.size());
    return text;
  }

  /// What all samples of a source teach, or some.
  seqc::data::Recipe learn(const seqc::data::Source &source,
                           const std::vector<int64_t> &training) const {
    seqc::data::Recipe recipe;
    recipe.options = options;
    source.learn(training, recipe);
    return recipe;
  }
  seqc::data::Recipe learn(const seqc::data::Source &source) const {
    return learn(source, source.addresses());
  }

  /// Samples at some addresses as one batch.
  seqc::runtime::TensorMap batch(const seqc::data::Source &source,
                                 const seqc::data::Recipe &recipe,
                                 const std::vector<int64_t> &addresses) {
    std::vector<int64_t> rows;
    for (size_t i = 0; i < addresses.size(); ++i)
      rows.push_back(static_cast<int64_t>(i));
    return source.samples(addresses, recipe, warnings).batch(rows);
  }
  /// All of a source, after it was learnt.
  seqc::runtime::TensorMap batch(const seqc::data::Source &source) {
    return batch(source, learn(source), source.addresses());
  }

  seqc::runtime::TemporaryDirectory folder;
  seqc::data::DataOptions options;
  seqc::data::Warnings warnings;
};

#endif // SEQC_TEST_UNIT_DATA_SOURCES_H
