/// The checker checked: every analytic gradient is changed on purpose, and must fail.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checking/gradient_check.h"
#include "evaluation/random_terms.h"
#include "exhaustive.h"
#include "generation/random_inputs.h"

using namespace losscalc;

namespace {

using Parts = std::vector<std::span<double>>;

/// Where a mistake can be made.
enum class Applies : std::uint8_t {
  always,
  to_scores,
  to_many_operands,  ///< where there are derivatives by more than one
  to_rows,           ///< where a derivative is more than single numbers
};

/// A mistake as it is made by hand: what becomes of a block of derivatives.
struct Mutation {
  std::string name;
  std::function<void(const Parts& parts)> apply;
  Applies applies_to = Applies::always;
  bool swaps = false;          ///< evaluates with operands exchanged
  bool mirrors = false;        ///< takes the branch of the other side
  bool forgets_right = false;  ///< leaves out the derivative by the right class's score
};

void scale(std::span<double> values, double factor) {
  for (double& value : values) value *= factor;
}

/// One part of several, so that something else is left: one vector of a tuple, one of two slopes,
/// one corner of a box, one sum of an overlap. Of a single part every third entry, for one alone
/// may lie so close to a kink that 0 is right.
void drop(const Parts& parts, std::size_t which) {
  if (parts.size() > 1) {
    scale(parts[which % parts.size()], 0.0);
  } else {
    for (std::size_t i = which % 3; i < parts[0].size(); i += 3) parts[0][i] = 0.0;
  }
}

/// Each derivative where its neighbour belongs.
void shift_by_one(const Parts& parts) {
  for (const std::span<double> part : parts) std::ranges::rotate(part, part.begin() + 1);
}

/// The derivative by one operand where that by another belongs.
void exchange(const Parts& parts) {
  if (parts.size() > 1) std::ranges::swap_ranges(parts.front(), parts.back());
}

std::vector<Mutation> mutations() {
  const auto all = [](double factor) {
    return [factor](const Parts& parts) {
      for (const std::span<double> part : parts) scale(part, factor);
    };
  };
  const auto dropped = [](std::size_t which) {
    return [which](const Parts& parts) { drop(parts, which); };
  };
  return {
      {.name = "sign", .apply = all(-1.0)},
      {.name = "doubled", .apply = all(2.0)},
      {.name = "off by 1e-6", .apply = all(1.0 + 1e-6)},
      {.name = "zero", .apply = all(0.0)},
      {.name = "a term dropped", .apply = dropped(0)},
      {.name = "another term dropped", .apply = dropped(1)},
      {.name = "the right class dropped",
       .apply = all(1.0),
       .applies_to = Applies::to_scores,
       .forgets_right = true},
      {.name = "shifted by one", .apply = shift_by_one, .applies_to = Applies::to_rows},
      {.name = "derivatives exchanged", .apply = exchange, .applies_to = Applies::to_many_operands},
      {.name = "operands swapped", .apply = all(1.0), .swaps = true},
      {.name = "the other branch", .apply = all(1.0), .mirrors = true}};
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
  ElementDomain domain() const override { return kernel_->domain(); }
  void value(std::span<const double> p, std::span<const double> t,
             std::span<double> loss) const override {
    kernel_->value(p, t, loss);
  }
  void gradient(DerivativeBy by, std::span<const double> p, std::span<const double> t,
                std::span<double> slope) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, p, t, slope);
    std::vector<double> reflected(p.size());
    for (std::size_t i = 0; i < p.size(); ++i)
      reflected[i] = t[i] + mirrored(p[i] - t[i], mutation_.mirrors);
    if (mutation_.swaps) {
      kernel_->gradient(by, t, p, slope);
    } else {
      kernel_->gradient(by, reflected, t, slope);
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
  void gradient(DerivativeBy by, const BinaryBlock& block, std::span<double> by_log_p,
                std::span<double> by_log_q) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, block, by_log_p, by_log_q);
    BinaryBlock altered = block;
    if (mutation_.swaps) std::swap(altered.log_p, altered.log_q);
    std::vector<double> other(block.target.begin(), block.target.end());
    for (double& t : other) t = 1.0 - t;
    if (mutation_.mirrors) altered.target = other;
    kernel_->gradient(by, altered, by_log_p, by_log_q);
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
  void gradient(DerivativeBy by, std::span<const double> log_p, Classes classes,
                std::span<double> slope) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, log_p, classes, slope);
    std::vector<double> altered(log_p.begin(), log_p.end());
    for (double& x : altered) {
      if (mutation_.swaps) x = std::log1p(-std::exp(std::min(x, -1e-9)));
      if (mutation_.mirrors) x = -x;
    }
    kernel_->gradient(by, altered, classes, slope);
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
  void gradient(DerivativeBy by, std::span<const double> scores, std::size_t target,
                std::span<double> slope) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, scores, target, slope);
    std::vector<double> altered(scores.begin(), scores.end());
    for (double& score : altered) score = mirrored(score, mutation_.mirrors);
    const std::size_t other = (target + 1) % scores.size();
    kernel_->gradient(by, altered, mutation_.swaps ? other : target, slope);
    if (mutation_.forgets_right) slope[target] = 0.0;
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
  Overlap<double> gradient(DerivativeBy by, const Overlap<double>& overlap) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, overlap);
    Overlap<double> altered = overlap;
    if (mutation_.swaps) std::swap(altered.prediction, altered.target);
    if (mutation_.mirrors) altered.intersection = altered.target - altered.intersection;
    Overlap<double> slope = kernel_->gradient(by, altered);
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
  bool counts(Tuple vectors) const override { return kernel_->counts(vectors); }
  double value(Tuple vectors, double label) const override {
    return kernel_->value(vectors, label);
  }
  void gradient(DerivativeBy by, Tuple vectors, double label, Derivatives slopes) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, vectors, label, slopes);
    std::vector<std::span<const double>> altered(vectors.begin(), vectors.end());
    if (mutation_.swaps) std::swap(altered.front(), altered.back());
    // The other label, and of losses without one the tuple with its first two exchanged.
    if (mutation_.mirrors && vectors.size() > 2) std::swap(altered[1], altered[2]);
    const double other = label == -1.0 ? 1.0 : 1.0 - label;
    kernel_->gradient(by, altered, mutation_.mirrors ? other : label, slopes);
    Parts parts;
    std::ranges::copy_if(slopes, std::back_inserter(parts),
                         [](const std::span<double>& slope) { return !slope.empty(); });
    mutation_.apply(parts);
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
  Box<double> gradient(DerivativeBy by, const Box<double>& p, const Box<double>& t) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, p, t);
    const Box<double> turned{p.y1, p.x1, p.y2, p.x2};
    Box<double> slope = mutation_.swaps ? kernel_->gradient(by, t, p)
                                        : kernel_->gradient(by, mutation_.mirrors ? turned : p, t);
    mutation_.apply({{&slope.x1, 1}, {&slope.y1, 1}, {&slope.x2, 1}, {&slope.y2, 1}});
    return slope;
  }

 private:
  std::shared_ptr<const BoxKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<BatchKernel> final : public BatchKernel {
 public:
  using Numbers = std::span<const double>;
  Mutant(std::shared_ptr<const BatchKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  double weight(Numbers labels, std::size_t sample) const override {
    return kernel_->weight(labels, sample);
  }
  double value(Numbers similarities, Numbers labels, std::size_t sample) const override {
    return kernel_->value(similarities, labels, sample);
  }
  void gradient(DerivativeBy by, Numbers similarities, Numbers labels, std::size_t sample,
                std::span<double> slope) const override {
    if (by != DerivativeBy::analytic)
      return kernel_->gradient(by, similarities, labels, sample, slope);
    std::vector<double> altered(similarities.begin(), similarities.end());
    for (double& s : altered) s = mirrored(s, mutation_.mirrors);
    const std::size_t other = mutation_.swaps ? (sample + 1) % altered.size() : sample;
    std::ranges::fill(slope, 0.0);
    if (kernel_->weight(labels, other) > 0.0) kernel_->gradient(by, altered, labels, other, slope);
    mutation_.apply({slope});
  }

 private:
  std::shared_ptr<const BatchKernel> kernel_;
  Mutation mutation_;
};

template <>
class Mutant<SequenceKernel> final : public SequenceKernel {
 public:
  using Numbers = std::span<const double>;
  using Labels = std::span<const std::uint32_t>;
  Mutant(std::shared_ptr<const SequenceKernel> kernel, Mutation mutation)
      : kernel_(std::move(kernel)), mutation_(std::move(mutation)) {}
  std::size_t blank(std::size_t classes) const override { return kernel_->blank(classes); }
  double value(Numbers log_p, std::size_t classes, Labels labels) const override {
    return kernel_->value(log_p, classes, labels);
  }
  void gradient(DerivativeBy by, Numbers log_p, std::size_t classes, Labels labels,
                std::span<double> slope) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, log_p, classes, labels, slope);
    std::vector<double> altered(log_p.begin(), log_p.end());
    for (double& number : altered) number = mirrored(number, mutation_.mirrors);
    std::vector<std::uint32_t> others(labels.begin(), labels.end());
    if (mutation_.swaps) std::ranges::reverse(others);
    kernel_->gradient(by, altered, classes, others, slope);
    mutation_.apply({slope});
  }

 private:
  std::shared_ptr<const SequenceKernel> kernel_;
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
  void gradient(DerivativeBy by, std::span<const double> weights,
                std::span<double> slope) const override {
    if (by != DerivativeBy::analytic) return kernel_->gradient(by, weights, slope);
    std::vector<double> altered(weights.begin(), weights.end());
    for (double& w : altered) w = mirrored(w, mutation_.mirrors || mutation_.swaps);
    kernel_->gradient(by, altered, slope);
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
    mutate(kernels.batch, mutation);
    mutate(kernels.sequence, mutation);
    mutate(kernels.box, mutation);
    mutate(kernels.parameters, mutation);
    return kernels;
  };
  return mutant;
}

