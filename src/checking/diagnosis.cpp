#include "checking/diagnosis.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "diagnostics/error.h"
#include "evaluation/arrays/class_layout.h"
#include "evaluation/pass.h"
#include "evaluation/pass_value.h"
#include "numeric/shape.h"
#include "numeric/softmax.h"
#include "text/number.h"

namespace losscalc::checking {
namespace {

using Numbers = std::vector<double>;

/// How closely an explanation must fit, relative to the entry and to the largest one.
constexpr double relative_fit = 1e-4;
constexpr double absolute_fit = 1e-6;

double largest_magnitude(const Numbers& values) {
  double largest = 0.0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  }
  return largest;
}

bool fits(const Numbers& found, const Numbers& expected, double factor = 1.0) {
  const double floor = absolute_fit * std::fabs(factor) * largest_magnitude(expected);
  if (found.size() != expected.size() || floor == 0.0) return false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double value = factor * expected[i];
    const double allowed = relative_fit * std::max(std::fabs(found[i]), std::fabs(value)) + floor;
    if (!(std::fabs(found[i] - value) <= allowed)) return false;
  }
  return true;
}

/// The ratio found / expected, if it is the same for all entries.
std::optional<double> common_factor(const Numbers& found, const Numbers& expected) {
  double up = 0.0;
  double down = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    up += found[i] * expected[i];
    down += expected[i] * expected[i];
  }
  if (!(down > 0.0) || !std::isfinite(up)) return std::nullopt;
  const double factor = up / down;
  return factor != 0.0 && fits(found, expected, factor) ? std::optional(factor) : std::nullopt;
}

Numbers joined(const std::vector<Numbers>& arrays) {
  Numbers all;
  for (const Numbers& array : arrays) all.insert(all.end(), array.begin(), array.end());
  return all;
}

bool nearly(double a, double b) { return std::fabs(a - b) <= 1e-4 * std::fabs(b); }

class Diagnoser {
 public:
  Diagnoser(const GradientCheck& check, const NamedTerms& bound)
      : check_(check),
        bound_(bound),
        found_(joined(check.analytic())),
        expected_(joined(check.dual())) {}

  std::optional<Diagnosis> diagnosis() const {
    for (const auto& hypothesis :
         {&Diagnoser::not_finite, &Diagnoser::zero, &Diagnoser::factor, &Diagnoser::order,
          &Diagnoser::another_loss, &Diagnoser::one_class}) {
      if (std::optional<Diagnosis> diagnosis = (this->*hypothesis)()) return diagnosis;
    }
    return std::nullopt;
  }

 private:
  std::optional<Diagnosis> not_finite() const {
    const auto bad = std::ranges::count_if(found_, [](double g) { return !std::isfinite(g); });
    if (bad == 0) return std::nullopt;
    return Diagnosis{
        "not-finite",
        std::to_string(bad) +
            " entries of the gradient are NaN or infinite: it has an overflow, log(0) or 0/0"};
  }

  std::optional<Diagnosis> zero() const {
    if (std::ranges::any_of(found_, [](double g) { return g != 0.0; })) return std::nullopt;
    return Diagnosis{"zero", "every entry of the gradient is 0, and the loss is not flat"};
  }

  std::optional<Diagnosis> factor() const {
    const std::optional<double> k = common_factor(found_, expected_);
    if (!k || nearly(*k, 1.0)) return std::nullopt;
    if (nearly(*k, -1.0)) return Diagnosis{"sign", "the gradient has the wrong sign throughout", k};
    const std::string what = factor_in_words(std::fabs(*k));
    return Diagnosis{"factor",
                     "the gradient is " + text::rounded(*k, 6) + " times the derivative" +
                         (what.empty() ? "" : ": " + what) +
                         (*k < 0.0 ? ", with the wrong sign" : ""),
                     k};
  }

  std::string factor_in_words(double k) const {
    const evaluation::Pass& pass = check_.whole().pass(0);
    const Reduction own = evaluation::reduction_of(*pass.term);
    const double divisor = evaluation::divisor(pass.totals.total, own, pass.samples);
    for (const Reduction other :
         {Reduction::sum, Reduction::mean, Reduction::count_mean, Reduction::batchmean}) {
      if (other == own || bound_.terms.size() > 1 || pass.outputs.applies()) continue;
      if (nearly(k, divisor / evaluation::divisor(pass.totals.total, other, pass.samples)))
        return "as for reduction " + std::string(name(other)) + " instead of " +
               std::string(name(own));
    }
    if (nearly(k, 2.0) || nearly(k, 0.5)) return "a factor of 2 is lost or doubled";
    const auto samples = static_cast<double>(pass.samples);
    const auto classes = static_cast<double>(class_count());
    const std::vector<std::pair<double, std::string>> known{
        {samples, "the number of samples"},
        {classes, "the number of classes"},
        {static_cast<double>(pass.totals.total.units), "the number of units"},
        {pass.totals.total.weight.value(), "the sum of the weights"}};
    for (const auto& [number, words] : known) {
      if (number <= 1.0) continue;
      if (nearly(k, number)) return "the division by " + words + " is missing";
      if (nearly(k, 1.0 / number)) return "it is divided by " + words + " once too often";
      if (nearly(k, 1.0 / (number * number))) return "it is divided twice more by " + words;
    }
    return "";
  }

