#include "checking/own_program.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <tuple>

#include "diagnostics/error.h"
#include "differentiation/directions.h"
#include "numeric/limits.h"
#include "text/nearest.h"

namespace losscalc::checking {
namespace {

using differentiation::CheckedArray;
using differentiation::CheckRequest;
using differentiation::EntryVerdict;
using process::Array;
using process::Arrays;
using process::Reply;

/// Scalar-only programs are asked entry by entry up to so many.
constexpr std::size_t few_entries = 200;

/// A program at displaced inputs.
class Asked {
 public:
  Asked(process::Program& program, const Arrays& inputs)
      : program_(program), inputs_(inputs), samples_(samples_of(inputs)) {
    first_ = ask(inputs_, true);
    again_ = ask(inputs_, false);
    if (first_.per_sample) find_scale();
  }

  Reply ask(const Arrays& inputs, bool with_gradient) {
    ++calls_;
    return program_.ask(inputs, with_gradient, samples_);
  }

  const Arrays& inputs() const { return inputs_; }
  const Reply& first() const { return first_; }
  std::size_t samples() const { return samples_; }
  std::size_t calls() const { return calls_; }
  /// d value / d (loss of a sample); nothing without such losses.
  std::optional<double> scale() const { return scale_; }

  /// The largest difference between the two answers to the same question.
  double noise() const {
    double noise = std::fabs(first_.value - again_.value);
    if (!first_.per_sample || !again_.per_sample) return noise;
    noise = 0.0;
    for (std::size_t i = 0; i < samples_; ++i)
      noise =
          std::max(noise, *scale_ * std::fabs((*first_.per_sample)[i] - (*again_.per_sample)[i]));
    return noise;
  }

 private:
  static std::size_t samples_of(const Arrays& inputs) {
    const auto prediction = inputs.find("pred");
    const Array& array = (prediction == inputs.end() ? inputs.begin() : prediction)->second;
    return array.shape.empty() ? 1 : array.shape.front();
  }

  /// A value that is neither the mean nor the sum of the samples' losses is taken as it is.
  void find_scale() {
    double sum = 0.0;
    double size = 0.0;
    for (const double loss : *first_.per_sample) {
      sum += loss;
      size += std::fabs(loss);
    }
    const auto count = static_cast<double>(samples_);
    constexpr double rounding = 1e-6;  // a program may sum in float32
    if (std::fabs(first_.value - sum / count) <= rounding * size / count) {
      scale_ = 1.0 / count;
    } else if (std::fabs(first_.value - sum) <= rounding * size) {
      scale_ = 1.0;
    } else {
      first_.per_sample.reset();
    }
  }

  process::Program& program_;
  const Arrays& inputs_;
  std::size_t samples_;
  std::size_t calls_ = 0;
  Reply first_;
  Reply again_;
  std::optional<double> scale_;
};

/// Samples' losses as functions of their entries. Entries at the same place of all samples are
/// moved by the same step in one call, and what comes is kept for the others.
class BySample final : public differentiation::Subject {
 public:
  BySample(Asked& asked, const std::vector<std::string>& names) : asked_(asked), names_(names) {}

  double at(std::span<const Displacement> moves) override {
    if (moves.size() != 1) return at_several(moves);
    const Displacement& move = moves.front();
    const double x = number(move.input, move.entry);
    if (move.number == x) return scaled(*asked_.first().per_sample, move.input, move.entry);
    const std::size_t width = width_of(move.input);
    const Key key{move.input, move.entry % width, move.number - x};
    auto known = kept_.find(key);
    if (known == kept_.end()) known = kept_.emplace(key, moved_losses(key, move)).first;
    // Another sample's number may round the same step differently.
    if (number_moved(move.input, move.entry, key.step) == move.number)
      return scaled(known->second, move.input, move.entry);
    return at_several(moves);
  }

  double noise() const override { return asked_.noise(); }

  differentiation::Point point(std::size_t input, std::size_t entry) const override {
    return {number(input, entry), -infinity, infinity};
  }

  std::vector<Displacement> unit_of(std::size_t input, std::size_t entry) const override {
    std::vector<Displacement> unit;
    const std::size_t sample = entry / width_of(input);
    for (std::size_t k = 0; k < names_.size(); ++k) {
      const std::size_t width = width_of(k);
      for (std::size_t i = sample * width; i < (sample + 1) * width; ++i)
        unit.push_back({k, i, number(k, i)});
    }
    return unit;
  }

