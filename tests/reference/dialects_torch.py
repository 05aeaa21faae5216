"""Values and gradients of every loss of torch.nn, written to dialects/torch.json.

    python3 dialects_torch.py

A case is a call as a user has it in his code, its inputs, and what PyTorch gives in float64. "gradient" is PyTorch's
gradient of the sum of the result. It is compared here with central differences, except for the two losses whose
gradient is not the derivative of the value: CTC (PyTorch's gradient by log_probs supposes a log_softmax in front; it is
compared with differences through one, and marked as that of "logits") and Gaussian NLL with a variance below eps (the floor passes gradients through).
"""

import ast
import inspect
import os
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from dialect_cases import array, case_name, check_finite, combinations, generator, report, value_of, write

torch.set_num_threads(1)
warnings.simplefilter("ignore")

DATA = ("input", "input1", "input2", "anchor", "positive", "negative", "log_probs", "target", "targets", "var",
        "input_lengths", "target_lengths")
REDUCTION = ["'mean'", "'sum'", "'none'"]
CASES = []
NAMES = set()


# --- evaluating a call -----------------------------------------------------------------------------------------------

def evaluate(call, inputs):
    """The library's result for a call given without its data, which go first and in order."""
    scope = {"torch": torch, "nn": nn, "F": F, **{k: v for k, v in inputs.items() if k not in DATA}}
    tree = ast.parse(call, mode="eval").body

    def value(node):
        return eval(ast.unparse(node), scope)

    function = value(tree.func)
    arguments = [value(a) for a in tree.args]
    keywords = {k.arg: value(k.value) for k in tree.keywords}
    data = [inputs[k] for k in DATA if k in inputs]
    if inspect.isclass(function):
        return function(*arguments, **keywords)(*data)
    assert not arguments, call
    return function(*data, **keywords)


def differences(call, inputs, name, link):
    """Central differences of the sum of the result by one input (behind link, if there is one)."""
    base = inputs[name]
    flat = base.reshape(-1)
    step = 1e-6
    out = torch.zeros_like(flat)
    for i in range(flat.numel()):
        sums = []
        for sign in (1, -1):
            moved = flat.clone()
            moved[i] += sign * step
            moved = moved.reshape(base.shape)
            sums.append(evaluate(call, {**inputs, name: link(moved)}).sum())
        out[i] = (sums[0] - sums[1]) / (2 * step)
    return out.reshape(base.shape)


def add(call, make, by=("input",), variant=None, gradient=True, compare=True, link=None):
    """Append the case; make(rng) gives its inputs as NumPy arrays."""
    name = case_name(call, variant)
    if name in NAMES:
        return
    NAMES.add(name)
    arrays = {k: np.asarray(v) for k, v in make(generator(name)).items()}
    used = {k: v for k, v in arrays.items() if k in DATA or k in {n.id for n in ast.walk(ast.parse(call)) if isinstance(n, ast.Name)}}
    inputs = {k: torch.tensor(v) for k, v in used.items()}
    result = evaluate(call, inputs)
    assert result.dtype == torch.float64, name
    check_finite(name, result.detach().numpy())
    case = {"name": name, "call": call, "inputs": {k: array(v) for k, v in used.items()},
            "value": value_of(result.detach().numpy())}
    if gradient and torch.isfinite(result).all():
        leaves = {k: v.clone().requires_grad_(k in by) for k, v in inputs.items()}
        gradients = torch.autograd.grad(evaluate(call, leaves).sum(), [leaves[k] for k in by])
        case["gradient"] = {}
        for k, g in zip(by, gradients):
            assert torch.isfinite(g).all(), (name, k, g)
            if compare:
                expected = differences(call, inputs, k, link or (lambda x: x))
                worst = (g - expected).abs().max().item()
                assert worst <= 1e-7 + 1e-6 * g.abs().max().item() + 1e-9 * result.abs().sum().item(), (name, k, g, expected)
            case["gradient"][k] = array(g.numpy())
        if link is not None:
            case["gradient_of"] = "logits"
    CASES.append(case)


# --- data ------------------------------------------------------------------------------------------------------------

def normal(rng, shape, scale=1.5):
    return np.round(rng.randn(*shape) * scale, 4)


def uniform(rng, shape, low, high):
    return np.round(rng.uniform(low, high, size=shape), 4)


def log_softmax(z, axis):
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def distribution(rng, shape, axis):
    return np.exp(log_softmax(normal(rng, shape), axis))


def signs(rng, shape):
    """Labels -1 and 1, both present where there is room."""
    labels = 2 * rng.randint(0, 2, size=shape) - 1
    flat = labels.reshape(-1)
    if flat.size > 1:
        flat[0], flat[-1] = 1, -1
    return flat.reshape(shape)


def bits(rng, shape):
    return (signs(rng, shape) + 1) / 2


# --- elementwise regression ------------------------------------------------------------------------------------------

def pair(shape=(3, 4), scale=1.5):
    return lambda rng: {"input": normal(rng, shape, scale), "target": normal(rng, shape, scale)}


