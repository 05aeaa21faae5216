/// The programs of samples/own-loss.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "io/from_text.h"
#include "process/program.h"

using namespace losscalc;
using namespace losscalc::process;

namespace {

constexpr std::chrono::duration<double> patient{60.0};

bool is_installed(const std::string& interpreter) {
  return std::system(("command -v " + interpreter + " >/dev/null 2>&1").c_str()) == 0;
}

std::string sample(const std::string& name) {
  return LOSSCALC_SOURCE_DIR "/samples/own-loss/" + name;
}

/// Every way of starting a sample that works here.
std::vector<std::vector<std::string>> programs() {
  std::vector<std::vector<std::string>> commands{{LOSSCALC_LOG_COSH}};
  if (is_installed("python3")) commands.push_back({"python3", sample("log_cosh.py")});
  if (is_installed("node")) commands.push_back({"node", sample("log_cosh.js")});
  return commands;
}

Arrays inputs() {
  return {{"pred", {{2, 3}, {0.5, -1.0, 2.0, 800.0, 1e-9, 0.25}}},
          {"target", {{2, 3}, {0.0, 1.0, 1.5, 0.0, 0.0, 0.25}}}};
}

double difference(const Arrays& arrays, std::size_t i) {
  return arrays.at("pred").values[i] - arrays.at("target").values[i];
}

}  // namespace

TEST_CASE("the sample programs compute log-cosh and its gradient") {
  const Arrays arrays = inputs();
  for (const std::vector<std::string>& command : programs()) {
    CAPTURE(command.back());
    Program program(command, patient);
    const Reply reply = program.ask(arrays, true, 2);
    REQUIRE(reply.per_sample);
    const double first = std::log(std::cosh(0.5) * std::cosh(2.0) * std::cosh(0.5));
    const double second = 800.0 - std::log(2.0) + 5e-19;
    CHECK((*reply.per_sample)[0] == doctest::Approx(first).epsilon(1e-14));
    CHECK((*reply.per_sample)[1] == doctest::Approx(second).epsilon(1e-14));
    CHECK(reply.value == doctest::Approx((first + second) / 2.0).epsilon(1e-14));
    for (std::size_t i = 0; i < 6; ++i) {
      const double expected = std::tanh(difference(arrays, i)) / 2.0;
      CHECK(reply.gradient.at("pred")[i] == doctest::Approx(expected).epsilon(1e-14));
    }
    CHECK(program.ask(arrays, false, 2).gradient.empty());
  }
}

TEST_CASE("the sample programs report inputs that they can't use") {
  const Arrays alone{{"pred", {{1, 1}, {0.5}}}};
  for (const std::vector<std::string>& command : programs()) {
    CAPTURE(command.back());
    CHECK(io::error_of([&] {
            Program(command, patient).ask(alone, false, 1);
          }).find("the program reports an error") != std::string::npos);
  }
}

TEST_CASE("the wrong sample's gradient misses the division by the number of samples") {
  if (!is_installed("python3")) return;
  const Arrays arrays = inputs();
  const Reply reply =
      Program({"python3", sample("log_cosh_wrong.py")}, patient).ask(arrays, true, 2);
  for (std::size_t i = 0; i < 6; ++i) {
    const double expected = std::tanh(difference(arrays, i));
    CHECK(reply.gradient.at("pred")[i] == doctest::Approx(expected).epsilon(1e-14));
  }
}
