/// Terms with random valid inputs for any loss of the registry.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "evaluation/arrays/data.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// The sizes of random inputs: [samples, classes, spatial...] where a loss has classes, [samples,
/// dimensions] for vectors.
struct RandomShape {
  std::size_t samples = 6;
  std::size_t classes = 4;
  Shape spatial = {3};
  std::size_t dimensions = 5;
};

class RandomTerms {
 public:
  explicit RandomTerms(unsigned seed) : engine_(seed) {}

  /// A term of `loss` with predictions of the form `from` (default_conventions' own if the loss has
  /// no forms).
  Term make(const Loss& loss, From from, Link link, const RandomShape& sizes);

 private:
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine_);
  }
  std::vector<double> uniforms(std::size_t count, double low, double high);
  /// Labels of which each but a last one stands twice.
  static std::vector<double> pairs(std::size_t count);
  std::vector<double> class_rows(From from, Link link, const RandomShape& sizes);
  std::vector<double> indices(std::size_t count, std::size_t classes);
  std::vector<double> boxes(std::size_t count);

  void make_elementwise(Term& term, const RandomShape& sizes);
  void make_classwise(Term& term, const RandomShape& sizes);
  std::vector<double> tuple_vectors(const Loss& loss, const Role& role, std::size_t units,
                                    std::size_t dimensions);
  void make_tuple(Term& term, const RandomShape& sizes);
  void make_sequence(Term& term, const RandomShape& sizes);

  std::mt19937 engine_;
};

/// Whether the loss has a table by class.
inline bool has_class_table(const Loss& loss) {
  return loss.domain == Domain::elementwise || loss.domain == Domain::classwise ||
         loss.domain == Domain::region;
}

/// Every loss with each form of prediction and each link that it takes.
struct Variant {
  const Loss* loss;
  From from;
  Link link;
  std::string name;
};
std::vector<Variant> all_variants();

}  // namespace losscalc::evaluation