def regression():
    both = ("input", "target")
    for loss in ("L1Loss", "MSELoss", "SmoothL1Loss", "HuberLoss"):
        call = f"torch.nn.{loss}"
        add(f"{call}()", pair(), both)
        add(f"{call}()", pair((5,)), both, "one axis")
        add(f"{call}()", pair((2, 3, 2)), both, "three axes")
        add(f"{call}()", pair((4, 1)), both, "a column")
        for reduction in REDUCTION:
            add(f"{call}(reduction={reduction})", pair(), both)
        add(f"{call}(reduction='none')", pair((2, 3, 2)), both, "three axes")
        add(f"nn.{loss}()", pair(), both)
        add(f"nn.{loss}(reduction='sum')", pair(), both)
    for loss in ("L1Loss", "MSELoss", "SmoothL1Loss"):
        call = f"torch.nn.{loss}"
        for old in ("size_average=False", "size_average=True", "reduce=False", "reduce=True",
                    "size_average=False, reduce=True", "size_average=False, reduce=False",
                    "size_average=False, reduction='mean'"):
            add(f"{call}({old})", pair(), both)
        add(f"{call}(None, None, 'sum')", pair(), both)
        add(f"{call}(False)", pair(), both)
    for function in ("l1_loss", "mse_loss", "smooth_l1_loss", "huber_loss"):
        add(f"F.{function}()", pair(), both)
        add(f"torch.nn.functional.{function}(reduction='sum')", pair(), both)
    for beta in (0.1, 0.5, 2, 3.5):
        add(f"torch.nn.SmoothL1Loss(beta={beta})", pair(), both)
    add("torch.nn.SmoothL1Loss(beta=0)", pair(), both)
    add("torch.nn.SmoothL1Loss(None, None, 'sum', 0.5)", pair(), both)
    add("F.smooth_l1_loss(beta=0.3, reduction='none')", pair(), both)
    add("nn.functional.smooth_l1_loss(beta=2.0)", pair(), both)
    for delta in (0.1, 0.5, 2, 3.5):
        add(f"torch.nn.HuberLoss(delta={delta})", pair(), both)
    add("torch.nn.HuberLoss('sum', 2.0)", pair(), both)
    add("torch.nn.HuberLoss('none')", pair(), both)
    add("torch.nn.functional.huber_loss(delta=2)", pair(), both)
    add("F.huber_loss(reduction='none', delta=0.4)", pair(), both)
    for text in combinations("SmoothL1Loss", {"reduction": REDUCTION, "beta": [0.05, 0.25, 0.5, 1.5, 2.5]}, 10):
        add(f"torch.nn.SmoothL1Loss({text})", pair((3, 3)), both)
    for text in combinations("HuberLoss", {"reduction": REDUCTION, "delta": [0.05, 0.25, 0.5, 1.5, 2.5]}, 10):
        add(f"torch.nn.HuberLoss({text})", pair((3, 3)), both)


# --- classification with one class ---------------------------------------------------------------------------------

def labelled(loss, shape):
    """Logits with class indices, for CrossEntropyLoss; log-probabilities, for NLLLoss."""
    def make(rng):
        axis = 1 if len(shape) > 1 else 0
        z = normal(rng, shape)
        classes = shape[axis]
        rest = shape[:1] + shape[2:] if len(shape) > 1 else ()
        target = rng.randint(0, classes, size=rest)
        return {"input": z if loss == "CrossEntropyLoss" else log_softmax(z, axis), "target": np.asarray(target),
                "weight": uniform(rng, (classes,), 0.2, 3)}
    return make


def ignoring(loss, shape, label, every=False, avoid=None):
    """As labelled, with some targets (or all) equal to the label to ignore."""
    base = labelled(loss, shape)

    def make(rng):
        made = base(rng)
        target = made["target"]
        flat = target.reshape(-1)
        if avoid is not None:
            flat[flat == avoid] = (avoid + 1) % shape[1 if len(shape) > 1 else 0]
        elif every:
            flat[:] = label
        else:
            flat[::3] = label
            flat[1] = 0 if label != 0 else 1
        made["target"] = flat.reshape(target.shape)
        return made
    return make


def soft(shape, hard=False):
    def make(rng):
        axis = 1 if len(shape) > 1 else 0
        target = distribution(rng, shape, axis)
        if hard:
            target = (target == target.max(axis=axis, keepdims=True)).astype(float)
        return {"input": normal(rng, shape), "target": target, "weight": uniform(rng, (shape[axis],), 0.2, 3)}
    return make


SHAPES = {"[N,C]": (4, 3), "[N,C,d]": (2, 3, 4), "[N,C,d1,d2]": (2, 3, 2, 2), "[C]": (5,)}


def indexed(loss, function):
    """What CrossEntropyLoss and NLLLoss share: class indices."""
    call = f"torch.nn.{loss}"
    for title, shape in SHAPES.items():
        for arguments in ("", "weight=weight"):
            add(f"{call}({arguments})", labelled(loss, shape), variant=f"index, {title}")
        for reduction in REDUCTION[1:]:
            add(f"{call}(reduction={reduction})", labelled(loss, shape), variant=f"index, {title}")
    for reduction in REDUCTION:
        add(f"{call}(weight=weight, reduction={reduction})", labelled(loss, (5, 4)))
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", ignoring(loss, (5, 4), -100), variant="-100 hit")
        add(f"{call}(ignore_index=2, weight=weight, reduction={reduction})", ignoring(loss, (5, 4), 2), variant="hit")
        add(f"{call}(ignore_index=255, reduction={reduction})", ignoring(loss, (2, 3, 4), 255), variant="hit, [N,C,d]")
        empty = "all ignored, NaN" if reduction == "'mean'" else "all ignored"
        add(f"{call}(ignore_index=1, reduction={reduction})", ignoring(loss, (4, 3), 1, every=True), variant=empty)
        add(f"{call}(reduction={reduction}, weight=weight)", ignoring(loss, (4, 3), -100, every=True), variant=empty)
    add(f"{call}(ignore_index=-1)", ignoring(loss, (2, 3, 2, 2), -1), variant="hit, [N,C,d1,d2]")
    add(f"{call}(ignore_index=-1)", labelled(loss, (4, 3)), variant="not hit")
    add(f"{call}(ignore_index=0)", ignoring(loss, (4, 3), 0, avoid=0), variant="not hit")
    add(f"{call}(ignore_index=0, weight=weight)", ignoring(loss, (4, 3), 0), variant="hit")

    def zero_weight(rng):
        made = labelled(loss, (6, 3))(rng)
        made["weight"][1] = 0
        made["target"][:3] = [0, 1, 2]
        return made
    add(f"{call}(weight=weight)", zero_weight, variant="a weight of zero")
    add(f"{call}(weight)", labelled(loss, (4, 3)))
    add(f"{call}(weight, None, 2)", ignoring(loss, (5, 4), 2), variant="hit")
    add(f"{call}(None, None, -100, None, 'sum')", labelled(loss, (4, 3)))
    for old in ("size_average=False", "reduce=False", "weight=weight, size_average=True"):
        add(f"{call}({old})", labelled(loss, (4, 3)))
    add(f"nn.{loss}()", labelled(loss, (4, 3)))
    add(f"nn.{loss}(weight=weight, reduction='sum')", labelled(loss, (4, 3)))
    add(f"F.{function}()", labelled(loss, (4, 3)))
    add(f"F.{function}(weight=weight, ignore_index=1)", ignoring(loss, (5, 3), 1), variant="hit")
    add(f"torch.nn.functional.{function}(reduction='none')", labelled(loss, (2, 3, 2)))


