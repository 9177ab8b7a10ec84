//===- token_source.cpp - Which input a wrong token came from -------------===//
// Looks for the number in the failing sample of each input.
//===----------------------------------------------------------------------===//

#include "runtime/services/token_source.h"

#include "runtime/services/messages.h"

namespace seqc::runtime {

/// The token at a place of a sample, its places counted row by row.
static int64_t tokenAt(const TensorView &view, int64_t sample, int64_t place) {
  int64_t offset = sample * view.strides[0];
  for (size_t axis = view.shape.size() - 1; axis > 0; --axis) {
    offset += place % view.shape[axis] * view.strides[axis];
    place /= view.shape[axis];
  }
  return static_cast<const int64_t *>(view.data)[offset];
}

static int64_t placesOf(const TensorView &view) {
  int64_t places = 1;
  for (size_t axis = 1; axis < view.shape.size(); ++axis)
    places *= view.shape[axis];
  return places;
}

/// Whether a sample has the error's token, somewhere or at its position.
static bool holds(const TensorView &view, const seqc_error &error,
                  bool atPosition) {
  if (view.type != ElementType::Token || error.sample < 0 ||
      error.sample >= view.shape.front())
    return false;
  const int64_t places = placesOf(view);
  if (atPosition)
    return error.position >= 0 && error.position < places &&
           tokenAt(view, error.sample, error.position) == error.value;
  for (int64_t place = 0; place < places; ++place)
    if (tokenAt(view, error.sample, place) == error.value)
      return true;
  return false;
}

static std::vector<std::string> holders(const Signature &signature,
                                        const seqc_error &error,
                                        const std::vector<TensorView> &inputs,
                                        bool atPosition) {
  std::vector<std::string> names;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (holds(inputs[i], error, atPosition))
      names.push_back(quoteName(signature.inputs[i].name));
  return names;
}

std::string sourceOfToken(const Signature &signature, const seqc_error &error,
                          const std::vector<TensorView> &inputs) {
  if (error.kind != SEQC_ERROR_TOKEN)
    return "";
  std::vector<std::string> names =
      holders(signature, error, inputs, /*atPosition=*/false);
  // Padding and reversed or sliced sequences make the position a hint only.
  if (names.size() > 1)
    if (auto nearer = holders(signature, error, inputs, /*atPosition=*/true);
        !nearer.empty())
      names = std::move(nearer);
  std::string text;
  for (const std::string &name : names)
    text += (text.empty() ? " of input " : " or ") + name;
  return text;
}

} // namespace seqc::runtime