/// Unequal weights where equal ones would make a loss the same with its operands exchanged.
Arguments parameters_of(const Loss& loss) {
  if (loss.description.name != "tversky") return {};
  return {{"alpha", 0.3}, {"beta", 0.9}};
}

/// A term on random data, its arrays named after their roles.
checking::NamedTerms terms_of(const Loss& loss, const evaluation::Variant& variant,
                              generation::Regime regime) {
  constexpr std::size_t entries = 2000;
  Conventions conventions = default_conventions(*variant.loss);
  conventions.from = variant.from;
  conventions.link = variant.link;
  evaluation::Term term{
      {.loss = &loss, .parameters = parameters_of(loss), .conventions = conventions}, {}};
  term.inputs = generation::random_inputs(
      *variant.loss, term.parameters, conventions,
      generation::default_shape(*variant.loss, conventions, entries), regime, 11);
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

/// Whether the mistake can be made in a tuple loss: some have one vector to be differentiated by,
/// no label, or vectors that are single numbers.
bool applies_to_tuple(const Mutation& mutation, const Loss& loss) {
  const auto operands = std::ranges::count(loss.roles, true, &Role::differentiable);
  if (mutation.swaps || mutation.applies_to == Applies::to_many_operands) return operands > 1;
  if (mutation.mirrors) return operands > 2 || find_role(loss, "label") != nullptr;
  return mutation.applies_to != Applies::to_rows || !loss.of_elements;
}

/// Whether the mistake can be made in this loss at all.
bool applies(const Mutation& mutation, const evaluation::Variant& variant) {
  const Kernels kernels = variant.loss->kernels(parameters_of(*variant.loss));
  if (kernels.tuple && !applies_to_tuple(mutation, *variant.loss)) return false;
  const bool of_numbers = kernels.overlap || kernels.box;
  const bool is_binary = kernels.binary && !(kernels.class_terms && variant.link == Link::softmax);
  const bool of_many = of_numbers || is_binary || kernels.tuple;
  switch (mutation.applies_to) {
    case Applies::always: break;
    case Applies::to_scores: return kernels.scores != nullptr;
    case Applies::to_many_operands: return of_many;
    case Applies::to_rows: return !of_numbers;
  }
  return true;
}

/// Whether the mistake leaves the loss's gradient as it is: its slope is a constant, or its
/// operands mean the same.
bool is_blind_to(const Mutation& mutation, const Loss& loss) {
  const std::string_view name = loss.description.name;
  if (name == "cross-entropy" || name == "nll")
    return mutation.swaps || mutation.mirrors || mutation.name == "shifted by one";
  const bool is_blind = name == "binary-cross-entropy" || name == "dice" || name == "jaccard";
  return is_blind && mutation.swaps;
}

/// The variants whose gradients are mutated: of every loss, or of the first of each domain.
std::vector<evaluation::Variant> variants_to_mutate() {
  std::vector<evaluation::Variant> variants;
  std::map<Domain, const Loss*> representatives;
  for (evaluation::Variant& variant : evaluation::all_variants()) {
    if (!is_differentiable(*variant.loss)) continue;
    const Loss* representative =
        representatives.try_emplace(variant.loss->domain, variant.loss).first->second;
    if (is_exhaustive() || variant.loss == representative) variants.push_back(std::move(variant));
  }
  return variants;
}

void check_mutants(generation::Regime regime) {
  std::size_t mutants = 0;
  std::size_t equivalent = 0;
  // A look at some of the entries must do to find a mistake; the originals are looked at whole.
  const differentiation::CheckRequest some{.sample = 50, .entries = 150};
  for (const evaluation::Variant& variant : variants_to_mutate()) {
    CAPTURE(variant.name);
    const checking::NamedTerms sound = terms_of(*variant.loss, variant, regime);
    const checking::GradientCheck original(sound, {}, {}, {}, std::nullopt);
    const differentiation::CheckResult result = original.run();
    CHECK(result.counts.failed == 0);
    CHECK(result.counts.passed > 0);
    CHECK(result.defects.empty());
    for (const Mutation& mutation : mutations()) {
      if (!applies(mutation, variant)) continue;
      CAPTURE(mutation.name);
      const Loss loss = mutant_of(*variant.loss, mutation);
      const checking::NamedTerms named = terms_of(loss, variant, regime);
      const checking::GradientCheck mutant(named, {}, {}, some, std::nullopt);
      ++mutants;
      if (is_equivalent(mutant, original)) {
        ++equivalent;
        CHECK(is_blind_to(mutation, *variant.loss));
      } else {
        CHECK(mutant.run().counts.failed > 0);
      }
    }
  }
  CHECK(mutants > (is_exhaustive() ? 300 : 80));
  // Of the few first losses, cross-entropy alone is blind to most.
  CHECK(equivalent < mutants / (is_exhaustive() ? 10 : 5));
}

}  // namespace

