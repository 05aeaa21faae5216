#include "evaluation/gradient.h"

#include <algorithm>
#include <set>

#include "evaluation/domains/make_driver.h"
#include "evaluation/parallel.h"
#include "evaluation/pass.h"
#include "evaluation/pass_value.h"
#include "evaluation/ranges.h"
#include "evaluation/run.h"
#include "numeric/limits.h"

namespace losscalc::evaluation {

Differentiable::Differentiable(std::vector<Term> terms, std::size_t threads,
                               const std::function<void(double)>& progress)
    : terms_(std::move(terms)), threads_(threads) {
  passes_ = make_passes(terms_);
  const Request request{.threads = threads, .progress = progress};
  Progress shown(request, passes_);
  for (Pass& pass : passes_) {
    run(pass, with_room(pass, {}), request, Keep::all, shown);
    pass.driver->finish(PassOutputs{}, pass.totals);
    value_of(pass);  // throws for a mean of nothing
  }
}

Differentiable::~Differentiable() = default;

double Differentiable::value() const {
  double value = 0.0;
  for (const Pass& pass : passes_) value += pass.term->coefficient * value_of(pass);
  return value;
}

double Differentiable::scale(std::size_t term) const {
  const Pass& pass = passes_[term];
  if (pass.outputs.applies()) return pass.term->coefficient * pass.term->conventions.scale;
  const Reduction reduction = reduction_of(*pass.term);
  const double by = divisor(pass.totals.total, reduction, pass.samples);
  return by == 0.0 ? 0.0 : pass.term->coefficient * value_factor(pass, reduction) / by;
}

const Pass& Differentiable::pass(std::size_t term) const { return passes_[term]; }

GradientPass Differentiable::gradient_pass(std::size_t term, DerivativeBy by,
                                           const GradientBuffer& buffer, double rounding) const {
  const Pass& pass = passes_[term];
  GradientPass gradient{
      .by = by, .scale = scale(term), .totals = &pass.totals, .rounding = rounding};
  if (pass.outputs.applies()) gradient.factor = unit_factors(pass, by);
  gradient.buffer = [&buffer, term](std::string_view role, std::size_t position) {
    return buffer(term, role, position);
  };
  return gradient;
}

void Differentiable::add_gradient(DerivativeBy by, const GradientBuffer& buffer, double rounding,
                                  const std::function<void(double)>& progress) const {
  const Request request{.progress = progress};
  Progress shown(request, passes_);
  for (std::size_t k = 0; k < passes_.size(); ++k) {
    if (scale(k) == 0.0) continue;
    const Driver& driver = *passes_[k].driver;
    const GradientPass gradient = gradient_pass(k, by, buffer, rounding);
    const Range items{0, driver.items()};
    for_each_in_order(
        chunk_count(driver, items), threads_,
        [&](std::size_t number) {
          const Range part = chunk(driver, items, number);
          driver.add_gradient(part.first, part.last, gradient);
        },
        [&](std::size_t number) {
          const Range part = chunk(driver, items, number);
          shown.advance(part.last - part.first);
        });
  }
}

double Differentiable::derivative(DerivativeBy by, const std::vector<InputUse>& uses,
                                  std::size_t entry) const {
  const Data& data = terms_[uses.front().term].inputs.at(uses.front().role)[uses.front().position];
  std::vector<double> derivatives(element_count(data.shape), 0.0);
  const GradientBuffer buffer = [&](std::size_t term, std::string_view role, std::size_t position) {
    const bool is_used = std::ranges::any_of(uses, [&](const InputUse& use) {
      return use.term == term && use.role == role && use.position == position;
    });
    return is_used ? std::span(derivatives) : std::span<double>{};
  };
  for (std::size_t k = 0; k < passes_.size(); ++k) {
    if (scale(k) == 0.0) continue;
    const Driver& driver = *passes_[k].driver;
    std::set<std::size_t> chunks;
    for (const InputUse& use : uses) {
      if (use.term == k)
        chunks.insert(driver.item_of(use.role, use.position, entry) / driver.items_per_chunk());
    }
    const GradientPass gradient = gradient_pass(k, by, buffer, 0.0);
    for (const std::size_t number : chunks) {
      const Range part = chunk(driver, {0, driver.items()}, number);
      driver.add_gradient(part.first, part.last, gradient);
    }
  }
  return derivatives[entry];
}

/// Terms whose arrays can be displaced, with evaluators for single items of them.
struct LocalValue::State {
  struct OfTerm {
    std::unique_ptr<Driver> driver;
    GradientPass pass;
  };