def cross_entropy():
    loss = "CrossEntropyLoss"
    call = f"torch.nn.{loss}"
    indexed(loss, "cross_entropy")
    both = ("input", "target")
    for smoothing in (0.1, 0.3, 1.0):
        for weights in ("", "weight=weight, "):
            for title, shape in SHAPES.items():
                add(f"{call}({weights}label_smoothing={smoothing})", labelled(loss, shape), variant=f"index, {title}")
            add(f"{call}({weights}label_smoothing={smoothing})", soft((4, 3)), both, "soft, [N,C]")
    for weights in ("", "weight=weight, "):
        for reduction in REDUCTION:
            add(f"{call}({weights}label_smoothing=0.2, reduction={reduction})", ignoring(loss, (5, 4), -100), variant="-100 hit")
            add(f"{call}({weights}label_smoothing=0.2, reduction={reduction})", soft((2, 3, 2)), both, "soft, [N,C,d]")
        add(f"{call}({weights}label_smoothing=0.2)", ignoring(loss, (4, 3), -100, every=True), variant="all ignored, NaN")
    for title, shape in SHAPES.items():
        for arguments in ("", "weight=weight", "reduction='sum'", "reduction='none'"):
            add(f"{call}({arguments})", soft(shape), both, f"soft, {title}")
    for reduction in REDUCTION:
        add(f"{call}(weight=weight, reduction={reduction})", soft((4, 3)), both, "soft")
        add(f"{call}(weight=weight, reduction={reduction})", soft((4, 3), hard=True), both, "one-hot")
    add("F.cross_entropy(weight=weight, label_smoothing=0.1)", labelled(loss, (4, 3)))
    add("F.cross_entropy(weight=weight, label_smoothing=0.1)", soft((4, 3)), both, "soft")
    add("F.cross_entropy(label_smoothing=0.1, reduction='sum')", labelled(loss, (4, 3)))
    add(f"{call}(weight, None, -100, None, 'mean', 0.1)", labelled(loss, (4, 3)))
    space = {"weight": ["weight"], "ignore_index": [-100, -1, 0, 2], "reduction": REDUCTION,
             "label_smoothing": [0.05, 0.1, 0.25, 0.5]}
    for i, text in enumerate(combinations(loss, space, 20)):
        label = next((int(p.split("=")[1]) for p in text.split(", ") if p.startswith("ignore_index")), -100)
        shape = [(6, 4), (2, 3, 4), (2, 3, 2, 2)][i % 3]
        add(f"{call}({text})", ignoring(loss, shape, label), variant="random, hit")


def negative_log_likelihood():
    indexed("NLLLoss", "nll_loss")
    space = {"weight": ["weight"], "ignore_index": [-100, -1, 0, 2], "reduction": REDUCTION}
    for i, text in enumerate(combinations("NLLLoss", space, 15)):
        label = next((int(p.split("=")[1]) for p in text.split(", ") if p.startswith("ignore_index")), -100)
        shape = [(6, 4), (2, 3, 4), (2, 3, 2, 2)][i % 3]
        add(f"torch.nn.NLLLoss({text})", ignoring("NLLLoss", shape, label), variant="random, hit")

    def unnormalised(rng):
        return {"input": normal(rng, (4, 3)), "target": rng.randint(0, 3, size=4)}
    add("torch.nn.NLLLoss()", unnormalised, variant="input is no log-probability")


# --- classification with several classes -----------------------------------------------------------------------------

def binary(shape=(3, 4), weight=None, labels="bits", pos_weight=None, logits=False):
    def make(rng):
        made = {"input": normal(rng, shape, 2) if logits else uniform(rng, shape, 0.02, 0.98),
                "target": bits(rng, shape) if labels == "bits" else uniform(rng, shape, 0, 1)}
        if weight is not None:
            made["weight"] = uniform(rng, weight, 0.2, 3)
        if pos_weight is not None:
            made["pos_weight"] = uniform(rng, pos_weight, 0.2, 5)
        return made
    return make


def certain(rng):
    return {"input": np.array([[0, 1, 0, 1], [0.25, 1e-300, 1 - 2.0**-53, 5e-324]]),
            "target": np.array([[1, 0, 0, 1], [1, 1, 0, 0.5]], dtype=float),
            "weight": uniform(rng, (4,), 0.2, 3)}


WEIGHT_SHAPES = {"[C]": (4,), "[N,1]": (3, 1), "[N,C]": (3, 4)}


