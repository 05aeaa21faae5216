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

/// For each folder what it may include beside itself, and beside diagnostics, text and numeric,
/// which are open to all but each other. "." is main.cpp. The inner folders of evaluation, io,
/// commands and definition are rooms of their own: a room is named by its path, and the files that
/// stand right in a folder by the folder's own name.
const std::map<std::string, Folders>& allowed() {
  static const std::map<std::string, Folders> table{
      {".", {"commands", "report"}},
      {"commands",
       {"commands/gradcheck", "commands/inputs", "commands/options", "commands/output", "report",
        "inspection", "matching", "sharding", "spec", "dialects", "io", "generation", "process",
        "checking", "evaluation", "differentiation", "definition"}},
      {"commands/gradcheck",
       {"commands/inputs", "commands/options", "commands/output", "report", "spec", "io",
        "generation", "process", "checking", "evaluation", "evaluation/arrays", "differentiation",
        "definition"}},
      {"commands/inputs",
       {"commands/options", "report", "checking", "evaluation", "evaluation/arrays", "spec", "io",
        "definition"}},
      {"commands/output",
       {"commands/inputs", "commands/options", "report", "sharding", "checking", "evaluation", "io",
        "io/numpy", "process", "definition"}},
      {"commands/options", {"report", "spec", "definition", "io"}},
      {"checking", {"evaluation", "evaluation/arrays", "differentiation", "definition", "process"}},
      {"generation", {"evaluation", "evaluation/arrays", "definition", "formula"}},
      {"matching", {"spec", "dialects", "evaluation", "evaluation/arrays", "definition"}},
      {"sharding", {"evaluation", "evaluation/reduction", "report", "io", "definition"}},
      {"inspection", {"io"}},
      {"report",
       {"inspection", "io", "matching", "checking", "evaluation", "evaluation/arrays",
        "evaluation/links", "differentiation", "definition", "spec", "dialects"}},
      {"differentiation", {}},
      {"evaluation",
       {"evaluation/arrays", "evaluation/domains", "evaluation/inputs", "evaluation/reduction",
        "definition", "formula"}},
      {"evaluation/domains",
       {"evaluation", "evaluation/arrays", "evaluation/inputs", "evaluation/links",
        "evaluation/reduction", "definition", "definition/domains", "formula"}},
      {"evaluation/inputs",
       {"evaluation", "evaluation/arrays", "evaluation/links", "evaluation/reduction", "definition",
        "formula"}},
      {"evaluation/links", {"evaluation/arrays", "definition", "formula"}},
      {"evaluation/reduction", {"evaluation", "evaluation/arrays", "definition", "formula"}},
      {"evaluation/arrays", {"definition"}},
      {"spec", {"definition", "dialects"}},
      {"dialects", {}},
      {"losses", {"definition", "definition/domains", "formula"}},
      {"definition", {"formula"}},
      {"definition/domains", {"definition", "formula"}},
      {"formula", {}},
      {"io",
       {"io/compressed", "io/csv", "io/json", "io/numpy", "io/png", "io/safetensors", "io/torch"}},
      {"io/compressed", {"io"}},
      {"io/png", {"io"}},
      {"io/csv", {"io", "process"}},
      {"io/json", {"io"}},
      {"io/numpy", {"io"}},
      {"io/safetensors", {"io"}},
      {"io/torch", {"io"}},
      {"process", {}},
      {"diagnostics", {}},
      {"numeric", {}},
      {"text", {}},
  };
  return table;
}

/// The layers of evaluation, from the ground to the roof: rooms, and files that stand right in the
/// folder by their stem. A file includes its own layer and those before it.
const std::vector<Folders>& evaluation_layers() {
  static const std::vector<Folders> layers{
      {"arrays", "parallel", "request"},
      {"term", "report", "links"},
      {"reduction"},
      {"inputs", "driver"},
      {"domains", "ranges"},
      {"pass", "pass_value", "run"},
      {"evaluate", "gradient", "summed_term"},
  };
  return layers;
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
  const std::size_t first = path.find('/');
  if (first == std::string::npos) return ".";
  const std::size_t second = path.find('/', first + 1);
  if (second != std::string::npos && allowed().contains(path.substr(0, second)))
    return path.substr(0, second);
  return path.substr(0, first);
}

bool is_allowed(const std::string& from, const std::string& to) {
  const auto is_leaf = [](const std::string& folder) {
    return folder == "diagnostics" || folder == "text" || folder == "numeric";
  };
  if (from == to || (!is_leaf(from) && is_leaf(to))) return true;
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

TEST_CASE("evaluation is built in layers") {
  const auto layer_of = [](const std::string& path) {
    const std::string inside = path.substr(std::string("evaluation/").size());
    const std::string room = inside.substr(0, inside.find_first_of("/."));
    const auto found = std::ranges::find_if(evaluation_layers(), [&](const Folders& layer) {
      return std::ranges::count(layer, room) > 0;
    });
    return found - evaluation_layers().begin();
  };
  const auto is_inside = [](const std::string& path) { return path.starts_with("evaluation/"); };
  for (const Include& include : all_includes()) {
    if (!include.ours || !is_inside(include.file)) continue;
    CAPTURE(include.file);
    CAPTURE(include.target);
    CHECK(layer_of(include.file) < std::ssize(evaluation_layers()));
    if (is_inside(include.target)) CHECK(layer_of(include.target) <= layer_of(include.file));
  }
}

TEST_CASE("no source includes a loss") {
  for (const Include& include : all_includes()) {
    CAPTURE(include.file);
    CHECK_FALSE((include.ours && include.target.starts_with("losses/")));
  }
}

TEST_CASE("libraries are known only where they do their work") {
  const std::map<std::string, Folders> owners{
      {"CLI/", {"commands/options"}},
      {"nlohmann/", {"io", "io/json", "process", "report"}},
      {"simdjson", {"io/json", "io/safetensors", "process"}},
      {"spng.h", {"io/png"}},
      {"zip.h", {"io", "io/numpy"}},
      {"zlib.h", {"io/compressed"}},
      {"zstd", {"io/compressed"}},
      {"Eigen/", {"evaluation/domains", "evaluation/links", "evaluation/inputs", "formula"}}};
  for (const Include& include : all_includes()) {
    for (const auto& [library, folders] : owners) {
      if (include.ours || !include.target.starts_with(library)) continue;
      CAPTURE(include.file);
      CAPTURE(include.target);
      CHECK(std::ranges::count(folders, folder_of(include.file)) == 1);
    }
  }
}
