//===- safetensors_types.cpp - Element types of safetensors files ---------===//
// The table of types, and the conversions of those that are not ours.
//===----------------------------------------------------------------------===//

#include "runtime/services/safetensors_header.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace seqc::runtime {

// Elements are written and read as they lie in memory.
static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian");

template <typename From, typename To, To (*one)(From)>
static void convertAll(const char *from, char *to, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    From value;
    std::memcpy(&value, from + i * sizeof(From), sizeof(From));
    To result = one(value);
    std::memcpy(to + i * sizeof(To), &result, sizeof(To));
  }
}

static int64_t widen(int32_t value) { return value; }
static float narrow(double value) { return static_cast<float>(value); }
/// A byte other than 0 and 1 would be undefined behaviour as a bool.
static uint8_t normalise(uint8_t value) { return value != 0; }

static float fromBFloat(uint16_t value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value) << 16);
}

static float fromHalf(uint16_t value) {
  uint32_t sign = static_cast<uint32_t>(value & 0x8000) << 16;
  int exponent = (value >> 10) & 0x1F;
  uint32_t mantissa = value & 0x3FF;
  if (exponent == 0x1F) // infinity, NaN
    return std::bit_cast<float>(sign | 0x7F800000u | mantissa << 13);
  float magnitude =
      exponent == 0
          ? std::ldexp(static_cast<float>(mantissa), -24)
          : std::ldexp(static_cast<float>(mantissa | 0x400), exponent - 25);
  return sign ? -magnitude : magnitude;
}

static constexpr FileType kFileTypes[] = {
    {"F32", 4, ElementType::F32, nullptr},
    {"I64", 8, ElementType::Token, nullptr},
    {"BOOL", 1, ElementType::Bool, convertAll<uint8_t, uint8_t, normalise>},
    {"I32", 4, ElementType::Token, convertAll<int32_t, int64_t, widen>},
    {"F64", 8, ElementType::F32, convertAll<double, float, narrow>},
    {"F16", 2, ElementType::F32, convertAll<uint16_t, float, fromHalf>},
    {"BF16", 2, ElementType::F32, convertAll<uint16_t, float, fromBFloat>},
};

const FileType *findFileType(std::string_view name) {
  for (const FileType &type : kFileTypes)
    if (type.name == name)
      return &type;
  return nullptr;
}

std::string_view fileTypeName(ElementType type) {
  // Each of our types comes first under its own name.
  for (const FileType &fileType : kFileTypes)
    if (fileType.element == type)
      return fileType.name;
  return "";
}

} // namespace seqc::runtime
