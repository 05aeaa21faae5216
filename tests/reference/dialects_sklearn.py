"""Values of the losses of sklearn.metrics, written to dialects/sklearn.json.

    python3 dialects_sklearn.py

What scikit-learn 1.2.1 has is run. Two calls are of newer versions and are computed here: root_mean_squared_error (1.4
and later) by mean_squared_error(squared=False), and sklearn@1.5.metrics.log_loss by log_loss_of_1_5.
"""

import ast
import functools
import os
import types
import warnings

import numpy as np
import sklearn
import sklearn.metrics

from dialect_cases import array, case_name, check_finite, combinations, generator, report, value_of, write

warnings.simplefilter("ignore")

DATA = {"y_true", "y_pred", "y_prob", "pred_decision", "sample_weight"}
CASES = []
NAMES = set()


def log_loss_of_1_5(y_true, y_pred, *, normalize=True, sample_weight=None, labels=None):
    """scikit-learn 1.5: probabilities are clipped, and rows are not divided by their sums (y_true holds 0..C-1)."""
    p = np.asarray(y_pred, dtype=float)
    if p.ndim == 1:
        p = np.stack([1 - p, p], axis=1)
    classes = np.unique(y_true if labels is None else labels)
    assert len(classes) == p.shape[1]
    eps = np.finfo(np.float64).eps
    p = np.clip(p, eps, 1 - eps)
    losses = -np.log(p[np.arange(len(p)), np.searchsorted(classes, y_true)])
    weights = np.ones(len(losses)) if sample_weight is None else np.asarray(sample_weight)
    total = (weights * losses).sum()
    return total / weights.sum() if normalize else total


NEWER = types.SimpleNamespace(metrics=types.SimpleNamespace(
    log_loss=log_loss_of_1_5,
    root_mean_squared_error=functools.partial(sklearn.metrics.mean_squared_error, squared=False)))


def evaluate(call, inputs):
    library = sklearn
    if call.startswith("sklearn@1.5."):
        library = NEWER
    elif call.startswith("sklearn.metrics.root_mean_squared_error"):
        library = NEWER
    text = call.replace("sklearn@1.5.", "sklearn.").replace("sklearn@1.2.", "sklearn.")
    tree = ast.parse(text, mode="eval").body
    scope = {"sklearn": library, "metrics": library.metrics, **inputs}
    assert not tree.args, call
    keywords = {k.arg: eval(ast.unparse(k.value), scope) for k in tree.keywords}
    data = {k: v for k, v in inputs.items() if k in DATA}
    return eval(ast.unparse(tree.func), scope)(**data, **keywords)


def add(call, make, variant=None):
    name = case_name(call, variant)
    if name in NAMES:
        return
    NAMES.add(name)
    inputs = {k: np.asarray(v) for k, v in make(generator(name)).items()}
    result = evaluate(call, {k: v.copy() for k, v in inputs.items()})
    check_finite(name, result)
    CASES.append({"name": name, "call": call, "inputs": {k: array(v) for k, v in inputs.items()}, "value": value_of(result)})


# --- data ------------------------------------------------------------------------------------------------------------

def uniform(rng, shape, low, high):
    return np.round(rng.uniform(low, high, size=shape), 4)


def normal(rng, shape, scale=1.5):
    return np.round(rng.randn(*shape) * scale, 4)


def weighted(make):
    """As make, with sample weights."""
    def with_weights(rng):
        made = make(rng)
        return {**made, "sample_weight": uniform(rng, (len(made["y_true"]),), 0.1, 3)}
    return with_weights


def classes(rng, count, number):
    """Labels 0..number-1, each of them present."""
    return rng.permutation(np.concatenate([np.arange(number), rng.randint(0, number, size=count - number)]))


def both(call, make, variant=None):
    add(call, make, variant)
    add(call, weighted(make), f"{variant}, sample_weight" if variant else "sample_weight")


# --- classification ----------------------------------------------------------------------------------------------------

