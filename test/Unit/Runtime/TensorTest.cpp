//===- TensorTest.cpp - Tensors, views and DLPack -------------------------===//
// Sizes, copies of any layout, and the exchange with other libraries.
//===----------------------------------------------------------------------===//

#include "runtime/services/tensor.h"
#include "runtime/services/dlpack.h"
#include "runtime/services/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::runtime;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

std::vector<float> floatsOf(const Tensor &tensor) {
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

TEST(Tensor, BeginsWithZerosAndIsAligned) {
  Tensor tensor(ElementType::F32, {3, 5});
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % SEQC_ALIGNMENT, 0u);
  EXPECT_THAT(floatsOf(tensor), testing::Each(0.0f));
  EXPECT_EQ(tensor.size(), 15);
}

TEST(Tensor, OfSomeMegabytesBeginsAtAHugePage) {
  Tensor tensor(ElementType::F32, {600, 1000});
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % (2 << 20), 0u);
  EXPECT_THAT(floatsOf(tensor), testing::Each(0.0f));
}

TEST(Tensor, WithoutElementsHasAnAddress) {
  Tensor tensor(ElementType::Token, {0, INT64_MAX, 4});
  EXPECT_EQ(tensor.size(), 0);
  EXPECT_NE(tensor.data(), nullptr);
}

TEST(Tensor, ImpossibleSizesAreAnError) {
  for (Shape shape : {Shape{-1}, Shape{INT64_MAX}, Shape{1L << 32, 1L << 32}})
    EXPECT_THAT([&] { Tensor(ElementType::F32, shape, "input `x`"); },
                ThrowsMessage<Error>(
                    HasSubstr("not enough memory for input `x` of f32[")));
}

TEST(Tensor, CopiesAnyLayout) {
  float data[] = {0, 1, 2, 3, 4, 5};
  TensorView transposed(ElementType::F32, data, {3, 2}, {1, 3});
  EXPECT_THAT(floatsOf(Tensor::copyOf(transposed)),
              ElementsAre(0, 3, 1, 4, 2, 5));
  TensorView reversed(ElementType::F32, data + 5, {6}, {-1});
  EXPECT_THAT(floatsOf(Tensor::copyOf(reversed)),
              ElementsAre(5, 4, 3, 2, 1, 0));
  TensorView repeated(ElementType::F32, data + 3, {2, 2}, {0, 1});
  EXPECT_THAT(floatsOf(Tensor::copyOf(repeated)), ElementsAre(3, 4, 3, 4));
  TensorView scalar(ElementType::F32, data + 2, {});
  EXPECT_THAT(floatsOf(Tensor::copyOf(scalar)), ElementsAre(2));
}

TEST(Tensor, TheConventionsLayout) {
  float data[8];
  EXPECT_TRUE(followsConvention(TensorView(data, {2, 4})));
  EXPECT_TRUE(followsConvention({ElementType::F32, data, {2, 1}, {4, 9}}));
  EXPECT_TRUE(followsConvention({ElementType::F32, data, {4}, {2}}));
  EXPECT_TRUE(followsConvention({ElementType::F32, data, {3, 2}, {0, 1}}));
  EXPECT_FALSE(followsConvention({ElementType::F32, data, {4, 2}, {1, 4}}));
  auto *odd = reinterpret_cast<char *>(data) + 1;
  EXPECT_FALSE(followsConvention({ElementType::F32, odd, {2}}));
}

//===----------------------------------------------------------------------===//
// DLPack
//===----------------------------------------------------------------------===//

struct Foreign {
  int32_t i32[4] = {-1, 0, 1, 2};
  float f32[6] = {0, 1, 2, 3, 4, 5};
  int64_t shape[2] = {2, 2};
  int64_t strides[2] = {1, 2};
  DLTensor tensor = {f32, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, shape, nullptr, 0};
};

TEST(DLPack, BorrowsWithOffsetAndStrides) {
  Foreign foreign;
  foreign.tensor.byte_offset = 4;
  foreign.tensor.strides = foreign.strides;
  TensorView view = viewDLPack(foreign.tensor, "x");
  EXPECT_EQ(view.data, foreign.f32 + 1);
  EXPECT_THAT(floatsOf(Tensor::copyOf(view)), ElementsAre(1, 3, 2, 4));
}

TEST(DLPack, NoStridesMeansSideBySide) {
  Foreign foreign;
  EXPECT_THAT(viewDLPack(foreign.tensor, "x").strides, ElementsAre(2, 1));
}

TEST(DLPack, WidensI32WhereItCopies) {
  Foreign foreign;
  foreign.tensor.data = foreign.i32;
  foreign.tensor.dtype = {kDLInt, 32, 1};
  foreign.tensor.strides = foreign.strides;
  Tensor wide = copyDLPack(foreign.tensor, "x");
  EXPECT_EQ(wide.type(), ElementType::Token);
  EXPECT_THAT(
      std::vector<int64_t>(wide.data<int64_t>(), wide.data<int64_t>() + 4),
      ElementsAre(-1, 1, 0, 2));
  EXPECT_THAT([&] { viewDLPack(foreign.tensor, "x"); },
              ThrowsMessage<Error>(HasSubstr("tensor `x`: i32 has to be")));
}

TEST(DLPack, RefusesWhatItCannotRead) {
  Foreign foreign;
  auto fault = [&](const char *text) {
    EXPECT_THAT([&] { viewDLPack(foreign.tensor, "x"); },
                ThrowsMessage<Error>(HasSubstr(text)));
    foreign.tensor = Foreign().tensor;
    foreign.tensor.data = foreign.f32;
    foreign.tensor.shape = foreign.shape;
  };
  foreign.tensor.device = {kDLCUDA, 0};
  fault("not in host memory");
  foreign.tensor.dtype = {kDLFloat, 64, 1};
  fault("64 bits");
  foreign.tensor.dtype = {kDLFloat, 32, 4};
  fault("4 lanes");
  foreign.tensor.data = nullptr;
  fault("it has no data");
  foreign.tensor.shape = nullptr;
  fault("it has no shape");
  foreign.tensor.ndim = -1;
  fault("it has no shape");
  foreign.shape[0] = -2;
  fault("f32[-2, 2] is not a possible size");
}

TEST(DLPack, GivesATensorAway) {
  DLManagedTensor *managed =
      toDLPack(Tensor::of<float>({2, 3}, {0, 1, 2, 3, 4, 5}));
  EXPECT_THAT(floatsOf(copyDLPack(managed->dl_tensor, "y")),
              ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(managed->dl_tensor.strides[0], 3);
  managed->deleter(managed);
}

} // namespace