def binary_cross_entropy():
    for loss, function, logits in (("BCELoss", "binary_cross_entropy", False),
                                   ("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", True)):
        call = f"torch.nn.{loss}"
        for title, shape in {"[N,C]": (3, 4), "[N]": (5,), "[N,C,d]": (2, 3, 2), "[N,1]": (4, 1)}.items():
            add(f"{call}()", binary(shape, logits=logits), variant=title)
        add(f"{call}()", binary(labels="soft", logits=logits), ("input", "target"), "soft targets")
        for reduction in REDUCTION:
            add(f"{call}(reduction={reduction})", binary(logits=logits))
            for title, shape in WEIGHT_SHAPES.items():
                add(f"{call}(weight=weight, reduction={reduction})", binary(weight=shape, logits=logits), variant=f"weight {title}")
        add(f"{call}(weight=weight)", binary((5,), weight=(5,), logits=logits), variant="weight [N]")
        add(f"{call}(weight=weight)", binary((2, 3, 2), weight=(3, 1), logits=logits), variant="weight [C,1]")
        add(f"{call}(weight)", binary(weight=(4,), logits=logits))
        add(f"{call}(weight, None, None, 'sum')", binary(weight=(4,), logits=logits))
        for old in ("size_average=False", "reduce=False"):
            add(f"{call}({old})", binary(logits=logits))
        add(f"nn.{loss}()", binary(logits=logits))
        add(f"F.{function}()", binary(logits=logits))
        add(f"F.{function}(weight=weight)", binary(weight=(3, 4), logits=logits))
        add(f"torch.nn.functional.{function}(reduction='none')", binary(logits=logits))
    for reduction in REDUCTION:
        add(f"torch.nn.BCELoss(reduction={reduction})", certain, variant="p 0 and 1", gradient=False)
        add(f"torch.nn.BCELoss(weight=weight, reduction={reduction})", certain, variant="p 0 and 1", gradient=False)
    call = "torch.nn.BCEWithLogitsLoss"
    for reduction in REDUCTION:
        for title, shape in {"[C]": (4,), "[N,C]": (3, 4), "[1]": (1,)}.items():
            add(f"{call}(pos_weight=pos_weight, reduction={reduction})", binary(pos_weight=shape, logits=True), variant=f"pos_weight {title}")
        for title, shape in WEIGHT_SHAPES.items():
            add(f"{call}(weight=weight, pos_weight=pos_weight, reduction={reduction})",
                binary(weight=shape, pos_weight=(4,), logits=True), variant=f"weight {title}")
    add(f"{call}(pos_weight=pos_weight)", binary(labels="soft", pos_weight=(4,), logits=True), ("input", "target"), "soft targets")
    add(f"{call}(pos_weight=pos_weight)", binary((2, 3, 2), pos_weight=(3, 1), logits=True), variant="pos_weight [C,1]")
    add(f"{call}(weight, None, None, 'sum', pos_weight)", binary(weight=(4,), pos_weight=(4,), logits=True))
    add("F.binary_cross_entropy_with_logits(pos_weight=pos_weight, reduction='sum')", binary(pos_weight=(4,), logits=True))

    def large(rng):
        return {"input": np.array([-1000.0, 1000, 40, -40, 745, -745]), "target": np.array([1.0, 0, 1, 0, 0.5, 0.5])}
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", large, variant="large logits", gradient=False)


def multilabel():
    def soft_margin(shape, real=False):
        def make(rng):
            return {"input": normal(rng, shape), "target": bits(rng, shape), "weight": uniform(rng, (shape[-1],), 0.2, 3)}
        return make
    call = "torch.nn.MultiLabelSoftMarginLoss"
    add(f"{call}()", soft_margin((3, 4)))
    add(f"{call}()", soft_margin((5,)), variant="[C]")
    add(f"{call}(weight=weight)", soft_margin((5,)), variant="[C]")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", soft_margin((3, 4)))
        add(f"{call}(weight=weight, reduction={reduction})", soft_margin((4, 3)))
    for arguments in ("weight=weight", "weight", "weight, None, None, 'sum'", "size_average=False", "reduce=False", "size_average=False, weight=weight"):
        add(f"{call}({arguments})", soft_margin((3, 4)))
    add("nn.MultiLabelSoftMarginLoss()", soft_margin((3, 4)))
    add("F.multilabel_soft_margin_loss(weight=weight)", soft_margin((3, 4)))
    add("torch.nn.functional.multilabel_soft_margin_loss(reduction='sum')", soft_margin((3, 4)))
    for i, text in enumerate(combinations("MultiLabelSoftMarginLoss", {"weight": ["weight"], "reduction": REDUCTION}, 6)):
        add(f"{call}({text})", soft_margin((2 + i, 5)), variant=f"random, [{2 + i},5]")

    def margin(shape):
        def make(rng):
            rows = shape[0] if len(shape) > 1 else 1
            classes = shape[-1]
            target = np.full((rows, classes), -1)
            for row in target:
                count = rng.randint(1, classes)
                row[:count] = rng.permutation(classes)[:count]
                if count + 1 < classes:  # what follows the first -1 is not read
                    row[count + 1:] = rng.randint(0, classes, size=classes - count - 1)
            return {"input": normal(rng, shape, 0.8), "target": target.reshape(shape)}
        return make

    def edges(rng):
        return {"input": normal(rng, (4, 4), 0.8),
                "target": np.array([[-1, 0, 1, 2], [0, 1, 2, 3], [3, -1, -1, -1], [2, 0, 1, -1]])}
    call = "torch.nn.MultiLabelMarginLoss"
    for title, shape in {"[N,C]": (3, 4), "[C]": (5,), "one row": (1, 4)}.items():
        add(f"{call}()", margin(shape), variant=title)
    add(f"{call}(reduction='sum')", margin((5,)), variant="[C]")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", margin((3, 4)))
        add(f"{call}(reduction={reduction})", margin((5, 6)), variant="[5,6]")
        add(f"{call}(reduction={reduction})", edges, variant="no class, every class")
    for old in ("size_average=False", "reduce=False", "None, None, 'sum'"):
        add(f"{call}({old})", margin((3, 4)))
    add("nn.MultiLabelMarginLoss()", margin((3, 4)))
    add("F.multilabel_margin_loss()", margin((3, 4)))
    add("torch.nn.functional.multilabel_margin_loss(reduction='none')", margin((3, 4)))


