/// The driver of region losses: units are maps, reduced to sums of products, predictions and
/// targets.

#include <algorithm>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/domains/position_driver.h"
#include "evaluation/domains/region_axes.h"
#include "evaluation/inputs/class_targets.h"
#include "evaluation/inputs/predictions.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {
namespace {

/// Where each sample has maps of its own: as many as have room in a processor core's caches.
constexpr std::size_t max_maps_per_chunk = std::size_t{1} << 13U;

/// Which map a sample's class belongs to, and back.
class MapNumbering {
 public:
  MapNumbering(RegionOver over, std::size_t samples, std::size_t classes, bool drop_background)
      : over_(over),
        samples_(samples),
        first_class_(drop_background ? 1 : 0),
        classes_(classes - first_class_) {}

  bool by_sample() const { return over_ == RegionOver::per_class || over_ == RegionOver::image; }
  bool by_class() const { return over_ == RegionOver::per_class || over_ == RegionOver::batch; }
  std::size_t first_class() const { return first_class_; }
  std::size_t last_class() const { return first_class_ + classes_; }

  std::size_t count() const { return (by_sample() ? samples_ : 1) * (by_class() ? classes_ : 1); }
  std::size_t map(std::size_t sample, std::size_t class_index) const {
    return (by_sample() ? sample : 0) * (by_class() ? classes_ : 1) +
           (by_class() ? class_index - first_class_ : 0);
  }
  std::size_t sample_of(std::size_t map) const {
    return by_sample() ? map / (by_class() ? classes_ : 1) : 0;
  }
  std::size_t class_of(std::size_t map) const {
    return by_class() ? first_class_ + map % classes_ : 0;
  }

  /// How many maps a sample has, where maps are numbered by sample.
  std::size_t per_sample_count() const { return by_class() ? classes_ : 1; }

  Shape shape() const {
    Shape shape;
    if (by_sample()) shape.push_back(samples_);
    if (by_class()) shape.push_back(classes_);
    return shape;
  }

  /// The same with a map for each sample alone.
  MapNumbering per_sample() const {
    MapNumbering numbering = *this;
    numbering.over_ = by_class() ? RegionOver::per_class : RegionOver::image;
    return numbering;
  }

 private:
  RegionOver over_;
  std::size_t samples_;
  std::size_t first_class_;
  std::size_t classes_;
};

struct Workspace {
  explicit Workspace(BlockShape shape)
      : p(shape.size()), slope(shape.size()), square(shape.stride) {}

  AlignedVector p;  ///< probabilities
  AlignedVector slope;
  AlignedVector square;
  std::vector<double> scratch;
  TargetBlock targets;
};

class RegionDriver final : public PositionDriver {
 public:
  RegionDriver(const Term& term, std::size_t max_positions)
      : kernels_(term.loss->kernels(term.parameters)),
        conventions_(term.conventions),
        predictions_(*term.loss, required_input(term, "pred"), conventions_, max_positions),
        layout_(predictions_.layout()),
        shape_(predictions_.block_shape()),
        targets_(layout_, predictions_.data(), required_input(term, "target"), conventions_,
                 SingleClass::mask),
        sample_weights_(term, {layout_.samples}),
        class_weights_(class_weights(term, layout_.classes)),
        class_weighted_(optional_input(term, "class_weight") != nullptr),
        numbering_(region_over(conventions_, predictions_.data()), layout_.samples, layout_.classes,
                   drops_background()) {
    check_weights(std::string(term.loss->description.name));
  }

  std::size_t samples() const override { return layout_.samples; }
  std::size_t items() const override { return layout_.positions(); }
  std::size_t items_per_chunk() const override {
    std::size_t blocks = class_values_per_chunk / shape_.size();
    if (numbering_.by_sample()) {
      const std::size_t samples =
          max_maps_per_chunk / std::max<std::size_t>(numbering_.per_sample_count(), 1);
      blocks = std::min(blocks, samples * layout_.positions_per_sample() / shape_.stride);
    }
    return std::max(blocks, std::size_t{1}) * shape_.stride;
  }
  std::size_t items_per_block() const override { return shape_.stride; }
  Shape unit_shape() const override { return numbering_.shape(); }

