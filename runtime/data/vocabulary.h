//===- vocabulary.h - The number of each token ----------------------------===//
// Owns the order of tokens: special ones, then by how often they were seen. The
// same texts give the same vocabulary on every machine.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_DATA_VOCABULARY_H
#define SEQC_RUNTIME_DATA_VOCABULARY_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace seqc::data {

/// Which tokens are in a vocabulary.
struct VocabularyOptions {
  /// Tokens seen less often are left out.
  int64_t minimumCount = 1;
  /// Tokens at most, special ones included; 0: any number.
  int64_t maximumSize = 0;
  /// Tokens that no text has, before all others. The first one stands for every
  /// token that is not in the vocabulary.
  std::vector<std::string> special = {"<unk>"};
};

class Vocabulary {
public:
  /// Tokens in their order, all different; the first `special` of them stand in
  /// no text. Throws runtime::Error, which names `source`, where one comes
  /// twice or there is none.
  Vocabulary(std::vector<std::string> tokens, int64_t special,
             const std::string &source);

  /// A file with one token a line, most frequent first, as `imdb.vocab` is. The
  /// special tokens are put before it, wherever it has them; of all the first
  /// that fit into the maximum size are kept.
  static Vocabulary read(const std::string &path,
                         const VocabularyOptions &options = {});

  int64_t size() const { return static_cast<int64_t>(all.size()); }
  const std::vector<std::string> &tokens() const { return all; }
  /// How many of them stand in no text.
  int64_t special() const { return specials; }
  /// The number of a special token; nothing where it is none.
  std::optional<int64_t> numberOfSpecial(std::string_view token) const;
  /// How many tokens of the file did not fit.
  int64_t leftOut() const { return rest; }

  /// The token's number; of one that is not there, or has no place in a text:
  /// 0.
  int64_t numberOf(std::string_view token) const;
  std::vector<int64_t> numbersOf(const std::vector<std::string> &tokens) const;

private:
  /// Lets a view look a string up.
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::vector<std::string> all;
  int64_t specials = 0, rest = 0;
  std::unordered_map<std::string, int64_t, Hash, std::equal_to<>> numbers;
};

/// Counts tokens, text by text.
class TokenCounts {
public:
  void add(const std::vector<std::string> &tokens);

  /// Most frequent first, of equally frequent ones the one that sorts first.
  /// Throws runtime::Error where not even the special tokens fit.
  Vocabulary vocabulary(const VocabularyOptions &options) const;

private:
  std::unordered_map<std::string, int64_t> counts;
};

} // namespace seqc::data

#endif // SEQC_RUNTIME_DATA_VOCABULARY_H
