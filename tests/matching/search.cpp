/// The search finds what a number was made with.

#include "matching/search.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "diagnostics/error.h"
#include "evaluation/evaluate.h"

using namespace losscalc;

namespace {

using Arrays = std::map<std::string, evaluation::Data, std::less<>>;

evaluation::Data array(std::vector<double> numbers, Shape shape) {
  return evaluation::in_memory(std::move(numbers), std::move(shape), "array");
}

spec::Term term_of(const std::string& text) { return spec::resolve(spec::parse(text), {}).front(); }

/// The value of the term on arrays by role, or by the role whose place they take.
std::optional<double> value_on(const Arrays& arrays, const spec::Term& term) {
  evaluation::Term bound{term, {}};
  for (const Role& role : term.loss->roles) {
    std::string name(role.name);
    if (const auto given = term.roles.find(name); given != term.roles.end())
      name = std::get<std::string>(given->second.front().source);
    if (const auto found = arrays.find(name); found != arrays.end())
      bound.inputs[std::string(role.name)] = {found->second};
  }
  try {
    return evaluation::evaluate({bound}, {}).value;
  } catch (const Error&) {
    return {};
  }
}

/// A valuation that looks at one candidate after the other.
matching::Valuation each(
    const std::function<std::optional<double>(const matching::Candidate&)>& value) {
  return [value](const std::vector<const matching::Candidate*>& candidates) {
    std::vector<std::optional<double>> values;
    for (const matching::Candidate* candidate : candidates) values.push_back(value(*candidate));
    return values;
  };
}

matching::Result found(const Arrays& arrays, const std::string& asked, double value,
                       double tolerance) {
  matching::Question question;
  if (!asked.empty()) question.asked = term_of(asked);
  return matching::search(matching::candidates(question), value, tolerance,
                          each([&](const matching::Candidate& candidate) -> std::optional<double> {
                            if (candidate.preprocessing != matching::Preprocessing{}) return {};
                            return value_on(arrays, candidate.term);
                          }));
}

const Arrays scores{{"pred", array({2.0, 0.5, -1.0, 0.1, 1.2, 0.3, -0.5, 0.2, 2.2}, {3, 3})},
                    {"target", array({0, 2, 2}, {3})},
                    {"class_weight", array({1.0, 2.0, 0.5}, {3})}};
const Arrays numbers{{"pred", array({1.0, 2.5, -1.0, 0.25}, {4})},
                     {"target", array({0.5, 0.5, 1.0, 3.0}, {4})},
                     {"sample_weight", array({1.0, 2.0, 0.5, 1.5}, {4})}};

/// That the value of `made_with` leads back to it, or to what is the same on the data.
void check_found(const Arrays& arrays, const std::string& asked, const std::string& made_with) {
  CAPTURE(asked);
  CAPTURE(made_with);
  const spec::Term term = term_of(made_with);
  const double value = value_on(arrays, term).value();
  const matching::Result result = found(arrays, asked, value, 1e-8 * std::fabs(value));
  REQUIRE_FALSE(result.matches.empty());
  CHECK(std::ranges::any_of(result.matches, [&](const matching::Match& match) {
    return std::fabs(match.value - value) <= 1e-12 * std::fabs(value) &&
           match.specification.starts_with(term.loss->description.name);
  }));
}

}  // namespace

TEST_CASE("the number of a loss with one other choice or parameter leads back to it") {
  for (const char* const made_with :
       {"cross-entropy(from=logits)", "cross-entropy(from=logits, reduction=sum)",
        "cross-entropy(from=logits, reduction=count-mean)",
        "cross-entropy(from=logits, label_smoothing=0.1)", "focal(from=logits)",
        "focal(from=logits, gamma=1)", "focal(from=logits, link=sigmoid)", "hinge(form=max)",
        "hinge(margin=2)"}) {
    check_found(scores, "cross-entropy(from=logits)", made_with);
    check_found(scores, "", made_with);
  }
  for (const char* const made_with :
       {"mse", "mse(reduction=sum)", "mse(scale=0.5)", "mse(reduction=count-mean)", "l1",
        "huber(delta=0.5)", "smooth-l1(beta=0.5)", "log-cosh"}) {
    check_found(numbers, "mse", made_with);
    check_found(numbers, "", made_with);
  }
}

