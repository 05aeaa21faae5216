/// Which part a process takes: by I/N, or by what launchers say in the environment.

#include "sharding/shard.h"

#include <doctest/doctest.h>

#include <map>

#include "diagnostics/error.h"

using namespace losscalc;
using namespace losscalc::sharding;

namespace {

using Variables = std::map<std::string, std::string>;

evaluation::Shard shard_in(const Variables& variables, const std::string& text = "auto") {
  return parse_shard(text, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

void check_is(const evaluation::Shard& shard, std::size_t index, std::size_t count) {
  CHECK(shard.index == index);
  CHECK(shard.count == count);
}

ErrorCode fault_of(const Variables& variables, const std::string& text = "auto") {
  try {
    shard_in(variables, text);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("no error");
  return {};
}

}  // namespace

TEST_CASE("I/N is the I-th of N parts, whatever launchers say") {
  check_is(shard_in({}, "2/4"), 2, 4);
  check_is(shard_in({{"RANK", "0"}, {"WORLD_SIZE", "8"}}, "1/1"), 1, 1);
}

TEST_CASE("what is no part of a whole is refused") {
  for (const char* const text :
       {"0/4", "5/4", "2", "2/", "/4", "a/b", "-1/4", "1/4/2", "1.5/4", ""}) {
    CAPTURE(text);
    CHECK(fault_of({}, text) == ErrorCode::bad_value);
  }
}

TEST_CASE("ranks are counted from 0, shards from 1") {
  check_is(shard_in({{"RANK", "0"}, {"WORLD_SIZE", "4"}}), 1, 4);
  check_is(shard_in({{"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "4"}}), 4, 4);
  check_is(shard_in({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}), 2, 2);
  check_is(shard_in({{"SLURM_PROCID", "2"}, {"SLURM_NTASKS", "3"}}), 3, 3);
}

TEST_CASE("an inner launcher goes before the job it runs in") {
  check_is(shard_in({{"SLURM_PROCID", "0"},
                     {"SLURM_NTASKS", "1"},
                     {"OMPI_COMM_WORLD_RANK", "1"},
                     {"OMPI_COMM_WORLD_SIZE", "2"}}),
           2, 2);
}

TEST_CASE("tasks of a job array count from the first, each with its processes") {
  const Variables array{
      {"SLURM_ARRAY_TASK_ID", "6"}, {"SLURM_ARRAY_TASK_COUNT", "4"}, {"SLURM_ARRAY_TASK_MIN", "5"}};
  check_is(shard_in(array), 2, 4);
  Variables steps = array;
  steps.insert({{"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "3"}});
  check_is(shard_in(steps), 5, 12);
}

TEST_CASE("an environment without a launcher, or with an impossible one, is an error") {
  CHECK(fault_of({}) == ErrorCode::missing_argument);
  CHECK(fault_of({{"RANK", "1"}}) == ErrorCode::missing_argument);
  CHECK(fault_of({{"RANK", "one"}, {"WORLD_SIZE", "2"}}) == ErrorCode::bad_value);
  CHECK(fault_of({{"RANK", "-1"}, {"WORLD_SIZE", "2"}}) == ErrorCode::bad_value);
  CHECK(fault_of({{"RANK", "2"}, {"WORLD_SIZE", "2"}}) == ErrorCode::bad_value);
  CHECK(fault_of({{"SLURM_ARRAY_TASK_ID", "9"},
                  {"SLURM_ARRAY_TASK_COUNT", "4"},
                  {"SLURM_ARRAY_TASK_MIN", "0"}}) == ErrorCode::bad_value);
}

TEST_CASE("{shard} in a file's name is the number of the part") {
  CHECK(shard_file("part-{shard}.json", {3, 4}) == "part-3.json");
  CHECK(shard_file("{shard}/{shard}", {2, 4}) == "2/2");
  CHECK(shard_file("part.json", {2, 4}) == "part.json");
  CHECK_THROWS_AS(shard_file("part-{rank}.json", {1, 4}), Error);
}