TEST_CASE("every mutant of an analytic gradient fails on ordinary data, and no original") {
  check_mutants(generation::Regime::ordinary);
}

TEST_CASE("every mutant of an analytic gradient fails at and near kinks, and no original") {
  check_mutants(generation::Regime::kinks);
}

TEST_CASE("no analytic gradient fails on data at the edges of the domain") {
  for (const evaluation::Variant& variant : evaluation::all_variants()) {
    if (!is_differentiable(*variant.loss)) continue;
    CAPTURE(variant.name);
    const checking::NamedTerms terms =
        terms_of(*variant.loss, variant, generation::Regime::extreme);
    const differentiation::CheckResult result =
        checking::GradientCheck(terms, {}, {}, {}, std::nullopt).run();
    CHECK(result.counts.failed == 0);
    CHECK(result.defects.empty());
  }
}

TEST_CASE("a loss without a gradient is refused, be it one of several terms") {
  checking::NamedTerms named;
  for (const char* name : {"mse", "zero-one"}) {
    evaluation::Term term{{.loss = find_loss(name)}};
    term.conventions = default_conventions(*term.loss);
    named.terms.push_back(std::move(term));
    named.names[{named.terms.size() - 1, "pred"}];
  }
  CHECK_THROWS_WITH(checking::differentiable_inputs(named),
                    "zero-one has no gradient that could be used: dl/dp = 0 except for the jump at "
                    "p = t");
}
