/// What a deviance is near its target, where the terms of its closed form cancel.
#pragma once

#include "formula/functions.h"

namespace losscalc::formula {

/// The integral of (u - target) / u^power over u from target to target + difference, by
/// Gauss-Legendre on 8 nodes; to full precision where |difference| max(1, |power|) <= target / 4.
template <class Scalar>
Scalar deviance_nearby(const Scalar& difference, double target, double power) {
  struct Node {
    double place;
    double weight;
  };
  constexpr Node nodes[] = {
      {0x1.454e34f533998p-6, 0x1.9ea1d04ca0374p-5}, {0x1.a06d536d82f88p-4, 0x1.c76fb531d2b96p-4},
      {0x1.e5dad4f9af698p-3, 0x1.413c50a255615p-3}, {0x1.a214dac30e32fp-2, 0x1.736360b199343p-3},
      {0x1.2ef5929e78e69p-1, 0x1.736360b199343p-3}, {0x1.86894ac19425ap-1, 0x1.413c50a255615p-3},
      {0x1.cbf255924fa0fp-1, 0x1.c76fb531d2b96p-4}, {0x1.f5d58e5856633p-1, 0x1.9ea1d04ca0374p-5}};
  Scalar sum = 0.0;
  for (const Node& node : nodes) {
    const Scalar u = target + node.place * difference;
    sum += (node.weight * node.place) * pow(u, -power);
  }
  return square(difference) * sum;
}

}  // namespace losscalc::formula
