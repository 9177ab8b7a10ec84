//===- plot.h - Lines as a picture ----------------------------------------===//
// Owns the few plots of reports: lines over one axis, as SVG that takes its
// colours from the page around it.
//===----------------------------------------------------------------------===//

#ifndef SEQC_RUNTIME_FIT_PLOT_H
#define SEQC_RUNTIME_FIT_PLOT_H

#include <string>
#include <utility>
#include <vector>

namespace seqc::fit {

struct PlotLine {
  std::string name;
  /// x and y, x rising. A y that is not finite breaks the line.
  std::vector<std::pair<double, double>> points;
  /// Which of the page's colours, from 0 (see plotStyle).
  int colour = 0;
  /// Dots at the points, where they are few.
  bool hasDots = false;
};

struct Plot {
  std::string title;
  std::string xName, yName;
  std::vector<PlotLine> lines;
  /// The y axis shows powers of ten; values that are not positive are left out.
  bool isLogarithmic = false;
  /// Twice as wide as high, or four times.
  bool isWide = false;
};

/// An `<svg>` element with axes, a legend where there are several lines, and a
/// `<title>` for those who cannot see it. Equal plots give equal text.
std::string toSvg(const Plot &plot);

/// The same as a file of its own, with its colours.
std::string toSvgFile(const Plot &plot);

/// Style sheet for such pictures. Colours are variables: those of the page, of
/// which `lightColours` and `darkColours` are declarations. There are six for
/// lines.
const std::string &plotStyle();
const std::string &lightColours();
const std::string &darkColours();

/// At most `count` points, each the mean of those in its stretch: what a curve
/// of thousands of steps looks like.
std::vector<std::pair<double, double>>
thinned(const std::vector<std::pair<double, double>> &points, size_t count);

/// `text` with what HTML and SVG would read as markup written out.
std::string escaped(std::string_view text);

} // namespace seqc::fit

#endif // SEQC_RUNTIME_FIT_PLOT_H
