"""Likelihoods, deviances and divergences of distributions."""

import numpy as np

from cases import Reference, given, normal, uniform
from elementwise import elementwise_cases, from_sklearn, from_torch, reduced


def poisson_nll(xp, pred, target, parameters):
    """torch.nn.PoissonNLLLoss."""
    if parameters.get("log_input", True):
        losses = xp.exp(pred) - target * pred
    else:
        losses = pred - target * xp.log(pred + parameters.get("eps", 1e-8))
    if parameters.get("full", False):
        t = xp.where(target > 1, target, 2.0)
        stirling = t * xp.log(t) - t + xp.log(2 * xp.pi * t) / 2
        losses = losses + xp.where(target > 1, stirling, 0.0 * t)
    return losses


def tweedie(xp, pred, target, parameters):
    """Unit deviances of scikit-learn's mean_tweedie_deviance."""
    q = parameters.get("power", 0.0)
    if q == 0:
        return (pred - target) * (pred - target)
    if q == 1:
        t = xp.where(target > 0, target, 1.0)
        return 2 * (xp.where(target > 0, t * xp.log(t / pred), 0.0 * t) - target + pred)
    if q == 2:
        return 2 * (xp.log(pred / target) + target / pred - 1)
    positive = xp.maximum(target, 0.0)
    return 2 * (xp.power(positive, 2 - q) / (1 - q) / (2 - q)
                - target * xp.power(pred, 1 - q) / (1 - q) + xp.power(pred, 2 - q) / (2 - q))


def kl_divergence(xp, pred, target, parameters):
    """Kullback & Leibler 1951 term by term: t log t - t log q."""
    def clipped(p):
        clip = parameters.get("clip", 0.0)
        return xp.minimum(xp.maximum(p, clip), 1.0) if clip > 0 else p

    log_pred, log_target = parameters.get("log_pred", False), parameters.get("log_target", False)
    t = xp.exp(target) if log_target else clipped(target)
    log_t = target if log_target else xp.log(xp.where(t > 0, t, 1.0))
    q = xp.exp(pred) if log_pred else clipped(pred)
    log_q = pred if log_pred else xp.log(xp.where(t > 0, q, 1.0))
    losses = t * log_t - t * log_q
    return losses + q - t if parameters.get("generalized", False) else losses


def counts(rng, shape, parameters):
    rates = uniform(rng, shape, 0.2, 9.0)
    log_input = parameters.get("log_input", True)
    return (normal(rng, shape, 1.2) if log_input else rates), rng.integers(0, 7, shape) * 1.0


def amounts(rng, shape, parameters):
    power = parameters.get("power", 0.0)
    target = uniform(rng, shape, 0.3, 5.0)
    if 1 <= power < 2:
        target = np.where(rng.uniform(size=shape) < 0.3, 0.0, target)
    if power <= 0:
        target = normal(rng, shape, 2.0)
    return (normal(rng, shape, 2.0) if power == 0 else uniform(rng, shape, 0.3, 5.0)), target


def probabilities(rng, shape, parameters):
    q, t = uniform(rng, shape, 0.02, 1.0), uniform(rng, shape, 0.02, 1.0)
    t = np.where(rng.uniform(size=shape) < 0.2, 0.0, t)
    if parameters.get("log_target", False):
        t = np.log(np.maximum(t, 0.01))
    return (np.log(q) if parameters.get("log_pred", False) else q), t


