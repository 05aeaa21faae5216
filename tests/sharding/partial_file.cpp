#include "sharding/partial_file.h"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <limits>

#include "evaluation/evaluate.h"
#include "evaluation/random_terms.h"

using namespace losscalc;
using namespace losscalc::evaluation;
using namespace losscalc::sharding;

namespace {

PartialFile partial_of(const Term& term, const Request& request) {
  PartialFile file{.specification = "mse", .shard = request.shard};
  file.inputs.push_back(term.inputs);
  file.partials = accumulate({term}, request);
  return file;
}

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

}  // namespace

TEST_CASE("a partial that was written and read finishes to the same bits, for every loss") {
  for (const Variant& variant : all_variants()) {
    CAPTURE(variant.name);
    const Term term = RandomTerms(4).make(*variant.loss, variant.from, variant.link, {});
    const PartialFile written = partial_of(term, {});
    const PartialFile read = parse_partial(partial_json(written), {});
    CHECK(belong_together(written, read));
    CHECK(read.shard.count == 1);
    Term described = term;
    described.inputs = read.inputs.front();
    const Report expected = evaluate({term}, {});
    const Report found = finish({described}, read.partials, {});
    CHECK(bits(found.value) == bits(expected.value));
    CHECK(bits(found.weight) == bits(expected.weight));
    CHECK(found.warnings.size() == expected.warnings.size());
  }
}

TEST_CASE("infinite and NaN sums travel with a partial") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Term term{{.loss = find_loss("mse")},
                  {{"pred", {in_memory({infinity, 1.0}, {2}, "p")}},
                   {"target", {in_memory({0.0, 1.0}, {2}, "t")}}}};
  const PartialFile read = parse_partial(partial_json(partial_of(term, {})), {});
  CHECK(read.partials.front().total.loss.value() == infinity);
}

TEST_CASE("partials of other shapes, losses or numbers of shards do not belong together") {
  const Term term{
      {.loss = find_loss("mse")},
      {{"pred", {in_memory({1.0, 2.0}, {2}, "p")}}, {"target", {in_memory({0.0, 1.0}, {2}, "t")}}}};
  const PartialFile one = partial_of(term, {.shard = {1, 2}});
  PartialFile other = one;
  CHECK(belong_together(one, other));
  other.shard.index = 2;
  CHECK(belong_together(one, other));
  other.shard.count = 3;
  CHECK_FALSE(belong_together(one, other));
  other = one;
  other.specification = "l1";
  CHECK_FALSE(belong_together(one, other));
  other = one;
  other.inputs.front().at("pred").front().shape = {3};
  CHECK_FALSE(belong_together(one, other));
}

TEST_CASE("what is no partial is refused with the place that it stands at") {
  const Place place{.file = "p.json", .line = 3};
  for (const char* text : {"[]", "{}", "{\"schema\": 3}", "nonsense",
                           "{\"schema\": \"losscalc.partial/1\", \"loss\": 5}"}) {
    CAPTURE(text);
    try {
      parse_partial(text, place);
      FAIL("not refused");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::malformed_partial);
      CHECK(error.place().file == "p.json");
    }
  }
}
