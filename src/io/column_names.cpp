#include "io/column_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "text/number.h"

namespace losscalc::io {
namespace {

/// In small letters, without what stands between words: Sample_ID -> sampleid.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == ' ' || c == '.') continue;
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

constexpr std::array<std::string_view, 32> key_names{
    "id",      "ids",      "index", "idx",       "row",       "rows",     "rownum",     "rownumber",
    "rowname", "rownames", "rowid", "key",       "keys",      "uuid",     "guid",       "name",
    "names",   "image",    "img",   "imagename", "file",      "filename", "filepath",   "path",
    "date",    "day",      "time",  "datetime",  "timestamp", "sample",   "samplename", "serial"};

/// Not `y` alone, which is the name of a coordinate, too.
constexpr std::array<std::string_view, 33> input_names{
    "predict",   "predictions",    "preds",     "labelids",       "prediction",
    "predicted", "predictedlabel", "predlabel", "predictedclass", "predclass",
    "label",     "labels",         "class",     "target",         "targets",
    "truth",     "groundtruth",    "ytrue",     "ypred",          "fold",
    "epoch",     "rank",           "argmax",    "confidence",     "maxprob",
    "correct",   "loss",           "weight",    "sampleweight",   "group",
    "split",     "batch",          "pred"};

}  // namespace

bool names_key(std::string_view name) {
  if (is_one_of(key_names, plain(name))) return true;
  // userId, user_id, USER ID: not `valid`, `grid`.
  if (name.size() < 3) return false;
  const std::string_view end = name.substr(name.size() - 2);
  const char before = name[name.size() - 3];
  const bool apart = before == '_' || before == '-' || before == ' ' || before == '.';
  const bool lower = std::islower(static_cast<unsigned char>(before)) != 0;
  if (end == "Id" || end == "ID") return apart || lower;
  return end == "id" && apart;
}

bool names_nothing(std::string_view name) { return name.starts_with("Unnamed: "); }

bool names_input(std::string_view name) { return is_one_of(input_names, plain(name)); }

NumberedName numbered_name(std::string_view name) {
  constexpr std::string_view digits = "0123456789";
  const std::size_t last = name.find_last_of(digits);
  if (last == std::string_view::npos)
    return {.prefix = std::string(name), .number = {}, .suffix = ""};
  const std::size_t before = name.find_last_not_of(digits, last);
  const std::size_t first = before == std::string_view::npos ? 0 : before + 1;
  return {.prefix = std::string(name.substr(0, first)),
          .number = text::parse_integer(name.substr(first, last + 1 - first)),
          .suffix = std::string(name.substr(last + 1))};
}

}  // namespace losscalc::io
