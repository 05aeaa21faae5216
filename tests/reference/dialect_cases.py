"""What both oracle scripts share: seeded data, the JSON form of a case, and the check that values are finite."""

import hashlib
import json
import math
import os

import numpy as np


def generator(text):
    """A random generator that depends on the text alone, so that adding a case changes no other."""
    digest = hashlib.sha256(text.encode()).digest()
    return np.random.RandomState(np.frombuffer(digest[:16], dtype="<u4"))


def number(value):
    if isinstance(value, (int, np.integer)):
        return int(value)
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def array(values):
    values = np.asarray(values)
    if values.size > 60:
        raise ValueError(f"array of {values.size} numbers")
    return {"shape": list(values.shape), "data": [number(v) for v in values.ravel(order="C")]}


def value_of(result):
    result = np.asarray(result)
    return number(result[()]) if result.ndim == 0 else array(result)


def check_finite(name, value):
    """A value is finite unless its case's name says NaN or infinite, and then it is not."""
    values = np.asarray(value, dtype=float)
    promised = "NaN" in name or "infinite" in name
    if promised == bool(np.all(np.isfinite(values))):
        raise AssertionError(f"{name}: value {value}")


def case_name(call, variant):
    return f"{call} [{variant}]" if variant else call


def combinations(loss, space, count):
    """Calls' argument texts: count draws over a loss's parameters, draw i depending on the loss and i only."""
    drawn = []
    for i in range(count):
        rng = generator(f"{loss} combination {i}")
        parts = []
        for parameter, choices in space.items():
            if rng.rand() < 0.7:
                parts.append(f"{parameter}={choices[rng.randint(len(choices))]}")
        text = ", ".join(parts)
        if text not in drawn:
            drawn.append(text)
    return drawn


def write(path, library, source, cases):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    head = f'{{"library": {json.dumps(library)}, "source": {json.dumps(source)}, "cases": [\n'
    with open(path, "w") as out:
        out.write(head + lines + "\n]}\n")


def report(cases, loss_of):
    counts = {}
    for case in cases:
        counts[loss_of(case)] = counts.get(loss_of(case), 0) + 1
    for loss, count in counts.items():
        print(f"{count:4d} {loss}")
    print(f"{len(cases):4d} in all")
