#include "report/compute.h"
#include "report/compute_tables.h"

namespace losscalc::report {

std::string compute_csv(const Computation& computation, const ComputeFormat& format) {
  if (format.per_sample) return csv(sample_table(computation, format));
  if (format.per_class) return csv(class_table(computation, format));
  if (shows_array(computation)) return csv(unit_table(computation, format));
  const Numbers number(format.digits);
  const evaluation::Report& result = computation.result;
  return csv(table_of(
      {"loss", "value", "reduction", "samples", "units", "weight"},
      {{computation.specification, number(result.value), reduction_name(computation),
        std::to_string(result.samples), std::to_string(result.units), number(result.weight)}}));
}

}  // namespace losscalc::report
