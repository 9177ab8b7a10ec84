//===- tokenizer.cpp - Text as tokens -------------------------------------===//
// One function for each way to cut.
//===----------------------------------------------------------------------===//

#include "runtime/data/tokenizer.h"

#include "runtime/data/utf8.h"
#include "runtime/services/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <utility>

namespace seqc::data {
namespace {

constexpr std::array<std::pair<std::string_view, Tokenizer>, 4> kTokenizers = {
    {{"basic-english", Tokenizer::BasicEnglish},
     {"whitespace", Tokenizer::Whitespace},
     {"characters", Tokenizer::Characters},
     {"bytes", Tokenizer::Bytes}}};

constexpr std::array<std::pair<std::string_view, Truncation>, 3> kTruncations =
    {{{"head", Truncation::Head},
      {"tail", Truncation::Tail},
      {"ends", Truncation::Ends}}};

/// The value of `name` in a table of names.
template <typename Table>
auto named(const Table &table, std::string_view name, std::string_view what) {
  std::vector<std::string_view> known;
  for (const auto &[each, value] : table) {
    if (each == name)
      return value;
    known.push_back(each);
  }
  throw runtime::Error(fmt::format("there is no {} `{}`: it is one of {}", what,
                                   name, fmt::join(known, ", ")));
}

/// The name of `value`, which is in the table.
template <typename Table, typename Value>
std::string_view nameIn(const Table &table, Value value) {
  std::string_view found;
  for (const auto &[name, each] : table)
    if (each == value)
      found = name;
  return found;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> tokens;
  std::string word;
  auto finish = [&] {
    if (!word.empty())
      tokens.push_back(std::exchange(word, {}));
  };
  for (std::string_view character : characters(text)) {
    if (isSpace(character))
      finish();
    else
      word.append(character);
  }
  finish();
  return tokens;
}

/// Parts words at marks, which are kept or not.
std::string withSpaces(std::string_view text) {
  constexpr std::string_view kKept = ".,()!?'", kDropped = "\";:";
  constexpr std::string_view kBreak = "<br />";
  std::string result;
  result.reserve(text.size() + text.size() / 4);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, kBreak.size()) == kBreak) {
      result += ' ';
      i += kBreak.size() - 1;
    } else if (kKept.find(text[i]) != std::string_view::npos) {
      result += ' ';
      result += text[i];
      result += ' ';
    } else {
      result +=
          kDropped.find(text[i]) == std::string_view::npos ? text[i] : ' ';
    }
  }
  return result;
}

std::vector<std::string> bytes(std::string_view text) {
  std::vector<std::string> tokens;
  tokens.reserve(text.size());
  for (char byte : text)
    tokens.push_back(fmt::format("{:02x}", static_cast<unsigned char>(byte)));
  return tokens;
}

} // namespace

Tokenizer tokenizerNamed(std::string_view name) {
  return named(kTokenizers, name, "tokenizer");
}

std::string_view nameOf(Tokenizer tokenizer) {
  return nameIn(kTokenizers, tokenizer);
}

Truncation truncationNamed(std::string_view name) {
  return named(kTruncations, name, "truncation");
}

std::string_view nameOf(Truncation truncation) {
  return nameIn(kTruncations, truncation);
}

std::vector<std::string> tokensOf(Tokenizer tokenizer, std::string_view text) {
  switch (tokenizer) {
  case Tokenizer::BasicEnglish:
    return words(withSpaces(lowered(text)));
  case Tokenizer::Whitespace:
    return words(text);
  case Tokenizer::Characters: {
    const std::vector<std::string_view> found = characters(text);
    return {found.begin(), found.end()};
  }
  case Tokenizer::Bytes:
    return bytes(text);
  }
  return {};
}

std::string spellingOf(Tokenizer tokenizer, const std::string &token,
                       bool isFirst) {
  constexpr std::string_view kMarks = ".,)!?'";
  switch (tokenizer) {
  case Tokenizer::BasicEnglish:
    return isFirst || (token.size() == 1 && kMarks.find(token) != kMarks.npos)
               ? token
               : " " + token;
  case Tokenizer::Whitespace:
    return isFirst ? token : " " + token;
  case Tokenizer::Characters:
    return token;
  case Tokenizer::Bytes: {
    int byte = 0;
    const char *end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, byte, 16);
    return token.size() == 2 && token[0] != '-' && read.ptr == end
               ? std::string(1, static_cast<char>(byte))
               : token;
  }
  }
  return {};
}

} // namespace seqc::data