def log_loss():
    def rows(rng, count=5, number=3):
        p = rng.dirichlet(np.ones(number), size=count)
        return {"y_true": classes(rng, count, number), "y_pred": p}

    def loose(rng):
        return {"y_true": classes(rng, 5, 3), "y_pred": uniform(rng, (5, 3), 0.05, 0.95)}

    def column(rng):
        return {"y_true": classes(rng, 6, 2), "y_pred": uniform(rng, (6,), 0.02, 0.98)}

    def two(rng):
        p = column(rng)
        return {"y_true": p["y_true"], "y_pred": np.stack([1 - p["y_pred"], p["y_pred"]], axis=1)}

    def certain(rng):
        return {"y_true": [0, 1, 2, 0], "y_pred": np.array([[1.0, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0.5, 0.5]])}

    def certain_column(rng):
        return {"y_true": [1, 0, 1, 0, 1], "y_pred": np.array([0.0, 0, 1, 1, 1e-20])}

    def zero_row(rng):
        return {"y_true": [0, 1, 2], "y_pred": np.array([[0.0, 0, 0], [0.2, 0.3, 0.1], [1, 1, 1]])}

    def missing(rng):
        p = rng.dirichlet(np.ones(4), size=5)
        return {"y_true": [0, 2, 2, 3, 0], "y_pred": p}

    for version in ("1.2", "1.5"):
        call = f"sklearn@{version}.metrics.log_loss"
        for title, make in {"rows": rows, "rows that do not sum to 1": loose, "1-D": column, "two columns": two, "p 0 and 1": certain,
                            "1-D, p 0 and 1": certain_column, "a row of zeros": zero_row}.items():
            both(f"{call}()", make, title)
            both(f"{call}(normalize=False)", make, title)
        both(f"{call}(normalize=True)", rows)
        both(f"{call}(labels=[0, 1, 2, 3])", missing, "a class is absent")
        both(f"{call}(labels=[0, 1, 2, 3], normalize=False)", missing, "a class is absent")
        add(f"{call}(labels=[0, 1])", lambda rng: {"y_true": [1, 1, 1], "y_pred": uniform(rng, (3,), 0.1, 0.9)}, "1-D, one class is absent")
        for i in range(4):
            both(f"{call}()", lambda rng, i=i: rows(rng, 4 + i, 2 + i), f"{4 + i} rows, {2 + i} classes")
    for eps in ("1e-15", "1e-7", "0.05"):
        for title, make in {"rows": rows, "p 0 and 1": certain, "1-D, p 0 and 1": certain_column}.items():
            both(f"sklearn@1.2.metrics.log_loss(eps={eps})", make, title)


def hinge_loss():
    def signed(rng, count=6):
        return {"y_true": 2 * classes(rng, count, 2) - 1, "pred_decision": normal(rng, (count,))}

    def binary(rng):
        return {"y_true": classes(rng, 6, 2), "pred_decision": normal(rng, (6,))}

    def matrix(rng, count=5, number=4):
        return {"y_true": classes(rng, count, number), "pred_decision": normal(rng, (count, number), 1)}

    def missing(rng):
        return {"y_true": [0, 2, 2, 3, 0], "pred_decision": normal(rng, (5, 4), 1)}
    call = "sklearn.metrics.hinge_loss"
    for i in range(4):
        both(f"{call}()", lambda rng, i=i: signed(rng, 4 + i), f"labels -1 and 1, {4 + i} samples")
    both(f"{call}()", binary, "labels 0 and 1")
    for i in range(4):
        both(f"{call}()", lambda rng, i=i: matrix(rng, 5 + i, 3 + i), f"{3 + i} classes")
    both(f"{call}(labels=[0, 1, 2, 3])", missing, "a class is absent")
    add(f"{call}()", lambda rng: {"y_true": [-1, 1, 1, -1], "pred_decision": np.array([-1.0, 1, 0, 3])}, "labels -1 and 1, at the kink")