def margins():
    def scores(shape=(4, 5)):
        def make(rng):
            classes = shape[-1]
            target = rng.randint(0, classes, size=shape[:-1])
            return {"input": normal(rng, shape, 0.8), "target": np.asarray(target), "weight": uniform(rng, (classes,), 0.2, 3)}
        return make
    call = "torch.nn.MultiMarginLoss"
    add(f"{call}()", scores())
    add(f"{call}()", scores((5,)), variant="[C]")
    add(f"{call}(p=2, weight=weight)", scores((5,)), variant="[C]")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", scores())
        add(f"{call}(weight=weight, reduction={reduction})", scores())
        add(f"{call}(p=2, reduction={reduction})", scores())
    for arguments in ("p=2", "margin=0.5", "margin=2", "margin=0", "weight=weight", "p=2, margin=0.3, weight=weight",
                      "2, 0.5", "1, 0.5, weight", "size_average=False", "reduce=False", "p=2, size_average=False"):
        add(f"{call}({arguments})", scores())
    add("nn.MultiMarginLoss()", scores())
    add("F.multi_margin_loss(p=2, margin=0.7)", scores())
    add("torch.nn.functional.multi_margin_loss(weight=weight)", scores())
    space = {"p": [1, 2], "margin": [0.1, 0.5, 1.5, 3], "weight": ["weight"], "reduction": REDUCTION}
    for text in combinations("MultiMarginLoss", space, 14):
        add(f"{call}({text})", scores((3, 4)), variant="random")

    def ranking(shape=(6,)):
        return lambda rng: {"input1": normal(rng, shape), "input2": normal(rng, shape), "target": signs(rng, shape)}
    pairwise = ("input1", "input2")
    call = "torch.nn.MarginRankingLoss"
    add(f"{call}()", ranking(), pairwise)
    add(f"{call}()", ranking((3, 4)), pairwise, "[3,4]")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", ranking(), pairwise)
        add(f"{call}(margin=0.7, reduction={reduction})", ranking(), pairwise)
    for arguments in ("margin=0.5", "margin=2", "margin=-0.5", "0.3", "size_average=False", "reduce=False", "margin=1, size_average=False"):
        add(f"{call}({arguments})", ranking(), pairwise)
    for labels in ([0, 1, -1, 0.5, 2, 0], [0.0] * 6):
        add(f"{call}(margin=0.6)", lambda rng, labels=labels: {**ranking()(rng), "target": np.array(labels)}, pairwise, f"labels {labels}")
    add("nn.MarginRankingLoss(margin=0.1)", ranking(), pairwise)
    add("F.margin_ranking_loss(margin=0.2)", ranking(), pairwise)
    add("torch.nn.functional.margin_ranking_loss(reduction='sum')", ranking(), pairwise)
    for text in combinations("MarginRankingLoss", {"margin": [0.1, 0.5, 1.5, 3], "reduction": REDUCTION}, 6):
        add(f"{call}({text})", ranking((5,)), pairwise, "random")

    def embedding(shape=(6,)):
        return lambda rng: {"input": uniform(rng, shape, -0.5, 2.5), "target": signs(rng, shape)}
    call = "torch.nn.HingeEmbeddingLoss"
    add(f"{call}()", embedding())
    add(f"{call}()", embedding((3, 4)), variant="[3,4]")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", embedding())
        add(f"{call}(margin=2, reduction={reduction})", embedding((3, 4)))
    for arguments in ("margin=0.5", "margin=2", "margin=0", "2", "size_average=False", "reduce=False"):
        add(f"{call}({arguments})", embedding())
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", lambda rng: {**embedding()(rng), "target": np.array([0, 1, -1, 0.5, 2, 0])}, variant="targets that are no signs")
    add("nn.HingeEmbeddingLoss()", embedding())
    add("F.hinge_embedding_loss(margin=1.5)", embedding())
    add("torch.nn.functional.hinge_embedding_loss(reduction='none')", embedding())
    for text in combinations("HingeEmbeddingLoss", {"margin": [0.1, 0.5, 1.5, 3], "reduction": REDUCTION}, 6):
        add(f"{call}({text})", embedding((5,)), variant="random")

    def logistic(shape=(3, 4), scale=2.0):
        return lambda rng: {"input": normal(rng, shape, scale), "target": signs(rng, shape).astype(float)}
    call = "torch.nn.SoftMarginLoss"
    add(f"{call}()", logistic())
    for title, shape in {"[N]": (5,), "[2,3,2]": (2, 3, 2)}.items():
        add(f"{call}()", logistic(shape), variant=title)
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", logistic())
    add(f"{call}(reduction='none')", logistic((5,), 20), variant="large scores")
    for old in ("size_average=False", "reduce=False", "None, None, 'sum'"):
        add(f"{call}({old})", logistic())
    add(f"{call}()", lambda rng: {**logistic((6,))(rng), "target": np.array([0, 1, -1, 0.5, 2, 0])}, variant="targets that are no signs")
    add("nn.SoftMarginLoss()", logistic())
    add("F.soft_margin_loss()", logistic())
    add("torch.nn.functional.soft_margin_loss(reduction='sum')", logistic())



# --- distributions -----------------------------------------------------------------------------------------------------

