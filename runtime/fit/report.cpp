//===- report.cpp - A training on one page --------------------------------===//
// HTML, section by section.
//===----------------------------------------------------------------------===//

#include "runtime/fit/report.h"

#include "runtime/fit/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace seqc::fit {
namespace {

/// More points than that are no longer seen.
constexpr size_t kPoints = 300;

const char *const kStyle = R"(
.grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; }
p.lead { color: var(--soft); margin: 0 0 16px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0; padding: 12px; border: 1px solid var(--rule); border-radius: 8px; background: var(--fill); }
figcaption { font-weight: 600; margin-bottom: 4px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; } td.heat { text-align: right; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
th { color: var(--soft); font-weight: 600; } tr.best td { font-weight: 600; }
@media print { :root { color-scheme: light; --page: #fff; --text: #000; --soft: #444; --rule: #bbb; --fill: #fff; }
  figure, tr { break-inside: avoid; } main { max-width: none; padding: 0; } .grid2 { grid-template-columns: 1fr 1fr; } }
)";

/// Paper is white, whatever the screen is.
std::string colours() {
  return fmt::format(
      "\n:root {{ color-scheme: light dark; {} }}\n@media screen "
      "and (prefers-color-scheme: dark) {{ :root {{ {} }} }}",
      lightColours(), darkColours());
}

std::string figureOf(const Plot &plot) {
  return fmt::format("<figure><figcaption>{}</figcaption>\n{}</figure>\n",
                     escaped(plot.title), toSvg(plot));
}

std::vector<std::pair<double, double>> byEpoch(const std::vector<Epoch> &epochs,
                                               runtime::Numbers Epoch::*part,
                                               const std::string &name) {
  std::vector<std::pair<double, double>> points;
  for (const Epoch &epoch : epochs)
    if (auto found = (epoch.*part).find(name); found != (epoch.*part).end())
      points.emplace_back(static_cast<double>(epoch.number), found->second);
  return points;
}

class Page {
public:
  explicit Page(const Report &report) : report(report) {}

  std::string write() {
    text = fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
                       "charset=\"utf-8\">\n<meta name=\"viewport\" "
                       "content=\"width=device-width, initial-scale=1\">\n"
                       "<title>{0}</title>\n<style>{1}{2}{3}</style></head>\n"
                       "<body><main>\n<h1>{0}</h1>\n",
                       escaped(report.title), colours(), kStyle, plotStyle());
    writeLead();
    writeFacts();
    writeCurves();
    writeEpochs();
    writeConfusion();
    writeForecast();
    writeWorst();
    return text + "</main></body></html>\n";
  }

private:
  void writeLead() {
    std::string lead;
    for (const auto &[name, value] : report.measures)
      lead += fmt::format("{}{} {:.4g}", lead.empty() ? "" : ", ", name, value);
    if (!lead.empty())
      text += fmt::format("<p class=\"lead\">The best epoch on the {} part: "
                          "{}</p>\n",
                          escaped(report.part), escaped(lead));
  }

  void writeFacts() {
    text += "<dl>\n";
    for (const auto &[name, value] : report.facts)
      text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(name),
                          escaped(value));
    text += "</dl>\n";
  }

  void addPlot(Plot plot) {
    std::erase_if(plot.lines,
                  [](const PlotLine &line) { return line.points.empty(); });
    if (!plot.lines.empty())
      text += figureOf(plot);
  }

  void writeCurves() {
    text += "<h2>Curves</h2>\n<div class=\"grid2\">\n";
    const std::vector<Epoch> &epochs = report.fit.epochs;
    std::set<std::string> names;
    for (const Epoch &epoch : epochs)
      for (const auto &[name, value] : epoch.training)
        names.insert(name);
    for (const std::string &name : names)
      addPlot({fmt::format("{} by epoch", name),
               "epoch",
               name,
               {{"training", byEpoch(epochs, &Epoch::training, name), 0, true},
                {"validation", byEpoch(epochs, &Epoch::validation, name), 1,
                 true}}});
    addPlot({"loss by update",
             "update",
             "loss",
             {{"loss", thinned(report.losses, kPoints), 0}}});
    addPlot({"norm of the gradient, before clipping",
             "update",
             "norm",
             {{"norm", thinned(report.gradientNorms, kPoints), 2}},
             /*isLogarithmic=*/true});
    addPlot({"samples a second, validation left out",
             "epoch",
             "samples/s",
             {{"samples", report.throughput, 2, true}}});
    text += "</div>\n";
  }

  void writeEpochs() {
    const std::vector<Epoch> &epochs = report.fit.epochs;
    if (epochs.empty())
      return;
    text += "<h2>Epochs</h2>\n<div class=\"scroll\"><table>\n<tr><th "
            "class=\"n\">epoch</th>";
    for (const auto &[name, value] : epochs.front().training)
      text += fmt::format("<th class=\"n\">{}</th>", escaped(name));
    for (const auto &[name, value] : epochs.front().validation)
      text += fmt::format("<th class=\"n\">validation {}</th>", escaped(name));
    text += "</tr>\n";
    for (const Epoch &epoch : epochs) {
      text +=
          fmt::format("<tr{}><td class=\"n\">{}</td>",
                      epoch.number == report.fit.best ? " class=\"best\"" : "",
                      epoch.number);
      for (const runtime::Numbers *part : {&epoch.training, &epoch.validation})
        for (const auto &[name, value] : *part)
          text += fmt::format("<td class=\"n\">{:.4g}</td>", value);
      text += "</tr>\n";
    }
    text += "</table></div>\n";
  }

  void writeConfusion() {
    const Confusion &confusion = report.confusion;
    if (confusion.classes.empty())
      return;
    text += fmt::format("<h2>What was taken for what, {} part</h2>\n<div "
                        "class=\"scroll\"><table>\n<tr><th>is, taken for</th>",
                        escaped(report.part));
    for (const std::string &name : confusion.classes)
      text += fmt::format("<th class=\"n\">{}</th>", escaped(name));
    text += "<th class=\"n\">right</th></tr>\n";
    for (size_t row = 0; row < confusion.classes.size(); ++row)
      writeConfusionRow(confusion, row);
    text += "</table></div>\n";
  }

  void writeConfusionRow(const Confusion &confusion, size_t row) {
    const std::vector<int64_t> &counts = confusion.counts[row];
    int64_t all = 0;
    for (int64_t count : counts)
      all += count;
    const auto shareOf = [all](int64_t count) {
      return all == 0 ? 0.0
                      : static_cast<double>(count) / static_cast<double>(all);
    };
    text += fmt::format("<tr><th>{}</th>", escaped(confusion.classes[row]));
    for (int64_t count : counts)
      text += fmt::format("<td class=\"heat\" style=\"background: "
                          "rgba(var(--heat), {:.2f})\">{}</td>",
                          0.45 * shareOf(count), count);
    text += fmt::format("<td class=\"n\">{:.1f} %</td></tr>\n",
                        100 * shareOf(counts[row]));
  }

  void writeForecast() {
    const Forecast &forecast = report.forecast;
    if (forecast.truth.empty())
      return;
    text +=
        fmt::format("<h2>Forecast and truth, {} part</h2>\n<p>Root mean "
                    "square error {:.4g}; of the last number that was "
                    "seen (persistence) {:.4g}.</p>\n",
                    escaped(report.part), forecast.rmse, forecast.persistence);
    Plot plot = {"Forecast and truth", "step", "", {}};
    plot.isWide = true;
    plot.lines = {{"truth", {}, 0}, {"forecast", {}, 1}};
    for (size_t i = 0; i < forecast.truth.size(); ++i) {
      plot.lines[0].points.emplace_back(i, forecast.truth[i]);
      plot.lines[1].points.emplace_back(i, forecast.forecast[i]);
    }
    addPlot(std::move(plot));
  }

  void writeWorst() {
    if (report.worst.empty())
      return;
    text += fmt::format("<h2>Most wrong, {} part</h2>\n<div "
                        "class=\"scroll\"><table>\n<tr><th>sample</th>"
                        "<th>is</th><th>answer</th><th class=\"n\">loss</th>"
                        "<th></th></tr>\n",
                        escaped(report.part));
    for (const WorstSample &worst : report.worst)
      text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td "
                          "class=\"n\">{:.4g}</td><td>{}</td></tr>\n",
                          escaped(worst.place), escaped(worst.truth),
                          escaped(worst.answer), worst.loss,
                          escaped(worst.excerpt));
    text += "</table></div>\n";
  }

  const Report &report;
  std::string text;
};

} // namespace

std::string toHtml(const Report &report) { return Page(report).write(); }

} // namespace seqc::fit
