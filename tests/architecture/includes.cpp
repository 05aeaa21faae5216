/// Dependencies between the folders of src point one way; this table is the only place that says
/// which.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

using Folders = std::vector<std::string>;

/// For each folder what it may include beside itself, and beside diagnostics and text, which are
/// open to all but each other. "." is main.cpp.
const std::map<std::string, Folders>& allowed() {
  static const std::map<std::string, Folders> table{
      {".", {"commands", "report"}},
      {"commands",
       {"report", "matching", "spec", "dialects", "io", "generation", "process", "checking",
        "evaluation", "differentiation", "definition"}},
      {"checking", {"evaluation", "differentiation", "definition", "process"}},
      {"generation", {"evaluation", "definition", "formula"}},
      {"matching", {"spec", "dialects", "definition"}},
      {"report",
       {"matching", "checking", "evaluation", "differentiation", "definition", "spec", "dialects"}},
      {"differentiation", {}},
      {"evaluation", {"definition", "formula"}},
      {"spec", {"definition", "dialects"}},
      {"dialects", {}},
      {"losses", {"definition", "formula"}},
      {"definition", {"formula"}},
      {"formula", {}},
      {"io", {}},
      {"process", {}},
      {"diagnostics", {}},
      {"text", {}},
  };
  return table;
}

struct Include {
  std::string file;    ///< relative to src
  std::string target;  ///< what stands between the quotes or brackets
  bool ours = false;
};

std::vector<Include> includes_of(const fs::path& source, const fs::path& root) {
  std::vector<Include> includes;
  std::ifstream stream(source);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("#include ")) continue;
    const std::size_t end = line.find_last_of("\">");
    if (end <= 10) continue;
    includes.push_back(
        {fs::relative(source, root).generic_string(), line.substr(10, end - 10), line[9] == '"'});
  }
  return includes;
}

std::vector<Include> all_includes() {
  const fs::path root = fs::path(LOSSCALC_SOURCE_DIR) / "src";
  std::vector<Include> includes;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    const std::string ending = entry.path().extension();
    if (ending != ".h" && ending != ".cpp") continue;
    const std::vector<Include> found = includes_of(entry.path(), root);
    includes.insert(includes.end(), found.begin(), found.end());
  }
  return includes;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

bool is_allowed(const std::string& from, const std::string& to) {
  const bool is_leaf = from == "diagnostics" || from == "text";
  if (from == to || (!is_leaf && (to == "diagnostics" || to == "text"))) return true;
  const auto row = allowed().find(from);
  return row != allowed().end() && std::ranges::count(row->second, to) > 0;
}

}  // namespace

TEST_CASE("includes follow the directions between folders") {
  const std::vector<Include> includes = all_includes();
  REQUIRE(includes.size() > 100);
  for (const Include& include : includes) {
    if (!include.ours) continue;
    CAPTURE(include.file);
    CAPTURE(include.target);
    CHECK(is_allowed(folder_of(include.file), folder_of(include.target)));
  }
}

TEST_CASE("no source includes a loss") {
  for (const Include& include : all_includes()) {
    CAPTURE(include.file);
    CHECK_FALSE((include.ours && include.target.starts_with("losses/")));
  }
}

TEST_CASE("libraries are known only where they do their work") {
  const std::map<std::string, Folders> owners{{"CLI/", {"commands"}},
                                              {"nlohmann/", {"io", "process", "report"}},
                                              {"simdjson", {"io", "process"}},
                                              {"zip.h", {"io"}},
                                              {"Eigen/", {"evaluation", "formula"}}};
  for (const Include& include : all_includes()) {
    for (const auto& [library, folders] : owners) {
      if (include.ours || !include.target.starts_with(library)) continue;
      CAPTURE(include.file);
      CAPTURE(include.target);
      CHECK(std::ranges::count(folders, folder_of(include.file)) == 1);
    }
  }
}
