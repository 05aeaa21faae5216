/// What was read of a file and what was left out: what reports say of each input.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace losscalc::io {

class Array;

/// Something of a file that is no data of the array, and why it is not.
struct LeftOut {
  std::string what;  ///< "column 'id'"
  std::string why;   ///< "it counts the rows from 1"
};

/// A column of a table that names the samples, or may do so, and was not read as data.
struct KeyColumn {
  std::string name;  ///< as --id takes it: its name, or its number
  std::string why;   ///< "its name is that of a key"
  bool has_no_name = false;
  bool is_guess = false;     ///< any column beside those that were chosen
  bool holds_words = false;  ///< so that it may be data of no loss, and is to be named
  bool certain = false;      ///< otherwise it may be data, and someone has to say so
  std::shared_ptr<const Array> words = {};  ///< [N]
  std::string fragment = {};                ///< what to type to read the other columns alone
};

struct Reading {
  /// Of a table with a header, where some columns were left out or moved: those that were read.
  std::vector<std::string> columns = {};
  std::vector<LeftOut> left_out = {};
  std::vector<KeyColumn> key_columns = {};
  /// Choices that were taken where a file could be read in several ways, as plain sentences without
  /// a capital or a full stop: "the first row is a header".
  std::vector<std::string> notes = {};
  /// What to type if the numbers turn out to be no classes; empty where there is nothing to say.
  std::string class_hint = {};
  /// Why the first row may be a header or data, where that is open.
  std::string header_doubt = {};
  bool has_header = false;
  /// Of a table: how many columns it has, and their names if it has a header.
  std::size_t table_width = 0;
  std::vector<std::string> table_names = {};
  /// Of a table that was read without saying which columns.
  bool is_whole = false;
  /// Whether one reading of the first row is much likelier, and was taken.
  bool header_is_likely = false;
  /// The first row of a table without a header where it rises within (0, 1): perhaps the quantiles
  /// that the columns are of.
  std::vector<std::string> quantiles = {};
  /// The same array with or without a header, where that is in doubt.
  std::function<Array(bool header)> with_header = {};
};

}  // namespace losscalc::io
