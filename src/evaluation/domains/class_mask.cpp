#include "evaluation/domains/class_mask.h"

#include <algorithm>
#include <memory>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/inputs/weights.h"
#include "numeric/limits.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

constexpr std::string_view class_mask_role = "class_mask";

void check_term(const Term& term, const ClassPredictions& predictions) {
  const std::string loss(term.loss->description.name);
  if (predictions.form() != From::logits || predictions.is_sigmoid()) {
    throw Error(ErrorCode::not_supported,
                loss + ": class_mask excludes classes from the softmax and needs --from logits");
  }
  if (term.conventions.label_smoothing > 0.0) {
    throw Error(ErrorCode::conflicting_arguments,
                loss + ": label smoothing gives targets to classes that class_mask excludes");
  }
}

}  // namespace

ClassMask::ClassMask(const Term& term, const ClassPredictions& predictions)
    : layout_(predictions.layout()), shape_(predictions.block_shape()) {
  const Data* mask = optional_input(term, class_mask_role);
  if (mask == nullptr) return;
  check_term(term, predictions);
  const auto values =
      std::make_shared<const ElementWeights>(term, class_mask_role, predictions.data());
  data_ = *mask;
  data_->shape = predictions.data().shape;
  data_->read = [values](std::size_t first, std::span<double> out) { values->read(first, out); };
  if (mask->shape != data_->shape)
    data_->place = [whole = mask->whole](std::size_t) { return whole; };
}

void ClassMask::check(std::size_t first, std::size_t count, std::span<const double> mask,
                      DataIssues& issues) const {
  for (std::size_t c = 0; c < layout_.classes; ++c) {
    for (std::size_t j = 0; j < count; ++j) {
      const double value = mask[c * shape_.stride + j];
      if (value != 0.0 && value != 1.0)
        issues.add(DataIssue::mask_not_binary, layout_.flat(first + j, c));
    }
  }
}

void ClassMask::apply(std::size_t first, std::size_t count, std::span<double> mask,
                      std::span<double> logits, DataIssues& issues,
                      std::vector<double>& scratch) const {
  if (!given()) return;
  gather(layout_, *data_, first, count, shape_.stride, mask, scratch);
  check(first, count, mask, issues);
  for (std::size_t j = 0; j < shape_.stride; ++j) {
    bool any = false;
    for (std::size_t i = j; i < mask.size(); i += shape_.stride) any = any || mask[i] != 0.0;
    if (!any) continue;
    for (std::size_t i = j; i < mask.size(); i += shape_.stride) {
      if (mask[i] == 0.0) logits[i] = -infinity;
    }
  }
}

void ClassMask::raise(const DataIssues& issues) const {
  const DataIssueCount& bad = issues[DataIssue::mask_not_binary];
  if (bad.count == 0) return;
  throw Error(ErrorCode::out_of_range,
              "expected 0 or 1 in class_mask, found " + text::shortest(element(*data_, bad.first)) +
                  and_more(bad.count, "entry", "entries"),
              data_->place(bad.first));
}

}  // namespace losscalc::evaluation
