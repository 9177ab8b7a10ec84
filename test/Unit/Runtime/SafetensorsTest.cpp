//===- SafetensorsTest.cpp - Files of named tensors -----------------------===//
// What is written is read again, other people's types are converted, and no
// lie of a file is believed.
//===----------------------------------------------------------------------===//

#include "runtime/services/safetensors.h"
#include "runtime/services/error.h"
#include "test/Unit/Runtime/TemporaryDirectory.h"

#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

using namespace seqc::runtime;
using testing::Eq;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

namespace {

/// A file with this header and data.
std::string fileOf(const std::string &header, const std::string &data = "") {
  uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char *>(&length), sizeof(length));
  return bytes + header + data;
}

Safetensors parse(const std::string &bytes) {
  std::istringstream stream(bytes);
  return readSafetensors(stream, "w");
}

//===----------------------------------------------------------------------===//
// Round trip
//===----------------------------------------------------------------------===//

TensorMap sample() {
  TensorMap tensors;
  tensors["b.flags"] = Tensor::of<bool>({3}, {true, false, true});
  tensors["a.weight"] = Tensor::of<float>({2, 2}, {1, -2, NAN, INFINITY});
  tensors["c.tokens"] = Tensor::of<int64_t>({2}, {INT64_MIN, 7});
  tensors["d.none"] = Tensor(ElementType::F32, {0, 3});
  tensors["e.scalar \"\xc3\xa9\""] = Tensor::of<float>({}, {5});
  return tensors;
}

TEST(Safetensors, ReadsWhatItWrote) {
  TemporaryDirectory directory;
  std::string path = directory / "w.safetensors";
  TensorMap tensors = sample();
  writeSafetensors(path, viewsOf(tensors), {{"seqc.source", "a \"b\"\n"}});

  Safetensors file = readSafetensors(path);
  EXPECT_EQ(file.metadata, (Metadata{{"seqc.source", "a \"b\"\n"}}));
  ASSERT_EQ(file.tensors.size(), tensors.size());
  for (const auto &[name, tensor] : tensors) {
    const Tensor &again = file.tensors.at(name);
    EXPECT_EQ(again.type(), tensor.type()) << name;
    EXPECT_EQ(again.shape(), tensor.shape()) << name;
    EXPECT_EQ(std::memcmp(again.data(), tensor.data(), tensor.bytes()), 0)
        << name;
  }
  EXPECT_EQ(directory.count(), 1);
}

TEST(Safetensors, EqualTensorsGiveEqualAlignedBytes) {
  TemporaryDirectory directory;
  TensorMap tensors = sample();
  writeSafetensors(directory / "1", viewsOf(tensors));
  writeSafetensors(directory / "2", viewsOf(tensors));
  std::string bytes = directory.read("1");
  EXPECT_EQ(bytes, directory.read("2"));

  uint64_t length;
  std::memcpy(&length, bytes.data(), sizeof(length));
  EXPECT_EQ(length % 8, 0u);
  EXPECT_THAT(bytes.substr(8), StartsWith(R"({"c.tokens":{"dtype":"I64",)"
                                          R"("shape":[2],"data_offsets":[0,16)"
                                          R"(]},"a.weight":{"dtype":"F32")"));
}

TEST(Safetensors, WritesViewsOfAnyLayout) {
  TemporaryDirectory directory;
  float data[] = {0, 1, 2, 3, 4, 5};
  ViewMap views = {{"t", {ElementType::F32, data, {3, 2}, {1, 3}}}};
  writeSafetensors(directory / "t", views);
  Tensor again = readSafetensors(directory / "t").tensors.at("t");
  EXPECT_EQ(again.data<float>()[1], 3);
}