  const Differentiable& whole;
  std::vector<std::vector<InputUse>> inputs;
  /// The displaced entries of each input; arrays read them by reference.
  std::vector<std::vector<Displacement>> displaced;
  std::vector<Term> terms = {};
  std::vector<OfTerm> of_terms = {};

  Data displaceable(const Data& data, std::size_t input) const {
    return data.with_read(
        [read = data.read, &entries = displaced[input]](std::size_t first, std::span<double> out) {
          read(first, out);
          for (const Displacement& to : entries) {
            if (to.entry >= first && to.entry - first < out.size())
              out[to.entry - first] = to.number;
          }
        });
  }

  const Data& array(std::size_t input) const {
    const InputUse& use = inputs[input].front();
    return whole.terms()[use.term].inputs.find(use.role)->second[use.position];
  }
};

LocalValue::LocalValue(const Differentiable& whole, std::vector<std::vector<InputUse>> inputs)
    : state_(std::make_unique<State>(
          State{.whole = whole, .inputs = std::move(inputs), .displaced = {}})) {
  State& state = *state_;
  state.displaced.resize(state.inputs.size());
  state.terms = whole.terms();
  for (std::size_t input = 0; input < state.inputs.size(); ++input) {
    for (const InputUse& use : state.inputs[input]) {
      Data& data = state.terms[use.term].inputs.find(use.role)->second[use.position];
      data = state.displaceable(data, input);
    }
  }
  constexpr std::size_t single = 1;
  for (std::size_t k = 0; k < state.terms.size(); ++k) {
    state.of_terms.push_back({.driver = make_driver(state.terms[k], single),
                              .pass = {.by = DerivativeBy::dual_numbers,
                                       .scale = whole.scale(k),
                                       .totals = &whole.pass(k).totals,
                                       .buffer = {}}});
    if (whole.pass(k).outputs.applies())
      state.of_terms.back().pass.factor = unit_factors(whole.pass(k), DerivativeBy::dual_numbers);
  }
}

LocalValue::~LocalValue() = default;

double LocalValue::at(std::span<const Displacement> displacements) {
  State& state = *state_;
  std::set<std::pair<std::size_t, std::size_t>> items;  // of terms
  for (const Displacement& to : displacements) {
    state.displaced[to.input].push_back(to);
    for (const InputUse& use : state.inputs[to.input]) {
      items.emplace(use.term,
                    state.of_terms[use.term].driver->item_of(use.role, use.position, to.entry));
    }
  }
  double sum = 0.0;
  for (const auto& [term, item] : items) {
    const State::OfTerm& of_term = state.of_terms[term];
    if (of_term.pass.scale != 0.0) sum += of_term.driver->item_value(item, of_term.pass);
  }
  for (const Displacement& to : displacements) state.displaced[to.input].clear();
  return sum;
}

double LocalValue::number(std::size_t input, std::size_t entry) const {
  return element(state_->array(input), entry);
}

Interior LocalValue::interior(std::size_t input, std::size_t entry) const {
  Interior common{-infinity, infinity};
  for (const InputUse& use : state_->inputs[input]) {
    const Interior one = state_->of_terms[use.term].driver->interior(use.role, use.position, entry);
    common = {std::max(common.lower, one.lower), std::min(common.upper, one.upper)};
  }
  return common;
}

std::vector<Displacement> LocalValue::unit_of(std::size_t input, std::size_t entry) const {
  std::set<std::pair<std::size_t, std::size_t>> seen;
  std::vector<Displacement> unit;
  for (const InputUse& use : state_->inputs[input]) {
    const Driver& driver = *state_->of_terms[use.term].driver;
    const std::size_t item = driver.item_of(use.role, use.position, entry);
    for (std::size_t other = 0; other < state_->inputs.size(); ++other) {
      for (const InputUse& its : state_->inputs[other]) {
        if (its.term != use.term) continue;
        if (its.role == use.role && its.position != use.position) continue;
        for (std::size_t k = 0; k < driver.entries_per_item(its.role); ++k) {
          const std::size_t at = driver.entry(its.role, its.position, item, k);
          if (seen.emplace(other, at).second) unit.push_back({other, at, number(other, at)});
        }
      }
    }
  }
  return unit;
}

}  // namespace losscalc::evaluation
