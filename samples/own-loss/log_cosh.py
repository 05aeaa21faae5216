#!/usr/bin/env python3
"""A loss of our own for `losscalc gradcheck --exec samples/own-loss/log_cosh.py`.

The mean over samples of sum_j log(cosh(pred_j - target_j)): a square near 0, an absolute value far from it.
"""

import json
import math
import sys


def log_cosh(residual):
    """log(cosh(residual)), which neither overflows nor cancels."""
    size = abs(residual)
    return size + math.log1p(0.5 * math.expm1(-2.0 * size))


def answer(request):
    pred, target = request["inputs"]["pred"], request["inputs"]["target"]
    residuals = [[p - t for p, t in zip(*rows, strict=True)] for rows in zip(pred, target, strict=True)]
    losses = [sum(map(log_cosh, row)) for row in residuals]
    reply = {"value": sum(losses) / len(losses), "per_sample": losses}
    if "gradient" in request["want"]:
        reply["gradient"] = {"pred": [[math.tanh(r) / len(losses) for r in row] for row in residuals]}
    return reply


for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = answer(request)
    except Exception as error:
        reply = {"error": repr(error)}
    print(json.dumps({"id": request["id"], **reply}), flush=True)
