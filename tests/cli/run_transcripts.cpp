/// Runs the console transcripts of a Markdown or mdoc file and compares what the commands print.
///
///     run_transcripts FILE      in the folder where commands are to run, with losscalc on the PATH
///
/// In Markdown, blocks fenced by ```console are run; in mdoc, literal displays that hold a line
/// beginning with "$ ". A line
/// "$ COMMAND" is run by sh (a trailing backslash continues it); "? N" after it is the expected
/// exit status, 0 otherwise; the lines up to the next command are its standard output, in which
/// [..] stands for anything within a line, and a line [...] for any lines. Standard error must be
/// empty unless the command redirects it. With UPDATE=1 in the environment, Markdown files are
/// rewritten with what was printed.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Result {
  int status = 0;
  std::vector<std::string> output;
  std::string errors;
};

std::string content_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A folder for what commands print, removed at the end.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() /
              ("transcripts" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Result run(const std::string& command, const Scratch& scratch) {
  const std::filesystem::path script = scratch.path() / "command";
  std::ofstream(script) << command << "\n";
  const std::string out = (scratch.path() / "out").string();
  const std::string err = (scratch.path() / "err").string();
  const std::string line = "TMP=" + scratch.path().string() + " sh " + script.string() + " >" +
                           out + " 2>" + err + " </dev/null";
  const int status = std::system(line.c_str());
  Result result;
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = lines_of(content_of(out));
  result.errors = content_of(err);
  return result;
}

/// Whether a line has the expected parts in order, [..] between them standing for anything.
bool matches(const std::string& expected, const std::string& found) {
  const std::string gap = "[..]";
  std::size_t at = 0;
  std::size_t start = 0;
  for (bool first = true;; first = false) {
    const std::size_t end = expected.find(gap, start);
    const bool last = end == std::string::npos;
    const std::string part = expected.substr(start, last ? end : end - start);
    if (last && !first) return found.size() >= at + part.size() && found.ends_with(part);
    const std::size_t place =
        first ? (found.starts_with(part) ? 0 : std::string::npos) : found.find(part, at);
    if (place == std::string::npos) return false;
    if (last) return found == part;
    at = place + part.size();
    start = end + gap.size();
  }
}

/// Whether the lines match from these on; a line [...] stands for any number of them.
bool matches(std::span<const std::string> expected, std::span<const std::string> found) {
  if (expected.empty()) return found.empty();
  if (expected.front() == "[...]") {
    return matches(expected.subspan(1), found) ||
           (!found.empty() && matches(expected, found.subspan(1)));
  }
  return !found.empty() && matches(expected.front(), found.front()) &&
         matches(expected.subspan(1), found.subspan(1));
}

class Transcript {
 public:
  Transcript(std::filesystem::path path, bool update)
      : path_(std::move(path)),
        is_manual_(path_.extension() == ".1"),
        update_(update),
        lines_(lines_of(content_of(path_))) {}

  bool passes() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      rewritten_.push_back(lines_[i]);
      if (lines_[i] == opening()) i = run_block(i + 1);
    }
    if (update_ && !is_manual_) {
      std::ofstream stream(path_);
      for (const std::string& line : rewritten_) stream << line << "\n";
    }
    std::cout << path_.string() << ": " << commands_ << " commands, " << failures_ << " failed\n";
    if (commands_ == 0) std::cout << "there is nothing to run in this file\n";
    return failures_ == 0 && commands_ > 0;
  }

 private:
  std::string opening() const { return is_manual_ ? ".Bd -literal" : "```console"; }
  std::string closing() const { return is_manual_ ? ".Ed" : "```"; }
  bool at_block_end(std::size_t i) const { return i >= lines_.size() || lines_[i] == closing(); }

  /// Runs the commands of a block that begins at line i; returns the line that closes it.
  std::size_t run_block(std::size_t i) {
    while (!at_block_end(i)) {
      if (!lines_[i].starts_with("$ ")) {
        rewritten_.push_back(lines_[i++]);
        continue;
      }
      const std::size_t command_line = i + 1;
      std::string command = lines_[i].substr(2);
      rewritten_.push_back(lines_[i++]);
      while (command.ends_with('\\') && !at_block_end(i)) {
        command += "\n" + lines_[i];
        rewritten_.push_back(lines_[i++]);
      }
      int status = 0;
      if (!at_block_end(i) && lines_[i].starts_with("? "))
        status = std::atoi(lines_[i++].c_str() + 2);
      std::vector<std::string> expected;
      while (!at_block_end(i) && !lines_[i].starts_with("$ "))
        expected.push_back(unescaped(lines_[i++]));
      compare(command, command_line, status, expected);
    }
    if (i < lines_.size()) rewritten_.push_back(lines_[i]);
    return i;
  }

  /// mdoc writes a backslash as \e.
  std::string unescaped(std::string line) const {
    if (!is_manual_) return line;
    for (std::size_t at = 0; (at = line.find("\\e", at)) != std::string::npos; ++at)
      line.erase(at + 1, 1);
    return line;
  }

  void compare(const std::string& command, std::size_t line, int status,
               const std::vector<std::string>& expected) {
    ++commands_;
    const Result result = run(command, scratch_);
    const bool same = matches(std::span(expected), std::span(result.output));
    if (result.status != 0 && update_) rewritten_.push_back("? " + std::to_string(result.status));
    const std::vector<std::string>& kept = same ? expected : result.output;
    rewritten_.insert(rewritten_.end(), kept.begin(), kept.end());
    if (result.status == status && same && result.errors.empty()) return;
    ++failures_;
    std::cout << path_.string() << ":" << line << ": $ " << command << "\n";
    if (result.status != status)
      std::cout << "  expected exit status " << status << ", found " << result.status << "\n";
    if (!result.errors.empty()) std::cout << "  on standard error:\n" << result.errors;
    if (same) return;
    std::cout << "  expected:\n";
    for (const std::string& text : expected) std::cout << "    " << text << "\n";
    std::cout << "  found:\n";
    for (const std::string& text : result.output) std::cout << "    " << text << "\n";
  }

  std::filesystem::path path_;
  bool is_manual_;
  bool update_;
  std::vector<std::string> lines_;
  std::vector<std::string> rewritten_;
  Scratch scratch_;
  std::size_t commands_ = 0;
  std::size_t failures_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: run_transcripts FILE\n";
    return 2;
  }
  return Transcript(argv[1], std::getenv("UPDATE") != nullptr).passes() ? 0 : 1;
}
