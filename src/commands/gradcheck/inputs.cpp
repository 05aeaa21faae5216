#include "commands/gradcheck/inputs.h"

#include <algorithm>
#include <map>
#include <memory>

#include "commands/gradcheck/options.h"
#include "commands/inputs/class_names.h"
#include "commands/inputs/sources.h"
#include "diagnostics/error.h"
#include "io/concatenate.h"
#include "io/format.h"
#include "io/read.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

using checking::DifferentiableInput;
using checking::GivenGradient;
using generation::Regime;

GivenGradient taken_gradient(const io::Array& array, const DifferentiableInput& input) {
  if (array.shape() != input.data.shape) {
    throw Error(ErrorCode::shape_mismatch,
                "the gradient has shape " + to_string(array.shape()) + ", expected " + input.name +
                    "'s shape " + to_string(input.data.shape),
                array.place());
  }
  GivenGradient gradient{.input = input.name, .values = std::vector<double>(array.size())};
  array.read(0, gradient.values);
  if (array.type() == io::ElementType::float32) return checking::as_float32(std::move(gradient));
  if (array.type() == io::ElementType::float16) return checking::as_float16(std::move(gradient));
  if (array.type() == io::ElementType::bfloat16) return checking::as_bfloat16(std::move(gradient));
  return gradient;
}

process::Array array_of(const evaluation::Data& data) {
  return {data.shape, evaluation::read_all(data)};
}

process::Array array_of(const io::Array& array) {
  process::Array copy{array.shape(), std::vector<double>(array.size())};
  array.read(0, copy.values);
  return copy;
}

}  // namespace

std::vector<spec::Term> required_terms(const ParsedOptions& options) {
  const auto loss = options.value(option::loss);
  if (!loss) {
    throw Error(ErrorCode::missing_argument,
                "no loss is given; add one with -l, for example -l cross-entropy", {},
                "'losscalc gradcheck --all' checks every loss on random data");
  }
  return spec::resolve(spec::parse(*loss), options.loss_arguments());
}

BoundTerms bind_random(const std::vector<spec::Term>& terms, const std::optional<Shape>& shape,
                       std::size_t entries, Regime regime, std::uint64_t seed) {
  BoundTerms bound;
  std::map<std::string, evaluation::Data> shared;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const spec::Term& term = shape ? terms[k].for_rank(shape->size()) : terms[k];
    evaluation::Term evaluated{term, {}};
    const evaluation::Inputs made = generation::random_inputs(
        *term.loss, term.parameters, term.conventions,
        shape.value_or(generation::default_shape(*term.loss, term.conventions, entries)), regime,
        seed);
    for (const Role& role : term.loss->roles) {
      const std::string role_name(role.name);
      bound.names[{k, role_name}];
      const auto found = made.find(role_name);
      if (found == made.end()) continue;
      for (const evaluation::Data& data : found->second) {
        const auto known = shared.try_emplace(role_name, data).first;
        bound.names[{k, role_name}].push_back(role_name);
        evaluated.inputs[role_name].push_back(known->second);
      }
    }
    bound.terms.push_back(std::move(evaluated));
    bound.specified.push_back(term);
  }
  return bound;
}

BoundTerms bound_terms(const std::vector<spec::Term>& terms, const ParsedOptions& options,
                       std::uint64_t seed) {
  const auto random = options.value(option::random);
  if (!random) return bind_inputs(terms, options);
  const Regime regime = regime_of(options);
  BoundTerms bound = bind_random(terms, generation::parse_shape(*random), 0, regime, seed);
  spec::check_flags(bound.specified, options.loss_arguments());
  return bound;
}

std::vector<GivenGradient> given_gradients(const ParsedOptions& options,
                                           const std::vector<DifferentiableInput>& inputs) {
  std::vector<GivenGradient> gradients;
  for (const std::string& word : options.values(option::grad)) {
    const std::size_t equals = word.find('=');
    const auto named =
        std::ranges::find(inputs, equals == std::string::npos ? "" : word.substr(0, equals),
                          &DifferentiableInput::name);
    if (named != inputs.end()) {
      gradients.push_back(taken_gradient(io::read_array(word.substr(equals + 1), {}), *named));
      continue;
    }
    const io::Format* const format = io::format_of_file(word);
    const bool is_archive = format != nullptr && format->is_archive;
    if (!is_archive && inputs.size() == 1) {
      gradients.push_back(taken_gradient(io::read_array(word, {}), inputs.front()));
      continue;
    }
    if (!is_archive) {
      std::vector<std::string> names;
      names.reserve(inputs.size());
      for (const DifferentiableInput& input : inputs) names.push_back(input.name);
      throw Error(ErrorCode::bad_value,
                  "--grad " + word +
                      ": which input does it belong to? The loss has gradients with respect to " +
                      text::joined(names),
                  {}, "type --grad NAME=" + word + ", or give a .npz with all of them by name");
    }
    const std::unique_ptr<io::Container> archive = io::open_container(word, {});
    const std::vector<std::string> names = archive->names();
    for (const DifferentiableInput& input : inputs) {
      if (std::ranges::find(names, input.name) != names.end())
        gradients.push_back(taken_gradient(archive->array(input.name), input));
    }
    if (gradients.empty()) archive->array(inputs.front().name);  // throws, and lists the names
  }
  return gradients;
}

process::Arrays program_inputs(const ParsedOptions& options,
                               const std::optional<BoundTerms>& bound) {
  process::Arrays inputs;
  if (bound) {
    for (const auto& [use, names] : bound->names) {
      for (std::size_t i = 0; i < names.size(); ++i)
        inputs[names[i]] = array_of(bound->terms[use.first].inputs.at(use.second)[i]);
    }
    return inputs;
  }
  std::vector<std::string> class_names;
  if (const auto classes = options.value(option::classes)) class_names = class_list(*classes);
  Sources sources(options, {});
  for (const std::string& name : sources.names()) {
    const io::Array array = io::concatenated(sources.named(name, class_names));
    const bool is_text = array.type() == io::ElementType::text;
    inputs[name] = array_of(is_text ? class_indices(array, class_names) : array);
  }
  if (!inputs.empty()) return inputs;
  throw Error(ErrorCode::missing_argument, "--exec: no inputs for the program are given", {},
              "add them with -p, -t and -i NAME=FILE, or use -l LOSS --random SHAPE");
}

}  // namespace losscalc::commands
