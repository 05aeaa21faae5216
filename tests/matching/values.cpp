/// Candidates valued together have the values of each by itself.
#include "matching/values.h"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <map>
#include <memory>
#include <variant>

#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "matching/search.h"

using namespace losscalc;

namespace {

using Arrays = std::map<std::string, evaluation::Data, std::less<>>;

/// An array that candidates can be seen to share.
evaluation::Data array(std::vector<double> numbers, Shape shape) {
  evaluation::Data data = evaluation::in_memory(std::move(numbers), std::move(shape), "array");
  data.identity = std::make_shared<const bool>();
  return data;
}

matching::Binding bound_to(const Arrays& arrays) {
  return [&arrays](const matching::Candidate& candidate) {
    evaluation::Term term{candidate.term, {}};
    for (const Role& role : term.loss->roles) {
      std::string name(role.name);
      const auto given = candidate.term.roles.find(name);
      if (given != candidate.term.roles.end())
        name = std::get<std::string>(given->second.front().source);
      if (const auto found = arrays.find(name); found != arrays.end())
        term.inputs[std::string(role.name)] = {found->second};
    }
    return std::optional(term);
  };
}

std::optional<double> value_alone(const evaluation::Term& term) {
  try {
    return evaluation::evaluate({term}, {}).value;
  } catch (const Error&) {
    return {};
  }
}

std::optional<std::uint64_t> bits(const std::optional<double>& value) {
  return value ? std::optional(std::bit_cast<std::uint64_t>(*value)) : std::nullopt;
}

std::vector<const matching::Candidate*> pointers(const std::vector<matching::Candidate>& all) {
  std::vector<const matching::Candidate*> pointers;
  for (const matching::Candidate& candidate : all) pointers.push_back(&candidate);
  return pointers;
}

const Arrays scores{{"pred", array({2.0, 0.5, -1.0, 0.1, 1.2, 0.3, -0.5, 0.2, 2.2}, {3, 3})},
                    {"target", array({0, 2, 2}, {3})},
                    {"class_weight", array({1.0, 2.0, 0.5}, {3})}};
const Arrays numbers{{"pred", array({1.0, 2.5, -1.0, 0.25}, {4})},
                     {"target", array({0.5, 0.5, 1.0, 3.0}, {4})}};
const Arrays columns{{"pred", array({0.2, 0.7, 0.4, 0.9}, {4, 1})},
                     {"target", array({0.0, 1.0, 1.0, 0.0}, {4})}};
const Arrays no_samples{{"pred", array({}, {0, 3})}, {"target", array({}, {0})}};

}  // namespace

TEST_CASE("candidates that share passes have the bits of each by itself, for any threads") {
  const std::vector<matching::Candidate> all = matching::candidates({});
  for (const Arrays* arrays : {&scores, &numbers, &columns}) {
    const matching::Binding bind = bound_to(*arrays);
    const auto one = matching::values(pointers(all), bind, 1, {});
    REQUIRE(one.size() == all.size());
    std::size_t valued = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (all[k].preprocessing != matching::Preprocessing{}) continue;
      CAPTURE(spec::to_string(all[k].term));
      CHECK(bits(one[k]) == bits(value_alone(*bind(all[k]))));
      valued += one[k] ? 1U : 0U;
    }
    CHECK(valued > 20);
    for (const std::size_t threads : {2U, 8U}) {
      const auto several = matching::values(pointers(all), bind, threads, {});
      for (std::size_t k = 0; k < all.size(); ++k) CHECK(bits(several[k]) == bits(one[k]));
    }
  }
}

TEST_CASE("candidates that don't fit arrays without samples have no value, and are no error") {
  const std::vector<matching::Candidate> all = matching::candidates({});
  const matching::Binding bind = bound_to(no_samples);
  const auto values = matching::values(pointers(all), bind, 2, {});
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (all[k].preprocessing != matching::Preprocessing{}) continue;
    CAPTURE(spec::to_string(all[k].term));
    CHECK(bits(values[k]) == bits(value_alone(*bind(all[k]))));
  }
}

TEST_CASE("progress grows to the whole, whatever the number of threads") {
  const std::vector<matching::Candidate> all = matching::candidates({});
  const matching::Binding bind = bound_to(numbers);
  for (const std::size_t threads : {1U, 4U}) {
    double last = 0.0;
    matching::values(pointers(all), bind, threads, [&last](double share) {
      CHECK(share > last);
      last = share;
    });
    CHECK(last == 1.0);
  }
}
