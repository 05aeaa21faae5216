/// What a loss is: its text, its inputs, its parameters and its kernels. One object per loss, made
/// by a factory of its domain (definition/elementwise.h, ...) and found through the registry.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "definition/conventions.h"
#include "definition/kernel.h"
#include "definition/parameter.h"
#include "text/names.h"

namespace losscalc {

enum class Task : std::uint8_t {
  classification,
  regression,
  segmentation,
  detection,
  metric_learning,
  sequence,
  regularization
};
/// All tasks with their names, in the order in which lists show them.
const std::vector<text::Named<Task>>& tasks();
std::string_view name(Task task);

/// What holds for a loss with its default parameters and conventions; the property tests hold the
/// formula to each entry that is set.
struct Properties {
  Interval range = interval::non_negative;  ///< of a unit's loss
  bool convex = false;          ///< in the logits, scores or values that it is computed from
  bool zero_at_target = false;  ///< 0 when the prediction is the target (a hard one)
  bool symmetric = false;       ///< unchanged when prediction and target change places
};

/// The text of a loss, for people. Plain text is ASCII; one line each.
struct Description {
  std::string_view name;
  std::string_view summary = {};
  std::string_view formula = {};
  std::string_view formula_tex = {};
  std::string_view gradient = {};
  std::string_view gradient_tex = {};
  std::vector<std::string_view> aliases = {};
  Task task = Task::classification;
  Properties properties = {};
  std::string_view smoothness = {};  ///< where it is differentiable and where its kinks are
  std::string_view outliers = {};    ///< what one bad sample does to value and gradient
  std::string_view imbalance = {};   ///< what unequal class sizes do
  std::string_view use = {};         ///< when to take it, and when another
  std::string_view source = {};      ///< paper or textbook
  std::string_view elsewhere = {};   ///< names in other libraries, with what differs
};

/// Which target values mean something.
enum class TargetValues : std::uint8_t {
  any,
  unit_interval,  ///< [0, 1]
  signs,          ///< {-1, 1} or {0, 1}
  bits,           ///< {0, 1}
  label_lists,    ///< rows of class indices, each ended by -1 unless it is full
};

/// A named input of a loss.
struct Role {
  std::string_view name;
  std::string_view shape;  ///< as shown to people: `[N,C,d...]`
  std::string_view help;
  bool optional = false;
  bool differentiable = false;
  bool repeated = false;  ///< any number of arrays
  Interval valid = {};    ///< of vectors of a tuple loss: the numbers that they may hold
};

struct Loss {
  Description description;
  Domain domain = Domain::elementwise;
  std::vector<Role> roles = {};
  std::vector<From> from = {};  ///< what the prediction may hold, the default first
  std::vector<Link> links =
      {};  ///< how logits become probabilities, the default first; empty where they do not
  bool label_smoothing = false;
  TargetValues target_values = TargetValues::any;  ///< of a tuple loss: those of its labels
  std::vector<ParameterInfo> parameters = {};
  std::size_t vectors = 0;   ///< of a tuple loss: the first so many roles are its vectors
  bool of_elements = false;  ///< of a tuple loss: its vectors are single elements

  /// The kernels under these arguments; arguments that are not parameters of the loss are passed
  /// over.
  std::function<Kernels(const Arguments&)> kernels = {};

  /// Every parameter with its value under these arguments.
  std::function<Arguments(const Arguments&)> effective = {};
};

/// A loss as it is called for: one summand of a weighted sum of losses.
struct LossCall {
  double coefficient = 1.0;
  const Loss* loss = nullptr;
  Arguments parameters = {};  ///< only those that were given
  Conventions conventions = {};
};

/// What the input holds and its shape: `a weight for each class, of shape [C]`.
std::string described(const Role& role);

/// The row for a role, or nothing.
const Role* find_role(const Loss& loss, std::string_view role);

/// Whether `loss` has an input that it is differentiated by.
bool is_differentiable(const Loss& loss);

/// All losses, by task and then by name.
const std::vector<const Loss*>& all_losses();

/// The loss of this name or alias; nothing if there is none. Hyphens and underscores are the same.
const Loss* find_loss(std::string_view name);

/// The rows of the table of conventions that mean something for `loss`.
std::vector<const Convention*> conventions_of(const Loss& loss);

/// The row's parameter as it is for `loss`: with its default and the forms of prediction that it
/// takes.
ParameterInfo convention_info(const Loss& loss, const Convention& row);

/// `loss`'s conventions where nothing is said: the record's defaults with the loss's own form of
/// prediction and link.
Conventions default_conventions(const Loss& loss);

}  // namespace losscalc