def likelihoods():
    def counts(positive=False, shape=(3, 4)):
        def make(rng):
            target = rng.poisson(2.5, size=shape).astype(float)
            target.reshape(-1)[:3] = [0, 1, 4]
            return {"input": uniform(rng, shape, 0.1, 5) if positive else normal(rng, shape, 1), "target": target}
        return make

    def rates(rng):
        return {"input": normal(rng, (3, 4), 1), "target": uniform(rng, (3, 4), 0.1, 6)}
    call = "torch.nn.PoissonNLLLoss"
    add(f"{call}()", counts())
    add(f"{call}()", rates, variant="real targets")
    add(f"{call}(full=True)", rates, variant="real targets")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", counts())
        add(f"{call}(full=True, reduction={reduction})", counts())
        add(f"{call}(log_input=False, reduction={reduction})", counts(True))
        add(f"{call}(log_input=False, full=True, reduction={reduction})", counts(True))
    for arguments in ("log_input=False", "log_input=False, eps=0.1", "log_input=False, eps=1e-3, full=True", "False, True", "False"):
        add(f"{call}({arguments})", counts(True))
    for arguments in ("full=True", "True, True", "eps=0.1", "size_average=False", "reduce=False", "full=True, size_average=False"):
        add(f"{call}({arguments})", counts())
    add(f"{call}(log_input=False, reduction='none')",
        lambda rng: {"input": np.array([0.0, 0.0, 1e-8, 2.0]), "target": np.array([0.0, 3.0, 2.0, 0.0])}, variant="a rate of zero", compare=False)
    add("nn.PoissonNLLLoss()", counts())
    add("F.poisson_nll_loss(full=True)", counts())
    add("torch.nn.functional.poisson_nll_loss(log_input=False, reduction='sum')", counts(True))
    space = {"log_input": ["True", "False"], "full": ["True", "False"], "eps": ["1e-6", 0.01, 0.5], "reduction": REDUCTION}
    for text in combinations("PoissonNLLLoss", space, 12):
        add(f"{call}({text})", counts("log_input=False" in text), variant="random")

    def gaussian(shape=(3, 4), var=None, low=0.2):
        return lambda rng: {"input": normal(rng, shape), "target": normal(rng, shape), "var": uniform(rng, var or shape, low, 3)}
    every = ("input", "target", "var")
    call = "torch.nn.GaussianNLLLoss"
    add(f"{call}()", gaussian(), every)
    for reduction in REDUCTION:
        for title, var in {"full": (3, 4), "[N,1]": (3, 1), "[N]": (3,)}.items():
            add(f"{call}(reduction={reduction})", gaussian(var=var), every, f"var {title}")
            add(f"{call}(full=True, reduction={reduction})", gaussian(var=var), every, f"var {title}")
    add(f"{call}()", gaussian((5,)), every, "[N]")
    add(f"{call}()", gaussian((2, 3, 2), (2, 3)), every, "[2,3,2], var [2,3]")
    add(f"{call}()", gaussian((2, 3, 2), (2, 3, 1)), every, "[2,3,2], var [2,3,1]")
    for arguments in ("full=True", "eps=1e-3", "eps=0.1, full=True"):
        add(f"{call}({arguments})", gaussian(), every)

    def floored(rng):
        made = gaussian()(rng)
        made["var"].reshape(-1)[:3] = [0, 0.25, 0.5]
        return made
    # Below the floor the value does not depend on var, though PyTorch's gradient says it does.
    but_var = ("input", "target")
    for arguments in ("eps=0.7", "full=True, eps=0.7", "eps=0.7, reduction='none'"):
        add(f"{call}({arguments})", floored, but_var, "var below eps")
    add(f"{call}()", floored, but_var, "a variance of zero")
    add("nn.GaussianNLLLoss()", gaussian(), every)
    add("F.gaussian_nll_loss(full=True)", gaussian(), every)
    add("torch.nn.functional.gaussian_nll_loss(reduction='sum')", gaussian(), every)
    space = {"full": ["True", "False"], "eps": ["1e-4", 0.01, 0.1], "reduction": REDUCTION}
    for text in combinations("GaussianNLLLoss", space, 8):
        add(f"{call}({text})", gaussian(), every, "random")

    def divergence(shape=(3, 4), log_target=False, zeros=False):
        def make(rng):
            z = normal(rng, shape)
            target = distribution(rng, shape, -1)
            if zeros:
                target.reshape(-1)[::3] = 0
            return {"input": log_softmax(z, -1), "target": np.log(target) if log_target else target}
        return make
    both = ("input", "target")
    call = "torch.nn.KLDivLoss"
    reductions = REDUCTION + ["'batchmean'"]
    add(f"{call}()", divergence(), both)
    add(f"{call}()", divergence((5,)), both, "one axis")
    add(f"{call}(reduction='batchmean')", divergence((5,)), both, "one axis")
    for reduction in reductions:
        add(f"{call}(reduction={reduction})", divergence(), both)
        add(f"{call}(reduction={reduction})", divergence((2, 3, 2)), both, "three axes")
        add(f"{call}(reduction={reduction}, log_target=True)", divergence(log_target=True), both)
        add(f"{call}(reduction={reduction})", divergence(zeros=True), ("input",), "targets of zero")
    add(f"{call}(reduction='batchmean', log_target=True)", divergence((2, 3, 2), True), both, "three axes")
    add(f"{call}(log_target=True)", divergence(log_target=True), both)
    add(f"{call}(log_target=False)", divergence(), both)
    add(f"{call}(None, None, 'sum', True)", divergence(log_target=True), both)
    for old in ("size_average=False", "reduce=False", "size_average=False, log_target=True"):
        add(f"{call}({old})", divergence(log_target="log_target=True" in old), both)
    add(f"{call}(size_average=False, reduction='batchmean')", divergence(), both, "batchmean with size_average=False")
    add("nn.KLDivLoss(reduction='batchmean')", divergence(), both)
    add("F.kl_div(reduction='batchmean')", divergence(), both)
    add("F.kl_div()", divergence(), both)
    add("torch.nn.functional.kl_div(log_target=True, reduction='sum')", divergence(log_target=True), both)

    def unnormalised(rng):
        return {"input": normal(rng, (3, 4)), "target": uniform(rng, (3, 4), 0.1, 3)}
    add(f"{call}(reduction='batchmean')", unnormalised, both, "rows that do not sum to 1")