  void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                  Partial& partial) const override {
    Workspace work(shape_);
    partial.target_counts.resize(layout_.classes);
    if (tables.by_class) require_classes(partial);
    const bool sample_maps = tables.by_sample && !numbering_.by_sample();
    for (; first < last; first += shape_.stride) {
      const std::size_t count = std::min(shape_.stride, last - first);
      load(first, count, work, partial.issues);
      count_targets(count, work, partial);
      add_maps(first, count, numbering_, work, partial.maps);
      if (sample_maps) add_maps(first, count, numbering_.per_sample(), work, partial.sample_maps);
    }
  }

  void reduce_finished_samples(std::size_t last, const PassOutputs& tables,
                               Partial& partial) const override {
    const std::size_t sample = last / layout_.positions_per_sample();
    if (numbering_.by_sample()) {
      const std::size_t end = std::min(sample * numbering_.per_sample_count(), partial.maps.last());
      add_units(end, tables, partial);
      partial.maps.drop_before(end);
    } else {
      const MapNumbering numbering = numbering_.per_sample();
      const std::size_t end =
          std::min(sample * numbering.per_sample_count(), partial.sample_maps.last());
      add_sample_units(end, numbering, partial.sample_maps, partial);
      partial.sample_maps.drop_before(end);
    }
  }

  void finish(const PassOutputs& tables, Partial& partial) const override {
    if (layout_.samples == 0) return;
    if (!numbering_.by_sample()) partial.maps.at(numbering_.count() - 1);
    add_units(partial.maps.last(), tables, partial);
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    const std::span<double> out = pass.buffer("pred", 0);
    if (out.empty()) return;
    Workspace work(shape_);
    DataIssues ignored;
    for (; first < last; first += shape_.stride) {
      const std::size_t count = std::min(shape_.stride, last - first);
      load(first, count, work, ignored);
      if (conventions_.from == From::logits) {
        for (double& p : work.p) p *= 1.0 - pass.rounding;
      }
      std::ranges::fill(work.slope, 0.0);
      differentiate(first, count, pass, work);
      predictions_.from_probabilities(work.p, work.slope);
      scatter_add(layout_, work.slope, first, count, shape_.stride, out);
    }
  }

  Interior interior(std::string_view /*role*/, std::size_t /*position*/,
                    std::size_t /*entry*/) const override {
    return conventions_.from == From::probs ? Interior{0.0, 1.0} : predictions_.interior();
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    Workspace work(shape_);
    DataIssues ignored;
    load(item, 1, work, ignored);
    if (work.targets.ignored[0] != 0) return 0.0;
    const bool squared = conventions_.cardinality == Cardinality::squared;
    const std::size_t sample = item / layout_.positions_per_sample();
    double sum = 0.0;
    for (std::size_t c = numbering_.first_class(); c < numbering_.last_class(); ++c) {
      const Overlap<double> slope =
          map_slope(sums_of_map(numbering_.map(sample, c), pass), sample, c, pass);
      const double p = work.p[c * shape_.stride];
      sum += slope.intersection * p * work.targets.distribution[c * shape_.stride] +
             slope.prediction * (squared ? p * p : p);
    }
    return sum;
  }

  void raise(const DataIssues& issues) const override {
    predictions_.raise(issues);
    targets_.raise(issues);
  }

  void warn(const Partial& partial, std::vector<Warning>& warnings) const override {
    predictions_.warn(partial.issues, warnings);
    if (!predictions_.is_sigmoid()) targets_.warn(partial.issues, warnings);
    warn_of_classes(partial.target_counts, class_weights_, class_weighted_, warnings);
  }

 protected:
  const ClassLayout& layout() const override { return layout_; }

 private:
  /// A map's loss and weight; `counts` is false where it is no unit at all.
  struct Unit {
    double loss = 0.0;
    double weight = 0.0;
    bool counts = false;
  };