TEST(Safetensors, RefusesNamesThatTheFormatCannotHold) {
  TemporaryDirectory directory;
  Tensor one = Tensor::of<float>({}, {1});
  EXPECT_THAT(
      [&] {
        writeSafetensors(directory / "f", {{"__metadata__", one}});
      },
      ThrowsMessage<Error>(HasSubstr("the name is taken")));
  EXPECT_THAT(
      [&] {
        writeSafetensors(directory / "f", {{"\xff", one}});
      },
      ThrowsMessage<Error>(HasSubstr("is not UTF-8")));
  EXPECT_EQ(directory.count(), 0);
}

//===----------------------------------------------------------------------===//
// Other types
//===----------------------------------------------------------------------===//

template <typename T>
Tensor readOne(const std::string &type, const std::vector<T> &values) {
  std::string data(reinterpret_cast<const char *>(values.data()),
                   values.size() * sizeof(T));
  return parse(fileOf(R"({"t":{"dtype":")" + type + R"(","shape":[)" +
                          std::to_string(values.size()) +
                          R"(],"data_offsets":[0,)" +
                          std::to_string(data.size()) + "]}}",
                      data))
      .tensors.at("t");
}

template <typename T> std::vector<T> valuesOf(const Tensor &tensor) {
  return {tensor.data<T>(), tensor.data<T>() + tensor.size()};
}

TEST(Safetensors, I32IsWidened) {
  EXPECT_EQ(valuesOf<int64_t>(readOne<int32_t>("I32", {-1, INT32_MAX})),
            (std::vector<int64_t>{-1, INT32_MAX}));
}

TEST(Safetensors, F64IsRounded) {
  EXPECT_EQ(valuesOf<float>(readOne<double>("F64", {0.1, 1e300})),
            (std::vector<float>{0.1f, INFINITY}));
}

TEST(Safetensors, MoreElementsThanOneChunk) {
  std::vector<double> values(20001);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<double>(i);
  Tensor tensor = readOne("F64", values);
  for (size_t i = 0; i < values.size(); ++i)
    ASSERT_EQ(tensor.data<float>()[i], static_cast<float>(i));
}

TEST(Safetensors, HalfPrecision) {
  // 1, -2, the largest, the smallest normal, the smallest denormal, -0, inf.
  Tensor half = readOne<uint16_t>(
      "F16", {0x3C00, 0xC000, 0x7BFF, 0x0400, 0x0001, 0x8000, 0x7C00, 0x7E00});
  const float *values = half.data<float>();
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[1], -2);
  EXPECT_EQ(values[2], 65504);
  EXPECT_EQ(values[3], 0x1p-14f);
  EXPECT_EQ(values[4], 0x1p-24f);
  EXPECT_TRUE(values[5] == 0 && std::signbit(values[5]));
  EXPECT_EQ(values[6], INFINITY);
  EXPECT_TRUE(std::isnan(values[7]));
}

TEST(Safetensors, BrainFloat) {
  EXPECT_EQ(valuesOf<float>(readOne<uint16_t>("BF16", {0x3F80, 0xC040})),
            (std::vector<float>{1, -3}));
}

TEST(Safetensors, AnyByteButZeroIsTrue) {
  Tensor flags = readOne<uint8_t>("BOOL", {0, 1, 255});
  EXPECT_EQ(valuesOf<uint8_t>(flags), (std::vector<uint8_t>{0, 1, 1}));
}

//===----------------------------------------------------------------------===//
// Hostile files
//===----------------------------------------------------------------------===//

struct Hostile {
  const char *title;
  std::string bytes;
  const char *message;
};

std::string entry(const std::string &shape, const std::string &offsets,
                  const std::string &type = "F32") {
  return R"({"dtype":")" + type + R"(","shape":)" + shape +
         R"(,"data_offsets":)" + offsets + "}";
}

