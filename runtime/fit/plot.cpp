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
constexpr double kLeft = 64, kRight = 16, kTop = 36, kBottom = 44;

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

/// Both ends on a tick, so that no line touches the frame by chance.
Range widened(Range range, int ticks) {
  if (range.isEmpty())
    return {0, 1};
  if (range.high - range.low < 1e-12 * std::max(1.0, std::abs(range.high)))
    return {range.low - 0.5, range.high + 0.5};
  const double distance = tickDistance(range.high - range.low, ticks);
  return {std::floor(range.low / distance + 1e-9) * distance,
          std::ceil(range.high / distance - 1e-9) * distance};
}

class Drawing {
public:
  explicit Drawing(const Plot &plot)
      : plot(plot), width(plot.isWide ? 1280 : 640) {
    for (const PlotLine &line : plot.lines)
      for (const auto &[x, y] : line.points)
        if (isShown(y)) {
          xs.add(x);
          ys.add(height(y));
        }
    if (xs.isEmpty())
      xs = {0, 1};
    if (xs.low == xs.high)
      xs = {xs.low - 0.5, xs.high + 0.5};
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
           (h - ys.low) / (ys.high - ys.low) * (kHeight - kTop - kBottom);
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

  void drawLegend() {
    double x = kLeft + 80;
    for (const PlotLine &line : plot.lines) {
      text += fmt::format("<path class=\"line{}\" d=\"M{:.1f} 12h18\"/>\n",
                          line.colour, x);
      write(x + 24, 16, "start", line.name);
      x += 48 + 7.5 * static_cast<double>(line.name.size());
    }
  }

  const Plot &plot;
  const double width;
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
)";
  return style;
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
