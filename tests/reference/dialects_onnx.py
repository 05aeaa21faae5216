#!/usr/bin/python3
# Oracle for the onnx dialect: the two loss operators of the ONNX operator set (13), written from their specification.
import types
import torch
from dialects_common import *


def nll(l, labels, weights, reduction, ignore_index):
    """l [N,C,...] log-probabilities, labels [N,...]; explicit loops, no torch loss function"""
    N, C = l.shape[:2]
    flat = l.reshape(N, C, -1)
    lab = labels.reshape(N, -1)
    rows, ws = [], []
    for n in range(N):
        for s in range(flat.shape[2]):
            y = int(lab[n, s])
            if ignore_index is not None and y == ignore_index:
                rows.append(torch.zeros(())); ws.append(torch.zeros(()))
                continue
            w = weights[y] if weights is not None else torch.ones(())
            rows.append(-w * flat[n, y, s]); ws.append(w)
    rows, ws = torch.stack(rows), torch.stack(ws)
    if reduction == 'none':
        return rows.reshape(labels.shape)
    if reduction == 'sum':
        return rows.sum()
    assert reduction == 'mean', reduction
    return rows.sum() / ws.sum()


class SoftmaxCrossEntropyLoss:
    def __init__(self, ignore_index=None, reduction='mean', weights=None):
        self.a = weights, reduction, ignore_index
    def __call__(self, scores, labels):
        m = scores.detach().amax(1, keepdim=True)
        l = scores - m - (scores - m).exp().sum(1, keepdim=True).log()
        return nll(l, labels, *self.a)


class NegativeLogLikelihoodLoss:
    def __init__(self, ignore_index=None, reduction='mean', weight=None):
        self.a = weight, reduction, ignore_index
    def __call__(self, input, target):
        return nll(input, target, *self.a)


onnx = types.SimpleNamespace(SoftmaxCrossEntropyLoss=SoftmaxCrossEntropyLoss,
                             NegativeLogLikelihoodLoss=NegativeLogLikelihoodLoss)

def run(call, t):
    f = eval(call, {'onnx': onnx}, dict(t))
    return f(**{k: v for k, v in t.items() if k not in ('weights', 'weight')})

# witnesses of CONVENTIONS section 4
z = torch.tensor([[2, 0, -1], [.5, .5, 0], [-1, 3, 1.]]); y = torch.tensor([0, 2, 1]); w = torch.tensor([1, 2, 4.])
close(SoftmaxCrossEntropyLoss()(z, y), 0.590265912001)
close(SoftmaxCrossEntropyLoss(weights=w)(z, y), 0.898255661192)
close(SoftmaxCrossEntropyLoss(ignore_index=2)(z, y), 0.156388824028)
close(SoftmaxCrossEntropyLoss()(torch.softmax(z, 1), y), 0.833745023957)

S = Suite('onnx', 'transcription of the ONNX operators SoftmaxCrossEntropyLoss-13 and NegativeLogLikelihoodLoss-13 '
          'from their specification; float64', run)
SHAPES = [('[N,C]', (4, 3)), ('[N,C,d]', (2, 4, 3)), ('[N,C,d1,d2]', (2, 3, 2, 2))]
for op, (xs, ys, wn), gen in (
        ('SoftmaxCrossEntropyLoss', ('scores', 'labels', 'weights'), lambda s: normal(*s, scale=2)),
        ('NegativeLogLikelihoodLoss', ('input', 'target', 'weight'), lambda s: uniform(*s, lo=-4, hi=-0.05))):
    def add(tag, args, shape, labels=None, weighted=False, x=None):
        lead = (shape[0],) + shape[2:]
        spec = {xs: x or gen(shape), ys: labels or ints(*lead, hi=shape[1])}
        if weighted:
            spec[wn] = uniform(shape[1], lo=.2, hi=3)
            args = ', '.join(filter(None, [args, '%s=%s' % (wn, wn)]))
        S.add(op, tag, 'onnx.%s(%s)' % (op, args), spec, (xs,))
    for sn, shape in SHAPES:
        lead = (shape[0],) + shape[2:]
        for red in (None, 'mean', 'sum', 'none'):
            a = '' if red is None else "reduction='%s'" % red
            for weighted in (False, True):
                if red == 'mean' and sn != '[N,C]':
                    continue
                add('%s %s%s' % (sn, red or 'default', ' weights' if weighted else ''), a, shape, weighted=weighted)
        # ignored labels: a class of the range, and a number out of it
        def with_ignored(v):
            def g(r):
                t = r.randint(0, shape[1], lead); f = t.reshape(-1); f[0] = v; f[-2] = v
                if all(f == v): f[1] = 0
                return t.astype(np.int64)
            return g
        for ig in (-1, 1, -100, 255):
            for red in ('mean', 'sum', 'none'):
                if (ig in (-100, 255)) != (red == 'mean' and sn == '[N,C]') and ig in (-100, 255):
                    continue
                a = 'ignore_index=%d' % ig + ('' if red == 'mean' else ", reduction='%s'" % red)
                add('%s ignore %d %s' % (sn, ig, red), a, shape, with_ignored(ig))
        add('%s ignore and weights mean' % sn, 'ignore_index=0', shape, with_ignored(0), weighted=True)
        add('%s ignore and weights sum' % sn, "reduction='sum', ignore_index=0", shape, with_ignored(0), weighted=True)
        add('%s ignore and weights none' % sn, "ignore_index=-1, reduction='none'", shape, with_ignored(-1), weighted=True)
    # all ignored: 0/0 in the mean, no gradient stated
    lab = given(np.full((4,), -1))
    S.add(op, 'all ignored mean is NaN', 'onnx.%s(ignore_index=-1)' % op, {xs: gen((4, 3)), ys: lab})
    add('all ignored sum', "ignore_index=-1, reduction='sum'", (4, 3), lab)
    add('all ignored none', "ignore_index=-1, reduction='none'", (4, 3), lab)
    if op[0] == 'S':
        add('large scores', '', (2, 3), given(np.array([0, 2])), x=given([[1000., 0, -1000], [-800, 700, 690]]))
    S.add(op, 'a weight of zero', 'onnx.%s(%s=%s)' % (op, wn, wn),
          {xs: gen((4, 3)), ys: given(np.array([0, 1, 2, 1])), wn: given([1., 0, 2.5])}, (xs,))

# against torch, which follows the same rule
for c in S.cases:
    t = {k: torch.tensor([float(v) if not isinstance(v, int) else v for v in d['data']]).reshape(d['shape'])
         for k, d in c['inputs'].items()}
    kw = dict(eval('dict(%s)' % c['call'].split('(', 1)[1][:-1], {}, dict(weights=t.get('weights'), weight=t.get('weight'))))
    wt = kw.get('weights', kw.get('weight'))
    f = torch.nn.functional.cross_entropy if 'scores' in t else torch.nn.functional.nll_loss
    ref = f(t.get('scores', t.get('input')), t.get('labels', t.get('target')), weight=wt,
            ignore_index=kw.get('ignore_index', -12345), reduction=kw.get('reduction', 'mean'))
    mine = c['value']
    mine = torch.tensor([float(v) for v in mine['data']]).reshape(mine['shape']) if isinstance(mine, dict) else torch.tensor(float(mine))
    assert torch.allclose(ref, mine, rtol=1e-12, atol=1e-13, equal_nan=True), c['name']
S.write('onnx.json')