def poisson_nll_cases():
    rates = {"log_input": False}
    cases = elementwise_cases("poisson-nll", counts, [
        {}, {"full": True}, rates, {**rates, "full": True}, {**rates, "eps": 0.5}])
    cases += [
        given("extreme log-rates", {"reduction": "none"},
              pred=[-700.0, -50, 0, 50, 300, 1e-12], target=[0.0, 3, 1, 1e6, 2, 1e300]),
        given("extreme rates", {**rates, "reduction": "none"},
              pred=[0.0, 1e-8, 1e-300, 1e12, 1e300, -9e-9], target=[3.0, 2, 0, 1e6, 5, 1.0]),
        given("rates without eps", {**rates, "eps": 0.0, "reduction": "none"},
              pred=[1e-300, 1e-8, 4, 1e200], target=[1.0, 0, 2.5, 1e3]),
        given("full at and around 1", {"full": True, "reduction": "none"},
              pred=[0.5, 0.5, 0.5, 0.5], target=[1.0, 1 + 1e-9, 0.5, 1e6]),
        given("negative targets are taken as they are", {"reduction": "mean"}, pred=[0.5, -1],
              target=[-2.0, -0.5]),
    ]
    return cases


def tweedie_cases():
    powers = (0.0, -1.5, 1.0, 1.5, 2.0, 2.5, 3.0, 1.1, -3.0)
    cases = elementwise_cases("tweedie-deviance", amounts,
                              [{}, *({"power": q} for q in powers[1:])])
    near = np.array([1e-9, -1e-6, 1e-3, 0.1, -0.2, 0.24, 0.26, 0.0])
    for q in powers:
        start = {"power": q, "reduction": "none"}
        cases += [
            given(f"nearly equal, power {q}", start, pred=1.7 * (1 + near), target=np.full(8, 1.7)),
            given(f"far apart, power {q}", start, pred=[1e-4, 1e4, 1e-8, 1e8],
                  target=[1e4, 1e-4, 1.0, 1]),
        ]
        if 1 <= q < 2:
            cases.append(given(f"targets of 0, power {q}", start, pred=[1e-6, 1, 1e6],
                               target=[0.0, 0, 0]))
    return cases


def kl_cases():
    logs = {"log_pred": True, "log_target": True}
    cases = elementwise_cases("kl-divergence", probabilities, [
        {}, {"log_pred": True}, {"log_target": True}, logs, {"generalized": True},
        {**logs, "generalized": True}, {"clip": 1e-7}, {"clip": 0.25, "generalized": True}])
    cases += [
        given("targets of 0", {"reduction": "none"}, pred=[0.0, 1, 1e-30], target=[0.0, 0, 0]),
        given("targets of 0, generalized", {"generalized": True, "reduction": "none"},
              pred=[0.5, 1, 1e-30], target=[0.0, 0, 0]),
        given("extreme probabilities", {"reduction": "none"}, pred=[1e-30, 1, 1e-12, 0.5],
              target=[1.0, 1e-300, 1e-12, 0.5 + 1e-12]),
        given("extreme log-probabilities", {"log_pred": True, "reduction": "none"},
              pred=[-700.0, 0, -1e-12, -1e8], target=[1.0, 1e-300, 0.5, 1e-8]),
        given("clipped at 2^-10", {"clip": 2.0**-10, "reduction": "none"},
              pred=[0.0, 1e-5, 0.5, 1.5, 0.0], target=[0.5, 1, 0, 1, 0]),
        given("nothing is predicted where something is", {"reduction": "none"}, pred=[0.5, 0.25],
              target=[0.5, 1.0]),
    ]
    return cases


def torch_kl(inputs, parameters):
    return parameters.get("log_pred", False) and not parameters.get("generalized", False)




def references():
    return [
        Reference("poisson-nll", "torch.nn.PoissonNLLLoss", reduced(poisson_nll),
                  poisson_nll_cases(),
                  libraries=[from_torch("poisson_nll_loss", "log_input", "full", "eps")]),
        Reference("tweedie-deviance", "Jorgensen 1987", reduced(tweedie), tweedie_cases(),
                  libraries=[from_sklearn("mean_tweedie_deviance", "power", dimensions=1)]),
        Reference("kl-divergence", "Kullback & Leibler 1951", reduced(kl_divergence), kl_cases(),
                  libraries=[from_torch("kl_div", "log_target", applies=torch_kl)]),
    ]