 private:
  struct Key {
    std::size_t input;
    std::size_t place;  ///< within a sample
    double step;
    friend bool operator<(const Key& a, const Key& b) {
      return std::tie(a.input, a.place, a.step) < std::tie(b.input, b.place, b.step);
    }
  };

  const Array& array(std::size_t input) const {
    return asked_.inputs().find(names_[input])->second;
  }
  std::size_t width_of(std::size_t input) const {
    return array(input).values.size() / asked_.samples();
  }
  double number(std::size_t input, std::size_t entry) const { return array(input).values[entry]; }
  double number_moved(std::size_t input, std::size_t entry, double step) const {
    return number(input, entry) + step;
  }
  double scaled(const std::vector<double>& losses, std::size_t input, std::size_t entry) const {
    return *asked_.scale() * losses[entry / width_of(input)];
  }

  std::vector<double> moved_losses(const Key& key, const Displacement& move) {
    Arrays moved = asked_.inputs();
    Array& its = moved.find(names_[key.input])->second;
    for (std::size_t i = key.place; i < its.values.size(); i += width_of(key.input))
      its.values[i] += key.step;
    its.values[move.entry] = move.number;
    return losses_of(moved);
  }

  double at_several(std::span<const Displacement> moves) {
    Arrays moved = asked_.inputs();
    for (const Displacement& move : moves)
      moved.find(names_[move.input])->second.values[move.entry] = move.number;
    return scaled(losses_of(moved), moves.front().input, moves.front().entry);
  }

  std::vector<double> losses_of(const Arrays& inputs) {
    Reply reply = asked_.ask(inputs, false);
    if (reply.per_sample) return std::move(*reply.per_sample);
    throw Error(ErrorCode::program_failed,
                "the program gave the losses of single samples at first, and none later");
  }

  Asked& asked_;
  const std::vector<std::string>& names_;
  std::map<Key, std::vector<double>> kept_;
};

/// The whole value as a function of few entries.
class Whole final : public differentiation::Subject {
 public:
  Whole(Asked& asked, const std::vector<std::string>& names) : asked_(asked), names_(names) {}

  double at(std::span<const Displacement> moves) override {
    Arrays moved = asked_.inputs();
    bool still = true;
    for (const Displacement& move : moves) {
      double& number = moved.find(names_[move.input])->second.values[move.entry];
      still = still && number == move.number;
      number = move.number;
    }
    return still ? asked_.first().value : asked_.ask(moved, false).value;
  }
  double noise() const override { return asked_.noise(); }
  differentiation::Point point(std::size_t input, std::size_t entry) const override {
    return {asked_.inputs().find(names_[input])->second.values[entry], -infinity, infinity};
  }
  std::vector<Displacement> unit_of(std::size_t input, std::size_t entry) const override {
    return {{input, entry, point(input, entry).x}};
  }

