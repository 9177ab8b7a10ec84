//===- PlotTest.cpp - Lines as a picture ----------------------------------===//

#include "runtime/fit/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using namespace seqc::fit;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

namespace {

TEST(Plot, GoesFromEdgeToEdge) {
  const std::string svg = toSvg({"t", "x", "y", {{"a", {{0, 0}, {1, 1}}}}});
  // x from 64 to 640 - 16, y from 300 - 44 to 36.
  EXPECT_THAT(
      svg, HasSubstr("<path class=\"line0\" d=\"M64.0 256.0L624.0 36.0\"/>"));
}

TEST(Plot, HasALegendForSeveralLines) {
  Plot plot = {"t", "x", "y", {{"first", {{0, 1}}}}};
  EXPECT_THAT(toSvg(plot), Not(HasSubstr(">first<")));
  plot.lines.push_back({"second", {{1, 2}}, 1});
  EXPECT_THAT(toSvg(plot), AllOf(HasSubstr(">first<"), HasSubstr(">second<"),
                                 HasSubstr("class=\"line1\"")));
}

TEST(Plot, HasRowsOfALegendThatIsLong) {
  Plot plot = {"t", "x", "y", {}};
  for (int i = 0; i < 4; ++i)
    plot.lines.push_back({"a name of some length", {{0, 0}, {1, 1}}, i});
  // Two rows: the frame begins lower.
  EXPECT_THAT(toSvg(plot),
              AllOf(HasSubstr("M144.0 12.0h18"), HasSubstr("M144.0 28.0h18"),
                    HasSubstr("L624.0 52.0")));
}

TEST(Plot, BreaksWhereThereIsNoNumber) {
  const std::string svg = toSvg(
      {"t", "x", "y", {{"a", {{0, 0}, {1, NAN}, {2, 1}, {3, INFINITY}}}}});
  EXPECT_THAT(svg, HasSubstr("d=\"M64.0 256.0M624.0 36.0\""));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(Plot, ShowsPowersOfTen) {
  Plot plot = {"t", "x", "y", {{"a", {{0, 0}, {1, 0.01}, {2, 10}}}}};
  plot.isLogarithmic = true;
  EXPECT_THAT(toSvg(plot), AllOf(HasSubstr(">1e-2<"), HasSubstr(">1e1<"),
                                 HasSubstr("d=\"M64.0 256.0L624.0 36.0\"")));
}

TEST(Plot, StandsWithoutPointsAndWithoutASpan) {
  EXPECT_THAT(toSvg({"t", "x", "y", {}}), HasSubstr("</svg>"));
  const std::string flat = toSvg({"t", "x", "y", {{"a", {{1, 5}, {2, 5}}}}});
  EXPECT_THAT(flat, HasSubstr("d=\"M64.0 146.0L624.0 146.0\""));
  // So large that half more is no more.
  EXPECT_THAT(toSvg({"t", "x", "y", {{"a", {{1, 1e17}}}}}),
              HasSubstr("</svg>"));
  const std::string one = toSvg({"t", "x", "y", {{"a", {{1, 5}}}}});
  EXPECT_THAT(one, AllOf(HasSubstr("<circle"), Not(HasSubstr("nan"))));
}

TEST(Plot, WritesMarkupOut) {
  EXPECT_EQ(escaped("a<b> & \"c\"\x01\n"), "a&lt;b&gt; &amp; &quot;c&quot;\n");
  EXPECT_THAT(toSvg({"<script>", "x", "y", {}}), Not(HasSubstr("<script>")));
}

TEST(Thinned, TakesMeansOfStretches) {
  EXPECT_THAT(thinned({{0, 1}, {1, 3}, {2, 5}, {3, 9}}, 2),
              ElementsAre(Pair(0.5, 2), Pair(2.5, 7)));
  EXPECT_THAT(thinned({{0, 1}}, 2), ElementsAre(Pair(0, 1)));
}

} // namespace
