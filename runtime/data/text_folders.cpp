//===- text_folders.cpp - Texts in a folder for each class ----------------===//
// From paths to parts, classes and numbers.
//===----------------------------------------------------------------------===//

#include "runtime/data/text_folders.h"

#include "runtime/data/file_tree.h"
#include "runtime/data/utf8.h"
#include "runtime/services/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace seqc::data {
namespace {

constexpr std::string_view kText = ".txt";
/// Of reviews that nobody has judged.
constexpr std::string_view kUnlabelled = "unsup";

std::vector<std::string> partsOf(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const size_t slash = path.find('/');
    parts.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos)
      return parts;
    path.remove_prefix(slash + 1);
  }
}

bool isText(std::string_view path) {
  return path.size() > kText.size() && path.ends_with(kText);
}

/// A file and where it stands.
struct Placed {
  NamedFile file;
  std::vector<std::string> folders;
};

/// The files that stand as deep as most: in a folder of their class. Notes
/// beside the folders (README.txt) are no samples.
std::vector<Placed> samplesOf(std::vector<NamedFile> files) {
  std::vector<Placed> placed;
  std::map<size_t, size_t> depths;
  for (NamedFile &file : files) {
    bool isBroken = false;
    file.path = repaired(file.path, isBroken);
    std::vector<std::string> folders = partsOf(file.path);
    folders.pop_back();
    if (folders.empty() || folders.back() == kUnlabelled)
      continue;
    ++depths[folders.size()];
    placed.push_back({std::move(file), std::move(folders)});
  }
  auto most = std::max_element(
      depths.begin(), depths.end(),
      [](const auto &a, const auto &b) { return a.second < b.second; });
  std::erase_if(placed, [&](const Placed &each) {
    return each.folders.size() != most->first;
  });
  return placed;
}

/// How many folders all samples share: that in which the tree stands. The last
/// two at most are part and class.
size_t commonFolders(const std::vector<Placed> &samples) {
  size_t common = samples.front().folders.size() - 1;
  for (const Placed &each : samples)
    for (size_t i = 0; i < common; ++i)
      if (each.folders[i] != samples.front().folders[i])
        common = i;
  return common;
}

void checkClasses(const std::string &path,
                  const std::map<std::string, std::set<std::string>> &found,
                  const std::set<std::string> &classes) {
  if (classes.size() < 2)
    throw runtime::Error(
        fmt::format("`{}` has one class only, `{}`: there must be a folder for "
                    "each class",
                    path, *classes.begin()));
  for (const auto &[part, own] : found)
    for (const std::string &name : classes)
      if (!own.count(name))
        throw runtime::Error(
            fmt::format("`{}`: part `{}` has no class `{}`, which others have",
                        path, part, name));
}

} // namespace

TextFolders readTextFolders(const std::string &path, Warnings &warnings) {
  std::vector<Placed> samples = samplesOf(readTree(path, isText));
  if (samples.empty())
    throw runtime::Error(fmt::format(
        "`{}` has no texts: a text stands in a file CLASS/NAME.txt", path));
  const size_t common = commonFolders(samples);
  auto partOf = [&](const Placed &each) {
    std::vector<std::string> names(each.folders.begin() +
                                       static_cast<std::ptrdiff_t>(common),
                                   each.folders.end() - 1);
    return fmt::format("{}", fmt::join(names, "/"));
  };
  std::map<std::string, std::set<std::string>> found;
  std::set<std::string> names;
  for (const Placed &each : samples) {
    found[partOf(each)].insert(each.folders.back());
    names.insert(each.folders.back());
  }
  checkClasses(path, found, names);

  TextFolders folders;
  folders.classes.assign(names.begin(), names.end());
  for (Placed &each : samples) {
    bool isBroken = false;
    std::string text = repaired(each.file.bytes, isBroken);
    if (isBroken)
      warnings.add("has bytes that are no valid UTF-8", each.file.path);
    if (text.empty()) {
      warnings.add("is empty and left out", each.file.path);
      continue;
    }
    const auto label = static_cast<int64_t>(
        std::distance(names.begin(), names.find(each.folders.back())));
    folders.parts[partOf(each)].push_back(
        {std::move(text), label, std::move(each.file.path)});
  }
  if (folders.parts.empty())
    throw runtime::Error(fmt::format("`{}`: all texts are empty", path));
  return folders;
}

} // namespace seqc::data
