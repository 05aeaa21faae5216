/// How other libraries say losses: their names, parameters and defaults as data, each with the
/// specification that gives the same number here.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc::dialects {

/// What one value of a parameter means: arguments of the loss, as in a specification.
struct Case {
  std::string_view value;  ///< as written: 'mean', None, True
  std::string_view arguments;
};

/// What a parameter means. Where no case has its value, the value goes to the argument `becomes`,
/// or to several, "smooth_nr, smooth_dr"; without such an argument only the cases are taken. With
/// neither, the parameter changes nothing.
struct Meaning {
  std::string_view parameter;
  std::string_view becomes = {};
  std::vector<Case> cases = {};
  bool class_numbers = false;  ///< whether [0, 1, ..., C - 1] may be said, which changes nothing
};

/// Another library's name of an input.
struct InputName {
  std::string_view theirs;
  std::string_view ours;
};

struct Entry {
  std::vector<std::string_view> names;  ///< in full, the class before the function
  std::string_view since = {};          ///< the library's version from which on this holds
  std::string_view signature = {};      ///< parameters with defaults, in the library's order
  std::string_view loss = {};
  std::string_view fixed = {};  ///< arguments of the loss, whatever the parameters say
  std::vector<InputName> inputs = {};
  /// In the order in which they are applied: later ones overrule earlier ones. A parameter may have
  /// several, where what it means goes before some and behind others.
  std::vector<Meaning> meanings = {};
  /// Of the predictions for which this holds; 0: all for which no other entry of the name stands.
  std::size_t axes = 0;
  /// Whether columns of predictions are of the classes in the sorted order of their names, however
  /// they are called.
  bool sorts_classes = false;
  std::string_view note = {};  ///< what a person should know besides
};

/// A prefix of names, and what people write in its place.
struct Prefix {
  std::string_view in_full;
  std::vector<std::string_view> short_forms;
};

struct Library {
  std::string_view name;
  std::string_view read_from;    ///< the version whose sources were read
  std::string_view oldest = {};  ///< the oldest version for which the entries hold; empty: all
  std::vector<Prefix> prefixes;
  std::vector<Entry> entries;
};

/// All libraries, by name; the build makes this from the files in dialects/libraries.
std::span<const Library* const> all_libraries();

/// The library of this name; nothing if there is none.
const Library* find_library(std::string_view name);

struct Found {
  const Library* library = nullptr;
  const Entry* entry = nullptr;
  /// The entries of the same name and version for predictions of other numbers of axes.
  std::vector<const Entry*> by_rank = {};
};

/// Whether a loss's name is one of another library: those have dots.
bool is_dialect(std::string_view name);

/// Where a name asks for a version that is older than the library's entries hold for: that library.
const Library* too_old(std::string_view name);

/// The entry for a name such as nn.MSELoss or sklearn@1.2.metrics.log_loss, of that version or the
/// newest; nothing if there is none. Of entries that hold for predictions of one number of axes
/// each, the first.
std::optional<Found> find(std::string_view name);

/// The name, with a version, by which find() gives this entry, or it and those that differ from it
/// in `axes`, whatever others have the same name.
std::string exact_name(const Library& library, const Entry& entry);

/// All names in full.
std::vector<std::string> all_names();

}  // namespace losscalc::dialects
