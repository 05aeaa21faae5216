#include "checking/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "diagnostics/error.h"
#include "numeric/splitmix64.h"
#include "text/nearest.h"

namespace losscalc::checking {
namespace {

using differentiation::CheckedArray;

/// A local value of losses as the checker wants it.
class LocalSubject final : public differentiation::Subject {
 public:
  LocalSubject(const evaluation::Differentiable& whole,
               std::vector<std::vector<evaluation::InputUse>> inputs)
      : local_(whole, std::move(inputs)) {}

  double at(std::span<const Displacement> moves) override { return local_.at(moves); }

  differentiation::Point point(std::size_t input, std::size_t entry) const override {
    const Interior interior = local_.interior(input, entry);
    return {local_.number(input, entry), interior.lower, interior.upper};
  }

  std::vector<Displacement> unit_of(std::size_t input, std::size_t entry) const override {
    return local_.unit_of(input, entry);
  }

 private:
  evaluation::LocalValue local_;
};

std::vector<std::vector<evaluation::InputUse>> uses_of(
    const std::vector<DifferentiableInput>& inputs) {
  std::vector<std::vector<evaluation::InputUse>> uses;
  uses.reserve(inputs.size());
  for (const DifferentiableInput& input : inputs) uses.push_back(input.uses);
  return uses;
}

[[noreturn]] void throw_no_input(const std::string& option, const std::string& name,
                                 const std::vector<DifferentiableInput>& inputs) {
  std::vector<std::string> names;
  names.reserve(inputs.size());
  for (const DifferentiableInput& input : inputs) names.push_back(input.name);
  throw Error(ErrorCode::bad_value, option + ": the loss has gradients with respect to " +
                                        text::joined(names) + ", not to '" + name + "'");
}

std::vector<DifferentiableInput> selected(const std::vector<DifferentiableInput>& inputs,
                                          const std::vector<std::string>& wrt) {
  if (wrt.empty()) return inputs;
  std::vector<DifferentiableInput> some;
  for (const std::string& name : wrt) {
    const auto found = std::ranges::find(inputs, name, &DifferentiableInput::name);
    if (found == inputs.end()) throw_no_input("--wrt", name, inputs);
    some.push_back(*found);
  }
  return some;
}

/// A step far below any that differences take, yet enough for a branch to change at a kink.
double nudge(const differentiation::Point& point, std::uint64_t random) {
  if (!(point.room() > 0.0)) return 0.0;
  const double share = 0.5 + 0.5 * static_cast<double>(random >> 11U) * 0x1p-53;
  return 0x1p-36 * point.scale() * share * ((random & 1U) != 0 ? 1.0 : -1.0);
}

}  // namespace

GivenGradient as_float32(GivenGradient gradient) {
  gradient.tolerance = 1e-5;
  gradient.round_off = 0x1p-24;
  gradient.smallest_normal = 0x1p-149;
  return gradient;
}

GivenGradient as_float16(GivenGradient gradient) {
  gradient.tolerance = 1e-2;
  gradient.round_off = 0x1p-11;
  gradient.smallest_normal = 0x1p-24;
  return gradient;
}

GivenGradient as_bfloat16(GivenGradient gradient) {
  gradient.tolerance = 8e-2;
  gradient.round_off = 0x1p-8;
  gradient.smallest_normal = 0x1p-133;
  return gradient;
}

std::vector<DifferentiableInput> differentiable_inputs(const NamedTerms& bound) {
  std::vector<DifferentiableInput> inputs;
  for (std::size_t k = 0; k < bound.terms.size(); ++k) {
    const Loss& loss = *bound.terms[k].loss;
    if (!is_differentiable(loss)) {
      throw Error(ErrorCode::not_supported, std::string(loss.description.name) +
                                                " has no gradient that could be used: " +
                                                std::string(loss.description.gradient));
    }
    for (const Role& role : loss.roles) {
      if (!role.differentiable) continue;
      const std::string role_name(role.name);
      const std::vector<std::string>& names = bound.names.at({k, role_name});
      for (std::size_t i = 0; i < names.size(); ++i) {
        auto known = std::ranges::find(inputs, names[i], &DifferentiableInput::name);
        if (known == inputs.end()) {
          inputs.push_back({names[i], bound.terms[k].inputs.at(role_name)[i], {}});
          known = inputs.end() - 1;
        }
        known->uses.push_back({k, role_name, i});
      }
    }
  }
  return inputs;
}

namespace {

/// A check of nothing would pass.
void check_entries(const std::vector<DifferentiableInput>& inputs) {
  const auto is_empty = [](const DifferentiableInput& input) {
    return element_count(input.data.shape) == 0;
  };
  if (!std::ranges::all_of(inputs, is_empty)) return;
  const DifferentiableInput& first = inputs.front();
  throw Error(
      ErrorCode::no_data,
      "there is no entry to check: " + first.name + " has shape " + to_string(first.data.shape),
      first.data.whole);
}

}  // namespace

GradientCheck::GradientCheck(const NamedTerms& bound, const std::vector<std::string>& wrt,
                             const std::vector<GivenGradient>& given,
                             const differentiation::CheckRequest& request,
                             std::optional<double> tolerance)
    : bound_(bound),
      request_(request),
      inputs_(selected(differentiable_inputs(bound), wrt)),
      given_(inputs_.size()),
      tolerance_(inputs_.size(), tolerance.value_or(1e-7)) {
  check_entries(inputs_);
  for (const GivenGradient& gradient : given) {
    const auto found = std::ranges::find(inputs_, gradient.input, &DifferentiableInput::name);
    if (found == inputs_.end()) throw_no_input("--grad", gradient.input, inputs_);
    const auto k = static_cast<std::size_t>(found - inputs_.begin());
    given_[k] = gradient;
    tolerance_[k] = tolerance.value_or(gradient.tolerance);
  }
}

const evaluation::Differentiable& GradientCheck::whole() const {
  if (!whole_) whole_.emplace(bound_.terms, request_.threads, request_.progress);
  return *whole_;
}

const GradientCheck::Arrays& GradientCheck::by_formula() const {
  if (!by_formula_) by_formula_ = gradients(whole(), DerivativeBy::analytic);
  return *by_formula_;
}

const GradientCheck::Arrays& GradientCheck::analytic() const {
  if (analytic_) return *analytic_;
  const bool all_given =
      std::ranges::all_of(given_, [](const auto& gradient) { return gradient.has_value(); });
  Arrays arrays = all_given ? Arrays(inputs_.size()) : by_formula();
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    if (given_[k]) arrays[k] = given_[k]->values;
  }
  analytic_ = std::move(arrays);
  return *analytic_;
}

