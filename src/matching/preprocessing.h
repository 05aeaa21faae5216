/// What programs do with data around a loss, which no convention of the loss says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "definition/loss.h"

namespace losscalc::matching {

struct Preprocessing {
  enum class Kind : std::uint8_t {
    none,
    left_out,       ///< the array of role `from` is not used
    moved,          ///< the array of role `from` is given as role `to`
    broadcast,      ///< a column [N,1] against a row [N] makes [N,N]
    linked,         ///< predictions are put through softmax or sigmoid
    linked_floats,  ///< and rounded to float32
    unit_vectors,   ///< vectors are divided by their length
    /// pos_weight is the weight of each element, as far as its target is 1.
    positives_weighted,
    mean_of_means,  ///< of `parts` nearly equal parts of the samples, each with a mean of its own
  };

  Kind kind = Kind::none;
  std::string from = {};
  std::string to = {};
  std::size_t parts = 0;  ///< 0: a part for each sample

  friend bool operator==(const Preprocessing&, const Preprocessing&) = default;
};

/// For people; empty for none.
std::string in_words(const Preprocessing& preprocessing);

/// Those that may make sense for a loss by themselves, whatever the data and its conventions.
std::vector<Preprocessing> preprocessings_of(const Loss& loss);

}  // namespace losscalc::matching
