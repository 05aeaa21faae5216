/// What reports say of an input: what was read of its files, and what was left out.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace losscalc::report {

struct InputNote {
  std::string name;                                                ///< of the input: pred
  std::vector<std::string> files;                                  ///< that it was read from
  std::vector<std::string> columns = {};                           ///< where some were left out
  std::vector<std::pair<std::string, std::string>> left_out = {};  ///< what, and why
  std::vector<std::string> notes = {};

  bool says_something() const { return !left_out.empty() || !notes.empty(); }
};

/// A sentence for each thing to say: `pred: column 'id' of p.csv is left out: it counts the rows`.
std::vector<std::string> sentences(const InputNote& note);

}  // namespace losscalc::report
