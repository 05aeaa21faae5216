/// What the text of every loss must be like, so that help, lists and the manual can be made of it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "definition/loss.h"
#include "definition/registry.h"

using namespace losscalc;

namespace {

struct Field {
  std::string_view name;
  std::string_view Description::*text;
  bool tex = false;
};

constexpr Field fields[] = {
    {"summary", &Description::summary},
    {"formula", &Description::formula},
    {"formula_tex", &Description::formula_tex, true},
    {"gradient", &Description::gradient},
    {"gradient_tex", &Description::gradient_tex, true},
    {"smoothness", &Description::smoothness},
    {"outliers", &Description::outliers},
    {"imbalance", &Description::imbalance},
    {"use", &Description::use},
    {"source", &Description::source},
    {"elsewhere", &Description::elsewhere},
};

std::string underscored(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '-', '_');
  return text;
}

bool balanced(std::string_view text, char open, char close) {
  int depth = 0;
  for (const char c : text) {
    if (c == open) ++depth;
    if (c == close && --depth < 0) return false;
  }
  return depth == 0;
}

template <class Check>
void for_each_field(Check check) {
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    for (const Field& field : fields) {
      CAPTURE(field.name);
      check(loss->description.*field.text, field);
    }
  }
}

}  // namespace

TEST_CASE("every text is there, one line of printable ASCII without a full stop") {
  for_each_field([](std::string_view text, const Field& /*field*/) {
    CHECK_FALSE(text.empty());
    CHECK(std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }));
    CHECK_FALSE(text.ends_with('.'));
    CHECK_FALSE(text.starts_with(' '));
    CHECK_FALSE(text.ends_with(' '));
    CHECK(balanced(text, '(', ')'));
    CHECK(balanced(text, '{', '}'));
  });
}

TEST_CASE("TeX stays in TeX") {
  for_each_field([](std::string_view text, const Field& field) {
    const bool has_command = text.find('\\') != std::string_view::npos;
    CHECK(has_command == field.tex);
  });
}

TEST_CASE("summaries fit a list: at most 72 columns, no capital at the start") {
  for (const Loss* loss : all_losses()) {
    const std::string_view summary = loss->description.summary;
    CAPTURE(summary);
    CHECK(summary.size() <= 72);
    CHECK(std::islower(static_cast<unsigned char>(summary.front())) != 0);
  }
}

TEST_CASE("formulas say what the loss l is, and gradients what its derivative is") {
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    CHECK(loss->description.formula.starts_with("l = "));
    CHECK(loss->description.formula_tex.starts_with("\\ell = "));
  }
}

TEST_CASE("no two losses share a name or alias, hyphens and underscores being the same") {
  std::map<std::string, std::string_view> owner;
  for (const Loss* loss : all_losses()) {
    std::vector<std::string_view> names = loss->description.aliases;
    names.push_back(loss->description.name);
    for (const std::string_view name : names) {
      CAPTURE(name);
      CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
            std::string_view::npos);
      CHECK(owner.emplace(underscored(name), loss->description.name).second);
      CHECK(find_loss(name) == loss);
      CHECK(find_loss(underscored(name)) == loss);
    }
  }
  CHECK(find_loss("no-such-loss") == nullptr);
}

TEST_CASE("a loss is called as its file, and its task as the file's folder") {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(LOSSCALC_SOURCE_DIR "/src/losses")) {
    if (entry.path().extension() != ".cpp") continue;
    ++files;
    const std::string stem = entry.path().stem().string();
    CAPTURE(stem);
    const Loss* loss = find_loss(stem);
    REQUIRE(loss != nullptr);
    CHECK(underscored(loss->description.name) == stem);
    std::string folder(name(loss->description.task));
    std::ranges::replace(folder, ' ', '_');
    CHECK(entry.path().parent_path().filename().string() == folder);
  }
  CHECK(files == registry().size());
}

TEST_CASE("every role has a shape and a help, and only labels have no derivative") {
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    for (const Role& role : loss->roles) {
      CHECK_FALSE(role.shape.empty());
      CHECK_FALSE(role.help.empty());
    }
    CHECK(is_differentiable(*loss) == (loss->description.name != "zero-one"));
  }
}
