#include "report/sweep.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "report/diagnostics.h"
#include "report/json_document.h"
#include "report/table.h"
#include "text/number.h"

namespace losscalc::report {
namespace {

using differentiation::SweepRow;

constexpr double smallest_shown = 1e-17;
constexpr double largest_shown = 10.0;

/// Relative to the reference where that is not 0; kept on the scale of the pictures.
double deviation(const Sweep& sweep, double value) {
  const double size = std::max(std::fabs(sweep.reference), 1e-300);
  const double relative = std::fabs(value - sweep.reference) / size;
  if (std::isnan(relative)) return largest_shown;
  return std::clamp(relative, smallest_shown, largest_shown);
}

/// 0 at the smallest deviation shown, 1 at the largest.
double height(double deviation) {
  return std::log10(deviation / smallest_shown) / std::log10(largest_shown / smallest_shown);
}

std::string marks(const Sweep& sweep, const SweepRow& row) {
  constexpr std::size_t width = 37;
  std::string line(width, ' ');
  const auto mark = [&](double value, char sign) {
    const double at = height(deviation(sweep, value)) * static_cast<double>(width - 1);
    line[static_cast<std::size_t>(std::lround(at))] = sign;
  };
  mark(row.backward, '<');
  mark(row.forward, '>');
  mark(row.central, 'o');
  return "|" + line + "|";
}

std::string side(const differentiation::Estimate& estimate) {
  return text::rounded(estimate.value, 10) + " +- " + text::rounded(estimate.error, 2);
}

struct Series {
  const char* name;
  const char* color;
  double SweepRow::*value;
};
constexpr std::array<Series, 3> series{{{"backward", "#2a9d8f", &SweepRow::backward},
                                        {"forward", "#e76f51", &SweepRow::forward},
                                        {"central", "#264653", &SweepRow::central}}};

/// Pixels of an SVG drawing.
class Drawing {
 public:
  explicit Drawing(const Sweep& sweep) : sweep_(sweep) {
    largest_step_ = std::ceil(std::log10(sweep.rows.front().step));
    smallest_step_ = std::floor(std::log10(sweep.rows.back().step));
  }

  std::string text() {
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 480\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n"
        "<rect width=\"720\" height=\"480\" fill=\"white\"/>\n");
    label(left, 24, "start",
          "Relative deviation of differences from the derivative at " + sweep_.entry);
    grid();
    for (const Series& one : series) line(one);
    analytic();
    label((left + right) / 2, 468, "middle", "step size");
    add("</svg>\n");
    return svg_;
  }

 private:
  static constexpr double left = 70;
  static constexpr double right = 600;
  static constexpr double top = 44;
  static constexpr double bottom = 430;

  void add(const std::string& text) { svg_ += text; }
  static std::string pixel(double value) { return text::rounded(value, 5); }

  void label(double x, double y, const std::string& anchor, const std::string& words) {
    add("<text x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" text-anchor=\"" + anchor + "\">" +
        escaped(words) + "</text>\n");
  }
  static std::string escaped(const std::string& words) {
    std::string text;
    for (const char c : printable(words)) {
      if (c == '<') {
        text += "&lt;";
      } else if (c == '&') {
        text += "&amp;";
      } else {
        text += c;
      }
    }
    return text;
  }

  double x_of(double step) const {
    const double share = (std::log10(step) - smallest_step_) / (largest_step_ - smallest_step_);
    return left + share * (right - left);
  }
  static double y_of(double deviation) { return bottom - height(deviation) * (bottom - top); }

  void rule(double x1, double y1, double x2, double y2) {
    add("<line x1=\"" + pixel(x1) + "\" y1=\"" + pixel(y1) + "\" x2=\"" + pixel(x2) + "\" y2=\"" +
        pixel(y2) + "\" stroke=\"#ddd\"/>\n");
  }

