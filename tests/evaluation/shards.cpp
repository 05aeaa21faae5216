/// Parts of the samples, merged, give what all samples give.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "evaluation/evaluate.h"
#include "evaluation/random_terms.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

Report merged(const Term& term, Request request, std::size_t shards) {
  Partial total;
  for (std::size_t index = 1; index <= shards; ++index) {
    request.shard = {index, shards};
    total.merge(accumulate({term}, request).front());
  }
  request.shard = {};
  return finish({term}, {total}, request);
}

Request tables_for(const Variant& variant) {
  return {.per_sample = variant.loss->domain != Domain::parameters,
          .per_class = has_class_table(*variant.loss),
          .threads = 2};
}

void check_close(double one, double other) {
  CHECK(std::fabs(one - other) <= 1e-14 * std::max(1.0, std::fabs(other)));
}

void check_rows(const std::vector<Row>& one, const std::vector<Row>& other) {
  REQUIRE(one.size() == other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].index == other[i].index);
    CHECK(one[i].units == other[i].units);
    CHECK(one[i].target == other[i].target);
    CHECK(one[i].predicted == other[i].predicted);
    if (!std::isnan(other[i].loss)) check_close(one[i].loss, other[i].loss);
    check_close(one[i].weight, other[i].weight);
  }
}

}  // namespace

TEST_CASE("any number of shards gives the value, tables and warnings of one run, for every loss") {
  const RandomShape sizes{.samples = 23, .classes = 3, .spatial = {13, 7}, .dimensions = 50};
  for (const Variant& variant : all_variants()) {
    if (variant.loss->domain == Domain::batch) continue;
    CAPTURE(variant.name);
    const Term term = RandomTerms(5).make(*variant.loss, variant.from, variant.link, sizes);
    const Request request = tables_for(variant);
    const Report whole = evaluate({term}, request);
    for (const std::size_t shards : {1U, 2U, 5U, 23U, 40U}) {
      CAPTURE(shards);
      const Report report = merged(term, request, shards);
      check_close(report.value, whole.value);
      CHECK(report.units == whole.units);
      CHECK(report.samples == whole.samples);
      CHECK(report.warnings.size() == whole.warnings.size());
      check_rows(report.per_sample, whole.per_sample);
      check_rows(report.per_class, whole.per_class);
    }
  }
}

TEST_CASE("shards of whole blocks give the same bits as one run, for every loss") {
  const RandomShape small{.samples = 1200, .classes = 3, .spatial = {8}, .dimensions = 900};
  const RandomShape many{.samples = 70000, .classes = 3, .spatial = {}, .dimensions = 9};
  for (const Variant& variant : all_variants()) {
    if (variant.loss->domain == Domain::batch) continue;
    CAPTURE(variant.name);
    const Domain domain = variant.loss->domain;
    const bool has_large_blocks = domain == Domain::box || domain == Domain::parameters;
    const Term term = RandomTerms(6).make(*variant.loss, variant.from, variant.link,
                                          has_large_blocks ? many : small);
    const Report whole = evaluate({term}, {.threads = 2});
    const Report report = merged(term, {.threads = 2}, 3);
    CHECK(std::bit_cast<std::uint64_t>(report.value) == std::bit_cast<std::uint64_t>(whole.value));
    CHECK(std::bit_cast<std::uint64_t>(report.weight) ==
          std::bit_cast<std::uint64_t>(whole.weight));
  }
}

TEST_CASE("a loss that compares each sample with all others has no shards") {
  const Loss& loss = *find_loss("nt-xent");
  const Term term = RandomTerms(5).make(loss, From::probs, Link::softmax, {.samples = 6});
  CHECK_NOTHROW(merged(term, {}, 1));
  CHECK_THROWS_AS(merged(term, {}, 2), Error);
}

TEST_CASE("shards divide the samples without gap or overlap") {
  const Term term{{.loss = find_loss("mse")},
                  {{"pred", {in_memory(std::vector<double>(10, 1.0), {10}, "p")}},
                   {"target", {in_memory(std::vector<double>(10, 0.0), {10}, "t")}}}};
  std::vector<std::size_t> counts;
  for (std::size_t index = 1; index <= 4; ++index)
    counts.push_back(evaluate({term}, {.shard = {index, 4}}).samples);
  CHECK(counts == std::vector<std::size_t>{3, 3, 2, 2});
}

TEST_CASE("a part of the samples has no array of unit losses") {
  Term term{
      {.loss = find_loss("mse")},
      {{"pred", {in_memory({1.0, 2.0}, {2}, "p")}}, {"target", {in_memory({1.0, 0.0}, {2}, "t")}}}};
  term.conventions.reduction = Reduction::none;
  CHECK_THROWS_AS(evaluate({term}, {.shard = {1, 2}}), Error);
  CHECK_THROWS_AS(accumulate({term}, {}), Error);
}
