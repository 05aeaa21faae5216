/// The same bits for any number of threads, for every loss.
#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <map>

#include "evaluation/evaluate.h"
#include "evaluation/gradient.h"
#include "evaluation/random_terms.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> all;
  for (const double value : values) all.push_back(std::bit_cast<std::uint64_t>(value));
  return all;
}

std::vector<double> numbers(const Report& report) {
  std::vector<double> all{report.value, report.weight};
  for (const Row& row : report.per_sample) all.insert(all.end(), {row.loss, row.weight});
  for (const Row& row : report.per_class) all.insert(all.end(), {row.loss, row.weight});
  return all;
}

std::vector<double> gradients(const Term& term, std::size_t threads) {
  std::map<std::pair<std::string, std::size_t>, std::vector<double>> buffers;
  for (const Role& role : term.loss->roles) {
    if (!role.differentiable) continue;
    const auto& arrays = term.inputs.at(std::string(role.name));
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      buffers[{std::string(role.name), i}].resize(element_count(arrays[i].shape));
    }
  }
  if (buffers.empty()) return {};
  Differentiable({term}, threads)
      .add_gradient(DerivativeBy::analytic,
                    [&](std::size_t, std::string_view role, std::size_t position) {
                      return std::span<double>(buffers.at({std::string(role), position}));
                    });
  std::vector<double> all;
  for (const auto& [key, buffer] : buffers) all.insert(all.end(), buffer.begin(), buffer.end());
  return all;
}

}  // namespace

TEST_CASE("values, tables and gradients have the same bits for 1, 2, 3 and 8 threads") {
  const RandomShape sizes{.samples = 70, .classes = 3, .spatial = {53, 41}, .dimensions = 2000};
  for (const Variant& variant : all_variants()) {
    CAPTURE(variant.name);
    const Term term = RandomTerms(11).make(*variant.loss, variant.from, variant.link, sizes);
    Request request{.per_sample = variant.loss->domain != Domain::parameters,
                    .per_class = has_class_table(*variant.loss),
                    .threads = 1};
    const auto one = bits(numbers(evaluate({term}, request)));
    const auto one_gradient = bits(gradients(term, 1));
    for (const std::size_t threads : {2U, 3U, 8U}) {
      request.threads = threads;
      CHECK(bits(numbers(evaluate({term}, request))) == one);
      CHECK(bits(gradients(term, threads)) == one_gradient);
    }
  }
}