DerivativeBy GradientCheck::reference() const {
  const bool by_complex_step = request_.method == differentiation::Method::complex;
  return by_complex_step ? DerivativeBy::complex_step : DerivativeBy::dual_numbers;
}

const GradientCheck::Arrays& GradientCheck::dual() const {
  if (!dual_) dual_ = gradients(whole(), reference());
  return *dual_;
}

double GradientCheck::analytic(std::size_t input, std::size_t entry) const {
  if (given_[input]) return given_[input]->values[entry];
  return whole().derivative(DerivativeBy::analytic, inputs_[input].uses, entry);
}

double GradientCheck::dual(std::size_t input, std::size_t entry) const {
  return whole().derivative(reference(), inputs_[input].uses, entry);
}

/// How an input's derivative changes where probabilities are rounded as the given gradient's type
/// does; empty if not at all.
std::vector<double> GradientCheck::rounding_of(std::size_t input) const {
  if (!given_[input]) return {};
  const double rounding = differentiation::round_offs * given_[input]->round_off;
  std::vector<double> change =
      std::move(gradients(whole(), DerivativeBy::analytic, rounding)[input]);
  const std::vector<double>& derivative = by_formula()[input];
  for (std::size_t i = 0; i < change.size(); ++i) change[i] = std::fabs(change[i] - derivative[i]);
  if (std::ranges::all_of(change, [](double x) { return x == 0.0; })) return {};
  return change;
}

std::vector<std::vector<double>> GradientCheck::gradients(const evaluation::Differentiable& of,
                                                          DerivativeBy by, double rounding) const {
  std::vector<std::vector<double>> arrays;
  for (const DifferentiableInput& input : inputs_)
    arrays.emplace_back(element_count(input.data.shape), 0.0);
  const auto buffer = [&](std::size_t term, std::string_view role, std::size_t position) {
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      for (const evaluation::InputUse& use : inputs_[k].uses) {
        if (use.term == term && use.role == role && use.position == position)
          return std::span<double>(arrays[k]);
      }
    }
    return std::span<double>{};
  };
  of.add_gradient(by, buffer, rounding, request_.progress);
  return arrays;
}

