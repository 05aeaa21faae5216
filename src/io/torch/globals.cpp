#include "io/torch/globals.h"

#include <algorithm>
#include <array>
#include <string>

#include "text/phrases.h"

namespace losscalc::io::torch {
namespace {

constexpr std::array globals{
    Global{"torch.DoubleStorage", GlobalKind::storage, ElementType::float64},
    Global{"torch.FloatStorage", GlobalKind::storage, ElementType::float32},
    Global{"torch.HalfStorage", GlobalKind::storage, ElementType::float16},
    Global{"torch.BFloat16Storage", GlobalKind::storage, ElementType::bfloat16},
    Global{"torch.LongStorage", GlobalKind::storage, ElementType::int64},
    Global{"torch.IntStorage", GlobalKind::storage, ElementType::int32},
    Global{"torch.ShortStorage", GlobalKind::storage, ElementType::int16},
    Global{"torch.CharStorage", GlobalKind::storage, ElementType::int8},
    Global{"torch.ByteStorage", GlobalKind::storage, ElementType::uint8},
    Global{"torch.BoolStorage", GlobalKind::storage, ElementType::boolean},
    Global{"torch.UntypedStorage", GlobalKind::untyped_storage, ElementType::uint8},
    Global{"torch.storage.UntypedStorage", GlobalKind::untyped_storage, ElementType::uint8},
    Global{"torch.storage._UntypedStorage", GlobalKind::untyped_storage, ElementType::uint8},
    Global{"torch.float64", GlobalKind::dtype, ElementType::float64},
    Global{"torch.float32", GlobalKind::dtype, ElementType::float32},
    Global{"torch.float16", GlobalKind::dtype, ElementType::float16},
    Global{"torch.bfloat16", GlobalKind::dtype, ElementType::bfloat16},
    Global{"torch.int64", GlobalKind::dtype, ElementType::int64},
    Global{"torch.int32", GlobalKind::dtype, ElementType::int32},
    Global{"torch.int16", GlobalKind::dtype, ElementType::int16},
    Global{"torch.int8", GlobalKind::dtype, ElementType::int8},
    Global{"torch.uint64", GlobalKind::dtype, ElementType::uint64},
    Global{"torch.uint32", GlobalKind::dtype, ElementType::uint32},
    Global{"torch.uint16", GlobalKind::dtype, ElementType::uint16},
    Global{"torch.uint8", GlobalKind::dtype, ElementType::uint8},
    Global{"torch.bool", GlobalKind::dtype, ElementType::boolean},
    Global{"torch.Tensor", GlobalKind::tensor_class},
    Global{"torch.nn.parameter.Parameter", GlobalKind::tensor_class},
    Global{"torch._utils._rebuild_tensor", GlobalKind::rebuild_tensor},
    Global{"torch._utils._rebuild_tensor_v2", GlobalKind::rebuild_tensor},
    Global{"torch._utils._rebuild_tensor_v3", GlobalKind::rebuild_typed},
    Global{"torch._utils._rebuild_parameter", GlobalKind::rebuild_wrapped},
    Global{"torch._utils._rebuild_parameter_with_state", GlobalKind::rebuild_wrapped},
    Global{"torch._tensor._rebuild_from_type_v2", GlobalKind::rebuild_subclass},
    Global{"torch.Size", GlobalKind::size},
    Global{"torch.device", GlobalKind::device},
    Global{"collections.OrderedDict", GlobalKind::ordered_dict},
    Global{"_codecs.encode", GlobalKind::encode},
    Global{"__builtin__.bytes", GlobalKind::bytes},
    Global{"builtins.bytes", GlobalKind::bytes},
    Global{"numpy.core.multiarray._reconstruct", GlobalKind::numpy_reconstruct},
    Global{"numpy._core.multiarray._reconstruct", GlobalKind::numpy_reconstruct},
    Global{"numpy.core.multiarray.scalar", GlobalKind::numpy_scalar},
    Global{"numpy._core.multiarray.scalar", GlobalKind::numpy_scalar},
    Global{"numpy.ndarray", GlobalKind::numpy_class},
    Global{"numpy.dtype", GlobalKind::numpy_dtype},
};

/// What people save that holds numbers in another form, by what its name contains.
struct Refusal {
  std::string_view part;
  std::string_view what;
  std::string_view hint;
};
constexpr std::array refusals{
    Refusal{"_rebuild_qtensor", "a quantized tensor",
            "save its numbers: torch.save(tensor.dequantize(), 'x.pt')"},
    Refusal{"torch.Q", "a quantized tensor",
            "save its numbers: torch.save(tensor.dequantize(), 'x.pt')"},
    Refusal{"_rebuild_sparse", "a sparse tensor",
            "save it as a dense one: torch.save(tensor.to_dense(), 'x.pt')"},
    Refusal{"_rebuild_nested_tensor", "a nested tensor",
            "save it as a padded one: torch.save(tensor.to_padded_tensor(0.0), 'x.pt')"},
    Refusal{"_rebuild_meta_tensor", "a tensor without numbers, of the device meta",
            "save it from a device that holds its numbers"},
    Refusal{"torch.Complex", "a tensor of complex numbers",
            "save its parts: torch.save({'real': tensor.real, 'imag': tensor.imag}, 'x.pt')"},
    Refusal{"torch.complex", "a tensor of complex numbers",
            "save its parts: torch.save({'real': tensor.real, 'imag': tensor.imag}, 'x.pt')"},
    Refusal{"torch.float8", "a tensor of 8-bit floats",
            "save wider numbers: torch.save(tensor.float(), 'x.pt')"},
    Refusal{"torch.nn.modules", "a whole module",
            "save its tensors: torch.save(model.state_dict(), 'x.pt')"},
    Refusal{"__main__.", "a Python object of the program that saved it",
            "save its tensors: torch.save(model.state_dict(), 'x.pt') of a module, or "
            "torch.save({'pred': pred, 'target': target}, 'x.pt')"},
};

}  // namespace

const Global& global_named(std::string_view name, const Place& place) {
  const auto found = std::ranges::find(globals, name, &Global::name);
  if (found != globals.end()) return *found;
  const auto refusal = std::ranges::find_if(refusals, [name](const Refusal& row) {
    return name.find(row.part) != std::string_view::npos;
  });
  const bool is_known = refusal != refusals.end();
  throw Error(ErrorCode::unsupported_type,
              "the file holds " + std::string(is_known ? refusal->what : "a Python object") + " (" +
                  text::quoted(name) + "), expected tensors, numbers, lists and dictionaries",
              place,
              std::string(is_known ? refusal->hint
                                   : "save the tensors alone: torch.save({'pred': pred, 'target': "
                                     "target}, 'x.pt')"));
}

}  // namespace losscalc::io::torch
