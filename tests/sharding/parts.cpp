/// Parts of one computation: all of them, each once; and none written over another.

#include "sharding/parts.h"

#include <doctest/doctest.h>

#include <string>

#include "evaluation/arrays/data.h"
#include "evaluation/evaluate.h"
#include "io/temporary_directory.h"

using namespace losscalc;
using namespace losscalc::sharding;

namespace {

PartialFile partial_of(std::size_t index, std::size_t count, const std::string& loss = "mse") {
  const evaluation::Term term{
      {.loss = find_loss(loss)},
      {{"pred", {evaluation::in_memory({1.0, 2.0, 4.0, 8.0}, {4}, "p")}},
       {"target", {evaluation::in_memory({0.0, 1.0, 1.0, 2.0}, {4}, "t")}}}};
  const evaluation::Request request{.shard = {index, count}};
  return {.specification = loss,
          .shard = request.shard,
          .inputs = {term.inputs},
          .partials = evaluation::accumulate({term}, request)};
}

Part part(std::size_t index, std::size_t count, const std::string& loss = "mse") {
  return {partial_of(index, count, loss), Place{.file = "part-" + std::to_string(index) + ".json"}};
}

std::string message_of(std::vector<Part> parts) {
  try {
    complete(std::move(parts));
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::shards_mismatch);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("parts are put in the order of their numbers") {
  const std::vector<Part> parts = complete({part(3, 3), part(1, 3), part(2, 3)});
  REQUIRE(parts.size() == 3);
  for (std::size_t k = 0; k < parts.size(); ++k) CHECK(parts[k].content.shard.index == k + 1);
}

TEST_CASE("a part that is missing or there twice is named") {
  CHECK(message_of({part(1, 4), part(3, 4)}) == "2 of 4 shards are missing: 2, 4");
  CHECK(message_of({part(2, 2)}) == "1 of 2 shards is missing: 1");
  CHECK(
      message_of({part(1, 2), part(1, 2), part(2, 2)}).starts_with("shard 1 of 2 is given twice"));
  CHECK(message_of({part(1, 100)}).ends_with("9, 10, 11, ..."));
}

TEST_CASE("parts of other computations are refused") {
  CHECK(message_of({part(1, 2), part(2, 2, "l1")}).find("belongs to another computation") !=
        std::string::npos);
  CHECK(message_of({part(1, 2), part(2, 3)}).find("belongs to another computation") !=
        std::string::npos);
}

TEST_CASE("a file holds a part on each line, and an empty one none") {
  const io::TemporaryDirectory directory;
  const std::vector<Part> parts = read_parts({directory.write(
      "both.json", partial_json(partial_of(2, 2)) + "\n" + partial_json(partial_of(1, 2)))});
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].place.line == 3);
  CHECK(parts[1].place.line == 1);
  CHECK_THROWS_AS(read_parts({directory.write("empty.json", " \n")}), Error);
}

TEST_CASE("another shard of the same computation is not written over, and all else may be") {
  const io::TemporaryDirectory directory;
  const std::string first = directory.write("first.json", partial_json(partial_of(1, 2)));
  PartialFile unsummed = partial_of(2, 2);
  unsummed.partials.clear();
  CHECK_THROWS_AS(check_replaces_no_other(first, unsummed), Error);
  CHECK_NOTHROW(check_replaces_no_other(first, partial_of(1, 2)));
  CHECK_NOTHROW(check_replaces_no_other(first, partial_of(2, 3)));
  CHECK_NOTHROW(check_replaces_no_other(first, partial_of(2, 2, "l1")));
  CHECK_NOTHROW(check_replaces_no_other(first + ".none", unsummed));
  CHECK_NOTHROW(check_replaces_no_other(directory.write("other.json", "no partial"), unsummed));
}