std::vector<evaluation::Term> GradientCheck::nudged_terms(std::uint64_t stream, double sign) const {
  std::vector<evaluation::Term> terms = bound_.terms;
  const std::shared_ptr<const differentiation::Subject> still = subject();
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    for (const evaluation::InputUse& use : inputs_[k].uses) {
      evaluation::Data& data = terms[use.term].inputs.at(use.role)[use.position];
      data = data.with_read([read = data.read, still, k, seed = request_.seed + stream, sign](
                                std::size_t first, std::span<double> out) {
        read(first, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
          const std::uint64_t random = splitmix64(seed + 0x100000001b3U * k, first + i);
          out[i] += sign * nudge(still->point(k, first + i), random);
        }
      });
    }
  }
  return terms;
}

/// Derivatives that change over a tiny step to either side hint at a kink between. Steps are of
/// random sign and length, so that ties are broken one way and then the other.
std::vector<std::vector<std::uint8_t>> GradientCheck::suspected_kinks() const {
  constexpr double jump = 1e-6;
  std::vector<std::vector<std::uint8_t>> suspected;
  for (const DifferentiableInput& input : inputs_)
    suspected.emplace_back(element_count(input.data.shape), 0);
  const auto nudged = [this](std::uint64_t stream, double sign) {
    const evaluation::Differentiable terms(nudged_terms(stream, sign), request_.threads,
                                           request_.progress);
    return gradients(terms, DerivativeBy::dual_numbers);
  };
  for (std::uint64_t stream = 0; stream < 2; ++stream) {
    const Arrays ahead = nudged(stream, 1.0);
    const Arrays behind = nudged(stream, -1.0);
    for (std::size_t k = 0; k < suspected.size(); ++k) {
      for (std::size_t i = 0; i < suspected[k].size(); ++i) {
        const double change = std::fabs(ahead[k][i] - behind[k][i]);
        const double size = std::max(std::fabs(ahead[k][i]), std::fabs(behind[k][i]));
        if (!(change <= jump * size)) suspected[k][i] = 1;
      }
    }
  }
  return suspected;
}

std::vector<double> GradientCheck::scales() const {
  const std::unique_ptr<differentiation::Subject> still = subject();
  std::vector<double> scales;
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    const std::size_t count = element_count(inputs_[k].data.shape);
    for (std::size_t i = 0; i < count; ++i)
      scales.push_back(std::max(still->point(k, i).scale(), 0.0));
  }
  return scales;
}

evaluation::Differentiable GradientCheck::moved(std::span<const double> moves) const {
  std::vector<evaluation::Term> terms = bound_.terms;
  for (const DifferentiableInput& input : inputs_) {
    const auto its = moves.first(element_count(input.data.shape));
    const auto shared = std::make_shared<const std::vector<double>>(its.begin(), its.end());
    moves = moves.subspan(its.size());
    for (const evaluation::InputUse& use : input.uses) {
      evaluation::Data& data = terms[use.term].inputs.at(use.role)[use.position];
      data = data.with_read([read = data.read, shared](std::size_t first, std::span<double> out) {
        read(first, out);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] += (*shared)[first + i];
      });
    }
  }
  return {std::move(terms), request_.threads, request_.progress};
}

std::unique_ptr<differentiation::Subject> GradientCheck::subject() const {
  return std::make_unique<LocalSubject>(whole(), uses_of(inputs_));
}

differentiation::CheckResult GradientCheck::run() const {
  const bool by_differences_alone = request_.method != differentiation::Method::automatic &&
                                    request_.method != differentiation::Method::dual &&
                                    request_.method != differentiation::Method::complex;
  std::vector<std::vector<std::uint8_t>> suspected;
  if (request_.method == differentiation::Method::automatic) suspected = suspected_kinks();
  Arrays rounding;
  for (std::size_t k = 0; k < inputs_.size(); ++k) rounding.push_back(rounding_of(k));
  std::vector<CheckedArray> arrays;
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    CheckedArray array{
        .analytic = analytic()[k], .tolerance = tolerance_[k], .rounding = rounding[k]};
    if (given_[k]) {
      array.round_off = given_[k]->round_off;
      array.smallest_normal = given_[k]->smallest_normal;
    }
    if (!by_differences_alone) array.dual = dual()[k];
    if (!suspected.empty()) array.suspected = suspected[k];
    arrays.push_back(array);
  }
  whole();  // before several threads ask for subjects
  return differentiation::check(
      arrays, [this] { return subject(); }, request_);
}

}  // namespace losscalc::checking
