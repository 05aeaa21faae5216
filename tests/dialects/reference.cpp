/// What other libraries give, for the calls that their users write: tests/reference/dialects.

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "reference/agreement.h"
#include "reference/cases.h"

using namespace losscalc;
using namespace losscalc::reference;

namespace {

/// The gradients by inputs that losses are differentiated by here: not by targets.
json known(const checking::NamedTerms& bound, const json& gradients) {
  json found = json::object();
  for (const checking::DifferentiableInput& input : checking::differentiable_inputs(bound)) {
    if (gradients.contains(input.name)) found[input.name] = gradients.at(input.name);
  }
  return found;
}

}  // namespace

TEST_CASE("a call of another library gives its value and gradient") {
  std::size_t cases = 0;
  for (const auto& path : files_in("dialects")) {
    CAPTURE(path.stem().string());
    std::ifstream stream(path);
    const json document = json::parse(stream);
    for (const json& entry : document.at("cases")) {
      const auto call = entry.at("call").get<std::string>();
      CAPTURE(call);
      CAPTURE(entry.at("name").get<std::string>());
      try {
        checking::NamedTerms bound = bind_terms(call, entry.at("inputs"));
        check_value(bound, entry.at("value"));
        if (entry.contains("gradient_of")) {
          CHECK(entry.at("gradient_of").get<std::string>() == "logits");
          for (evaluation::Term& term : bound.terms) term.conventions.from = From::logits;
        }
        if (entry.contains("gradient")) check_gradient(bound, known(bound, entry.at("gradient")));
        ++cases;
      } catch (const Error& error) {
        FAIL_CHECK(std::string(error.what()));
      }
    }
  }
  CHECK(cases >= 2575);
}