  bool drops_background() const {
    if (conventions_.background == Background::keep) return false;
    if (layout_.classes > 1) return true;
    throw Error(ErrorCode::bad_value, "background=drop leaves no class: pred has one",
                predictions_.data().whole);
  }

  void check_weights(const std::string& loss_name) const {
    if (sample_weights_.given() && !numbering_.by_sample()) {
      throw Error(
          ErrorCode::not_supported,
          loss_name + ": sample_weight needs a map for each sample: region=class or region=image");
    }
    if (class_weighted_ && !numbering_.by_class()) {
      throw Error(
          ErrorCode::not_supported,
          loss_name + ": class_weight needs a map for each class: region=class or region=batch");
    }
  }

  void require_classes(Partial& partial) const {
    if (!numbering_.by_class()) {
      throw Error(ErrorCode::not_supported,
                  "--per-class needs a map for each class: region=class or region=batch");
    }
    partial.by_class.resize(layout_.classes);
  }

  void load(std::size_t first, std::size_t count, Workspace& work, DataIssues& issues) const {
    predictions_.read(first, count, work.p, issues, work.scratch);
    predictions_.to_probabilities(work.p);
    targets_.read(first, count, shape_.stride, work.targets, issues, work.scratch);
    targets_.expand(count, shape_.stride, work.targets);
  }

  void count_targets(std::size_t count, const Workspace& work, Partial& partial) const {
    for (std::size_t j = 0; j < count; ++j) {
      if (work.targets.ignored[j] == 0) ++partial.target_counts[work.targets.classes[j]];
    }
  }

  /// Visits the runs of a block that belong to one sample: visit(sample, offset, length).
  template <class Visit>
  void for_each_sample(std::size_t first, std::size_t count, Visit visit) const {
    const std::size_t per_sample = layout_.positions_per_sample();
    for (std::size_t done = 0; done < count;) {
      const std::size_t sample = (first + done) / per_sample;
      const std::size_t run = std::min(count - done, (sample + 1) * per_sample - first - done);
      visit(sample, done, run);
      done += run;
    }
  }

  void add_maps(std::size_t first, std::size_t count, const MapNumbering& numbering,
                Workspace& work, MapRange& maps) const {
    for_each_sample(first, count, [&](std::size_t sample, std::size_t offset, std::size_t run) {
      for (std::size_t c = numbering.first_class(); c < numbering.last_class(); ++c) {
        add_run(c, offset, run, work, maps.at(numbering.map(sample, c)));
      }
    });
  }

  void add_run(std::size_t c, std::size_t offset, std::size_t run, Workspace& work,
               MapSums& sums) const {
    const std::size_t at = c * shape_.stride + offset;
    const std::span<double> part = std::span(work.square).first(run);
    const bool squared = conventions_.cardinality == Cardinality::squared;
    const auto add = [&](ExactSum& sum, auto value) {
      for (std::size_t i = 0; i < run; ++i) {
        part[i] = work.targets.ignored[offset + i] != 0
                      ? 0.0
                      : value(work.p[at + i], work.targets.distribution[at + i]);
      }
      sum.add_blocked(part);
    };
    add(sums.intersection, [](double p, double t) { return p * t; });
    add(sums.prediction, [squared](double p, double) { return squared ? p * p : p; });
    add(sums.target, [squared](double, double t) { return squared ? t * t : t; });
    for (std::size_t i = 0; i < run; ++i)
      sums.pixels += work.targets.ignored[offset + i] == 0 ? 1U : 0U;
  }

  Unit unit_of(const MapSums& sums, std::size_t sample, std::size_t class_index) const {
    if (sums.pixels == 0) return {};
    const Overlap<double> overlap = sums.overlap();
    const bool absent = overlap.target == 0.0;
    if (absent && conventions_.absent == WhenAbsent::skip) return {};
    const double weight = (class_weighted_ ? class_weights_[class_index] : 1.0) *
                          (sample_weights_.given() ? sample_weights_.of(sample) : 1.0);
    if (absent && conventions_.absent == WhenAbsent::zero)
      return {.loss = 0.0, .weight = weight, .counts = true};
    return {.loss = kernels_.overlap->value(overlap), .weight = weight, .counts = true};
  }

