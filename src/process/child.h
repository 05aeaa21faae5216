/// A child process that answers lines with lines.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc::process {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }

  int number() const { return number_; }
  void close();

 private:
  int number_ = -1;
};

class Child {
 public:
  using Seconds = std::chrono::duration<double>;

  /// Starts it, looked for in PATH. Throws Error(program_failed).
  explicit Child(const std::vector<std::string>& command);

  /// Closes its standard input and output, waits up to a second, then kills it.
  ~Child();

  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Sends text that ends with a newline, returns the next line that comes, without its newline.
  /// A child that answers before it has read everything is waited for. Throws
  /// Error(program_failed) if it ends, sends more than 1 GiB, or is too slow: then it is killed.
  std::string exchange(std::string_view text, Seconds timeout);

  /// For messages.
  const std::string& command() const { return command_; }

 private:
  void start(const std::vector<std::string>& command);
  void write_some(std::string_view& text);
  bool read_some();
  bool wait_for_end(Seconds most);
  void kill();
  [[noreturn]] void fail_without_line(const std::string& reason) const;
  [[noreturn]] void fail_at_end();

  std::string command_;
  pid_t process_ = -1;
  Descriptor requests_;
  Descriptor replies_;
  std::string received_;  ///< not yet returned
  std::string ending_;    ///< how it ended; empty while it may run
};

}  // namespace losscalc::process
