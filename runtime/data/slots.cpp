//===- slots.cpp - Inputs that want data ----------------------------------===//
// By name, then by kind.
//===----------------------------------------------------------------------===//

#include "runtime/data/slots.h"

#include "runtime/services/error.h"
#include "runtime/services/messages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace seqc::data {

using runtime::ElementType;
using runtime::Error;
using runtime::quoteName;

bool takesText(const InputSpec &input) {
  return input.element == ElementType::Token && input.axes.size() == 1 &&
         input.hasLength();
}

bool takesLabel(const InputSpec &input) {
  return input.element != ElementType::Bool && input.axes.empty();
}

bool takesSeries(const InputSpec &input) {
  return input.element == ElementType::F32 && input.hasLength() &&
         (input.axes.size() == 1 ||
          (input.axes.size() == 2 && !input.axes[1].isLength));
}

bool takesNumber(const InputSpec &input) {
  return input.element == ElementType::F32 && input.axes.empty();
}

bool takesVector(const InputSpec &input) {
  return input.element == ElementType::F32 && input.axes.size() == 1 &&
         !input.axes[0].isLength;
}

std::string describe(const InputSpec &input) {
  return fmt::format("{}: {}", quoteName(input.name), input.type);
}

static std::string describe(const std::vector<const InputSpec *> &inputs) {
  std::vector<std::string> parts;
  for (const InputSpec *input : inputs)
    parts.push_back(describe(*input));
  return fmt::format("{}", fmt::join(parts, ", "));
}

Slots::Slots(const runtime::Interface &interface, std::string data)
    : model(interface.model), data(std::move(data)) {
  for (const InputSpec &input : interface.inputs)
    all.push_back(&input);
  open = all;
}

const InputSpec *Slots::find(const std::string &name,
                             bool (*fits)(const InputSpec &)) {
  std::vector<const InputSpec *> fitting;
  for (const InputSpec *input : open)
    if (fits(*input))
      fitting.push_back(input);
  auto named =
      std::find_if(fitting.begin(), fitting.end(),
                   [&](const InputSpec *input) { return input->name == name; });
  if (named != fitting.end())
    fitting = {*named};
  if (fitting.empty())
    return nullptr;
  if (fitting.size() > 1)
    throw Error(fmt::format("{}, and the model {} has several places for {}: "
                            "{}: call one of them {}",
                            data, quoteName(model), quoteName(name),
                            describe(fitting), quoteName(name)));
  open.erase(std::find(open.begin(), open.end(), fitting.front()));
  return fitting.front();
}

const InputSpec &Slots::take(const std::string &name,
                             bool (*fits)(const InputSpec &),
                             const std::string &what) {
  if (const InputSpec *input = find(name, fits))
    return *input;
  throw Error(fmt::format("{}, but the model {} takes no {}: its inputs and "
                          "targets are {}",
                          data, quoteName(model), what, describe(all)));
}

void Slots::finish() const {
  if (open.empty())
    return;
  throw Error(fmt::format("the model {} wants {}, but {}", quoteName(model),
                          describe(open), data));
}

} // namespace seqc::data