  static void add_unit(const Unit& unit, UnitSums& sums) {
    if (!unit.counts) {
      ++sums.ignored;
      return;
    }
    sums.loss.add(unit.weight * unit.loss);
    sums.weight.add(unit.weight);
    ++sums.units;
  }

  /// Maps before number `end`, as units of the total and the tables.
  void add_units(std::size_t end, const PassOutputs& tables, Partial& partial) const {
    for (std::size_t map = partial.maps.first; map < end; ++map) {
      const std::size_t class_index = numbering_.class_of(map);
      const Unit unit = unit_of(partial.maps.at(map), numbering_.sample_of(map), class_index);
      add_unit(unit, partial.total);
      if (tables.by_class) add_unit(unit, partial.by_class[class_index]);
      if (!tables.losses.empty()) tables.losses[map] = unit.weight * unit.loss;
    }
    if (tables.by_sample && numbering_.by_sample())
      add_sample_units(end, numbering_, partial.maps, partial);
  }

  void add_sample_units(std::size_t end, const MapNumbering& numbering, MapRange& maps,
                        Partial& partial) const {
    for (std::size_t map = maps.first; map < end; ++map) {
      const std::size_t sample = numbering.sample_of(map);
      if (partial.by_sample.empty() || partial.by_sample.back().sample != sample)
        partial.by_sample.push_back({.sample = sample});
      add_unit(unit_of(maps.at(map), sample, numbering.class_of(map)),
               partial.by_sample.back().sums);
    }
  }

  static const MapSums& sums_of_map(std::size_t map, const GradientPass& pass) {
    return pass.totals->maps.maps[map - pass.totals->maps.first];
  }

  /// d value / d sums of one map.
  Overlap<double> map_slope(const MapSums& sums, std::size_t sample, std::size_t class_index,
                            const GradientPass& pass) const {
    const Unit unit = unit_of(sums, sample, class_index);
    const Overlap<double> overlap = sums.overlap();
    const bool constant =
        !unit.counts || (overlap.target == 0.0 && conventions_.absent != WhenAbsent::value);
    if (constant) return {};
    const Overlap<double> slope = kernels_.overlap->gradient(pass.by, overlap);
    const double factor = pass.scale * unit.weight;
    return {factor * slope.intersection, factor * slope.prediction, factor * slope.target};
  }

  void differentiate(std::size_t first, std::size_t count, const GradientPass& pass,
                     Workspace& work) const {
    const bool squared = conventions_.cardinality == Cardinality::squared;
    for_each_sample(first, count, [&](std::size_t sample, std::size_t offset, std::size_t run) {
      for (std::size_t c = numbering_.first_class(); c < numbering_.last_class(); ++c) {
        const MapSums& sums = sums_of_map(numbering_.map(sample, c), pass);
        const Overlap<double> slope = map_slope(sums, sample, c, pass);
        const std::size_t at = c * shape_.stride + offset;
        for (std::size_t i = 0; i < run; ++i) {
          if (work.targets.ignored[offset + i] != 0) continue;
          const double by_p = squared ? 2.0 * work.p[at + i] : 1.0;
          work.slope[at + i] =
              slope.intersection * work.targets.distribution[at + i] + slope.prediction * by_p;
        }
      }
    });
  }

  Kernels kernels_;
  Conventions conventions_;
  ClassPredictions predictions_;
  ClassLayout layout_;
  BlockShape shape_;
  ClassTargets targets_;
  SampleWeights sample_weights_;
  std::vector<double> class_weights_;
  bool class_weighted_;
  MapNumbering numbering_;
};

}  // namespace

std::unique_ptr<Driver> make_region_driver(const Term& term, std::size_t max_items) {
  return std::make_unique<RegionDriver>(term, max_items);
}

}  // namespace losscalc::evaluation
