"""Losses of a number against a sign, and of a label against a label."""

import numpy as np

from cases import Reference, given, normal, uniform
from elementwise import elementwise_cases, from_sklearn, from_torch, reduced, signs


def soft_margin(xp, pred, target, parameters):
    """log(1 + exp(-t s)), written for one sign of the exponent."""
    z = -xp.array(signs(target) * 1.0) * pred
    return xp.maximum(z, 0.0) + xp.log(1 + xp.exp(-xp.abs(z)))


def hinge_embedding(xp, pred, target, parameters):
    """torch.nn.HingeEmbeddingLoss."""
    gaps = xp.maximum(parameters.get("margin", 1.0) - pred, 0.0)
    return xp.where(signs(target) > 0, pred, gaps)


def brier(xp, pred, target, parameters):
    outcome = (signs(target) > 0) == (parameters.get("positive", 1) > 0)
    return (pred - xp.array(np.asarray(outcome) * 1.0)) ** 2


def zero_one(xp, pred, target, parameters):
    return xp.array(np.where(np.asarray(pred) == np.asarray(target), 0.0, 1.0))


def binary_sparsemax(xp, pred, target, parameters):
    """optax.losses.sparsemax_loss: 0 up to -1, x from 1 on, (x + 1)^2 / 4 between, x = -t s."""
    x = -xp.array(signs(target) * 1.0) * pred
    gap = xp.maximum(x + 1, 0.0)
    return xp.where(x >= 1, x, gap * gap / 4)


def brier(xp, pred, target, parameters):
    """Brier 1950 for two outcomes, as sklearn.metrics.brier_score_loss has it."""
    yes = (signs(target) > 0) == (parameters.get("positive", 1) == 1)
    miss = pred - xp.array(yes * 1.0)
    return miss * miss


def forecasts(rng, shape, parameters):
    return uniform(rng, shape), 2 * rng.integers(0, 2, shape) - 1


def scores(rng, shape, parameters):
    return normal(rng, shape, 2.0), 2 * rng.integers(0, 2, shape) - 1


def distances(rng, shape, parameters):
    return uniform(rng, shape, 0.0, 2.5), 2 * rng.integers(0, 2, shape) - 1


def probabilities(rng, shape, parameters):
    return uniform(rng, shape, 0.0, 1.0), 2 * rng.integers(0, 2, shape) - 1


def labels(rng, shape, parameters):
    return rng.integers(0, 3, shape) * 1.0, rng.integers(0, 3, shape)


def soft_margin_cases():
    cases = elementwise_cases("soft-margin", scores, [{}])
    s = np.array([0, 36.5, -36.5, 500, -500, 1e-8, -1e-8, 745, -745, 1.0])
    cases += [given(f"extreme scores, target {t}", {"reduction": "none"}, pred=s,
                    target=np.full(10, t)) for t in (-1, 1)]
    cases.append(given("targets 0 and 1", {"reduction": "mean"}, pred=[0.5, -1, 2],
                       target=[0, 1, 1]))
    return cases


def hinge_embedding_cases():
    cases = elementwise_cases("hinge-embedding", distances,
                              [{}, {"margin": 0.5}, {"margin": 2.0}, {"margin": 0.0}])
    x = np.array([0, 1e-12, 1 - 1e-12, 1 + 1e-12, 500, 1e8, -0.5])
    cases += [given(f"extreme distances, target {t}", {"reduction": "none"}, pred=x,
                    target=np.full(7, t)) for t in (-1, 1)]
    cases.append(given("at the margin: no derivative", {"reduction": "mean"}, pred=[1.0, 0.5],
                       target=[-1, 1]))
    return cases


def binary_sparsemax_cases():
    cases = elementwise_cases("binary-sparsemax", scores, [{}])
    s = np.array([0, 1, -1, 1 + 1e-12, -1 - 1e-12, 500, -500, 1 - 1e-12, -1 + 1e-12])
    return cases + [given(f"around its bends, target {t}", {"reduction": "none"}, pred=s,
                          target=np.full(9, t)) for t in (-1, 1)]


def zero_one_cases():
    return elementwise_cases("zero-one", labels, [{}]) + [
        given("labels that are no integers", {"reduction": "none"}, pred=[0.5, 0.5, -2.0],
              target=[0.5, 0.25, -2.0])]


def moderate(inputs, parameters):
    """PyTorch takes exp(-t s) as it is, and rounds the small tail away."""
    return inputs["pred"].detach().abs().max() < 20


def references():
    return [
        Reference("soft-margin", "torch.nn.SoftMarginLoss", reduced(soft_margin),
                  soft_margin_cases(),
                  libraries=[from_torch("soft_margin_loss", applies=moderate)]),
        Reference("hinge-embedding", "torch.nn.HingeEmbeddingLoss", reduced(hinge_embedding),
                  hinge_embedding_cases(),
                  libraries=[from_torch("hinge_embedding_loss", "margin")]),
        Reference("binary-sparsemax", "optax.losses.sparsemax_loss", reduced(binary_sparsemax),
                  binary_sparsemax_cases()),
        Reference("brier", "sklearn.metrics.brier_score_loss", reduced(brier),
                  elementwise_cases("brier", forecasts, [{}, {"positive": -1}]) +
                  [given("labels 0 and 1, certain forecasts", {"reduction": "none"},
                         pred=[0.0, 1.0, 0.0, 1.0, 0.25], target=[0, 1, 1, 0, 1])],
                  libraries=[from_sklearn("brier_score_loss", dimensions=1)]),
        Reference("zero-one", "the share of labels that are wrong", reduced(zero_one),
                  zero_one_cases(), wrt=(),
                  libraries=[from_sklearn("zero_one_loss", dimensions=1)]),
    ]
