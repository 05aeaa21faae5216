/// The arrays that a command line names: by -p, -t and -i, in a container, or in a specification.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commands/options/parse.h"
#include "evaluation/term.h"
#include "io/container.h"
#include "spec/specification.h"

namespace losscalc::commands {

/// How samples of several files are paired.
enum class IdMode : std::uint8_t {
  by_files,  ///< as they stand, if no keys in the files say otherwise
  by_name,   ///< by the keys that --id names
  none,      ///< as they stand, whatever keys say
};

/// How files are read, as the options say. Throws Error(bad_value).
io::ReadOptions read_options_of(const ParsedOptions& options);

class Sources {
 public:
  /// Opens the container if there is one. Throws Error: bad_value, conflicting_arguments if
  /// standard input is wanted twice, and all that opening throws.
  Sources(const ParsedOptions& options, const std::vector<spec::Term>& terms);

  /// Forgets what named() was asked for, so that unused() speaks of the terms bound from here on;
  /// what was read stays read.
  void begin_terms() { asked_.clear(); }

  bool has(const std::string& name) const;

  /// The array of the container that stands for a role by another name (role_aliases()), or none.
  std::string alias(const std::string& role) const;

  /// The arrays called `name`, read once: several where several files were given for it, or a
  /// pattern. `class_names` are words that are data (io::ReadOptions).
  const std::vector<io::Array>& named(const std::string& name,
                                      const std::vector<std::string>& class_names);

  /// The same, one behind the other.
  const io::Array& concatenated(const std::string& name,
                                const std::vector<std::string>& class_names);

  /// The array of a file that a specification names.
  const io::Array& file(const std::string& reference, const std::vector<std::string>& class_names);

  /// What make() makes of arrays of these sources; called once for each key, which names them.
  const io::Array& derived(const std::string& key, const std::function<io::Array()>& make);

  /// The files of an input that named() and concatenated() read, with their fragments.
  std::vector<std::string> files_of(const std::string& name) const;

  IdMode id_mode() const { return id_mode_; }
  /// Whether samples whose keys one file lacks are left out.
  bool drops_unmatched() const { return drops_unmatched_; }

  /// What make() makes of an array of these sources; called once for each array and words.
  const evaluation::Data& adapted(const io::Array& array,
                                  const std::vector<std::string>& class_names,
                                  const std::function<evaluation::Data()>& make);

  /// Where `name` comes from: the name of a file.
  std::string origin(const std::string& name) const;

  std::vector<std::string> names() const;

  /// Names of arrays in the container that named() was not asked for since begin_terms().
  std::vector<std::string> unused_in_container() const;

  /// Names given by -p, -t and -i that named() was not asked for since begin_terms().
  std::vector<std::string> unused() const;

 private:
  void add_named(const std::string& pair);
  void check_standard_input(const std::vector<spec::Term>& terms) const;
  io::Array read(const std::string& reference, const std::string& name,
                 const std::vector<std::string>& class_names);
  void set_id(const std::string& given);
  std::string id_of(const std::string& name) const;

  io::ReadOptions read_options_;
  std::map<std::string, std::vector<std::string>> files_;
  std::vector<std::string> container_files_;
  std::vector<std::unique_ptr<io::Container>> containers_;
  std::vector<std::string> container_names_;
  std::map<std::string, std::string> aliases_;
  /// What was read, by its name and the words that were data in it.
  using ReadAs = std::pair<std::string, std::vector<std::string>>;
  ReadAs read_as(const std::string& name, const std::vector<std::string>& class_names) const;

  std::map<ReadAs, std::vector<io::Array>> named_;
  std::map<ReadAs, io::Array> concatenated_;
  std::map<ReadAs, io::Array> by_reference_;
  std::map<std::pair<const io::Array*, std::vector<std::string>>, evaluation::Data> adapted_;
  std::map<std::string, io::Array> derived_;
  IdMode id_mode_ = IdMode::by_files;
  std::map<std::string, std::string> ids_;  ///< by the name of the input; empty: of all others
  bool drops_unmatched_ = false;
  std::set<std::string> asked_;
};

}  // namespace losscalc::commands
