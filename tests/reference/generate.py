"""Writes data/<loss>.json: reference values and gradients for every loss of losscalc.

    /usr/bin/python3 generate.py            write the files
    /usr/bin/python3 generate.py --check    write nothing; compare with the files, and every
                                            gradient with automatic differentiation

Both stop at the first number that a library, a witness or a check contradicts. See README.md.
"""

import argparse
import json
import math
import pathlib
import sys

import numpy as np
import sklearn
import torch

import batches
import class_rows
import classification_cases
import detection
import distributions
import metric_learning
import pairs
import regression
import regularization
import relative_errors
import segmentation
import sequences
import signs_and_labels
from arithmetic import Float64, exact_value_and_gradient, float64_value_and_gradient
from cases import specification

MODULES = (classification_cases, regression, relative_errors, distributions, signs_and_labels,
           segmentation, detection, metric_learning, regularization, class_rows, pairs,
           batches, sequences)
DATA = pathlib.Path(__file__).parent / "data"
COMPARED = f"PyTorch {torch.__version__} and scikit-learn {sklearn.__version__}"


def number(value):
    if isinstance(value, (int, np.integer)):
        return int(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(value)


def array(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "data": [number(v) for v in values.ravel().tolist()]}


def require(condition, loss, case, message):
    if not condition:
        sys.exit(f"{loss}: {case.name} [{specification(loss, case.parameters)}]: {message}")


def close(actual, expected, relative, absolute):
    """Both not finite in the same way, or within relative*|expected| + absolute*max(1, scale)."""
    actual, expected = np.asarray(actual, float), np.asarray(expected, float)
    if actual.shape != expected.shape:
        return False
    finite = np.isfinite(expected)
    if not np.array_equal(actual[~finite], expected[~finite], equal_nan=True):
        return False
    actual, expected = actual[finite], expected[finite]
    scale = max(1.0, np.abs(expected).max(initial=0.0))
    return bool(np.all(np.abs(actual - expected) <= relative * np.abs(expected) + absolute * scale))


def differentiated(reference, case):
    """The names of the inputs that the value is differentiated by."""
    return case.parameters.get("params", reference.wrt)


def library_answer(library, reference, case):
    """The library's answer, its value and its gradient; None where it has no such combination."""
    answers = []

    def call(tensors):
        answers.append(library(tensors, case.parameters))
        if answers[-1] is None:
            return torch.zeros(())
        value = answers[-1].value
        return value if isinstance(value, torch.Tensor) else torch.tensor(value)

    value, gradient = float64_value_and_gradient(call, case.inputs, differentiated(reference, case))
    return None if answers[0] is None else (answers[0], value, gradient)


def agree_with_libraries(reference, case, value, gradient):
    """Stops unless every library that offers the case gives its numbers; returns their names."""
    names = []
    for library in reference.libraries:
        answer = library_answer(library, reference, case)
        if answer is None:
            continue
        answer, library_value, library_gradient = answer
        require(close(library_value, value, 1e-13, 1e-15), reference.loss, case,
                f"{answer.source} gives {library_value}, not {value}")
        if gradient is not None and answer.gradient:
            for name in differentiated(reference, case):
                require(close(library_gradient[name], gradient[name], 1e-12, 1e-15),
                        reference.loss, case,
                        f"{answer.source} gives d/d{name} {library_gradient[name]}, "
                        f"not {gradient[name]}")
        names.append(answer.source)
    return names


def check_gradient(reference, case, value, gradient):
    """Automatic differentiation of the same formula in float64 against the exact derivative."""

    def call(tensors):
        return reference.formula(Float64, tensors, case.parameters)

    automatic_value, automatic = float64_value_and_gradient(call, case.inputs,
                                                            differentiated(reference, case))
    require(close(automatic_value, value, 1e-12, 1e-14), reference.loss, case,
            f"float64 gives {automatic_value}, not {value}")
    for name in differentiated(reference, case):
        if gradient is not None:
            require(close(automatic[name], gradient[name], 1e-10, 1e-12), reference.loss, case,
                    f"automatic differentiation by {name} gives {automatic[name]}, "
                    f"not {gradient[name]}")


def evaluate(reference, case, check):
    """The entry of the file for one case."""
    inputs = {k: v if np.issubdtype(v.dtype, np.integer) else v.astype(np.float64)
              for k, v in case.inputs.items()}
    case.inputs = inputs
    value, gradient = exact_value_and_gradient(
        reference.formula, inputs, case.parameters, differentiated(reference, case))
    if case.witness is not None:
        require(close(value.ravel(), [case.witness], 5e-12, 0.0), reference.loss, case,
                f"witness {case.witness}, got {value}")
    names = agree_with_libraries(reference, case, value, gradient)
    if check:
        check_gradient(reference, case, value, gradient)
    entry = {"name": case.name, "spec": specification(reference.loss, case.parameters)}
    if names:
        entry["agrees_with"] = names
    entry["inputs"] = {k: array(v) for k, v in inputs.items()}
    entry["value"] = number(value.item()) if value.ndim == 0 else array(value)
    if gradient is not None:
        entry["gradient"] = {k: array(v) for k, v in gradient.items()}
    return entry


def document(reference, check):
    cases = [evaluate(reference, case, check) for case in reference.cases]
    names = [case["name"] for case in cases]
    duplicates = sorted({n for n in names if names.count(n) > 1})
    if duplicates:
        sys.exit(f"{reference.loss}: two cases are called {duplicates}")
    source = f"{reference.source}; evaluated with mpmath and rounded to double"
    if reference.libraries:
        source += f"; cases with agrees_with were compared with {COMPARED}, float64"
    return {"loss": reference.loss, "source": source, "cases": cases}


def text(content):
    """JSON with one line per field of a case."""
    lines = []
    for case in content["cases"]:
        fields = [f"   {json.dumps(k)}: {json.dumps(v, allow_nan=False)}" for k, v in case.items()]
        lines.append("  {\n" + ",\n".join(fields) + "\n  }")
    head = "".join(f" {json.dumps(k)}: {json.dumps(content[k])},\n" for k in ("loss", "source"))
    return "{\n" + head + ' "cases": [\n' + ",\n".join(lines) + "\n ]\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, verify everything")
    parser.add_argument("losses", nargs="*", help="only these (default: all)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    DATA.mkdir(exist_ok=True)
    for module in MODULES:
        for reference in module.references():
            if options.losses and reference.loss not in options.losses:
                continue
            content = document(reference, options.check)
            path = DATA / f"{reference.loss}.json"
            written = text(content)
            if not options.check:
                path.write_text(written, encoding="ascii")
            elif json.loads(path.read_text(encoding="ascii"))["cases"] != content["cases"]:
                sys.exit(f"{path} is not what this program writes")
            kinks = sum("gradient" not in case for case in content["cases"])
            agreed = sum("agrees_with" in case for case in content["cases"])
            print(f"{reference.loss}: {len(content['cases'])} cases, {agreed} computed by a "
                  f"library too, {kinks} at a kink, {len(written) // 1024} KiB")


if __name__ == "__main__":
    main()
