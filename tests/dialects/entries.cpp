/// What holds for every entry of every library.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "dialects/dialect.h"
#include "spec/specification.h"

using namespace losscalc;

namespace {

template <class Check>
void for_each_entry(Check check) {
  for (const dialects::Library* library : dialects::all_libraries()) {
    for (const dialects::Entry& entry : library->entries) {
      CAPTURE(std::string(entry.names.front()));
      check(*library, entry);
    }
  }
}

}  // namespace

TEST_CASE("every parameter of a signature has a meaning, and every meaning a parameter") {
  for_each_entry([](const dialects::Library&, const dialects::Entry& entry) {
    std::set<std::string> parameters;
    for (const Argument& argument : spec::parameters_of(entry)) parameters.insert(argument.name);
    std::set<std::string> meanings;
    for (const dialects::Meaning& meaning : entry.meanings) meanings.emplace(meaning.parameter);
    CHECK(parameters == meanings);
  });
}

TEST_CASE("every value that a parameter may have means arguments that its loss takes") {
  for_each_entry([](const dialects::Library& library, const dialects::Entry& entry) {
    for (const dialects::Meaning& meaning : entry.meanings) {
      for (const dialects::Case& one : meaning.cases) {
        CAPTURE(std::string(meaning.parameter));
        CAPTURE(std::string(one.value));
        const spec::WrittenTerm written{
            .coefficient = 1.0,
            .name = dialects::exact_name(library, entry),
            .arguments = {{std::string(meaning.parameter), spec::parse_value(one.value)}}};
        CHECK_NOTHROW(spec::resolve({written}, {}));
      }
    }
  });
}

TEST_CASE("names in full begin with a prefix of their library, and no two entries share one") {
  std::set<std::string> seen;
  for_each_entry([&](const dialects::Library& library, const dialects::Entry& entry) {
    for (const std::string_view name : entry.names) {
      CHECK(std::ranges::any_of(library.prefixes, [&](const dialects::Prefix& prefix) {
        return name.starts_with(prefix.in_full);
      }));
      const std::string axes = " of " + std::to_string(entry.axes);
      CHECK(seen.insert(std::string(name) + "@" + std::string(entry.since) + axes).second);
    }
  });
}

TEST_CASE("short forms, versions and names in full find the same entry") {
  const auto found = [](std::string_view name) { return dialects::find(name).value().entry; };
  CHECK(found("nn.MSELoss") == found("torch.nn.MSELoss"));
  CHECK(found("F.mse_loss") == found("torch.nn.MSELoss"));
  CHECK(found("torch@1.13.nn.MSELoss") == found("torch.nn.MSELoss"));
  CHECK_FALSE(dialects::find("torch.nn.Linear"));
  CHECK(found("sklearn.metrics.log_loss") == found("sklearn@1.5.metrics.log_loss"));
  CHECK(found("sklearn@1.10.metrics.log_loss") == found("sklearn@1.5.metrics.log_loss"));
  CHECK(found("sklearn@1.4.2.metrics.log_loss") != found("sklearn@1.5.metrics.log_loss"));
  CHECK(found("keras@3.15.1.losses.Tversky") != found("keras.losses.Tversky"));
  CHECK(found("torch@1.10.nn.NLLLoss") != found("torch@1.13.nn.NLLLoss"));
  CHECK_FALSE(dialects::find("torch@1.9.nn.NLLLoss"));
  CHECK(dialects::too_old("torch@1.9.nn.NLLLoss")->name == "torch");
}