  void grid() {
    for (double power = smallest_step_; power <= largest_step_; power += 2.0) {
      const double x = x_of(std::pow(10.0, power));
      rule(x, top, x, bottom);
      label(x, bottom + 18, "middle", "1e" + text::shortest(power));
    }
    for (double power = -16.0; power <= 0.0; power += 2.0) {
      const double y = y_of(std::pow(10.0, power));
      rule(left, y, right, y);
      label(left - 8, y + 4, "end", "1e" + text::shortest(power));
    }
  }

  void line(const Series& one) {
    std::string points;
    for (const SweepRow& row : sweep_.rows)
      points +=
          pixel(x_of(row.step)) + "," + pixel(y_of(deviation(sweep_, row.*(one.value)))) + " ";
    add("<polyline fill=\"none\" stroke=\"" + std::string(one.color) +
        "\" stroke-width=\"2\" points=\"" + points + "\"/>\n");
    legend(one.name, one.color, "");
  }

  void analytic() {
    const std::string y = pixel(y_of(deviation(sweep_, sweep_.analytic)));
    add("<line x1=\"" + pixel(left) + "\" y1=\"" + y + "\" x2=\"" + pixel(right) + "\" y2=\"" + y +
        "\" stroke=\"#b00\" stroke-dasharray=\"6 4\"/>\n");
    legend("gradient", "#b00", " stroke-dasharray=\"6 4\"");
  }

  void legend(const std::string& name, const std::string& color, const std::string& dashes) {
    const double y = top + 10.0 + 20.0 * legends_++;
    add("<line x1=\"612\" y1=\"" + pixel(y) + "\" x2=\"636\" y2=\"" + pixel(y) + "\" stroke=\"" +
        color + "\" stroke-width=\"2\"" + dashes + "/>\n");
    label(642, y + 4, "start", name);
  }

  const Sweep& sweep_;
  double smallest_step_ = 0.0;
  double largest_step_ = 0.0;
  int legends_ = 0;
  std::string svg_;
};

}  // namespace

std::string sweep_text(const Sweep& sweep) {
  std::string text =
      "entry      " + printable(sweep.entry) + " = " + text::shortest(sweep.number) + "\n";
  text += "gradient   " + text::shortest(sweep.analytic) + "\n";
  text += "reference  " + text::shortest(sweep.reference) + "\n";
  text += "both sides " + side(sweep.derivative.both) + "\n";
  text += "left       " + side(sweep.derivative.left) + "\n";
  text += "right      " + side(sweep.derivative.right) + (sweep.derivative.kink ? ": a kink" : "") +
          "\n\n";
  std::vector<Cells> rows;
  for (const SweepRow& row : sweep.rows) {
    rows.push_back({text::rounded(row.step, 3), text::rounded(row.central, 10),
                    text::rounded(deviation(sweep, row.central), 2), marks(sweep, row)});
  }
  return text + aligned(table_of(
                    {"step", "central", "relative", "1e-17, backward <, forward >, central o, 10"},
                    std::move(rows)));
}

std::string sweep_json(const Sweep& sweep) {
  JsonDocument document;
  document.add("schema", "losscalc.sweep/1");
  document.add("version", LOSSCALC_VERSION);
  document.add("entry", sweep.entry);
  document.add("number", json_number(sweep.number));
  document.add("analytic", json_number(sweep.analytic));
  document.add("reference", json_number(sweep.reference));
  const auto estimate = [](const differentiation::Estimate& one) {
    return Json{{"value", json_number(one.value)}, {"error", json_number(one.error)}};
  };
  document.add("both", estimate(sweep.derivative.both));
  document.add("left", estimate(sweep.derivative.left));
  document.add("right", estimate(sweep.derivative.right));
  document.add("kink", sweep.derivative.kink);
  document.add_rows("steps", sweep.rows.size(), [&](std::size_t k) {
    const SweepRow& row = sweep.rows[k];
    return Json{{"step", row.step},
                {"central", json_number(row.central)},
                {"forward", json_number(row.forward)},
                {"backward", json_number(row.backward)}};
  });
  return document.text();
}

std::string sweep_svg(const Sweep& sweep) { return Drawing(sweep).text(); }

}  // namespace losscalc::report
