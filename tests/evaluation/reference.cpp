/// Values and gradients that others computed: tests/reference/data, made by the scripts beside it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "reference/agreement.h"
#include "reference/cases.h"

using namespace losscalc;
using namespace losscalc::reference;

TEST_CASE("values and gradients agree with the reference to 1e-12") {
  for (const auto& path : reference_files()) {
    CAPTURE(path.stem().string());
    std::ifstream stream(path);
    const json document = json::parse(stream);
    for (const json& entry : document.at("cases")) {
      CAPTURE(entry.at("name").get<std::string>());
      CAPTURE(entry.at("spec").get<std::string>());
      const checking::NamedTerms bound = bind_terms(entry);
      check_value(bound, entry.at("value"));
      if (entry.contains("gradient")) check_gradient(bound, entry.at("gradient"));
    }
  }
}

TEST_CASE("every loss has reference values") {
  for (const Loss* loss : all_losses()) {
    const std::string file = LOSSCALC_SOURCE_DIR "/tests/reference/data/" +
                             std::string(loss->description.name) + ".json";
    CAPTURE(file);
    CHECK(std::filesystem::exists(file));
  }
}
