"""Box losses: i = intersection, u = union, c = enclosing box, rho2 = squared centre distance,
d2 = squared diagonal of the enclosing box."""

import numpy as np

from cases import Case, Reference, array_of, given, random, reduce, uniform, weights


def corners(boxes, layout):
    """(x1, y1, x2, y2) of boxes [N,4]."""
    a, b, c, d = (boxes[:, k] for k in range(4))
    if layout == "xyxy":
        return a, b, c, d
    if layout == "cxcywh":
        return a - c / 2, b - d / 2, a + c / 2, b + d / 2
    return a, b, a + c, b + d


def measures(xp, inputs, parameters):
    """iou, u, area of the enclosing box, rho2, d2 and the two boxes' widths and heights."""
    layout = parameters.get("boxes", "xyxy")
    px1, py1, px2, py2 = corners(inputs["pred"], layout)
    gx1, gy1, gx2, gy2 = corners(inputs["target"], layout)
    pw, ph, gw, gh = px2 - px1, py2 - py1, gx2 - gx1, gy2 - gy1
    iw = xp.maximum(xp.minimum(px2, gx2) - xp.maximum(px1, gx1), 0.0)
    ih = xp.maximum(xp.minimum(py2, gy2) - xp.maximum(py1, gy1), 0.0)
    inner = iw * ih
    union = pw * ph + gw * gh - inner
    cw = xp.maximum(px2, gx2) - xp.minimum(px1, gx1)
    ch = xp.maximum(py2, gy2) - xp.minimum(py1, gy1)
    rho2 = ((px1 + px2 - gx1 - gx2) ** 2 + (py1 + py2 - gy1 - gy2) ** 2) / 4
    iou = inner / (union + parameters.get("eps", 0.0))
    return iou, union, cw * ch, rho2, cw**2 + ch**2, (pw, ph, gw, gh)


def iou(xp, inputs, parameters):
    """1 - IoU: Yu et al. 2016 in its linear form."""
    return 1 - measures(xp, inputs, parameters)[0]


def giou(xp, inputs, parameters):
    """1 - (IoU - (c-u)/c): Rezatofighi et al. 2019."""
    overlap, union, hull, *_ = measures(xp, inputs, parameters)
    return 1 - (overlap - (hull - union) / (hull + parameters.get("eps", 0.0)))


def diou(xp, inputs, parameters):
    """1 - IoU + rho2/d2: Zheng et al. 2020."""
    overlap, _, _, rho2, d2, _ = measures(xp, inputs, parameters)
    return 1 - overlap + rho2 / (d2 + parameters.get("eps", 0.0))


def ciou(xp, inputs, parameters):
    """DIoU + alpha v, v = 4/pi^2 (atan(wg/hg) - atan(wp/hp))^2, alpha = v / (1 - IoU + v): Zheng et
    al. 2020. The derivative is of the whole, alpha included."""
    overlap, _, _, rho2, d2, (pw, ph, gw, gh) = measures(xp, inputs, parameters)
    eps = parameters.get("eps", 0.0)
    v = 4 / xp.pi**2 * (xp.atan(gw / gh) - xp.atan(pw / ph)) ** 2
    return 1 - overlap + rho2 / (d2 + eps) + v**2 / (1 - overlap + v + eps)


def reduced(loss):
    def formula(xp, inputs, parameters):
        losses = loss(xp, inputs, parameters)
        a = array_of(inputs, parameters, "sample_weight")
        weight = xp.array(np.ones(len(losses))) if a is None else a
        return reduce(xp, losses * weight, weight, len(losses), parameters.get("reduction", "mean"),
                      len(losses))

    return formula


def box_array(rng, count, layout, extent):
    """Random boxes with sides of at least a tenth of the extent."""
    sides = uniform(rng, (count, 2), 0.1, 0.6, 4) * extent
    first = uniform(rng, (count, 2), 0.0, 0.6, 4) * extent
    if layout == "xyxy":
        return np.round(np.hstack([first, first + sides]), 6)
    return np.hstack([np.round(first + sides / 2, 6) if layout == "cxcywh" else first, sides])


def boxes(loss, parameters, count=6, extent=1.0):
    rng = random(loss, parameters, count, extent)
    layout = parameters.get("boxes", "xyxy")
    inputs = {k: box_array(rng, count, layout, extent) for k in ("pred", "target")}
    if "sample_weight" in parameters:
        inputs["a"] = weights(rng, (count,))
    settings = [f"{k} {v}" for k, v in parameters.items()]
    return Case(", ".join([f"{count} boxes of size {extent}", *settings]), parameters, inputs)


def common_cases(loss):
    cases = [boxes(loss, {"boxes": layout, "reduction": r}) for layout in ("xyxy", "cxcywh", "xywh")
             for r in ("mean", "sum", "none")]
    cases += [boxes(loss, {"reduction": r}, 4, extent) for r in ("count-mean", "batchmean")
              for extent in (1000.0, 0.01)]
    cases += [boxes(loss, {"eps": e, "boxes": layout, "reduction": "none"}) for e in (1e-7, 0.01)
              for layout in ("xyxy", "cxcywh")]
    cases += [boxes(loss, {"sample_weight": "a", "reduction": r}) for r in ("mean", "none",
                                                                            "count-mean")]
    cases.append(boxes(loss, {"reduction": "mean"}, 1))
    unit = [[0, 0, 2, 2.0]]
    for name, pred, target in (
        ("disjoint", unit, [[3, 4, 5, 7.0]]), ("far apart", unit, [[1e4, 2e4, 1e4 + 3, 2e4 + 1.0]]),
        ("disjoint, side by side", unit, [[3, 0.5, 5, 1.5]]),
        ("inside the target", unit, [[-1, -2, 4, 5.0]]),
        ("around the target", unit, [[0.5, 0.25, 1, 1.5]]),
        ("nearly the target", [[1e-9, 0, 2, 2 + 1e-9]], [[0, 1e-9, 2 - 1e-9, 2.0]]),
        ("a thin sliver", [[0, 0, 1e-6, 10.0]], [[-5, 1, 5, 1.001]]),
        ("negative coordinates", [[-7, -9, -2, -4.0]], [[-6, -8.5, -1, -5.0]]),
    ):
        cases.append(given(name, {"reduction": "mean"}, pred=pred, target=target))
    cases += [
        given("the target itself (no derivative)", {"eps": 1e-7, "reduction": "mean"}, pred=unit,
              target=unit),
        given("touching boxes (no derivative)", {"reduction": "mean"}, pred=unit,
              target=[[2, 0.5, 5, 3.0]]),
    ]
    return cases


def witness(value):
    return [given("witness: (0,0,2,2) and (1,1,3,4)", {"reduction": "mean"}, value,
                  pred=[[0, 0, 2, 2.0]], target=[[1, 1, 3, 4.0]])]


def references():
    table = (
        ("iou", iou, 0.888888888889, "Yu et al. 2016, UnitBox (linear form)"),
        ("giou", giou, 1.13888888889, "Rezatofighi et al. 2019"),
        ("diou", diou, 1.01888888889, "Zheng et al. 2020, Distance-IoU"),
        ("ciou", ciou, 1.01916454945, "Zheng et al. 2020, Distance-IoU"),
    )
    return [Reference(name, f"{source}, transcribed", reduced(loss),
                      witness(value) + common_cases(name))
            for name, loss, value, source in table]
