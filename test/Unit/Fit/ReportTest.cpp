//===- ReportTest.cpp - A training on one page ----------------------------===//

#include "runtime/fit/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace seqc::fit;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

Report report() {
  Report made;
  made.title = "M: reviews";
  made.facts = {{"seed", "7"}};
  made.losses = {{0, 0.7}, {1, 0.6}};
  made.fit.epochs = {{1, {{"loss", 0.7}}, {{"loss", 0.65}}, 1, true},
                     {2, {{"loss", 0.6}}, {{"loss", 0.66}}, 1, false}};
  made.fit.best = 1;
  made.part = "test";
  made.measures = {{"loss", 0.651}};
  return made;
}

TEST(Report, HasCurvesAndEpochs) {
  const std::string html = toHtml(report());
  EXPECT_THAT(html,
              AllOf(HasSubstr("<h1>M: reviews</h1>"),
                    HasSubstr("<dt>seed</dt><dd>7</dd>"),
                    HasSubstr("on the test part: loss 0.651"),
                    HasSubstr("loss by epoch"), HasSubstr("loss by update")));
  EXPECT_THAT(html, HasSubstr("<tr class=\"best\"><td class=\"n\">1</td><td "
                              "class=\"n\">0.7</td><td class=\"n\">0.65</td>"));
  // What there is nothing of has no heading.
  EXPECT_THAT(html,
              AllOf(Not(HasSubstr("taken for")), Not(HasSubstr("Most wrong")),
                    Not(HasSubstr("Forecast")),
                    Not(HasSubstr("norm of the gradient"))));
}

TEST(Report, ShowsWhatWasTakenForWhat) {
  Report made = report();
  made.confusion = {{"neg", "pos"}, {{3, 1}, {0, 0}}};
  const std::string html = toHtml(made);
  EXPECT_THAT(html, HasSubstr("rgba(var(--heat), 0.34)\">3</td>"));
  EXPECT_THAT(html, HasSubstr("75.0 %"));
  // A class without a sample has no share.
  EXPECT_THAT(html, AllOf(HasSubstr("0.0 %"), Not(HasSubstr("nan"))));
}

TEST(Report, ShowsForecastAndTruth) {
  Report made = report();
  made.forecast = {{1, 2, 3}, {1, 2, 2.5}, 0.29, 1};
  EXPECT_THAT(toHtml(made), AllOf(HasSubstr("error 0.29; of the last"),
                                  HasSubstr("(persistence) 1.</p>"),
                                  HasSubstr(">forecast</text>")));
}

TEST(Report, QuotesWhatTextsHold) {
  Report made = report();
  made.worst = {{"a.txt", "<script>alert(1)</script>", "pos", "neg", 3}};
  EXPECT_THAT(toHtml(made), AllOf(Not(HasSubstr("<script>")),
                                  HasSubstr("&lt;script&gt;alert(1)")));
}

TEST(Report, NeedsNoOtherFile) {
  EXPECT_THAT(toHtml(report()),
              AllOf(Not(HasSubstr("http")), Not(HasSubstr("src=")),
                    Not(HasSubstr("<link"))));
}

} // namespace
