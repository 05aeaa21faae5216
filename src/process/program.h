/// A foreign program that computes a loss, and its gradient, on request.
///
/// It is asked by lines on its standard input and answers each by a line on its standard output;
/// its standard error is ours. A request and a reply (here on several lines for the reader; each is
/// one line that ends with a newline):
///
///   {"schema": "losscalc.exec/1", "id": 1, "want": ["value", "gradient"],
///    "inputs": {"pred": [[0.5, -1], [2, 0.25]], "target": [0, 1]}}
///
///   {"id": 1, "value": 0.43, "per_sample": [0.36, 0.5],
///    "gradient": {"pred": [[0.1, 0], [0, -0.2]]}}
///
/// - "id" counts the requests from 1 and is echoed in the reply.
/// - "want" is ["value"] or ["value","gradient"].
/// - Arrays are nested as their shape; one without axes is a number. Numbers have the shortest text
///   that reads back to the same double. In both directions NaN and the infinities are the strings
///   "NaN", "Infinity", "-Infinity".
/// - "per_sample" may be left out: the losses of the single samples, a flat array.
/// - "gradient" is demanded where wanted, for at least one input; a gradient has its input's shape.
///   Inputs that are not differentiated are left out. It is passed over where not wanted.
/// - {"id": 1, "error": "text"} reports that the program can't answer.
/// - Other fields are passed over, in requests and in replies: both may grow.
/// - When its standard input ends, the program is to end.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace losscalc::process {

/// Values in C order.
struct Array {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

using Arrays = std::map<std::string, Array, std::less<>>;

struct Reply {
  double value = 0.0;
  std::optional<std::vector<double>> per_sample = {};
  /// By the input's name; in C order. Empty unless asked for.
  std::map<std::string, std::vector<double>, std::less<>> gradient = {};
};

class Child;

class Program {
 public:
  /// Starts the program, which is looked for in PATH. Each reply must come within `timeout`.
  /// Throws Error(program_failed).
  Program(const std::vector<std::string>& command, std::chrono::duration<double> timeout);

  /// Closes the program's standard input, waits up to a second for its end, then kills it; what it
  /// started itself is left to notice.
  ~Program();

  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// One request, one reply. Losses of single samples must be `samples` many. Throws
  /// Error(program_failed) that says what came instead; nothing more is to be asked then.
  Reply ask(const Arrays& inputs, bool with_gradient, std::size_t samples);

 private:
  std::unique_ptr<Child> child_;
  std::chrono::duration<double> timeout_;
  std::size_t last_id_ = 0;
};

}  // namespace losscalc::process