TEST_CASE("what was asked for comes first where it gives the number") {
  const double value = value_on(numbers, term_of("mse")).value();
  const matching::Result result = found(numbers, "mse", value, 1e-8);
  REQUIRE_FALSE(result.matches.empty());
  CHECK(result.matches.front().specification == "mse");
  CHECK(result.matches.front().differences.empty());
}

TEST_CASE("one change comes before two") {
  const double value = value_on(numbers, term_of("mse(reduction=sum)")).value();
  const matching::Result result = found(numbers, "mse", value, 1e-8);
  REQUIRE_FALSE(result.matches.empty());
  CHECK(result.matches.front().specification == "mse(reduction=sum)");
  CHECK(result.matches.front().differences.size() == 1);
}

TEST_CASE("a number that nothing gives has nearest ones, and no match") {
  const matching::Result result = found(numbers, "mse", 123.456, 1e-6);
  CHECK(result.matches.empty());
  CHECK(result.nearest.size() == 3);
  CHECK(result.tried > 100);
}

TEST_CASE("pred and target swapped are found") {
  const Arrays rates{{"pred", array({1.0, 2.5, 0.5}, {3})},
                     {"target", array({0.5, 1.0, 2.0}, {3})}};
  const double value =
      value_on(rates, term_of("poisson-nll(log_input=false, pred=target, target=pred)")).value();
  const matching::Result result = found(rates, "poisson-nll(log_input=false)", value, 1e-8);
  REQUIRE_FALSE(result.matches.empty());
  CHECK(result.matches.front().differences.front() == "pred and target swapped");
}

TEST_CASE("NaN is found as NaN") {
  const Arrays ignored{{"pred", array({0.7, 0.3, 0.2, 0.8}, {2, 2})},
                       {"target", array({-100, -100}, {2})}};
  const matching::Result result = found(ignored, "", std::numeric_limits<double>::quiet_NaN(), 0.0);
  CHECK(std::ranges::any_of(result.matches, [](const matching::Match& match) {
    return std::ranges::any_of(match.dialects, [](const std::string& dialect) {
      return dialect.starts_with("torch.nn.CrossEntropyLoss");
    });
  }));
}

TEST_CASE("a preprocessing is said in words, and no two of a loss in the same") {
  for (const Loss* loss : all_losses()) {
    CAPTURE(std::string(loss->description.name));
    std::set<std::string> seen;
    for (const matching::Preprocessing& preprocessing : matching::preprocessings_of(*loss)) {
      CHECK_FALSE(matching::in_words(preprocessing).empty());
      CHECK(seen.insert(matching::in_words(preprocessing)).second);
    }
  }
  CHECK(matching::in_words({}).empty());
}

TEST_CASE("a candidate with treated data is kept apart from the same loss without") {
  matching::Question question;
  question.asked = term_of("mse");
  const auto valuation = [](const matching::Candidate& candidate) -> std::optional<double> {
    if (candidate.term.loss->description.name != "mse") return {};
    return candidate.preprocessing.kind == matching::Preprocessing::Kind::broadcast ? 2.0 : 1.0;
  };
  const matching::Result result =
      matching::search(matching::candidates(question), 2.0, 0.0, each(valuation));
  REQUIRE_FALSE(result.matches.empty());
  CHECK(result.matches.front().specification == "mse");
  CHECK(result.matches.front().differences.size() == 1);
}

namespace {

/// The candidates of the loss asked for that say these words.
std::vector<matching::Candidate> saying(const std::string& asked, const std::string& words) {
  matching::Question question;
  question.asked = term_of(asked);
  question.depth = 1;
  std::vector<matching::Candidate> found = matching::candidates(question);
  std::erase_if(found, [&](const matching::Candidate& candidate) {
    if (candidate.term.loss != question.asked->loss) return true;
    return std::ranges::none_of(candidate.differences, [&](const std::string& difference) {
      return difference.find(words) != std::string::npos;
    });
  });
  return found;
}

}  // namespace

