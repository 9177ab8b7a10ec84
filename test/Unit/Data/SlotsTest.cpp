//===- SlotsTest.cpp - Inputs that want data ------------------------------===//
// By name, then the only one that is left; and what fits nowhere.
//===----------------------------------------------------------------------===//

#include "runtime/data/slots.h"
#include "runtime/services/error.h"
#include "test/Unit/Data/Interfaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::data;
using namespace seqc::runtime;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::ThrowsMessage;

namespace {

/// Which kinds an input is of: Text, Label, Series, Number, Vector.
std::string kindsOf(const InputSpec &input) {
  std::string kinds;
  kinds += takesText(input) ? "T" : "";
  kinds += takesLabel(input) ? "L" : "";
  kinds += takesSeries(input) ? "S" : "";
  kinds += takesNumber(input) ? "N" : "";
  kinds += takesVector(input) ? "V" : "";
  return kinds;
}

TEST(Inputs, AreOfKinds) {
  const SizeSpec tokens = open("V");
  EXPECT_EQ(kindsOf(text("a")), "T");
  EXPECT_EQ(kindsOf(label("a")), "L");
  EXPECT_EQ(kindsOf(number("a")), "LN");
  EXPECT_EQ(kindsOf(line("a")), "S");
  EXPECT_EQ(kindsOf(series("a")), "S");
  EXPECT_EQ(kindsOf(vector("a")), "V");
  EXPECT_EQ(kindsOf(input("a", {open("N")}, &tokens)), "");
  EXPECT_EQ(kindsOf(input("a", {length(), open("N")}, &tokens)), "");
  EXPECT_EQ(kindsOf(input("a", {length("S"), length("T")})), "");
  EXPECT_EQ(kindsOf(input("a", {open("H"), open("W")})), "");
}

TEST(Inputs, AreNeverTruthValues) {
  InputSpec flag = number("a");
  flag.element = ElementType::Bool;
  EXPECT_EQ(kindsOf(flag), "");
}

TEST(Slots, AreFoundByName) {
  const Interface asked = model({text("title"), text("text"), number("age")});
  Slots slots(asked, "`d` has texts");
  EXPECT_EQ(slots.find("text", takesText), &asked.inputs[1]);
  EXPECT_THAT(slots.left(), ElementsAre(&asked.inputs[0], &asked.inputs[2]));
}

TEST(Slots, AreFoundWhereNoOtherIsLeft) {
  const Interface asked = model({text("title"), text("text")});
  Slots slots(asked, "`d` has texts");
  slots.find("text", takesText);
  EXPECT_EQ(slots.find("summary", takesText), &asked.inputs[0]);
  EXPECT_THAT(slots.left(), IsEmpty());
  EXPECT_NO_THROW(slots.finish());
}

TEST(Slots, HaveANameOfTheirKindOnly) {
  const Interface asked = model({number("text"), text("review")});
  Slots slots(asked, "`d` has texts");
  EXPECT_EQ(&slots.take("text", takesText, "texts"), &asked.inputs[1]);
}

TEST(Slots, AreTakenOnce) {
  const Interface asked = model({text("text")});
  Slots slots(asked, "`d` has texts");
  slots.take("text", takesText, "texts");
  EXPECT_EQ(slots.find("text", takesText), nullptr);
}

TEST(Slots, TellThatNothingFits) {
  const Interface asked = model({series("x"), label("label")});
  Slots slots(asked, "`d` has texts");
  EXPECT_EQ(slots.find("text", takesText), nullptr);
  EXPECT_EQ(slots.left().size(), 2u);
  slots.take("x", takesSeries, "series");
  EXPECT_THAT([&] { slots.take("text", takesText, "texts"); },
              ThrowsMessage<Error>(
                  "`d` has texts, but the model `M` takes no texts: its inputs "
                  "and targets are `x`: f32[T, I], `label`: token<C>"));
}

TEST(Slots, TellThatSeveralFit) {
  const Interface asked = model({text("a"), number("b"), text("c")});
  Slots slots(asked, "`d` has texts");
  EXPECT_THAT([&] { slots.find("text", takesText); },
              ThrowsMessage<Error>(
                  "`d` has texts, and the model `M` has several places for "
                  "`text`: `a`: token<V>[T], `c`: token<V>[T]: call one of "
                  "them `text`"));
}

TEST(Slots, TellWhatIsLeft) {
  const Interface asked = model({text("text"), number("age"), label("kind")});
  Slots slots(asked, "`d` has texts");
  slots.take("text", takesText, "texts");
  EXPECT_THAT([&] { slots.finish(); },
              ThrowsMessage<Error>("the model `M` wants `age`: f32, `kind`: "
                                   "token<C>, but `d` has texts"));
}

} // namespace
