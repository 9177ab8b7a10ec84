//===- ts_file.cpp - Time series of the UEA and UCR archives --------------===//
// A header of `@name value` lines, then a line for each sample.
//===----------------------------------------------------------------------===//

#include "runtime/data/ts_file.h"

#include "runtime/data/number.h"
#include "runtime/data/utf8.h"
#include "runtime/services/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace seqc::data {
namespace {

std::vector<std::string_view> cut(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

class TsParser {
public:
  explicit TsParser(const std::string &path) : path(path) {}

  void add(std::string text) {
    ++line;
    bool isBroken = false;
    text = repaired(text, isBroken);
    if (isBroken)
      fail("the text is no valid UTF-8");
    if (!text.empty() && text.back() == '\r')
      text.pop_back();
    if (text.empty() || text[0] == '#')
      return;
    if (isInData)
      addSample(text);
    else if (text[0] == '@')
      addTag(text);
    else
      fail("the samples begin before `@data`");
  }

  TsFile finish() && {
    if (file.samples.empty())
      throw runtime::Error(fmt::format("`{}` has no samples", path));
    return std::move(file);
  }

private:
  [[noreturn]] void fail(const std::string &what) const {
    throw runtime::Error(fmt::format("{}:{}: {}", path, line, what));
  }

  void addTag(const std::string &text) {
    std::istringstream words(text);
    std::string name, value;
    words >> name >> value;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (name == "@timestamps" && value == "true")
      fail("series with time stamps cannot be read");
    if (name == "@classlabel" && value == "true")
      while (words >> value)
        file.classes.push_back(value);
    if (name != "@data")
      return;
    if (file.classes.empty())
      fail("no `@classLabel true` lists the classes");
    isInData = true;
  }

  int64_t labelOf(std::string_view name) const {
    auto found = std::find(file.classes.begin(), file.classes.end(), name);
    if (found == file.classes.end())
      fail(fmt::format("`{}` is none of the classes {}", name,
                       fmt::join(file.classes, ", ")));
    return found - file.classes.begin();
  }

  void addSample(std::string_view text) {
    std::vector<std::string_view> series = cut(text, ':');
    const int64_t label = labelOf(series.back());
    series.pop_back();
    const auto dimensions = static_cast<int64_t>(series.size());
    if (dimensions == 0)
      fail("there is no series");
    if (file.samples.empty())
      file.dimensions = dimensions;
    else if (dimensions != file.dimensions)
      fail(fmt::format("there are {} series, and {} before", dimensions,
                       file.dimensions));
    const int64_t length =
        std::count(series[0].begin(), series[0].end(), ',') + 1;
    LabelledSeries sample = {
        std::vector<float>(static_cast<size_t>(length * dimensions)), length,
        label, line};
    for (int64_t d = 0; d < dimensions; ++d)
      addSeries(sample, d, series[d]);
    file.samples.push_back(std::move(sample));
  }

  void addSeries(LabelledSeries &sample, int64_t dimension,
                 std::string_view text) {
    const std::vector<std::string_view> values = cut(text, ',');
    if (static_cast<int64_t>(values.size()) != sample.length)
      fail(fmt::format("series {} has {} steps, and the first one {}",
                       dimension + 1, values.size(), sample.length));
    for (int64_t t = 0; t < sample.length; ++t) {
      const std::optional<double> value = numberIn(values[t]);
      if (!value)
        fail(fmt::format("series {}, step {}: `{}` is no number", dimension + 1,
                         t + 1, values[t]));
      sample.values[t * file.dimensions + dimension] =
          static_cast<float>(*value);
    }
  }

  std::string path;
  int64_t line = 0;
  bool isInData = false;
  TsFile file{};
};

} // namespace

TsFile TsFile::read(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    throw runtime::Error(fmt::format("cannot read `{}`", path));
  TsParser parser(path);
  for (std::string text; std::getline(stream, text);)
    parser.add(std::move(text));
  return std::move(parser).finish();
}

} // namespace seqc::data
