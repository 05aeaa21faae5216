// A loss of our own for `losscalc gradcheck --exec ./log_cosh`. Debian: nlohmann-json3-dev.
// g++ -std=c++20 -O2 -o log_cosh samples/own-loss/log_cosh.cpp
//
// The mean over samples of sum_j log(cosh(pred_j - target_j)): a square near 0, an absolute value
// far from it.
#include <cmath>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using Json = nlohmann::json;
using Rows = std::vector<std::vector<double>>;

/// log(cosh(residual)), which neither overflows nor cancels.
double log_cosh(double residual) {
  const double size = std::abs(residual);
  return size + std::log1p(0.5 * std::expm1(-2.0 * size));
}

Json answer(const Json& request) {
  const auto pred = request.at("inputs").at("pred").get<Rows>();
  const auto target = request.at("inputs").at("target").get<Rows>();
  const double samples = static_cast<double>(pred.size());
  double total = 0.0;
  std::vector<double> losses(pred.size());
  Rows gradient = pred;
  for (std::size_t i = 0; i < pred.size(); ++i) {
    for (std::size_t j = 0; j < pred[i].size(); ++j) {
      const double residual = pred[i][j] - target.at(i).at(j);
      losses[i] += log_cosh(residual);
      gradient[i][j] = std::tanh(residual) / samples;
    }
    total += losses[i];
  }
  Json reply{{"id", request.at("id")}, {"value", total / samples}, {"per_sample", losses}};
  if (request.at("want").size() > 1) reply["gradient"]["pred"] = gradient;
  return reply;
}

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const Json request = Json::parse(line);
    try {
      std::cout << answer(request) << std::endl;
    } catch (const std::exception& error) {
      std::cout << Json{{"id", request.at("id")}, {"error", error.what()}} << std::endl;
    }
  }
}
