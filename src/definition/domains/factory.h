/// What the factories of all domains share: from a struct of parameters and its rows to a Loss.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "definition/loss.h"

namespace losscalc {

template <class F>
using Rows = std::vector<Parameter<F>>;

/// The inputs that most domains share, as data.
namespace roles {
inline constexpr Role sample_weight{
    .name = "sample_weight", .shape = "[N]", .help = "a weight for each sample", .optional = true};
inline constexpr Role class_weight{
    .name = "class_weight", .shape = "[C]", .help = "a weight for each class", .optional = true};
inline constexpr Role class_mask{
    .name = "class_mask",
    .shape = "[...,C,d...]",
    .help = "1 for classes that take part, 0 for excluded ones (logits only)",
    .optional = true};
inline constexpr Role element_weight{.name = "element_weight",
                                     .shape = "[...,d]",
                                     .help = "a weight for each element",
                                     .optional = true};
inline constexpr Role output_weight{.name = "output_weight",
                                    .shape = "[d...]",
                                    .help = "a weight for each output",
                                    .optional = true};
inline constexpr Role pos_weight{.name = "pos_weight",
                                 .shape = "[...,d]",
                                 .help = "factor on the positive term",
                                 .optional = true};
}  // namespace roles

/// Fills in what follows from the parameters; `make` turns a configured F into kernels. An F whose
/// parameters exclude each other has check_parameters() const, which throws Error(bad_value).
template <class F, class Make>
Loss with_parameters(Loss loss, const Rows<F>& rows, Make make) {
  loss.parameters = infos_of(rows);
  loss.kernels = [rows, make](const Arguments& arguments) {
    F configured_loss = configured(rows, arguments);
    if constexpr (requires { configured_loss.check_parameters(); })
      configured_loss.check_parameters();
    return make(std::move(configured_loss));
  };
  loss.effective = [rows](const Arguments& arguments) {
    const F configured_loss = configured(rows, arguments);
    Arguments all;
    for (const auto& row : rows)
      all.push_back({std::string(row.info.name), row.get(configured_loss)});
    return all;
  };
  return loss;
}

/// The loss with no input that it is differentiated by.
inline Loss without_derivative(Loss loss) {
  for (Role& role : loss.roles) role.differentiable = false;
  return loss;
}

}  // namespace losscalc