std::vector<Hostile> hostileFiles() {
  std::string good = entry("[1]", "[0,4]");
  std::string four(4, '\0'), eight(8, '\0');
  std::string huge = "\xff\xff\xff\xff\xff\xff\xff\x7f";
  std::string deep(1'000'000, '[');
  return {
      {"Empty", "", "w: it is not a safetensors file: it has only 0 bytes"},
      {"Short", "abc", "w: it is not a safetensors file: it has only 3 bytes"},
      {"NoHeader", fileOf(""), "its header does not begin with `{`"},
      {"HeaderTooLong", huge + "{}", "more than the format allows"},
      {"HeaderBeyondEnd", std::string("\x40\0\0\0\0\0\0\0{}", 10),
       "it is truncated: its header has 64 bytes, but only 2 are there"},
      {"HeaderAlmost100MB", std::string("\xff\xe0\xf5\x05\0\0\0\0{}", 10),
       "it is truncated"},
      {"Html", fileOf("<html>"), "its header does not begin with `{`"},
      {"WhiteSpaceFirst", fileOf(" {}"), "does not begin with `{`"},
      {"NotJson", fileOf("{]"), "its header is not JSON (byte 2)"},
      {"CutJson", fileOf(R"({"a":)"), "its header is not JSON"},
      {"TwoTexts", fileOf("{}{}"), "its header is not JSON"},
      {"NotUtf8", fileOf("{\"\xff\":" + good + "}", four), "is not JSON"},
      {"DeepArray", fileOf(R"({"a":)" + deep), "has an array where"},
      {"DeepShape", fileOf(R"({"a":{"shape":)" + deep), "an array where"},
      {"DeepObject", fileOf(R"({"a":{"b":{)"), "the key `b` is unknown"},
      {"EntryIsNumber", fileOf(R"({"a":1})"), "tensor `a`: the header has a"},
      {"EntryIsNull", fileOf(R"({"a":null})"), "has null where"},
      {"EntryIsBool", fileOf(R"({"a":true})"), "has a boolean where"},
      {"EntryIsString", fileOf(R"({"a":"F32"})"), "has a string where"},
      {"SameTensorTwice",
       fileOf(R"({"a":)" + good + R"(,"a":)" + good + "}", four),
       "w: tensor `a`: it is there twice"},
      {"SameFieldTwice", fileOf(R"({"a":{"shape":[1],"shape":[1]}})"),
       "tensor `a`: `shape` is there twice"},
      {"SameMetadataTwice", fileOf(R"({"__metadata__":{"k":"","k":""}})"),
       "`k` is there twice"},
      {"MetadataIsNumber", fileOf(R"({"__metadata__":{"k":1}})"),
       "has a number where"},
      {"MetadataIsDeep", fileOf(R"({"__metadata__":{"k":{}}})"),
       "has an object where"},
      {"NoType", fileOf(R"({"a":{"shape":[],"data_offsets":[0,4]}})", four),
       "tensor `a`: it needs `dtype`, `shape` and `data_offsets`"},
      {"UnknownType",
       fileOf("{\"a\":" + entry("[1]", "[0,1]", "F8_E4M3") + "}", "x"),
       "tensor `a`: its type `F8_E4M3` is not supported"},
      {"TypeIsArray", fileOf(R"({"a":{"dtype":[1]}})"), "an array where"},
      {"NegativeSize", fileOf("{\"a\":" + entry("[-1]", "[0,4]") + "}", four),
       "tensor `a`: the number -1 is negative"},
      {"FractionalSize", fileOf("{\"a\":" + entry("[1.5]", "[0,4]") + "}"),
       "a number that is not an integer"},
      {"SizeBeyondI64",
       fileOf("{\"a\":" + entry("[9223372036854775808]", "[0,4]") + "}", four),
       "tensor `a`: the number 9223372036854775808 is too large"},
      {"SizeOverflows",
       fileOf("{\"a\":" + entry("[4294967296,4294967297]", "[0,4]") + "}",
              four),
       "tensor `a`: its shape is too large"},
      {"BytesOverflow",
       fileOf("{\"a\":" + entry("[4611686018427387905]", "[0,4]") + "}", four),
       "tensor `a`: its shape is too large"},
      {"TooManyAxes",
       fileOf(R"({"a":{"shape":[1)" +
              [] {
                std::string ones;
                for (int i = 0; i < 64; ++i)
                  ones += ",1";
                return ones;
              }()),
       "it has more than 64 axes"},
      {"OneOffset", fileOf("{\"a\":" + entry("[1]", "[4]") + "}", four),
       "its `data_offsets` are not two numbers"},
      {"OffsetsBackwards",
       fileOf("{\"a\":" + entry("[1]", "[4,0]") + "}", four),
       "it ends at byte 0, before it begins at 4"},
      {"DataCut", fileOf("{\"a\":" + entry("[2]", "[0,8]") + "}", four),
       "tensor `a`: it ends at byte 8, but only 4 are there: the file is "
       "truncated"},
      {"OffsetsBeyondEverything",
       fileOf("{\"a\":" +
                  entry("[1]", "[9223372036854775803,"
                               "9223372036854775807]") +
                  "}",
              four),
       "but only 4 are there"},
      {"SizeMismatch", fileOf("{\"a\":" + entry("[1]", "[0,8]") + "}", eight),
       "tensor `a`: its shape and type take 4 bytes, but it has 8"},
      {"Overlap",
       fileOf("{\"a\":" + good + ",\"b\":" + entry("[1]", "[2,6]") + "}",
              std::string(6, '\0')),
       "tensor `b`: it overlaps another tensor"},
      {"SamePlace", fileOf("{\"a\":" + good + ",\"b\":" + good + "}", four),
       "it overlaps another tensor"},
      {"Gap", fileOf("{\"a\":" + entry("[1]", "[4,8]") + "}", eight),
       "tensor `a`: the 4 bytes before it belong to no tensor"},
      {"BytesAtTheEnd", fileOf("{\"a\":" + good + "}", eight),
       "w: the last 4 bytes belong to no tensor"},
      {"NameWithEscapes", fileOf(R"({"\u001b[31m":1})"), "`\\x1b[31m`"},
  };
}

class HostileFile : public testing::TestWithParam<Hostile> {};

TEST_P(HostileFile, IsRefused) {
  EXPECT_THAT([&] { parse(GetParam().bytes); },
              ThrowsMessage<Error>(testing::AllOf(
                  StartsWith("w: "), HasSubstr(GetParam().message))));
}

void PrintTo(const Hostile &file, std::ostream *os) { *os << file.title; }

INSTANTIATE_TEST_SUITE_P(Safetensors, HostileFile,
                         testing::ValuesIn(hostileFiles()),
                         [](const auto &info) { return info.param.title; });

TEST(Safetensors, EveryCutOfAGoodFileIsRefused) {
  TemporaryDirectory directory;
  TensorMap tensors = sample();
  writeSafetensors(directory / "w", viewsOf(tensors), {{"k", "v"}});
  std::string bytes = directory.read("w");
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(parse(bytes.substr(0, size)), Error) << size;
  EXPECT_NO_THROW(parse(bytes));
}

TEST(Safetensors, AHeaderOf99MegabytesIsRefusedWithoutMuchMemory) {
  std::string brackets = R"({"a":)" + std::string(99'000'000, '[');
  EXPECT_THROW(parse(fileOf(brackets)), Error);
}

TEST(Safetensors, PathsThatAreNoFiles) {
  TemporaryDirectory directory;
  std::string missing = directory / "missing";
  EXPECT_THAT(
      [&] { readSafetensors(missing); },
      ThrowsMessage<Error>(Eq(missing + ": No such file or directory")));
  EXPECT_THAT([&] { readSafetensors(directory / "."); },
              ThrowsMessage<Error>(HasSubstr("it is not a regular file")));
  EXPECT_THAT([&] { readSafetensors("/dev/zero"); },
              ThrowsMessage<Error>(HasSubstr("it is not a regular file")));
}

} // namespace
