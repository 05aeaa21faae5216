"""Writes framework-gradients.json: gradients as PyTorch's backward() leaves them, with its own rounding.

    /usr/bin/python3 framework_gradients.py

Each loss is computed as a user of PyTorch writes it, in float32 and in float64, on logits from small to as large as
those of a network that is sure of itself: there 1 - p is a difference of nearly equal numbers, and few of a
gradient's digits are right. Every gradient is one that a gradient check must accept, and multiplied by 1.001 must not.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

FILE = pathlib.Path(__file__).parent / "framework-gradients.json"
SAMPLES, CLASSES = 12, 5


def focal_softmax(x, t):
    log_p = F.log_softmax(x, dim=1).gather(1, t[:, None])[:, 0]
    return (-((1 - log_p.exp()) ** 2) * log_p).mean()


def focal_sigmoid(x, t):
    """torchvision.ops.sigmoid_focal_loss with alpha = -1 (none)."""
    t = F.one_hot(t, CLASSES).to(x.dtype)
    p = torch.sigmoid(x)
    loss = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    p_t = p * t + (1 - p) * (1 - t)
    return (loss * (1 - p_t) ** 2).mean()


def overlap(x, t, activation):
    p = torch.sigmoid(x) if activation == "sigmoid" else torch.softmax(x, dim=1)
    t = F.one_hot(t, CLASSES).movedim(-1, 1).to(x.dtype)
    return (p * t).sum(2), p.sum(2), t.sum(2)


def dice(x, t, activation):
    i, p, t = overlap(x, t, activation)
    return (1 - (2 * i + 1e-5) / (p + t + 1e-5)).mean()


def jaccard(x, t, activation):
    i, p, t = overlap(x, t, activation)
    return (1 - (i + 1e-5) / (p + t - i + 1e-5)).mean()


def contrastive(x1, x2, label):
    d = (x1 - x2).pow(2).sum(1).sqrt()
    return (label * d**2 / 2 + (1 - label) * F.relu(1 - d) ** 2 / 2).mean()


def logits(scale, dtype, generator):
    return (scale * torch.randn(SAMPLES, CLASSES, generator=generator, dtype=torch.float64)).to(dtype)


def classes(x, generator):
    """Half of the targets are what the logits say, half are random."""
    random = torch.randint(0, CLASSES, (SAMPLES,), generator=generator)
    return torch.where(torch.arange(SAMPLES) % 2 == 0, x.argmax(1), random)


def classification(spec, loss):
    def make(scale, dtype, generator):
        x = logits(scale, dtype, generator)
        t = classes(x, generator)
        return spec, {"pred": x, "target": t}, ["pred"], lambda a: loss(a["pred"], a["target"])
    return make


def binary(spec, loss):
    def make(scale, dtype, generator):
        x = logits(scale, dtype, generator)
        random = torch.randint(0, 2, x.shape, generator=generator)
        t = torch.where(torch.arange(CLASSES) % 2 == 0, (x > 0).long(), random)
        return spec, {"pred": x, "target": t}, ["pred"], lambda a: loss(a["pred"], a["target"].to(dtype))
    return make


def maps(spec, loss, activation):
    def make(scale, dtype, generator):
        x = (scale * torch.randn(2, CLASSES, 6, generator=generator, dtype=torch.float64)).to(dtype)
        random = torch.randint(0, CLASSES, (2, 6), generator=generator)
        t = torch.where(torch.arange(6) % 2 == 0, x.argmax(1), random)
        return spec, {"pred": x, "target": t}, ["pred"], lambda a: loss(a["pred"], a["target"], activation)
    return make


def regression(spec, loss):
    def make(scale, dtype, generator):
        arrays = {"pred": logits(scale, dtype, generator), "target": logits(1.0, dtype, generator)}
        return spec, arrays, ["pred"], lambda a: loss(a["pred"], a["target"])
    return make


def triplets(scale, dtype, generator):
    arrays = {name: logits(scale, dtype, generator) for name in ("anchor", "positive", "negative")}
    return ("triplet(distance_eps=1e-6)", arrays, list(arrays),
            lambda a: F.triplet_margin_loss(a["anchor"], a["positive"], a["negative"]))


def pairs(scale, dtype, generator):
    arrays = {name: logits(scale, dtype, generator) for name in ("x1", "x2")}
    arrays["label"] = torch.randint(0, 2, (SAMPLES,), generator=generator)
    return "contrastive", arrays, ["x1", "x2"], lambda a: contrastive(a["x1"], a["x2"], a["label"])


LOSSES = [
    classification("cross-entropy(from=logits)", F.cross_entropy),
    classification("cross-entropy(from=logits, label_smoothing=0.1)",
                   lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1)),
    classification("focal(from=logits)", focal_softmax),
    classification("focal(from=logits, link=sigmoid)", focal_sigmoid),
    classification("hinge", lambda x, t: F.multi_margin_loss(x, t) * CLASSES),
    binary("binary-cross-entropy(from=logits)", F.binary_cross_entropy_with_logits),
    maps("dice(from=logits)", dice, "softmax"),
    maps("dice(from=logits, link=sigmoid)", dice, "sigmoid"),
    maps("jaccard(from=logits, smooth_nr=1e-5, smooth_dr=1e-5)", jaccard, "softmax"),
    regression("mse", F.mse_loss),
    regression("l1", F.l1_loss),
    regression("huber(delta=1)", F.huber_loss),
    regression("smooth-l1", F.smooth_l1_loss),
    triplets,
    pairs,
]


def array(tensor):
    # A float32 is written with all digits of the double that it is.
    return {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}


def case(make, scale, dtype, seed):
    generator = torch.Generator().manual_seed(seed)
    spec, arrays, differentiated, loss = make(scale, dtype, generator)
    for name in differentiated:
        arrays[name].requires_grad_()
    loss(arrays).backward()
    stored = str(dtype).removeprefix("torch.")
    return {"name": f"{spec}, {stored}, scale {scale}", "spec": spec, "stored": stored,
            "inputs": {name: array(values.detach()) for name, values in arrays.items()},
            "gradient": {name: array(arrays[name].grad) for name in differentiated}}


def main():
    cases = [case(make, scale, dtype, seed)
             for seed, make in enumerate(LOSSES)
             for scale in (1, 3, 10, 30)
             for dtype in (torch.float32, torch.float64)]
    lines = ",\n".join(json.dumps(one) for one in cases)
    FILE.write_text(f'{{"source": "PyTorch {torch.__version__}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
