/// The checker checked: every analytic gradient is changed on purpose, and must fail.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checking/gradient_check.h"
#include "evaluation/random_terms.h"
#include "generation/random_inputs.h"

using namespace losscalc;

namespace {

/// A mistake as it is made by hand: what becomes of a block of derivatives.
struct Mutation {
  std::string name;
  std::function<void(std::vector<std::span<double>> parts)> apply;
  bool swaps = false;    ///< evaluates with operands exchanged
  bool mirrors = false;  ///< takes the branch of the other side
};

void scale(std::span<double> values, double factor) {
  for (double& value : values) value *= factor;
}

/// Only the last part, so that something else is left: one vector of a tuple, one of two slopes.
void drop_last(std::vector<std::span<double>> parts) {
  if (parts.size() > 1) {
    scale(parts.back(), 0.0);
  } else if (parts[0].size() > 1) {
    parts[0].back() = 0.0;
  }
}

std::vector<Mutation> mutations() {
  const auto all = [](double factor) {
    return [factor](std::vector<std::span<double>> parts) {
      for (const std::span<double> part : parts) scale(part, factor);
    };
  };
  return {{"sign", all(-1.0)},
          {"doubled", all(2.0)},
          {"off by 1e-6", all(1.0 + 1e-6)},
          {"zero", all(0.0)},
          {"a term dropped", drop_last},
          {"operands swapped", all(1.0), true},
          {"the other branch", all(1.0), false, true}};
}

double mirrored(double x, bool mirrors) { return mirrors ? -x : x; }

/// A kernel whose analytic derivative is mutated, and nothing else.
template <class Kernel>
class Mutant;

template <>
class Mutant<ElementwiseKernel> final : public ElementwiseKernel {
 public:
  Mutant(std::shared_ptr<const ElementwiseKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  void value(std::span<const double> p, std::span<const double> t,
             std::span<double> loss) const override {
    kernel_->value(p, t, loss);
  }
  void dual_gradient(std::span<const double> p, std::span<const double> t,
                     std::span<double> slope) const override {
    kernel_->dual_gradient(p, t, slope);
  }
  void complex_gradient(std::span<const double> p, std::span<const double> t,
                        std::span<double> slope) const override {
    kernel_->complex_gradient(p, t, slope);
  }
  void gradient(std::span<const double> p, std::span<const double> t,
                std::span<double> slope) const override {
    std::vector<double> reflected(p.size());
    for (std::size_t i = 0; i < p.size(); ++i)
      reflected[i] = t[i] + mirrored(p[i] - t[i], mutation_.mirrors);
    if (mutation_.swaps) {
      kernel_->gradient(t, p, slope);
    } else {
      kernel_->gradient(reflected, t, slope);
    }
    mutation_.apply({slope});
  }

 private:
  std::shared_ptr<const ElementwiseKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<BinaryKernel> final : public BinaryKernel {
 public:
  Mutant(std::shared_ptr<const BinaryKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  void value(const BinaryBlock& block, std::span<double> loss) const override {
    kernel_->value(block, loss);
  }
  void dual_gradient(const BinaryBlock& block, std::span<double> by_log_p,
                     std::span<double> by_log_q) const override {
    kernel_->dual_gradient(block, by_log_p, by_log_q);
  }
  void complex_gradient(const BinaryBlock& block, std::span<double> by_log_p,
                        std::span<double> by_log_q) const override {
    kernel_->complex_gradient(block, by_log_p, by_log_q);
  }
  void gradient(const BinaryBlock& block, std::span<double> by_log_p,
                std::span<double> by_log_q) const override {
    BinaryBlock altered = block;
    if (mutation_.swaps) std::swap(altered.log_p, altered.log_q);
    std::vector<double> other(block.target.begin(), block.target.end());
    for (double& t : other) t = 1.0 - t;
    if (mutation_.mirrors) altered.target = other;
    kernel_->gradient(altered, by_log_p, by_log_q);
    mutation_.apply({by_log_p, by_log_q});
  }
  void check_classes(std::size_t classes) const override { kernel_->check_classes(classes); }

 private:
  std::shared_ptr<const BinaryKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<ClassTermKernel> final : public ClassTermKernel {
 public:
  using Classes = std::span<const std::uint32_t>;
  Mutant(std::shared_ptr<const ClassTermKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  void value(std::span<const double> log_p, Classes classes,
             std::span<double> loss) const override {
    kernel_->value(log_p, classes, loss);
  }
  void dual_gradient(std::span<const double> log_p, Classes classes,
                     std::span<double> slope) const override {
    kernel_->dual_gradient(log_p, classes, slope);
  }
  void complex_gradient(std::span<const double> log_p, Classes classes,
                        std::span<double> slope) const override {
    kernel_->complex_gradient(log_p, classes, slope);
  }
  void gradient(std::span<const double> log_p, Classes classes,
                std::span<double> slope) const override {
    std::vector<double> altered(log_p.begin(), log_p.end());
    for (double& x : altered) {
      if (mutation_.swaps) x = std::log1p(-std::exp(std::min(x, -1e-9)));
      if (mutation_.mirrors) x = -x;
    }
    kernel_->gradient(altered, classes, slope);
    mutation_.apply({slope});
  }
  void check_classes(std::size_t classes) const override { kernel_->check_classes(classes); }

 private:
  std::shared_ptr<const ClassTermKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<ScoreKernel> final : public ScoreKernel {
 public:
  Mutant(std::shared_ptr<const ScoreKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  double value(std::span<const double> scores, std::size_t target) const override {
    return kernel_->value(scores, target);
  }
  void dual_gradient(std::span<const double> scores, std::size_t target,
                     std::span<double> slope) const override {
    kernel_->dual_gradient(scores, target, slope);
  }
  void complex_gradient(std::span<const double> scores, std::size_t target,
                        std::span<double> slope) const override {
    kernel_->complex_gradient(scores, target, slope);
  }
  void gradient(std::span<const double> scores, std::size_t target,
                std::span<double> slope) const override {
    std::vector<double> altered(scores.begin(), scores.end());
    for (double& score : altered) score = mirrored(score, mutation_.mirrors);
    const std::size_t other = (target + 1) % scores.size();
    kernel_->gradient(altered, mutation_.swaps ? other : target, slope);
    mutation_.apply({slope});
  }

 private:
  std::shared_ptr<const ScoreKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<OverlapKernel> final : public OverlapKernel {
 public:
  Mutant(std::shared_ptr<const OverlapKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  double value(const Overlap<double>& overlap) const override { return kernel_->value(overlap); }
  Overlap<double> dual_gradient(const Overlap<double>& overlap) const override {
    return kernel_->dual_gradient(overlap);
  }
  Overlap<double> complex_gradient(const Overlap<double>& overlap) const override {
    return kernel_->complex_gradient(overlap);
  }
  Overlap<double> gradient(const Overlap<double>& overlap) const override {
    Overlap<double> altered = overlap;
    if (mutation_.swaps) std::swap(altered.prediction, altered.target);
    if (mutation_.mirrors) altered.intersection = altered.target - altered.intersection;
    Overlap<double> slope = kernel_->gradient(altered);
    mutation_.apply({{&slope.intersection, 1}, {&slope.prediction, 1}});
    return slope;
  }

 private:
  std::shared_ptr<const OverlapKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<TupleKernel> final : public TupleKernel {
 public:
  using Derivatives = std::span<const std::span<double>>;
  Mutant(std::shared_ptr<const TupleKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  double value(Vectors vectors, double label) const override {
    return kernel_->value(vectors, label);
  }
  void dual_gradient(Vectors vectors, double label, Derivatives slopes) const override {
    kernel_->dual_gradient(vectors, label, slopes);
  }
  void complex_gradient(Vectors vectors, double label, Derivatives slopes) const override {
    kernel_->complex_gradient(vectors, label, slopes);
  }
  void gradient(Vectors vectors, double label, Derivatives slopes) const override {
    std::vector<std::span<const double>> altered(vectors.begin(), vectors.end());
    if (mutation_.swaps) std::swap(altered.front(), altered.back());
    // The other label, and of losses without one the tuple with its first two exchanged.
    if (mutation_.mirrors && vectors.size() > 2) std::swap(altered[1], altered[2]);
    kernel_->gradient(altered, mutation_.mirrors ? 1.0 - label : label, slopes);
    mutation_.apply({slopes.begin(), slopes.end()});
  }

 private:
  std::shared_ptr<const TupleKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<BoxKernel> final : public BoxKernel {
 public:
  Mutant(std::shared_ptr<const BoxKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  double value(const Box<double>& p, const Box<double>& t) const override {
    return kernel_->value(p, t);
  }
  Box<double> dual_gradient(const Box<double>& p, const Box<double>& t) const override {
    return kernel_->dual_gradient(p, t);
  }
  Box<double> complex_gradient(const Box<double>& p, const Box<double>& t) const override {
    return kernel_->complex_gradient(p, t);
  }
  Box<double> gradient(const Box<double>& p, const Box<double>& t) const override {
    const Box<double> turned{p.y1, p.x1, p.y2, p.x2};
    Box<double> slope = mutation_.swaps ? kernel_->gradient(t, p)
                                        : kernel_->gradient(mutation_.mirrors ? turned : p, t);
    mutation_.apply({{&slope.x1, 1}, {&slope.y1, 1}, {&slope.x2, 1}, {&slope.y2, 1}});
    return slope;
  }

 private:
  std::shared_ptr<const BoxKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<ParameterKernel> final : public ParameterKernel {
 public:
  Mutant(std::shared_ptr<const ParameterKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  void value(std::span<const double> weights, std::span<double> penalty) const override {
    kernel_->value(weights, penalty);
  }
  void dual_gradient(std::span<const double> weights, std::span<double> slope) const override {
    kernel_->dual_gradient(weights, slope);
  }
  void complex_gradient(std::span<const double> weights, std::span<double> slope) const override {
    kernel_->complex_gradient(weights, slope);
  }
  void gradient(std::span<const double> weights, std::span<double> slope) const override {
    std::vector<double> altered(weights.begin(), weights.end());
    for (double& w : altered) w = mirrored(w, mutation_.mirrors || mutation_.swaps);
    kernel_->gradient(altered, slope);
    mutation_.apply({slope});
  }

 private:
  std::shared_ptr<const ParameterKernel> kernel_;
  Mutation mutation_;
};

template <class Kernel>
void mutate(std::shared_ptr<const Kernel>& kernel, const Mutation& mutation) {
  if (kernel) kernel = std::make_shared<const Mutant<Kernel>>(kernel, mutation);
}

Loss mutant_of(const Loss& loss, const Mutation& mutation) {
  Loss mutant = loss;
  mutant.kernels = [original = loss.kernels, mutation](const Arguments& arguments) {
    Kernels kernels = original(arguments);
    mutate(kernels.elementwise, mutation);
    mutate(kernels.binary, mutation);
    mutate(kernels.class_terms, mutation);
    mutate(kernels.scores, mutation);
    mutate(kernels.overlap, mutation);
    mutate(kernels.tuple, mutation);
    mutate(kernels.box, mutation);
    mutate(kernels.parameters, mutation);
    return kernels;
  };
  return mutant;
}

/// A term on random data, its arrays named after their roles.
checking::NamedTerms terms_of(const Loss& loss, const evaluation::Variant& variant,
                              generation::Regime regime) {
  constexpr std::size_t entries = 200;
  Choices choices = default_choices(*variant.loss);
  choices.from = variant.from;
  choices.link = variant.link;
  evaluation::Term term{.loss = &loss, .choices = choices};
  term.inputs = generation::random_inputs(
      *variant.loss, {}, choices, generation::default_shape(*variant.loss, choices, entries),
      regime, 11);
  checking::NamedTerms named;
  for (const Role& role : loss.roles) {
    const std::string name(role.name);
    const auto found = term.inputs.find(name);
    named.names[{0, name}] =
        found == term.inputs.end() ? std::vector<std::string>{} : std::vector<std::string>{name};
  }
  named.terms.push_back(std::move(term));
  return named;
}

/// Whether the mutated gradient is the right one on these data.
bool is_equivalent(const checking::GradientCheck& mutant, const checking::GradientCheck& original) {
  for (std::size_t k = 0; k < original.analytic().size(); ++k) {
    for (std::size_t i = 0; i < original.analytic()[k].size(); ++i) {
      const double a = mutant.analytic()[k][i];
      const double b = original.analytic()[k][i];
      if (!(std::fabs(a - b) <= 1e-9 * std::max(std::fabs(a), std::fabs(b)))) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("every mutant of every analytic gradient fails, and every original passes") {
  std::size_t mutants = 0;
  std::size_t equivalent = 0;
  for (const evaluation::Variant& variant : evaluation::all_variants()) {
    CAPTURE(variant.name);
    const checking::NamedTerms sound =
        terms_of(*variant.loss, variant, generation::Regime::ordinary);
    const checking::GradientCheck original(sound, {}, {}, {}, std::nullopt);
    CHECK(original.run().counts.failed == 0);
    for (const Mutation& mutation : mutations()) {
      CAPTURE(mutation.name);
      const Loss loss = mutant_of(*variant.loss, mutation);
      const checking::NamedTerms named = terms_of(loss, variant, generation::Regime::ordinary);
      const checking::GradientCheck mutant(named, {}, {}, {}, std::nullopt);
      ++mutants;
      if (is_equivalent(mutant, original)) {
        ++equivalent;
      } else {
        CHECK(mutant.run().counts.failed > 0);
      }
    }
  }
  CHECK(mutants > 200);
  // A symmetric loss is the same with its operands swapped, a linear one has no second branch.
  CHECK(equivalent < mutants / 8);
}