# --- embeddings ---------------------------------------------------------------------------------------------------------

def embeddings():
    def cosine(shape=(4, 3)):
        return lambda rng: {"input1": normal(rng, shape), "input2": normal(rng, shape), "target": np.asarray(signs(rng, shape[:-1]))}
    both = ("input1", "input2")
    call = "torch.nn.CosineEmbeddingLoss"
    add(f"{call}()", cosine(), both)
    add(f"{call}()", cosine((5,)), both, "[D]")
    add(f"{call}(margin=0.5)", lambda rng: {**cosine((5,))(rng), "target": np.asarray(-1)}, both, "[D], -1")
    for label in (-1, 1):
        def same(rng, label=label):
            return {**cosine((5, 3))(rng), "target": np.full(5, label)}
        for arguments in ("", "margin=0.2", "margin=-0.3, reduction='none'"):
            add(f"{call}({arguments})", same, both, f"labels {label}")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", cosine(), both)
        add(f"{call}(margin=0.4, reduction={reduction})", cosine((6, 2)), both)
    for arguments in ("margin=0.3", "margin=-0.5", "margin=1", "0.25", "size_average=False", "reduce=False"):
        add(f"{call}({arguments})", cosine((6, 3)), both)

    def zero(rng):
        return {"input1": np.array([[0.0, 0, 0], [0, 0, 0], [1e-7, 0, 0], [1, 2, 3]]),
                "input2": np.array([[0.0, 0, 0], [1, 2, 2], [1e-7, 1e-7, 0], [0, 0, 0]]), "target": np.array([1, 1, -1, -1])}
    add(f"{call}(reduction='none')", zero, both, "vectors of zero", gradient=False)
    add(f"{call}()", lambda rng: {**cosine((6, 3))(rng), "target": np.array([0, 1, -1, 0.5, 2, 0])}, both, "labels that are no signs")
    add("nn.CosineEmbeddingLoss(margin=0.1)", cosine((6, 3)), both)
    add("F.cosine_embedding_loss(margin=0.2)", cosine((6, 3)), both)
    add("torch.nn.functional.cosine_embedding_loss(reduction='sum')", cosine(), both)
    for text in combinations("CosineEmbeddingLoss", {"margin": [0.1, 0.5, -0.2], "reduction": REDUCTION}, 6):
        add(f"{call}({text})", cosine((5, 4)), both, "random")

    def triplet(shape=(4, 3)):
        return lambda rng: {"anchor": normal(rng, shape, 1), "positive": normal(rng, shape, 1), "negative": normal(rng, shape, 1)}
    three = ("anchor", "positive", "negative")
    call = "torch.nn.TripletMarginLoss"
    add(f"{call}()", triplet(), three)
    add(f"{call}()", triplet((5,)), three, "[D]")
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", triplet(), three)
        add(f"{call}(swap=True, reduction={reduction})", triplet((6, 3)), three)
    for p in (1, 2, 3, 1.5):
        add(f"{call}(p={p})", triplet(), three)
        add(f"{call}(p={p}, swap=True, margin=2)", triplet((6, 3)), three)
    for arguments in ("margin=0", "margin=0.2", "margin=3", "swap=True", "eps=0.1", "eps=0", "eps=1e-3, p=3", "p=1, eps=0.5", "0.5, 2",
                      "0.5, 1, 1e-4, True", "1.0, 2.0, 1e-06, False, None, None, 'sum'", "size_average=False", "reduce=False",
                      "margin=1.0, p=2, eps=1e-7"):
        add(f"{call}({arguments})", triplet(), three)

    def equal(rng):
        made = triplet()(rng)
        made["positive"] = made["anchor"].copy()
        return made
    add(f"{call}()", equal, three, "positive is the anchor", gradient=False)
    add(f"{call}(p=1)", equal, three, "positive is the anchor", gradient=False)
    add("nn.TripletMarginLoss(margin=0.3)", triplet(), three)
    add("F.triplet_margin_loss(margin=0.5, p=1)", triplet(), three)
    add("torch.nn.functional.triplet_margin_loss(swap=True, reduction='none')", triplet(), three)
    space = {"margin": [0.1, 0.5, 2, 4], "p": [1, 2, 3], "eps": ["1e-3", 0.01, 0.2], "swap": ["True", "False"], "reduction": REDUCTION}
    for text in combinations("TripletMarginLoss", space, 16):
        add(f"{call}({text})", triplet((5, 4)), three, "random")

    call = "torch.nn.TripletMarginWithDistanceLoss"
    add(f"{call}()", triplet(), three)
    for reduction in REDUCTION:
        add(f"{call}(reduction={reduction})", triplet(), three)
        add(f"{call}(swap=True, reduction={reduction})", triplet((6, 3)), three)
    for arguments in ("margin=0.2", "margin=3", "swap=True", "margin=2, swap=True"):
        add(f"{call}({arguments})", triplet((6, 3)), three)
    add("nn.TripletMarginWithDistanceLoss(margin=0.3)", triplet(), three)
    add("F.triplet_margin_with_distance_loss(margin=0.5)", triplet(), three)
    add("torch.nn.functional.triplet_margin_with_distance_loss(swap=True, reduction='sum')", triplet(), three)
    for text in combinations("TripletMarginWithDistanceLoss", {"margin": [0.1, 0.5, 2, 4], "swap": ["True", "False"], "reduction": REDUCTION}, 10):
        add(f"{call}({text})", triplet((5, 4)), three, "random")


# --- sequences ----------------------------------------------------------------------------------------------------------