TEST_CASE("huber with the beta of smooth-l1 explains its number better than a factor") {
  const double value = value_on(numbers, term_of("huber(delta=0.5)")).value();
  const matching::Result result = found(numbers, "smooth-l1(beta=0.5)", value, 1e-8);
  REQUIRE_FALSE(result.matches.empty());
  CHECK(result.matches.front().specification == "huber(delta=0.5)");
}

TEST_CASE("a softmax too many comes into question where logits are taken, and there only") {
  CHECK_FALSE(saying("cross-entropy(from=logits)", "softmax applied twice").empty());
  CHECK_FALSE(saying("binary-cross-entropy(from=logits)", "sigmoid applied twice").empty());
  CHECK_FALSE(saying("focal(from=logits, link=sigmoid)", "sigmoid applied twice").empty());
  CHECK(saying("cross-entropy", "applied twice").empty());
  CHECK(saying("mse", "applied twice").empty());
  CHECK_FALSE(saying("nll", "softmax used in place of log-softmax").empty());
}

TEST_CASE("a library's loss of probabilities is tried behind the sigmoid of logits") {
  const auto found = saying("binary-cross-entropy(from=logits)", "torch.nn.BCELoss()");
  CHECK(std::ranges::count(found, matching::Preprocessing::Kind::linked, [](const auto& candidate) {
          return candidate.preprocessing.kind;
        }) == 1);
  CHECK(std::ranges::count(found, matching::Preprocessing::Kind::linked_floats,
                           [](const auto& candidate) { return candidate.preprocessing.kind; }) ==
        1);
}

TEST_CASE("one of few kinds comes before a guessed number") {
  const Arrays answers{{"pred", array({1.5, -0.5, 0.3, -1.0}, {4})},
                       {"target", array({1, 0, 1, 1}, {4})}};
  const double value =
      value_on(answers, term_of("binary-cross-entropy(from=logits, label_smoothing=0.1, "
                                "smoothing=flip)"))
          .value();
  const matching::Result result =
      found(answers, "binary-cross-entropy(from=logits, label_smoothing=0.1)", value, 1e-8);
  REQUIRE_FALSE(result.matches.empty());
  CHECK(result.matches.front().specification.ends_with("smoothing=flip)"));
}

TEST_CASE("a temperature may have been meant as a scale, and a loss be scaled by it") {
  const auto inverse = saying("nt-xent(temperature=20)", "meant as a scale");
  REQUIRE(inverse.size() == 1);
  CHECK(spec::to_string(inverse.front().term) == "nt-xent(temperature=0.05)");
  const auto scaled = saying("nt-xent(temperature=0.14)", "base_temperature");
  REQUIRE(scaled.size() == 1);
  CHECK(scaled.front().term.conventions.scale == doctest::Approx(2.0));
}

TEST_CASE("alpha and beta of Tversky's loss may be swapped") {
  const auto found = saying("tversky(alpha=0.3, beta=0.7)", "swapped");
  CHECK(std::ranges::any_of(found, [](const matching::Candidate& candidate) {
    return spec::to_string(candidate.term) == "tversky(alpha=0.7, beta=0.3)";
  }));
}

TEST_CASE("numbers that differ by rounding are one match") {
  matching::Question question;
  question.asked = term_of("mse");
  question.depth = 1;
  double value = 1.0;
  const auto valuation = [&](const matching::Candidate& candidate) -> std::optional<double> {
    if (candidate.term.loss->description.name != "mse") return {};
    return value = value == 1.0 ? std::nextafter(1.0, 2.0) : 1.0;
  };
  const matching::Result result =
      matching::search(matching::candidates(question), 1.0, 1e-9, each(valuation));
  CHECK(result.matches.size() == 1);
}
