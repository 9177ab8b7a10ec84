//===- safetensors_header.cpp - The header of a safetensors file ----------===//
// A reader driven by the JSON parser's events, so that a header costs no memory
// besides what it says, deep nesting is refused where it begins, and a key that
// is given twice is seen.
//===----------------------------------------------------------------------===//

#include "runtime/services/safetensors_header.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace seqc::runtime {

using Json = nlohmann::json;

// Far more than anybody has; it bounds recursion over axes.
static constexpr size_t kMostAxes = 64;

namespace {
/// Each event returns whether to go on; where it does not, `fault` says why.
class HeaderReader : public nlohmann::json_sax<Json> {
public:
  Header header;
  std::string fault;

  //===--- Objects --------------------------------------------------------===//

  bool start_object(size_t) override {
    if (where == Where::Start) {
      where = Where::Top;
      return true;
    }
    if (where != Where::Entry)
      return unexpected("an object");
    where = name == "__metadata__" ? Where::Metadata : Where::Tensor;
    if (where == Where::Tensor) {
      header.entries.emplace_back();
      entry().name = name;
      seen = {};
    }
    return true;
  }

  bool end_object() override {
    if (where == Where::Tensor && !(seen.type && seen.shape && seen.offsets))
      return fail("it needs `dtype`, `shape` and `data_offsets`");
    where = where == Where::Top ? Where::End : Where::Top;
    name.clear();
    return true;
  }

  bool key(std::string &text) override {
    if (where == Where::Top) {
      name = text;
      where = Where::Entry;
      return names.insert(text).second || fail("it is there twice");
    }
    field = text;
    if (where == Where::Metadata)
      return !header.metadata.count(field) ||
             fail(fmt::format("{} is there twice", quoteName(field)));
    return startField();
  }

  //===--- Values ---------------------------------------------------------===//

  bool string(std::string &text) override {
    if (where == Where::Metadata) {
      header.metadata.emplace(field, std::move(text));
      return true;
    }
    if (where != Where::Tensor || field != "dtype")
      return unexpected("a string");
    entry().type = findFileType(text);
    return entry().type ||
           fail(fmt::format("its type {} is not supported (F32, F64, F16, "
                            "BF16, I64, I32 and BOOL are)",
                            quoteName(text)));
  }

  bool start_array(size_t) override {
    if (where != Where::Tensor || field == "dtype")
      return unexpected("an array");
    where = Where::Array;
    numbers.clear();
    return true;
  }

  bool end_array() override {
    where = Where::Tensor;
    if (field == "shape") {
      entry().shape.assign(numbers.begin(), numbers.end());
      return true;
    }
    if (numbers.size() != 2)
      return fail("its `data_offsets` are not two numbers");
    entry().begin = numbers[0];
    entry().end = numbers[1];
    return true;
  }

  bool number_unsigned(uint64_t number) override {
    if (where != Where::Array)
      return unexpected("a number");
    if (number > INT64_MAX)
      return fail(fmt::format("the number {} is too large", number));
    if (numbers.size() == kMostAxes)
      return fail(fmt::format("it has more than {} axes", kMostAxes));
    numbers.push_back(number);
    return true;
  }

  bool number_integer(int64_t number) override {
    return where == Where::Array
               ? fail(fmt::format("the number {} is negative", number))
               : unexpected("a number");
  }
  bool number_float(double, const std::string &) override {
    return unexpected("a number that is not an integer");
  }
  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("a boolean"); }
  bool binary(Json::binary_t &) override { return unexpected("binary data"); }

  bool parse_error(size_t position, const std::string &,
                   const Json::exception &) override {
    fault = fmt::format("its header is not JSON (byte {})", position);
    return false;
  }

private:
  /// Where the next event is: at the text's start, in the top object, at the
  /// value of one of its keys, in the metadata, in a tensor's object, in an
  /// array of that, at the text's end.
  enum class Where { Start, Top, Entry, Metadata, Tensor, Array, End };

  HeaderEntry &entry() { return header.entries.back(); }

  bool startField() {
    bool *flag = field == "dtype"          ? &seen.type
                 : field == "shape"        ? &seen.shape
                 : field == "data_offsets" ? &seen.offsets
                                           : nullptr;
    if (!flag)
      return fail(fmt::format("the key {} is unknown", quoteName(field)));
    if (*flag)
      return fail(fmt::format("{} is there twice", quoteName(field)));
    *flag = true;
    return true;
  }

  bool unexpected(const char *what) {
    return fail(
        fmt::format("the header has {} where the format has none", what));
  }

  bool fail(const std::string &reason) {
    fault = name.empty()
                ? reason
                : fmt::format("tensor {}: {}", quoteName(name), reason);
    return false;
  }

  Where where = Where::Start;
  /// The key of the top object that is being read, and the key inside it.
  std::string name;
  std::string field;
  std::vector<uint64_t> numbers;
  struct {
    bool type = false, shape = false, offsets = false;
  } seen;
  std::unordered_set<std::string> names;
};
} // namespace

Header parseHeader(std::string_view text, const std::string &file) {
  // The format forbids white space before the object.
  if (text.empty() || text.front() != '{')
    throw Error(fmt::format("{}: it is not a safetensors file: its header does "
                            "not begin with `{{`",
                            file));
  HeaderReader reader;
  if (!Json::sax_parse(text.begin(), text.end(), &reader))
    throw Error(fmt::format("{}: {}", file, reader.fault));
  return std::move(reader.header);
}

} // namespace seqc::runtime