def sequences():
    def aligned(steps, batch, classes, input_lengths, target_lengths, blank=0, flat=False, targets=None):
        def make(rng):
            width = max(max(target_lengths), 1)
            labels = [c for c in range(classes) if c != blank]
            rows = np.array(labels)[rng.randint(0, len(labels), size=(batch, width))]
            if targets is not None:
                rows = np.array(targets)
            if flat:
                rows = np.concatenate([row[:n] for row, n in zip(rows, target_lengths)])
            return {"log_probs": log_softmax(normal(rng, (steps, batch, classes), 1), -1), "targets": rows,
                    "input_lengths": np.array(input_lengths), "target_lengths": np.array(target_lengths)}
        return make

    by = ("log_probs",)

    def ctc(call, make, variant=None, gradient=True):
        add(call, make, by, variant, gradient, link=lambda x: x.log_softmax(-1))

    call = "torch.nn.CTCLoss"
    plain = aligned(6, 2, 5, [6, 6], [3, 2])
    several = aligned(5, 3, 4, [5, 4, 3], [2, 1, 1])
    impossible = aligned(5, 3, 4, [5, 2, 4], [2, 3, 2], targets=[[1, 2, 0], [1, 2, 3], [3, 1, 0]])
    repeated = aligned(6, 2, 5, [6, 4], [3, 3], targets=[[2, 2, 1], [1, 1, 3]])
    ctc(f"{call}()", plain)
    for reduction in REDUCTION:
        ctc(f"{call}(reduction={reduction})", plain)
        ctc(f"{call}(reduction={reduction})", several, "several lengths")
        ctc(f"{call}(reduction={reduction})", aligned(5, 3, 4, [5, 4, 3], [2, 1, 1], flat=True), "several lengths, concatenated targets")
        ctc(f"{call}(reduction={reduction})", repeated, "repeated labels")
        ctc(f"{call}(reduction={reduction})", aligned(5, 3, 4, [5, 5, 4], [2, 0, 3]), "an empty target")
        ctc(f"{call}(reduction={reduction})", impossible, "impossible alignment, infinite")
        ctc(f"{call}(reduction={reduction}, zero_infinity=True)", impossible, "impossible alignment")
        ctc(f"{call}(reduction={reduction}, zero_infinity=True)", several, "several lengths")
        ctc(f"{call}(blank=3, reduction={reduction})", aligned(5, 3, 4, [5, 4, 5], [2, 1, 2], blank=3), "blank last")
    ctc(f"{call}(zero_infinity=True)", aligned(5, 3, 4, [5, 2, 4], [2, 3, 2], flat=True, targets=[[1, 2, 0], [1, 2, 3], [3, 1, 0]]),
        "impossible alignment, concatenated targets")
    ctc(f"{call}()", aligned(6, 1, 5, [3], [2], targets=[[2, 2]]), "repeat just fits")
    ctc(f"{call}()", aligned(6, 1, 5, [2], [2], targets=[[2, 2]]), "repeat does not fit, infinite")
    ctc(f"{call}()", aligned(1, 2, 5, [1, 1], [1, 1]), "one step")
    ctc(f"{call}()", aligned(4, 2, 2, [4, 3], [2, 1]), "one label and blank")
    for arguments, blank in (("blank=2", 2), ("1", 1), ("1, 'sum'", 1), ("0, 'none', True", 0), ("blank=1, zero_infinity=True", 1)):
        ctc(f"{call}({arguments})", aligned(6, 2, 4, [6, 5], [3, 2], blank=blank))
    ctc("nn.CTCLoss()", plain)
    ctc("F.ctc_loss()", plain)
    ctc("F.ctc_loss(reduction='sum', zero_infinity=True)", impossible, "impossible alignment")
    ctc("torch.nn.functional.ctc_loss(blank=4)", aligned(6, 2, 5, [6, 5], [3, 2], blank=4))
    space = {"blank": [0, 1, 2, 3], "reduction": REDUCTION, "zero_infinity": ["True", "False"]}
    for i, text in enumerate(combinations("CTCLoss", space, 10)):
        blank = next((int(p.split("=")[1]) for p in text.split(", ") if p.startswith("blank")), 0)
        ctc(f"{call}({text})", aligned(5, 3, 4, [5, 4, 5], [2, 2, 1 + i % 2], blank=blank, flat=i % 2 == 1), "random")

    def alone(rng):
        made = plain(rng)
        return {"log_probs": made["log_probs"][:, 0], "targets": made["targets"][0], "input_lengths": np.array(6), "target_lengths": np.array(3)}
    ctc(f"{call}()", alone, "no batch axis")


def loss_of(case):
    words = case["call"].split("(")[0].split(".")[-1]
    spelled = {"l1_loss": "L1Loss", "smooth_l1_loss": "SmoothL1Loss", "binary_cross_entropy": "BCELoss", "kl_div": "KLDivLoss",
               "binary_cross_entropy_with_logits": "BCEWithLogitsLoss", "multilabel_margin_loss": "MultiLabelMarginLoss",
               "multilabel_soft_margin_loss": "MultiLabelSoftMarginLoss", "mse_loss": "MSELoss", "nll_loss": "NLLLoss",
               "poisson_nll_loss": "PoissonNLLLoss", "gaussian_nll_loss": "GaussianNLLLoss", "cross_entropy": "CrossEntropyLoss",
               "ctc_loss": "CTCLoss"}
    return spelled.get(words) or (words if words.endswith("Loss") else "".join(w.capitalize() for w in words.split("_")))


def main():
    regression()
    cross_entropy()
    negative_log_likelihood()
    binary_cross_entropy()
    multilabel()
    margins()
    likelihoods()
    embeddings()
    sequences()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dialects", "torch.json")
    write(path, "torch", f"PyTorch {torch.__version__}, float64", CASES)
    report(CASES, loss_of)


if __name__ == "__main__":
    main()