 private:
  Asked& asked_;
  const std::vector<std::string>& names_;
};

bool moves_by_sample(const Asked& asked, const std::vector<std::string>& names) {
  if (!asked.scale() || !asked.first().per_sample) return false;
  return std::ranges::all_of(names, [&](const std::string& name) {
    const Array& array = asked.inputs().find(name)->second;
    return !array.shape.empty() && array.shape.front() == asked.samples();
  });
}

/// All entries of all differentiated inputs one after the other.
std::vector<double> joined(const Arrays& inputs, const std::vector<std::string>& names) {
  std::vector<double> all;
  for (const std::string& name : names) {
    const std::vector<double>& values = inputs.find(name)->second.values;
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

/// The entries that are not finite, as findings that have failed.
std::vector<EntryVerdict> not_finite(const ProgramCheck& check) {
  std::vector<EntryVerdict> findings;
  for (std::size_t input = 0; input < check.gradients.size(); ++input) {
    for (std::size_t entry = 0; entry < check.gradients[input].size(); ++entry) {
      const double analytic = check.gradients[input][entry];
      if (std::isfinite(analytic)) continue;
      constexpr double unknown = quiet_nan;
      findings.push_back({.input = input,
                          .entry = entry,
                          .analytic = analytic,
                          .reference = unknown,
                          .error = unknown,
                          .allowed = unknown,
                          .verdict = differentiation::Verdict::failed,
                          .reason = differentiation::Reason::not_finite});
    }
  }
  return findings;
}

void check_along_directions(Asked& asked, const CheckRequest& request, double tolerance,
                            ProgramCheck& check) {
  if (std::vector<EntryVerdict> wrong = not_finite(check); !wrong.empty()) {
    check.method = "no differences, since numbers of the gradient are not finite";
    check.result.counts = {
        .entries = wrong.size(), .failed = wrong.size(), .not_finite = wrong.size()};
    wrong.resize(std::min(wrong.size(), request.worst));
    check.result.worst = std::move(wrong);
    return;
  }
  const std::vector<double> point = joined(asked.inputs(), check.inputs);
  std::vector<double> gradient;
  for (const std::vector<double>& part : check.gradients)
    gradient.insert(gradient.end(), part.begin(), part.end());
  const auto value = [&](std::span<const double> numbers) {
    Arrays moved = asked.inputs();
    for (const std::string& name : check.inputs) {
      std::vector<double>& values = moved.find(name)->second.values;
      std::ranges::copy(numbers.first(values.size()), values.begin());
      numbers = numbers.subspan(values.size());
    }
    return asked.ask(moved, false).value;
  };
  const differentiation::DirectionResult result = differentiation::check_directions(
      value, point, gradient,
      {.seed = request.seed, .tolerance = tolerance, .noise = asked.noise()});
  check.method = "differences of the value along random directions";
  check.result.counts = {.entries = result.passed + result.failed + result.inconclusive,
                         .passed = result.passed,
                         .failed = result.failed,
                         .inconclusive = result.inconclusive};
  if (!result.found) return;
  std::size_t entry = result.entry;
  std::size_t input = 0;
  while (entry >= check.gradients[input].size()) entry -= check.gradients[input++].size();
  check.result.worst.push_back({.input = input,
                                .entry = entry,
                                .analytic = check.gradients[input][entry],
                                .reference = result.derivative.value,
                                .error = result.derivative.error,
                                .allowed = result.derivative.error,
                                .verdict = differentiation::Verdict::failed,
                                .reason = differentiation::Reason::differs});
}

}  // namespace

std::vector<std::string> differentiated_inputs(const process::Reply& reply,
                                               const std::vector<std::string>& wrt) {
  std::vector<std::string> names;
  for (const auto& [name, gradient] : reply.gradient) names.push_back(name);
  for (const std::string& name : wrt) {
    if (std::ranges::find(names, name) != names.end()) continue;
    throw Error(ErrorCode::bad_value, "--wrt: the program gives gradients with respect to " +
                                          text::joined(names) + ", not to '" + name + "'");
  }
  return wrt.empty() ? names : wrt;
}

ProgramCheck check_program(process::Program& program, const Arrays& inputs,
                           const std::vector<std::string>& wrt, const CheckRequest& request,
                           double tolerance) {
  Asked asked(program, inputs);
  ProgramCheck check{.method = {},
                     .inputs = differentiated_inputs(asked.first(), wrt),
                     .gradients = {},
                     .value = asked.first().value,
                     .noise = asked.noise(),
                     .result = {}};
  std::size_t entries = 0;
  for (const std::string& name : check.inputs) {
    check.gradients.push_back(asked.first().gradient.find(name)->second);
    entries += check.gradients.back().size();
  }
  if (entries == 0)
    throw Error(ErrorCode::no_data, "the program's gradients have no entry that could be checked");
  const bool by_sample = moves_by_sample(asked, check.inputs);
  if (!by_sample && entries > few_entries) {
    check_along_directions(asked, request, tolerance, check);
  } else {
    std::vector<CheckedArray> arrays;
    for (const std::vector<double>& gradient : check.gradients)
      arrays.push_back({.analytic = gradient, .tolerance = tolerance});
    CheckRequest one = request;
    one.threads = 1;
    if (one.method == differentiation::Method::automatic)
      one.method = differentiation::Method::differences;
    check.result = differentiation::check(
        arrays,
        [&]() -> std::unique_ptr<differentiation::Subject> {
          if (by_sample) return std::make_unique<BySample>(asked, check.inputs);
          return std::make_unique<Whole>(asked, check.inputs);
        },
        one);
    check.method = by_sample ? "differences of the losses of single samples"
                             : "differences of the value, entry by entry";
  }
  check.calls = asked.calls();
  return check;
}

}  // namespace losscalc::checking
