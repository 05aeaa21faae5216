"""What a reference case is, and the reductions and weights that all domains share."""

import math
import zlib
from dataclasses import dataclass, field
from typing import Callable

import numpy as np

#: Parameters that name an array among the inputs.
ROLES = ("class_weight", "sample_weight", "element_weight", "pos_weight")


@dataclass
class Case:
    """One evaluation: `parameters` is both the specification's text and the formula's argument."""

    name: str
    parameters: dict
    inputs: dict
    witness: float | None = None  # a 12-digit number of CONVENTIONS.md, section 4, to be met


@dataclass
class Answer:
    """What a library says: a tensor under autograd, or a number without a gradient."""

    source: str
    value: object
    gradient: bool = True


@dataclass
class Reference:
    """A loss: its formula, the libraries that also compute it, and its cases.

    A library is a function of (inputs, parameters) that returns an Answer, or None where it does
    not offer that combination.
    """

    loss: str
    source: str
    formula: Callable
    cases: list
    wrt: tuple = ("pred",)
    libraries: list = field(default_factory=list)


def random(*key):
    """A generator that depends on the key alone, so that adding a case changes no other."""
    return np.random.default_rng(zlib.crc32("/".join(str(k) for k in key).encode()))


def normal(rng, shape, scale=1.0):
    """Normal deviates times `scale`, to six decimals and more if the scale is below 1."""
    digits = 6 + max(0, math.ceil(-math.log10(scale)))
    return np.round(rng.normal(size=shape) * scale, digits)


def uniform(rng, shape, low=0.0, high=1.0, digits=6):
    return np.round(rng.uniform(low, high, size=shape), digits)


def weights(rng, shape):
    """Positive weights with one zero if there are more than three."""
    out = uniform(rng, shape, 0.2, 3.0, 3)
    if out.size > 3:
        out.flat[1] = 0.0
    return out


def specification(loss, parameters):
    """The case in the language of losscalc: name(key=value, ...)."""
    return f"{loss}({', '.join(f'{k}={literal(v)}' for k, v in parameters.items())})"


def literal(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(literal(v) for v in value) + "]"
    return value if isinstance(value, str) else repr(value)


def describe(parameters, shape):
    """A name for a case made in a loop: its settings and its shape."""
    parts = [k if k in ROLES else f"{k} {literal(v)}" for k, v in parameters.items()]
    return ", ".join([*parts, "[" + ",".join(map(str, shape)) + "]"])


def given(name, parameters, witness=None, **inputs):
    return Case(name, parameters, {k: np.asarray(v) for k, v in inputs.items()}, witness)


def array_of(inputs, parameters, role):
    """The array that the parameter names, or None."""
    return inputs[parameters[role]] if role in parameters else None


def per_sample(values, ndim):
    """[N] as [N,1,...] with `ndim` axes."""
    return values.reshape((values.shape[0],) + (1,) * (ndim - 1))


def reduce(xp, weighted, weight, kept, reduction, first_axis):
    """`weighted` = w_u l_u; `weight` = w_u, 0 where ignored; `kept` = number of units kept."""
    if reduction == "none":
        return weighted
    total = xp.sum(weighted)
    if reduction == "sum":
        return total
    if reduction == "mean":
        return total / xp.sum(weight)
    if reduction == "count-mean":
        return total / kept
    if reduction == "batchmean":
        return total / first_axis
    raise ValueError(reduction)


def reduce_elements(xp, losses, inputs, parameters):
    """The reduction of elementwise losses: sample weights [N], element weights broadcast from the
    right to the losses' shape."""
    weight = xp.array(np.ones(tuple(losses.shape)))
    count = math.prod(losses.shape)
    sample = array_of(inputs, parameters, "sample_weight")
    if sample is not None:
        weight = weight * per_sample(sample, len(losses.shape))
    element = array_of(inputs, parameters, "element_weight")
    if element is not None:
        weight = weight * element
    reduction = parameters.get("reduction", "mean")
    return reduce(xp, losses * weight, weight, count, reduction, losses.shape[0])