def brier_score_loss():
    def column(rng, count=6, low=0):
        labels = classes(rng, count, 2)
        return {"y_true": labels if low == 0 else 2 * labels - 1, "y_prob": uniform(rng, (count,), 0, 1)}
    call = "sklearn.metrics.brier_score_loss"
    for count in (4, 6, 9):
        both(f"{call}()", lambda rng, count=count: column(rng, count), f"{count} samples")
    both(f"{call}()", lambda rng: column(rng, 6, -1), "labels -1 and 1")
    for positive in (1, 0):
        both(f"{call}(pos_label={positive})", column)
    both(f"{call}(pos_label=-1)", lambda rng: column(rng, 6, -1), "labels -1 and 1")
    add(f"{call}()", lambda rng: {"y_true": [0, 1, 1, 0], "y_prob": np.array([0.0, 1, 0, 1])}, "p 0 and 1")


def labels():
    def single(rng, count=7, number=3):
        y = classes(rng, count, number)
        guess = np.where(rng.rand(count) < 0.5, y, rng.randint(0, number, size=count))
        return {"y_true": y, "y_pred": guess}

    def indicator(rng, count=6, number=3):
        y = rng.randint(0, 2, size=(count, number))
        y[0], y[1] = 1, 0
        guess = np.where(rng.rand(count, number) < 0.8, y, 1 - y)
        guess[0] = y[0]
        return {"y_true": y, "y_pred": guess}
    for arguments, loss in (("", "zero_one_loss"), ("normalize=False", "zero_one_loss"), ("normalize=True", "zero_one_loss"), ("", "hamming_loss")):
        call = f"sklearn.metrics.{loss}({arguments})"
        both(call, single, "labels")
        both(call, lambda rng: single(rng, 9, 2), "two classes")
        both(call, indicator, "multilabel")
        both(call, lambda rng: indicator(rng, 4, 5), "multilabel, [4,5]")
        add(call, lambda rng: {"y_true": [0, 1, 2], "y_pred": [0, 1, 2]}, "all right")
        add(call, lambda rng: {"y_true": [0, 1, 2], "y_pred": [1, 2, 0]}, "all wrong")


# --- regression ----------------------------------------------------------------------------------------------------------

def real(shape):
    return lambda rng: {"y_true": normal(rng, shape), "y_pred": normal(rng, shape)}


def positive(shape, zeros=False):
    def make(rng):
        made = {"y_true": uniform(rng, shape, 0.05, 5), "y_pred": uniform(rng, shape, 0.05, 5)}
        if zeros:
            made["y_true"].reshape(-1)[::4] = 0
        return made
    return make


def outputs(call, make, arguments=""):
    """One and two axes; every multioutput, with and without sample weights."""
    more = f", {arguments}" if arguments else ""
    both(f"{call}({arguments})", make((6,)))
    both(f"{call}({arguments})", make((7,)), "7 samples")
    both(f"{call}({arguments})", make((6, 1)), "a column")
    for flat in ("y_true", "y_pred"):
        def mixed(rng, flat=flat):
            made = make((6, 1))(rng)
            return {**made, flat: made[flat].reshape(-1)}
        both(f"{call}({arguments})", mixed, f"a column, {flat} a row")
    both(f"{call}({arguments})", make((5, 3)), "2-D")
    for multioutput in ("'uniform_average'", "'raw_values'", "[0.2, 0.3, 0.5]", "[1, 2, 0.5]"):
        both(f"{call}(multioutput={multioutput}{more})", make((5, 3)), "2-D")
    both(f"{call}(multioutput='raw_values'{more})", make((6,)), "1-D")

    def named(rng):
        return {**make((4, 3))(rng), "multioutput": uniform(rng, (3,), 0.1, 2)}
    both(f"{call}(multioutput=multioutput{more})", named, "2-D")


