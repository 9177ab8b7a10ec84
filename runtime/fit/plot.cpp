//===- plot.cpp - Lines as a picture --------------------------------------===//
// Ranges, ticks, paths.
//===----------------------------------------------------------------------===//

#include "runtime/fit/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seqc::fit {
namespace {

constexpr double kHeight = 300;
constexpr double kLeft = 64, kRight = 16, kBottom = 44;
/// Of the legend: where it begins, and how high a row is.
constexpr double kLegendLeft = 144, kRow = 16;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool isEmpty() const { return low > high; }
};

/// A distance of ticks that people like: 1, 2 or 5 times a power of ten.
double tickDistance(double span, int most) {
  const double rough = span / most;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough)
      return factor * power;
  return 10 * power;
}

/// A range with a single number in its middle.
Range around(double value) {
  const double half = std::max(0.5, 1e-6 * std::abs(value));
  return {value - half, value + half};
}

/// Both ends on a tick, so that no line touches the frame by chance.
Range widened(Range range, int ticks) {
  if (range.isEmpty())
    return {0, 1};
  if (range.high - range.low < 1e-12 * std::max(1.0, std::abs(range.high)))
    return around(range.high);
  const double distance = tickDistance(range.high - range.low, ticks);
  return {std::floor(range.low / distance + 1e-9) * distance,
          std::ceil(range.high / distance - 1e-9) * distance};
}

class Drawing {
public:
  explicit Drawing(const Plot &plot)
      : plot(plot), width(plot.isWide ? 1280 : 640) {
    if (plot.lines.size() > 1)
      placeLegend();
    for (const PlotLine &line : plot.lines)
      for (const auto &[x, y] : line.points)
        if (isShown(y)) {
          xs.add(x);
          ys.add(height(y));
        }
    if (xs.isEmpty())
      xs = {0, 1};
    if (xs.low == xs.high)
      xs = around(xs.low);
    ys = plot.isLogarithmic && !ys.isEmpty()
             ? Range{std::floor(ys.low),
                     std::max(std::ceil(ys.high), std::floor(ys.low) + 1)}
             : widened(ys, 5);
  }

  std::string draw() {
    text += fmt::format("<svg class=\"plot\" viewBox=\"0 0 {} {}\" "
                        "role=\"img\"><title>{}</title>\n",
                        width, kHeight, escaped(plot.title));
    drawAxes();
    for (const PlotLine &line : plot.lines)
      drawLine(line);
    if (plot.lines.size() > 1)
      drawLegend();
    return text + "</svg>\n";
  }

private:
  bool isShown(double y) const {
    return std::isfinite(y) && (!plot.isLogarithmic || y > 0);
  }
  /// On the y axis, before it is brought to the picture.
  double height(double y) const {
    return plot.isLogarithmic ? std::log10(y) : y;
  }
  double placeX(double x) const {
    return kLeft + (x - xs.low) / (xs.high - xs.low) * (width - kLeft - kRight);
  }
  double placeY(double h) const {
    return kHeight - kBottom -
           (h - ys.low) / (ys.high - ys.low) * (kHeight - top - kBottom);
  }

  void write(double x, double y, const char *anchor, const std::string &words,
             const char *kind = "tick") {
    text += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" "
                        "text-anchor=\"{}\">{}</text>\n",
                        kind, x, y, anchor, escaped(words));
  }

  void drawAxes() {
    const double step = plot.isLogarithmic
                            ? std::max(1.0, std::ceil((ys.high - ys.low) / 8))
                            : tickDistance(ys.high - ys.low, 5);
    for (double h = ys.low; h <= ys.high + 1e-9 * step; h += step) {
      const double y = placeY(h);
      text +=
          fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n",
                      kLeft, y, width - kRight);
      write(kLeft - 8, y + 4, "end",
            plot.isLogarithmic
                ? fmt::format("1e{:.0f}", h)
                : fmt::format("{:.6g}", std::abs(h) < 1e-9 * step ? 0 : h));
    }
    const double distance = tickDistance(xs.high - xs.low, 8);
    for (double x = std::ceil(xs.low / distance) * distance;
         x <= xs.high + 1e-9 * distance; x += distance)
      write(placeX(x), kHeight - kBottom + 18, "middle",
            fmt::format("{:.6g}", x));
    write((kLeft + width - kRight) / 2, kHeight - 8, "middle", plot.xName);
    write(8, 16, "start", plot.yName);
  }

  void drawLine(const PlotLine &line) {
    std::string path, dots;
    bool isOpen = false;
    for (const auto &[x, y] : line.points) {
      if (!isShown(y)) {
        isOpen = false;
        continue;
      }
      const double toX = placeX(x), toY = placeY(height(y));
      path += fmt::format("{}{:.1f} {:.1f}", isOpen ? "L" : "M", toX, toY);
      if (line.hasDots || line.points.size() == 1)
        dots += fmt::format("<circle class=\"dot{}\" cx=\"{:.1f}\" "
                            "cy=\"{:.1f}\" r=\"3\"/>\n",
                            line.colour, toX, toY);
      isOpen = true;
    }
    text += fmt::format("<path class=\"line{}\" d=\"{}\"/>\n{}", line.colour,
                        path, dots);
  }

  /// Row by row, above the frame.
  void drawLegend() {
    for (const LegendPlace &place : legend) {
      text += fmt::format("<path class=\"line{}\" d=\"M{:.1f} {:.1f}h18\"/>\n",
                          place.line->colour, place.x, place.y - 4);
      write(place.x + 24, place.y, "start", place.line->name);
    }
  }

  void placeLegend() {
    double x = kLegendLeft, y = kRow;
    for (const PlotLine &line : plot.lines) {
      const double size = 48 + 7.5 * static_cast<double>(line.name.size());
      if (x > kLegendLeft && x + size > width) {
        x = kLegendLeft;
        y += kRow;
      }
      legend.push_back({&line, x, y});
      x += size;
    }
    top = y + 20;
  }

  struct LegendPlace {
    const PlotLine *line;
    double x, y;
  };

  const Plot &plot;
  const double width;
  std::vector<LegendPlace> legend;
  /// Where the frame begins.
  double top = kRow + 20;
  Range xs, ys;
  std::string text;
};

} // namespace

