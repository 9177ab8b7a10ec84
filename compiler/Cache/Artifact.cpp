//===- Artifact.cpp - What compiling a program leaves ---------------------===//
// A struct is written as the list of its members, as CBOR; the object file
// stands behind it as it is. Every member is named in a structured binding, so
// that a new one does not compile until it is written too.
//===----------------------------------------------------------------------===//

#include "compiler/Cache/Artifact.h"

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstring>
#include <tuple>
#include <type_traits>

namespace seqc {
namespace {

using namespace runtime;

/// `T` itself or its constant form: fields are read and written through one
/// list.
template <typename T, typename Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

auto fieldsOf(Is<TensorSpec> auto &spec) {
  auto &[name, type, shape, axes] = spec;
  return std::tie(name, type, shape, axes);
}

auto fieldsOf(Is<ParamSpec> auto &spec) {
  auto &[tensor, init, initValue, site, aliases, ties] = spec;
  return std::tie(tensor, init, initValue, site, aliases, ties);
}

auto fieldsOf(Is<DerivedDim> auto &dim) {
  auto &[name, source, offset, stride] = dim;
  return std::tie(name, source, offset, stride);
}

auto fieldsOf(Is<GradientSpec> auto &spec) {
  auto &[tensor, of] = spec;
  return std::tie(tensor, of);
}

auto fieldsOf(Is<Signature> auto &signature) {
  auto &[model, dims, enclosing, derived, inputs, outputs, gradients, params,
         states, stateInit, source] = signature;
  return std::tie(model, dims, enclosing, derived, inputs, outputs, gradients,
                  params, states, stateInit, source);
}

auto fieldsOf(Is<TrainingSpec::Scalar> auto &scalar) {
  auto &[name, value] = scalar;
  return std::tie(name, value);
}

auto fieldsOf(Is<TrainingSpec> auto &spec) {
  auto &[measures, metrics, clipNorm, clipValue, accumulate, truncate,
         scalars] = spec;
  return std::tie(measures, metrics, clipNorm, clipValue, accumulate, truncate,
                  scalars);
}

template <typename T>
concept HasFields = requires(T &value) {
  fieldsOf(value);
};

} // namespace
} // namespace seqc

/// How the library turns such a struct into JSON and back.
template <seqc::HasFields T> struct nlohmann::adl_serializer<T> {
  static void to_json(json &to, const T &value) {
    to = json::array();
    std::apply([&](const auto &...field) { (to.push_back(field), ...); },
               seqc::fieldsOf(value));
  }
  static void from_json(const json &from, T &value) {
    size_t next = 0;
    std::apply([&](auto &...field) { (from.at(next++).get_to(field), ...); },
               seqc::fieldsOf(value));
  }
};

namespace seqc {
namespace {

using Json = nlohmann::json;

Json orNull(const std::optional<Signature> &signature) {
  return signature ? Json(*signature) : Json();
}

std::optional<Signature> unlessNull(const Json &json) {
  if (json.is_null())
    return std::nullopt;
  return json.get<Signature>();
}

void decodeDescription(std::string_view bytes, Artifact &artifact) {
  const Json json = Json::from_cbor(bytes.begin(), bytes.end());
  json.at(0).get_to(artifact.signature);
  json.at(1).get_to(artifact.training);
  artifact.optimizer = unlessNull(json.at(2));
  artifact.schedule = unlessNull(json.at(3));
}

} // namespace

std::string encode(const Artifact &artifact) {
  const auto &[signature, training, optimizer, schedule, object] = artifact;
  std::string description;
  Json::to_cbor(
      Json::array({signature, training, orNull(optimizer), orNull(schedule)}),
      description);
  const uint64_t size = description.size();
  std::string bytes(sizeof(size), '\0');
  std::memcpy(bytes.data(), &size, sizeof(size));
  return bytes + description + object;
}

std::optional<Artifact> decode(std::string_view bytes) {
  uint64_t size = 0;
  if (bytes.size() < sizeof(size))
    return std::nullopt;
  std::memcpy(&size, bytes.data(), sizeof(size));
  bytes.remove_prefix(sizeof(size));
  if (bytes.size() < size)
    return std::nullopt;
  try {
    Artifact artifact;
    decodeDescription(bytes.substr(0, size), artifact);
    artifact.object = bytes.substr(size);
    return artifact;
  } catch (const Json::exception &) {
    return std::nullopt;
  }
}

} // namespace seqc