  /// How classes lie in the prediction; nothing if it has none.
  std::optional<evaluation::ClassLayout> class_shape() const {
    const evaluation::Data& prediction = check_.inputs().front().data;
    const std::int64_t class_axis = bound_.terms.front().conventions.class_axis;
    const auto axis = resolved_axis(class_axis, prediction.shape.size());
    if (prediction.shape.size() < 2 || !axis || prediction.shape[*axis] == 0) return std::nullopt;
    return evaluation::class_layout(prediction, class_axis);
  }
  std::size_t class_count() const {
    const auto shape = class_shape();
    return shape ? shape->classes : 0;
  }

  std::optional<Diagnosis> order() const {
    const Numbers& found = check_.analytic().front();
    const Numbers& expected = check_.dual().front();
    const Shape& shape = check_.inputs().front().data.shape;
    if (check_.inputs().size() > 1 || shape.size() < 2 || shape[0] == 0) return std::nullopt;
    const std::size_t rows = shape[0];
    const std::size_t width = found.size() / rows;
    const auto reordered = [&](auto from) {
      Numbers values(expected.size());
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < width; ++j) values[i * width + j] = expected[from(i, j)];
      }
      return fits(found, values);
    };
    if (reordered([&](std::size_t i, std::size_t j) {
          const std::size_t flat = i * width + j;
          return flat % rows * width + flat / rows;
        }))
      return Diagnosis{"transposed", "the gradient is transposed: its axes are exchanged"};
    for (const std::size_t shift : {std::size_t{1}, rows - 1}) {
      if (rows > 1 &&
          reordered([&](std::size_t i, std::size_t j) { return (i + shift) % rows * width + j; }))
        return Diagnosis{"shifted",
                         std::string("the gradient is shifted by one sample: entry i has "
                                     "the derivative of entry i ") +
                             (shift == 1 ? "+ 1" : "- 1")};
    }
    return permuted_classes(found, expected);
  }

  std::optional<Diagnosis> permuted_classes(const Numbers& found, const Numbers& expected) const {
    const auto split = class_shape();
    constexpr std::size_t max_classes = 1024;
    if (!split || split->classes < 2 || split->classes > max_classes) return std::nullopt;
    const auto column = [&](const Numbers& values, std::size_t c) {
      Numbers part;
      for (std::size_t o = 0; o < split->outer; ++o) {
        for (std::size_t i = 0; i < split->inner; ++i)
          part.push_back(values[(o * split->classes + c) * split->inner + i]);
      }
      return part;
    };
    std::string mapping;
    std::vector<bool> taken(split->classes, false);
    for (std::size_t c = 0; c < split->classes; ++c) {
      const Numbers its = column(found, c);
      std::size_t from = 0;
      while (from < split->classes && (taken[from] || !fits(its, column(expected, from)))) ++from;
      if (from == split->classes) return std::nullopt;
      taken[from] = true;
      if (from != c && mapping.size() < 60)
        mapping += (mapping.empty() ? "" : ", ") + std::to_string(c) + " has that of " +
                   std::to_string(from);
    }
    if (mapping.empty()) return std::nullopt;
    return Diagnosis{"permuted-classes", "the classes are in another order: " + mapping};
  }

  /// The analytic gradient of altered terms; nothing if they can't be evaluated.
  std::optional<Numbers> gradient_of(const NamedTerms& altered) const {
    try {
      std::vector<std::string> names;
      for (const DifferentiableInput& input : check_.inputs()) names.push_back(input.name);
      differentiation::CheckRequest request;
      request.method = differentiation::Method::dual;
      return joined(GradientCheck(altered, names, {}, request, std::nullopt).dual());
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  using Alteration = std::function<bool(evaluation::Term&)>;

  /// Whether the gradient is that of the terms after `alter` (which says whether it changed one).
  std::optional<Diagnosis> explained_by(const Alteration& alter, const std::string& code,
                                        const std::string& message) const {
    NamedTerms altered = bound_;
    bool changed = false;
    for (evaluation::Term& term : altered.terms) changed |= alter(term);
    if (!changed) return std::nullopt;
    const std::optional<Numbers> gradient = gradient_of(altered);
    if (!gradient) return std::nullopt;
    if (fits(found_, *gradient)) return Diagnosis{code, message};
    const std::optional<double> k = common_factor(found_, *gradient);
    if (!k) return std::nullopt;
    return Diagnosis{code, message + "; and it is " + text::rounded(*k, 6) + " times that", k};
  }

  /// The prediction of a term through `convert`, whole, as an array of its own.
  static void replace_prediction(evaluation::Term& term,
                                 const std::function<void(Numbers&)>& convert) {
    evaluation::Data& data = term.inputs.at("pred").front();
    Numbers values = evaluation::read_all(data);
    convert(values);
    data = data.with_values(std::move(values));
  }

  /// softmax along the class axis, or sigmoid.
  void to_probabilities(const evaluation::Term& term, Numbers& values) const {
    const auto split = class_shape();
    const bool rows =
        term.loss->domain != Domain::elementwise && term.conventions.link == Link::softmax;
    if (!rows || !split) {
      for (double& value : values) value = sigmoid(value);
      return;
    }
    evaluation::for_each_row(*split, values, softmax);
  }

  bool has_form(const evaluation::Term& term, From form) const {
    return std::ranges::find(term.loss->from, form) != term.loss->from.end();
  }

  std::optional<Diagnosis> forgotten_link() const {
    const auto by_probabilities = [this](evaluation::Term& term) {
      if (term.conventions.from != From::logits || !has_form(term, From::probs)) return false;
      replace_prediction(term, [&](Numbers& values) { to_probabilities(term, values); });
      term.conventions.from = From::probs;
      return true;
    };
    if (auto found = explained_by(by_probabilities, "missing-link-jacobian",
                                  "this is the gradient with respect to the probabilities: the "
                                  "Jacobian of softmax (sigmoid) is missing"))
      return found;
    const auto by_log_probabilities = [this](evaluation::Term& term) {
      if (term.conventions.from != From::logits || !has_form(term, From::log_probs)) return false;
      replace_prediction(term, [&](Numbers& values) {
        to_probabilities(term, values);
        for (double& value : values) value = std::log(value);
      });
      term.conventions.from = From::log_probs;
      return true;
    };
    if (auto found = explained_by(by_log_probabilities, "missing-link-jacobian",
                                  "this is the gradient with respect to the log-probabilities: the "
                                  "Jacobian of log-softmax is missing"))
      return found;
    const auto by_logits = [this](evaluation::Term& term) {
      if (term.conventions.from != From::probs || !has_form(term, From::logits)) return false;
      const bool rows =
          term.loss->domain != Domain::elementwise && term.conventions.link == Link::softmax;
      replace_prediction(term, [&](Numbers& values) {
        for (double& p : values) p = rows ? std::log(p) : std::log(p) - std::log1p(-p);
      });
      term.conventions.from = From::logits;
      return true;
    };
    return explained_by(
        by_logits, "gradient-by-logits",
        "this is the gradient with respect to the logits, but pred holds probabilities");
  }

  std::optional<Diagnosis> another_loss() const {
    if (auto found = forgotten_link()) return found;
    for (const char* const role :
         {"class_weight", "sample_weight", "element_weight", "pos_weight"}) {
      const auto without = [role](evaluation::Term& term) { return term.inputs.erase(role) > 0; };
      if (auto found = explained_by(without, "missing-" + hyphenated(role),
                                    std::string(role) + " is left out of the gradient"))
        return found;
    }
    const auto unsmoothed = [](evaluation::Term& term) {
      return std::exchange(term.conventions.label_smoothing, 0.0) != 0.0;
    };
    if (auto found = explained_by(unsmoothed, "missing-label-smoothing",
                                  "label smoothing is left out of the gradient"))
      return found;
    const auto ignoring_nothing = [](evaluation::Term& term) {
      return !std::exchange(term.conventions.ignore_index, {}).empty();
    };
    return explained_by(ignoring_nothing, "missing-ignore-index",
                        "ignored units take part in the gradient");
  }

  static std::string hyphenated(std::string name) {
    std::ranges::replace(name, '_', '-');
    return name;
  }

  std::optional<Diagnosis> one_class() const {
    const auto split = class_shape();
    if (!split || split->classes < 2 || check_.inputs().size() > 1) return std::nullopt;
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (nearly(found_[i], expected_[i]) || found_[i] == expected_[i]) continue;
      const std::size_t c = i / split->inner % split->classes;
      if (only && *only != c) return std::nullopt;
      only = c;
    }
    if (!only || found_.size() / split->classes < 2) return std::nullopt;
    return Diagnosis{"one-class", "only the derivatives with respect to class " +
                                      std::to_string(*only) + " are wrong"};
  }

  const GradientCheck& check_;
  const NamedTerms& bound_;
  Numbers found_;
  Numbers expected_;
};

}  // namespace

std::optional<Diagnosis> diagnosis_of(const GradientCheck& check, const NamedTerms& bound) {
  return Diagnoser(check, bound).diagnosis();
}

}  // namespace losscalc::checking
