#include "formula/complex.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "formula/functions.h"

using namespace losscalc::formula;

namespace {

struct Function {
  std::string name;
  std::function<Dual(Dual)> dual;
  std::function<Complex(Complex)> complex;
};

template <class F>
Function function(std::string name, F f) {
  return {std::move(name), [f](Dual x) { return f(x); }, [f](Complex x) { return f(x); }};
}

}  // namespace

TEST_CASE("a complex step gives value and derivative of dual numbers, on either side of a kink") {
  const std::vector<Function> functions{
      function("abs", [](auto x) { return abs(x); }),
      function("exp", [](auto x) { return exp(x); }),
      function("expm1", [](auto x) { return expm1(x); }),
      function("log1p of the square", [](auto x) { return log1p(x * x); }),
      function("log of the square", [](auto x) { return log(x * x); }),
      function("sqrt of the square", [](auto x) { return sqrt(x * x); }),
      function("tanh", [](auto x) { return tanh(x); }),
      function("atan", [](auto x) { return atan(x); }),
      function("atan2", [](auto x) { return atan2(x, decltype(x)(2.0) - x); }),
      function("cube", [](auto x) { return pow(x * x, 1.5); }),
      function("softplus", [](auto x) { return softplus(x); }),
      function("log cosh", [](auto x) { return log_cosh(x); }),
      function("max", [](auto x) { return max(x, decltype(x)(0.1)); }),
      function("quotient", [](auto x) { return (x - 0.25) / (x * x + 1.0); })};
  for (const Function& f : functions) {
    CAPTURE(f.name);
    for (const double x : {-30.0, -1.3, -1e-9, 1e-9, 0.7, 1.9, 25.0}) {
      CAPTURE(x);
      const Dual dual = f.dual(Dual(x, 1.0));
      const Complex complex = f.complex(Complex(x, 1.0));
      CHECK(value_of(complex) == doctest::Approx(dual.value).epsilon(1e-13));
      CHECK(derivative_of(complex) == doctest::Approx(derivative_of(dual)).epsilon(1e-12));
    }
  }
}
