/// What was read of a file and what was left out: what reports say of each input.
#pragma once

#include <string>
#include <vector>

namespace losscalc::io {

/// Something of a file that is no data of the array, and why it is not.
struct LeftOut {
  std::string what;  ///< "column 'id'"
  std::string why;   ///< "it counts the rows from 1"
};

struct Reading {
  /// Of a table with a header, where some columns were left out or chosen: those that were read.
  std::vector<std::string> columns;
  std::vector<LeftOut> left_out;
  /// Choices that were taken where a file could be read in several ways, as plain sentences without
  /// a capital or a full stop: "the first row is a header".
  std::vector<std::string> notes;
  /// What to type if the numbers turn out to be no classes; empty where there is nothing to say.
  std::string class_hint = {};
};

}  // namespace losscalc::io
