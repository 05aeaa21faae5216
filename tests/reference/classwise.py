"""Random inputs of losses over classes."""

import numpy as np

from cases import Case, describe, normal, random, uniform, weights


def softmax(z, axis):
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def predictions(rng, source, shape, axis=1):
    """Random predictions of a kind; probabilities and log-probabilities are normalised."""
    z = normal(rng, shape, 2.0)
    if source == "probs":
        return softmax(z, axis)
    return np.log(softmax(z, axis)) if source == "log-probs" else z


def index_targets(rng, shape, axis, ignore_index=None):
    classes = shape[axis]
    rest = list(shape)
    del rest[axis]
    y = rng.integers(0, classes, size=rest)
    if ignore_index is not None:
        y.flat[1::3] = ignore_index
    return y


def one_hot(y, classes, axis):
    return np.moveaxis(np.eye(classes)[y], -1, axis)


def classwise(loss, parameters, shape, kind="index", name=None):
    """A random case; which arrays it has follows from its parameters."""
    rng = random(loss, parameters, shape, kind)
    axis = parameters.get("class_axis", 1)
    source = parameters.get("from", "probs" if loss in ("cross-entropy", "focal") else "scores")
    y = index_targets(rng, shape, axis, parameters.get("ignore_index"))
    inputs = {"pred": predictions(rng, source, shape, axis), "target": y}
    if parameters.get("link") == "sigmoid" and source == "probs":
        inputs["pred"] = uniform(rng, shape, 0.02, 0.98)
    if kind == "one-hot":
        inputs["target"] = one_hot(y, shape[axis], axis)
    elif kind == "soft":
        inputs["target"] = softmax(normal(rng, shape), axis)
    elif kind == "multi-label":
        inputs["target"] = rng.integers(0, 2, size=shape).astype(float)
    if "class_weight" in parameters:
        inputs["w"] = uniform(rng, (shape[axis],), 0.2, 3.0, 3)
    if "sample_weight" in parameters:
        inputs["a"] = weights(rng, (shape[0],))
    label = name or describe(parameters, shape)
    return Case(label if kind == "index" else f"{label}, {kind} target", parameters, inputs)
