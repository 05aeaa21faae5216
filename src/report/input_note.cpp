#include "report/input_note.h"

#include "report/diagnostics.h"
#include "text/nearest.h"

namespace losscalc::report {

std::vector<std::string> sentences(const InputNote& note) {
  const std::string of = note.name + ": ";
  std::vector<std::string> lines;
  for (const auto& [what, why] : note.left_out) {
    std::string line = of;
    line.append(printable(what)).append(" is left out: ").append(why);
    lines.push_back(std::move(line));
  }
  if (!note.left_out.empty() && !note.columns.empty()) {
    constexpr std::size_t most = 6;
    const bool many = note.columns.size() > most;
    const std::string shown = many ? note.columns.front() + " ... " + note.columns.back() + " (" +
                                         std::to_string(note.columns.size()) + ")"
                                   : text::joined(note.columns);
    lines.push_back(of + "read " + (note.columns.size() == 1 ? "column " : "columns ") +
                    printable(shown));
  }
  for (const std::string& text : note.notes) lines.push_back(of + printable(text));
  return lines;
}

}  // namespace losscalc::report