std::string toSvg(const Plot &plot) { return Drawing(plot).draw(); }

const std::string &plotStyle() {
  static const std::string style = R"(
.plot { width: 100%; height: auto; font: 13px system-ui, sans-serif; }
.plot text { fill: var(--soft); }
.plot .grid { stroke: var(--rule); fill: none; }
.plot [class^="line"] { fill: none; stroke-width: 2; stroke-linejoin: round; }
.plot .line0 { stroke: var(--c0); } .plot .dot0 { fill: var(--c0); }
.plot .line1 { stroke: var(--c1); } .plot .dot1 { fill: var(--c1); }
.plot .line2 { stroke: var(--c2); } .plot .dot2 { fill: var(--c2); }
.plot .line3 { stroke: var(--c3); } .plot .dot3 { fill: var(--c3); }
.plot .line4 { stroke: var(--c4); } .plot .dot4 { fill: var(--c4); }
.plot .line5 { stroke: var(--c5); } .plot .dot5 { fill: var(--c5); }
)";
  return style;
}

const std::string &lightColours() {
  static const std::string colours =
      "--page: #fff; --text: #1b1f24; --soft: #5a6370; --rule: #dfe3e8; "
      "--fill: #f4f6f8; --c0: #1f6feb; --c1: #d9730d; --c2: #2d8a4e; "
      "--c3: #8250df; --c4: #bf3989; --c5: #57606a; --heat: 31, 111, 235;";
  return colours;
}

const std::string &darkColours() {
  static const std::string colours =
      "--page: #14171c; --text: #e6e9ee; --soft: #98a2b0; --rule: #2c333d; "
      "--fill: #1c2129; --c0: #6ea8fe; --c1: #f2a65a; --c2: #6fcf97; "
      "--c3: #b794f6; --c4: #f48fb1; --c5: #a8b0bb; --heat: 110, 168, 254;";
  return colours;
}

std::string toSvgFile(const Plot &plot) {
  std::string svg = toSvg(plot);
  const size_t begin = svg.find('>') + 1;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" {}\n<style>\n.plot {{ {} "
      "background: var(--page); }}\n@media (prefers-color-scheme: dark) {{ "
      ".plot {{ {} }} }}{}</style>\n{}",
      svg.substr(5, begin - 5), lightColours(), darkColours(), plotStyle(),
      svg.substr(begin));
}

std::vector<std::pair<double, double>>
thinned(const std::vector<std::pair<double, double>> &points, size_t count) {
  if (points.size() <= count)
    return points;
  std::vector<std::pair<double, double>> result;
  for (size_t i = 0; i < count; ++i) {
    const size_t begin = i * points.size() / count;
    const size_t end = (i + 1) * points.size() / count;
    double x = 0, y = 0;
    for (size_t at = begin; at < end; ++at) {
      x += points[at].first;
      y += points[at].second;
    }
    const auto all = static_cast<double>(end - begin);
    result.emplace_back(x / all, y / all);
  }
  return result;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (char letter : text)
    switch (letter) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      // Control characters have no place in a page.
      if (static_cast<unsigned char>(letter) >= ' ' || letter == '\n')
        result += letter;
    }
  return result;
}

} // namespace seqc::fit
