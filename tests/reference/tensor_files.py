"""Writes tensors/: files by torch.save in both of its forms, and safetensors, with what they hold.

    /usr/bin/python3 tensor_files.py

expected.json lists every array that the files hold: its file, the fragment that names it, type, shape and data in C order.
refused.json lists files that hold something else, with what an error must name. safetensors has no package in Debian 12:
these files are written from the published layout (github.com/huggingface/safetensors, "Format").
"""

import collections
import io
import json
import pathlib
import struct
import zipfile

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).parent / "tensors"
EXPECTED = []
REFUSED = []


def note(file, fragment, array, kind=None):
    if isinstance(array, torch.Tensor):
        kind = str(array.dtype).removeprefix("torch.")
        array = array.detach().double() if array.dtype == torch.bfloat16 else array.detach()
    array = np.asarray(array)
    EXPECTED.append({"file": file, "fragment": fragment, "type": kind or str(array.dtype), "shape": list(array.shape),
                     "data": array.ravel().tolist()})


PRED = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.25, 0.25, 0.5], [0.2, 0.7, 0.1]], dtype=torch.float64)
TARGET = torch.tensor([0, 1, 2, 0])
WIDE = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
NUMBERS = torch.tensor([[1, -2, 3], [4, 5, -6]])
TYPES = (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8)


def tensors():
    """Tensors as programs have them, by name."""
    arrays = {"pred": PRED, "target": TARGET}
    arrays |= {str(dtype).removeprefix("torch."): NUMBERS.to(dtype) for dtype in TYPES}
    arrays |= {
        "uint8": torch.tensor([0, 127, 255], dtype=torch.uint8),
        "bool": torch.tensor([[True, False], [False, True]]),
        "transposed": WIDE.t(),
        "strided": WIDE[1:, ::2],
        "column": WIDE[:, 4],
        "row": WIDE[3],
        "expanded": torch.tensor([[0.5], [1.5]]).expand(2, 3),
        "scalar": torch.tensor(2.75),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(torch.tensor([0.5, -0.5])),
        "requires_grad": torch.tensor([1.25], requires_grad=True),
    }
    return arrays


def others():
    """Python's and NumPy's own numbers, with their types."""
    return {
        "integer": (3, "int64"), "negative": (-70000, "int64"), "large": (2**40, "int64"), "real": (1.5, "float64"),
        "flag": (True, "int64"), "integers": ([1, 2, 3], "int64"), "reals": ([[1.5, 2], [3, -4.25]], "float64"),
        "tuple": ((1, 2), "int64"), "size": (torch.Size([2, 5]), "int64"), "words": (["cat", "dog"], "text"),
        "ndarray": (np.array([[1.5, -2.5], [200.25, 4]]), "float64"), "int16_ndarray": (np.array([1, -2], dtype="int16"), "int16"),
        "fortran": (np.asfortranarray(np.arange(6, dtype="float32").reshape(2, 3)), "float32"),
        "big_endian": (np.array([1.5, 258], dtype=">f8"), "float64"), "numpy_scalar": (np.float64(0.125), "float64"),
        "empty_ndarray": (np.zeros((0, 2)), "float64"),
    }


def save(content, file, **options):
    torch.save(content, FOLDER / file, **options)