def regression():
    prefix = "sklearn.metrics."
    outputs(prefix + "mean_squared_error", real)
    outputs(prefix + "mean_squared_error", real, "squared=False")
    both(prefix + "mean_squared_error(squared=True)", real((6,)))
    outputs(prefix + "root_mean_squared_error", real)
    outputs(prefix + "mean_absolute_error", real)
    outputs(prefix + "median_absolute_error", real)
    for count in (1, 2, 3, 4, 8, 9):
        both(prefix + "median_absolute_error()", real((count,)), f"{count} samples")

    def equal_weights(rng):
        return {**real((6,))(rng), "sample_weight": np.ones(6)}

    def zero_weights(rng):
        return {**real((6,))(rng), "sample_weight": np.array([0, 2.0, 0, 1, 1, 0])}
    add(prefix + "median_absolute_error()", equal_weights, "6 samples, weights of 1")
    add(prefix + "median_absolute_error()", zero_weights, "6 samples, weights of 0")
    outputs(prefix + "mean_absolute_percentage_error", positive)
    both(prefix + "mean_absolute_percentage_error()", real((6,)), "negative targets")
    both(prefix + "mean_absolute_percentage_error()", lambda rng: positive((6,), True)(rng), "a target of zero")
    both(prefix + "mean_absolute_percentage_error(multioutput='raw_values')", positive((5, 2), True), "2-D, a target of zero")
    outputs(prefix + "mean_squared_log_error", positive)
    outputs(prefix + "mean_squared_log_error", positive, "squared=False")
    both(prefix + "mean_squared_log_error()", positive((6,), True), "a target of zero")
    outputs(prefix + "mean_pinball_loss", real)
    outputs(prefix + "mean_pinball_loss", real, "alpha=0.2")
    for alpha in (0, 0.1, 0.5, 0.9, 1):
        both(f"{prefix}mean_pinball_loss(alpha={alpha})", real((6,)))
    for i, text in enumerate(combinations("mean_pinball_loss", {"alpha": [0.05, 0.3, 0.75, 0.95], "multioutput": ["'raw_values'", "[0.4, 0.6]"]}, 8)):
        both(f"{prefix}mean_pinball_loss({text})", real((5, 2)), "random")


def deviances():
    prefix = "sklearn.metrics."
    for count in (5, 6, 9):
        both(prefix + "mean_poisson_deviance()", positive((count,), True), f"{count} samples, targets of zero")
        both(prefix + "mean_poisson_deviance()", positive((count,)), f"{count} samples")
        both(prefix + "mean_gamma_deviance()", positive((count,)), f"{count} samples")

    def counted(rng):
        return {"y_true": rng.poisson(2, size=7), "y_pred": uniform(rng, (7,), 0.2, 4)}
    both(prefix + "mean_poisson_deviance()", counted, "integer targets")
    both(prefix + "mean_tweedie_deviance()", real((6,)))
    both(prefix + "mean_tweedie_deviance(power=0)", real((6,)))
    for power in (1, 1.2, 1.5, 1.9):
        both(f"{prefix}mean_tweedie_deviance(power={power})", positive((6,)))
        both(f"{prefix}mean_tweedie_deviance(power={power})", positive((6,), True), "targets of zero")
    for power in (2, 2.5, 3, 4):
        both(f"{prefix}mean_tweedie_deviance(power={power})", positive((6,)))

    def any_target(rng):
        return {"y_true": normal(rng, (6,)), "y_pred": uniform(rng, (6,), 0.1, 4)}
    for power in (-1, -0.5, -2):
        both(f"{prefix}mean_tweedie_deviance(power={power})", any_target, "targets of any sign")


def main():
    log_loss()
    hinge_loss()
    brier_score_loss()
    labels()
    regression()
    deviances()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dialects", "sklearn.json")
    write(path, "sklearn", f"scikit-learn {sklearn.__version__}, float64; root_mean_squared_error by mean_squared_error(squared=False), "
          "sklearn@1.5 log_loss transcribed in NumPy", CASES)
    report(CASES, lambda case: case["call"].split("(")[0])


if __name__ == "__main__":
    main()
