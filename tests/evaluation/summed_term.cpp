/// One pass gives the values of all conventions that are applied to its sums.
#include "evaluation/summed_term.h"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <optional>

#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "evaluation/random_terms.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

/// The bits of what compute() gives, or nothing where it is refused.
template <class Compute>
std::optional<std::uint64_t> bits_of(Compute compute) {
  try {
    return std::bit_cast<std::uint64_t>(compute());
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// What is done with finished sums: every reduction of sums, a scale, and what an empty mean is.
std::vector<Conventions> done_with_sums(const Conventions& before) {
  std::vector<Conventions> all;
  for (const Reduction reduction :
       {Reduction::sum, Reduction::mean, Reduction::count_mean, Reduction::batchmean}) {
    for (const double scale : {1.0, -2.5}) {
      for (const WhenEmpty empty : {WhenEmpty::error, WhenEmpty::nan, WhenEmpty::zero}) {
        Conventions conventions = before;
        conventions.reduction = reduction;
        conventions.scale = scale;
        conventions.empty = empty;
        all.push_back(conventions);
      }
    }
  }
  return all;
}

void check_values(Term term) {
  std::optional<SummedTerm> summed;
  bits_of([&] {
    summed.emplace(term, Request{});
    return 0.0;
  });
  for (const Conventions& conventions : done_with_sums(term.conventions)) {
    CAPTURE(name(conventions.reduction));
    CAPTURE(conventions.scale);
    CAPTURE(static_cast<int>(conventions.empty));
    term.conventions = conventions;
    const auto alone = bits_of([&] { return evaluate({term}, {}).value; });
    CHECK(bits_of([&] {
            if (!summed) throw Error(ErrorCode::bad_value, "no sums");
            return summed->value(conventions);
          }) == alone);
  }
}

}  // namespace

TEST_CASE("a summed term has the bits of the term by itself, for every loss and reduction") {
  const RandomShape sizes{.samples = 23, .classes = 3, .spatial = {7, 5}, .dimensions = 6};
  for (const Variant& variant : all_variants()) {
    CAPTURE(variant.name);
    const Term term = RandomTerms(3).make(*variant.loss, variant.from, variant.link, sizes);
    check_values(term);
    if (variant.loss->domain != Domain::elementwise) continue;
    for (const AxisReduce rows : {AxisReduce::each, AxisReduce::mean, AxisReduce::sum}) {
      for (const Outputs outputs : {Outputs::together, Outputs::average}) {
        CAPTURE(static_cast<int>(rows));
        CAPTURE(static_cast<int>(outputs));
        Term by_rows = term;
        by_rows.conventions.rows = rows;
        by_rows.conventions.outputs = outputs;
        check_values(by_rows);
        by_rows.conventions.root = true;
        check_values(by_rows);
      }
    }
  }
}

TEST_CASE("a summed term whose units are all ignored is empty as its conventions say") {
  Term term{{.loss = find_loss("cross-entropy")}};
  term.conventions = default_conventions(*term.loss);
  term.conventions.ignore_index = {2.0};
  term.inputs["pred"] = {in_memory({0.2, 0.3, 0.5, 0.1, 0.1, 0.8}, {2, 3}, "p")};
  term.inputs["target"] = {in_memory({2.0, 2.0}, {2}, "t")};
  check_values(term);
}