def torch_files():
    content = tensors()
    content |= {name: value for name, (value, _) in others().items()}
    nested = {"outputs": {"logits": WIDE, "a/b~c": torch.tensor([7.0])}, "list": [torch.tensor([1.0]), PRED], 5: TARGET,
              "ordered": collections.OrderedDict(x=torch.tensor([8, 9])), "none": None, "name": "a model"}
    for file, options in (("zip.pt", {}), ("legacy.pt", {"_use_new_zipfile_serialization": False}),
                          ("protocol4.pt", {"pickle_protocol": 4}),
                          ("legacy4.pt", {"pickle_protocol": 4, "_use_new_zipfile_serialization": False})):
        save(content | nested, file, **options)
        for name, tensor in tensors().items():
            note(file, name, tensor)
        for name, (value, kind) in others().items():
            note(file, name, value, kind)
        note(file, "/outputs/logits", WIDE)
        note(file, "/outputs/a~1b~0c", torch.tensor([7.0]))
        note(file, "/list/1", PRED)
        note(file, "5", TARGET)
        note(file, "/ordered/x", torch.tensor([8, 9]))
        note(file, "strided&col=2", WIDE[1:, 2])
    for file, options in (("single.pt", {}), ("single-legacy.pt", {"_use_new_zipfile_serialization": False})):
        save(PRED, file, **options)
        note(file, "", PRED)
    save({"logits": WIDE, "epoch": 3}, "one.pt")
    note("one.pt", "", WIDE)
    save((PRED, TARGET), "tuple.pt")
    note("tuple.pt", "/0", PRED)
    note("tuple.pt", "1", TARGET)
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 2)
    for file, options in (("state.pth", {}), ("state-legacy.pth", {"_use_new_zipfile_serialization": False})):
        save(layer.state_dict(), file, **options)
        note(file, "weight", layer.weight)
        note(file, "/bias", layer.bias)
    checkpoint = {"epoch": 2, "state_dict": layer.state_dict(), "optimizer": torch.optim.SGD(layer.parameters(), lr=0.1).state_dict()}
    save(checkpoint, "checkpoint.ckpt")
    note("checkpoint.ckpt", "/state_dict/weight", layer.weight)
    note("checkpoint.ckpt", "/optimizer/param_groups/0/lr", 0.1, "float64")
    save(PRED, "big-endian.pt")
    big_endian("big-endian.pt", PRED.numpy())
    note("big-endian.pt", "", PRED)
    pred = PRED.clone().requires_grad_()
    torch.nn.functional.nll_loss(pred.log(), TARGET).backward()
    save(pred.grad.to(torch.bfloat16), "gradient.pt")
    note("gradient.pt", "", pred.grad.to(torch.bfloat16))
    for name, array in (("pred", PRED), ("target", TARGET), ("weight", layer.weight.detach())):
        np.save(FOLDER / f"{name}.npy", array.numpy())


def big_endian(file, array):
    """The file as a machine of the other byte order writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(FOLDER / file) as archive, zipfile.ZipFile(out, "w") as copy:
        folder = archive.namelist()[0].split("/")[0]
        copy.writestr(zipfile.ZipInfo(f"{folder}/data.pkl"), archive.read(f"{folder}/data.pkl"))
        copy.writestr(zipfile.ZipInfo(f"{folder}/byteorder"), "big")
        copy.writestr(zipfile.ZipInfo(f"{folder}/data/0"), array.astype(">f8").tobytes())
    (FOLDER / file).write_bytes(out.getvalue())


def refused_files():
    def refuse(content, file, names):
        save(content, file)
        REFUSED.append({"file": file, "names": names})

    layer = torch.nn.Linear(1, 1)
    refuse(layer, "module.pt", "torch.nn.modules.linear.Linear")
    refuse(torch.eye(2).to_sparse(), "sparse.pt", "_rebuild_sparse_tensor")
    refuse(torch.quantize_per_tensor(torch.eye(2), 0.1, 0, torch.qint8), "quantized.pt", "_rebuild_qtensor")
    refuse(torch.tensor([1j]), "complex.pt", "torch.ComplexFloatStorage")
    refuse({"when": {1, 2}}, "set.pt", "__builtin__.set")
    refuse({"f": print, "pred": PRED}, "function.pt", "__builtin__.print")
    refuse({"a": np.array(["x", "y"]), "pred": PRED}, "text.pt", "'U1'")
    refuse({"a": np.array([None])}, "objects.pt", "Python objects")
    torch.jit.save(torch.jit.script(layer), FOLDER / "script.pt")
    REFUSED.append({"file": "script.pt", "names": "TorchScript"})


SAFETENSORS_TYPES = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64", "int32": "I32",
                     "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL"}


def safetensors(file, arrays):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in arrays.items():
        tensor = tensor.detach().contiguous()
        raw = (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()
        header[name] = {"dtype": SAFETENSORS_TYPES[str(tensor.dtype).removeprefix("torch.")], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
        note(file, name, tensor)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / file).write_bytes(struct.pack("<Q", len(text)) + text + data)


def safetensors_files():
    arrays = tensors()
    arrays["bool"] = arrays["bool"].clone()
    safetensors("all.safetensors", arrays)
    safetensors("single.safetensors", {"logits": WIDE})
    note("single.safetensors", "", WIDE)
    note("single.safetensors", "logits&col=2-3", WIDE[:, 1:3])


def main():
    FOLDER.mkdir(exist_ok=True)
    torch_files()
    refused_files()
    safetensors_files()
    for name, rows in (("expected", EXPECTED), ("refused", REFUSED)):
        lines = ",\n".join(json.dumps(row) for row in rows)
        (FOLDER / f"{name}.json").write_text(f"[{lines}]\n")


main()
