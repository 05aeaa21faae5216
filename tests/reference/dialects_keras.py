#!/usr/bin/python3
# Oracle for the keras dialect: Keras 3 losses and regularizers, transcribed from their published definitions
# (rules of CONVENTIONS.md; epsilon = the double 1e-7), in torch float64.
import types
import torch
from dialects_common import *

EPS = 1e-7
# 1 - EPS as float32 has it, which is Keras's default type; in float64 it is what it says.
HIGH = {None: 1 - 2 ** -23, 'float32': 1 - 2 ** -23, 'float64': 1 - EPS}
high = HIGH[None]


# ---------------------------------------------------------------- reduction
def same_rank(a, b, expand_rank_1=True):
    """squeeze_or_expand_to_same_rank"""
    if a.dim() == b.dim() + 1 and a.shape[-1] == 1:
        if b.dim() == 1 and expand_rank_1:
            b = b.unsqueeze(-1)
        else:
            a = a.squeeze(-1)
    elif b.dim() == a.dim() + 1 and b.shape[-1] == 1:
        if a.dim() == 1 and expand_rank_1:
            a = a.unsqueeze(-1)
        else:
            b = b.squeeze(-1)
    return a, b

def reduce(values, weight, mask, reduction):
    if mask is not None:
        m = mask.to(values.dtype)
        if reduction in ('mean', 'sum_over_batch_size'):
            valid = m.sum()
            m = m * (m.numel() / valid) if valid > 0 else m
        if weight is not None:
            m, weight = same_rank(m, weight)
            weight = weight * m
        else:
            weight = m
    if weight is not None:
        values, weight = same_rank(values, weight)
        values = values * weight
    if reduction in (None, 'none') or values.dim() == 0:
        return values
    total = values.sum()
    if reduction == 'sum':
        return total
    if reduction == 'mean_with_sample_weight' and weight is not None:
        div = weight.sum()
    else:
        assert reduction in ('mean', 'sum_over_batch_size', 'mean_with_sample_weight'), reduction
        div = torch.tensor(float(values.numel()))
    return total / div if div != 0 else total * 0


# ---------------------------------------------------------------- the functions (one value per unit, maybe a mask)
def sp(x):                      # exact softplus
    return torch.logaddexp(x, torch.zeros_like(x))

def prep(t, p):
    return same_rank(t.to(p.dtype), p)

def mean_squared_error(t, p):
    t, p = prep(t, p)
    return ((t - p) ** 2).mean(-1)

def mean_absolute_error(t, p):
    t, p = prep(t, p)
    return (t - p).abs().mean(-1)

def mean_absolute_percentage_error(t, p):
    t, p = prep(t, p)
    return 100 * ((t - p) / t.abs().clamp(min=EPS)).abs().mean(-1)

def mean_squared_logarithmic_error(t, p):
    t, p = prep(t, p)
    a = torch.log(p.clamp(min=EPS) + 1)
    b = torch.log(t.clamp(min=EPS) + 1)
    return ((a - b) ** 2).mean(-1)

def signed(t):
    if bool(((t == 0) | (t == 1)).all()):
        return 2 * t - 1
    return t

def hinge(t, p):
    t, p = prep(t, p)
    return (1 - signed(t) * p).clamp(min=0).mean(-1)

def squared_hinge(t, p):
    t, p = prep(t, p)
    return ((1 - signed(t) * p).clamp(min=0) ** 2).mean(-1)

def categorical_hinge(t, p):
    t = t.to(p.dtype)
    pos = (t * p).sum(-1)
    neg = ((1 - t) * p).amax(-1)
    return (neg - pos + 1).clamp(min=0)

def unit(x, axis):
    n2 = (x * x).sum(axis, keepdim=True)
    safe = torch.where(n2 > EPS * EPS, n2, torch.full_like(n2, EPS * EPS))
    return x / safe.sqrt()

def cosine_similarity(t, p, axis=-1):
    t, p = prep(t, p)
    return -(unit(t, axis) * unit(p, axis)).sum(axis)

def huber(t, p, delta=1.0):
    t, p = prep(t, p)
    e = p - t
    return torch.where(e.abs() <= delta, 0.5 * e * e, delta * e.abs() - 0.5 * delta * delta).mean(-1)

def log_cosh(t, p):
    t, p = prep(t, p)
    e = p - t
    return (e + sp(-2 * e) - math.log(2)).mean(-1)

def kl_divergence(t, p):
    t, p = prep(t, p)
    t = t.clamp(EPS, 1)
    p = p.clamp(EPS, 1)
    return (t * torch.log(t / p)).sum(-1)

def poisson(t, p):
    t, p = prep(t, p)
    return (p - t * torch.log(p + EPS)).mean(-1)

def bce(t, p, from_logits):
    if from_logits:
        return sp(p) - p * t
    p = p.clamp(EPS, high)
    return -(t * p.log() + (1 - t) * (1 - p).log())

def binary_crossentropy(t, p, from_logits=False, label_smoothing=0.0, axis=-1):
    t, p = prep(t, p)
    t = t * (1 - label_smoothing) + label_smoothing / 2
    return bce(t, p, from_logits).mean(axis)

def log_probs(p, from_logits, axis):
    if from_logits:
        return p - torch.logsumexp(p, axis, keepdim=True)
    return normalised(p, axis).log()

def normalised(p, axis):
    return (p / p.sum(axis, keepdim=True)).clamp(EPS, high)

def smooth(t, e):
    return t * (1 - e) + e / t.shape[-1] if e else t

def categorical_crossentropy(t, p, from_logits=False, label_smoothing=0.0, axis=-1):
    t = smooth(t.to(p.dtype), label_smoothing)
    return -(t * log_probs(p, from_logits, axis)).sum(axis)

def sparse_categorical_crossentropy(t, p, from_logits=False, ignore_class=None, axis=-1):
    if t.dim() == p.dim() and t.shape[-1] == 1:
        t = t.squeeze(-1)
    valid = torch.ones_like(t, dtype=torch.bool) if ignore_class is None else t != ignore_class
    y = torch.where(valid, t, torch.zeros_like(t)).long()
    l = torch.gather(log_probs(p, from_logits, axis), axis, y.unsqueeze(axis)).squeeze(axis)
    res = torch.where(valid, -l, torch.zeros_like(l))
    return res if ignore_class is None else (res, valid)

def binary_focal_crossentropy(t, p, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False,
                              label_smoothing=0.0, axis=-1):
    t, p = prep(t, p)
    t = t * (1 - label_smoothing) + label_smoothing / 2
    if from_logits:
        p = torch.sigmoid(p)
    pt = t * p + (1 - t) * (1 - p)
    f = (1 - pt) ** gamma * bce(t, p, False)
    if apply_class_balancing:
        f = (t * alpha + (1 - t) * (1 - alpha)) * f
    return f.mean(axis)

def categorical_focal_crossentropy(t, p, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1):
    t = smooth(t.to(p.dtype), label_smoothing)
    if from_logits:
        p = torch.softmax(p, axis)
    p = normalised(p, axis)
    alpha = torch.as_tensor(alpha, dtype=p.dtype)
    return ((1 - p) ** gamma * alpha * (-t * p.log())).sum(axis)

def categorical_generalized_cross_entropy(t, p, q=0.5):
    if t.dim() == p.dim() and t.shape[-1] == 1:
        t = t.squeeze(-1)
    py = torch.gather(p, -1, t.long().unsqueeze(-1)).squeeze(-1)
    return (1 - py ** q) / q

def total(x, axis):
    return x.sum() if axis is None else x.sum(axis)

def dice(t, p, axis=None):
    t, p = prep(t, p)
    return 1 - 2 * total(t * p, axis) / (total(t, axis) + total(p, axis) + EPS)

def tversky(t, p, alpha=0.5, beta=0.5, axis=None):
    t, p = prep(t, p)
    i, fp, fn = total(t * p, axis), total((1 - t) * p, axis), total(t * (1 - p), axis)
    return 1 - i / (i + alpha * fp + beta * fn + EPS)

def tversky_315(t, p, alpha=0.5, beta=0.5, axis=None):
    return tversky(t, p, beta, alpha, axis)

def masked_lse(x, mask):
    out = []
    for r, m in zip(x, mask):
        out.append(torch.logsumexp(r[m], 0) if bool(m.any()) else torch.tensor(-math.inf))
    return torch.stack(out)

def circle_values(t, p, gamma=80, margin=0.4, remove_diagonal=True):
    d = (1 - p @ p.T).clamp(min=0)
    same = t[:, None] == t[None, :]
    pos = same & ~torch.eye(len(t), dtype=torch.bool) if remove_diagonal else same
    pw = (margin + d).clamp(min=0)
    nw = (1 + margin - d).clamp(min=0)
    a = masked_lse(-gamma * pw * (margin - d), pos)
    b = masked_lse(gamma * nw * (1 - margin - d), ~same)
    return sp(a + b)

def circle(t, p, **kw):
    v = circle_values(t, p, **kw)
    return v, v > 0

def ctc(t, p):
    """forward algorithm over the blank-extended label, blank 0, full input length"""
    l = p - torch.logsumexp(p, -1, keepdim=True)
    out = []
    for lab, x in zip(t, l):
        lab = [int(v) for v in lab[:int((lab != 0).sum())]]
        ext = [0]
        for v in lab:
            ext += [v, 0]
        al = {0: x[0, 0]}
        if lab:
            al[1] = x[0, ext[1]]
        for f in range(1, len(x)):
            nx = {}
            for s, v in enumerate(ext):
                come = [al[k] for k in (s, s - 1) if k in al]
                if s >= 2 and v != 0 and v != ext[s - 2] and s - 2 in al:
                    come.append(al[s - 2])
                if come:
                    nx[s] = torch.logsumexp(torch.stack(come), 0) + x[f, v]
            al = nx
        out.append(-torch.logsumexp(torch.stack([al[k] for k in (len(ext) - 1, len(ext) - 2) if k in al]), 0))
    return torch.stack(out)


# ---------------------------------------------------------------- constructors, with Keras's signatures
REDUCTION = 'sum_over_batch_size'

def loss(fn, signature):
    """signature: list of (name, default); name is accepted and changes nothing; dtype is that of the clip's bounds"""
    signature = signature + [(k, None) for k in ('name', 'dtype') if k not in dict(signature)]
    def make(*args, **kw):
        v = dict(signature)
        for (k, _), a in zip(signature, args):
            v[k] = a
        for k in kw:
            assert k in v, k
        v.update(kw)
        reduction = v.pop('reduction')
        v.pop('name')
        dtype = v.pop('dtype')
        def call(y_true, y_pred, sample_weight=None):
            global high
            high = HIGH[dtype]
            r = fn(y_true, y_pred, **v)
            high = HIGH[None]
            values, mask = r if isinstance(r, tuple) else (r, None)
            return reduce(values, sample_weight, mask, reduction)
        return call
    return make

def function(fn):
    def make(**kw):
        def call(y_true, y_pred):
            r = fn(y_true, y_pred, **kw)
            return r[0] if isinstance(r, tuple) else r
        return call
    return make

R = ('reduction', REDUCTION)
plain = [R]
logit = [('from_logits', False), ('label_smoothing', 0.0), ('axis', -1), R]
CLASSES = {
    'MeanSquaredError': (mean_squared_error, plain), 'MeanAbsoluteError': (mean_absolute_error, plain),
    'MeanAbsolutePercentageError': (mean_absolute_percentage_error, plain),
    'MeanSquaredLogarithmicError': (mean_squared_logarithmic_error, plain),
    'Hinge': (hinge, plain), 'SquaredHinge': (squared_hinge, plain), 'CategoricalHinge': (categorical_hinge, plain),
    'CosineSimilarity': (cosine_similarity, [('axis', -1), R]), 'Huber': (huber, [('delta', 1.0), R]),
    'LogCosh': (log_cosh, plain), 'KLDivergence': (kl_divergence, plain), 'Poisson': (poisson, plain),
    'BinaryCrossentropy': (binary_crossentropy, logit), 'CategoricalCrossentropy': (categorical_crossentropy, logit),
    'SparseCategoricalCrossentropy': (sparse_categorical_crossentropy,
                                      [('from_logits', False), ('ignore_class', None), R, ('axis', -1)]),
    'BinaryFocalCrossentropy': (binary_focal_crossentropy,
                                [('apply_class_balancing', False), ('alpha', 0.25), ('gamma', 2.0)] + logit),
    'CategoricalFocalCrossentropy': (categorical_focal_crossentropy, [('alpha', 0.25), ('gamma', 2.0)] + logit),
    'CategoricalGeneralizedCrossEntropy': (categorical_generalized_cross_entropy, [('q', 0.5), R]),
    'Dice': (dice, [R, ('name', None), ('axis', None)]),
    'Tversky': (tversky, [('alpha', 0.5), ('beta', 0.5), R, ('name', None), ('axis', None)]),
    'Circle': (circle, [('gamma', 80.0), ('margin', 0.4), ('remove_diagonal', True), R]), 'CTC': (ctc, plain),
}
FUNCTIONS = dict(mean_squared_error=mean_squared_error, mean_absolute_error=mean_absolute_error,
                 mean_absolute_percentage_error=mean_absolute_percentage_error,
                 mean_squared_logarithmic_error=mean_squared_logarithmic_error, hinge=hinge, squared_hinge=squared_hinge,
                 categorical_hinge=categorical_hinge, cosine_similarity=cosine_similarity, huber=huber, log_cosh=log_cosh,
                 kl_divergence=kl_divergence, poisson=poisson, binary_crossentropy=binary_crossentropy,
                 categorical_crossentropy=categorical_crossentropy,
                 sparse_categorical_crossentropy=sparse_categorical_crossentropy,
                 binary_focal_crossentropy=binary_focal_crossentropy,
                 categorical_focal_crossentropy=categorical_focal_crossentropy,
                 categorical_generalized_cross_entropy=categorical_generalized_cross_entropy,
                 dice=dice, tversky=tversky, circle=circle, ctc=ctc)

def l1l2(l1=0.0, l2=0.0):
    return lambda params: l1 * params.abs().sum() + l2 * (params ** 2).sum()

def orthogonal(factor=0.01, mode='rows'):
    def f(params):
        x = unit(params, 1 if mode == 'rows' else 0)
        x = x if mode == 'rows' else x.T
        n = len(x)
        c = x @ x.T
        off = c * (1 - torch.eye(n))
        return factor * 0.5 * off.abs().sum() / (n * (n - 1) / 2)
    assert mode in ('rows', 'columns')
    return f

N = types.SimpleNamespace
def space(**extra):
    return N(**{**{k: loss(*v) for k, v in CLASSES.items()}, **{k: function(v) for k, v in FUNCTIONS.items()}, **extra})
reg = N(L1=lambda l1=0.01: l1l2(l1, 0), L2=lambda l2=0.01: l1l2(0, l2), L1L2=l1l2, l1_l2=l1l2,
        l1=lambda l1=0.01: l1l2(l1, 0), l2=lambda l2=0.01: l1l2(0, l2),
        OrthogonalRegularizer=orthogonal, orthogonal_regularizer=orthogonal)
keras = N(losses=space(), regularizers=reg)
keras_315 = N(losses=space(Tversky=loss(tversky_315, CLASSES['Tversky'][1]), tversky=function(tversky_315)), regularizers=reg)
ENV = {'keras': keras, 'tf': N(keras=keras), 'keras_315': keras_315}

def run(call, t):
    f = eval(call.replace('keras@3.15.', 'keras_315.'), ENV, dict(t))
    return f(**{k: v for k, v in t.items() if k in ('y_true', 'y_pred', 'sample_weight', 'params')})


# ---------------------------------------------------------------- witnesses of CONVENTIONS section 4
L = keras.losses
z = torch.tensor([[2, 0, -1], [.5, .5, 0], [-1, 3, 1.]]); y = torch.tensor([0, 2, 1]); w = torch.tensor([1, 2, 4.])
hot = torch.eye(3)[y]
close(L.SparseCategoricalCrossentropy(from_logits=True)(y, z), 0.590265912001)
close(L.CategoricalCrossentropy(from_logits=True)(hot, z), 0.590265912001)
close(L.CategoricalCrossentropy()(hot, torch.softmax(z, 1)), 0.590265912001)
close(L.SparseCategoricalCrossentropy(from_logits=True)(y, torch.softmax(z, 1)), 0.833745023957)
close(L.SparseCategoricalCrossentropy(from_logits=True)(y, z, w[y]), 2.09592987611)
close(L.SparseCategoricalCrossentropy(from_logits=True, reduction='mean_with_sample_weight')(y, z, w[y]), 0.898255661192)
close(L.SparseCategoricalCrossentropy(from_logits=True, ignore_class=2)(y, z), 0.156388824028)
close(L.CategoricalCrossentropy(from_logits=True, label_smoothing=.1)(hot, z), 0.701377023112)
close(L.CategoricalFocalCrossentropy(from_logits=True)(hot, z), 0.0720913096287)
close(L.CategoricalFocalCrossentropy(from_logits=True, alpha=1)(hot, z), 0.288365238515)
close(L.BinaryFocalCrossentropy(from_logits=True, apply_class_balancing=True)(hot, z), 0.144474524643)
close(L.BinaryCrossentropy()(torch.tensor([[1.]]), torch.tensor([[0.]])), 16.118095651, 1e-10)
r0, r1 = torch.zeros(2, 1), torch.tensor([[3], [.2]])
close(L.MeanSquaredError()(r0, r1), 4.52)
close(L.Huber(delta=2)(r0, r1), 2.01)
close(L.LogCosh()(r0, r1), 1.16459828821)
close(L.CategoricalHinge()(torch.tensor([[0, 1., 0]]), torch.tensor([[1, .5, .2]])), 1.5)
close(L.KLDivergence()(torch.tensor([[.5, .5], [.9, .1]]), torch.tensor([[.7, .3], [.4, .6]])), 0.318918970622)
fg, ft = torch.tensor([[.9, .8, .3, .1]]), torch.tensor([[1, 1, 0, 0.]])
close(L.Dice()(ft, fg), 0.170731727543)
close(L.Tversky()(ft, fg), 1 - 1.7 / (2.05 + EPS))
close(L.Circle()(torch.tensor([0, 0]), torch.eye(2)), 0)
# CTC against torch
g = torch.Generator().manual_seed(1)
lg = torch.randn(3, 6, 4, generator=g); lb = torch.tensor([[1, 1, 2], [3, 0, 0], [2, 1, 2]])
ref = torch.nn.functional.ctc_loss(lg.log_softmax(-1).transpose(0, 1), lb, torch.tensor([6, 6, 6]), (lb != 0).sum(1), reduction='none')
assert torch.allclose(ctc(lb, lg), ref, rtol=1e-13)

# ---------------------------------------------------------------- cases
S = Suite('keras', 'transcription of Keras 3 (3.15 and master of 2026-08) losses and regularizers, float64, epsilon 1e-7, '
          'backends other than tensorflow', run)
REDS = [None, "'sum'", "'mean'", "'sum_over_batch_size'", "'mean_with_sample_weight'", "'none'", 'None']

def joined(*a):
    return ', '.join(x for x in a if x)

def family(cls, yt, yp, shape2, shape3, unit2=None, unit3=None, params=(), both=False, base='', function_name=None,
           fn_params='', extra3=True):
    """yt, yp: generators by shape. The matrix of reductions and weights, then each parameter.
    unit2/unit3: shape of the values (of the sample weights)."""
    diff = ('y_pred', 'y_true') if both else ('y_pred',)
    unit2 = unit2 or shape2[:-1]
    unit3 = unit3 or shape3[:-1]
    def add(tag, args, shape, weight=None, prefix='keras.losses.'):
        spec = {'y_true': yt(shape), 'y_pred': yp(shape)}
        if weight:
            spec['sample_weight'] = uniform(*weight, lo=.1, hi=3)
        S.add(cls, tag, '%s%s(%s)' % (prefix, cls, joined(base, args)), spec, diff)
    for red in REDS:
        a = '' if red is None else 'reduction=%s' % red
        n = 'default' if red is None else 'reduction ' + red
        add(n + ' 2-D', a, shape2)
        add(n + ' 2-D [N] weights', a, shape2, unit2)
    add('3-D default', '', shape3)
    add('3-D unit weights', '', shape3, unit3)
    add('3-D unit weights, weighted mean', "reduction='mean_with_sample_weight'", shape3, unit3)
    add('3-D none', 'reduction=None', shape3)
    if extra3:
        add('3-D weights [N,1] broadcast', '', shape3, (unit3[0], 1))
        add('3-D unit weights, none', "reduction='none'", shape3, unit3)
    for i, (p, sh, wt) in enumerate(params):
        sh = sh or shape2
        add('%s %s%s' % (p, list(sh), ' weights' if wt else ''), p, sh, wt)
    if function_name:
        S.add(cls, 'function', 'keras.losses.%s(%s)' % (function_name, joined(base, fn_params)),
              {'y_true': yt(shape2), 'y_pred': yp(shape2)}, diff)
        S.add(cls, 'function 3-D', 'tf.keras.losses.%s(%s)' % (function_name, joined(base, fn_params)),
              {'y_true': yt(shape3), 'y_pred': yp(shape3)}, diff)

def one(cls, tag, call, spec, diff=('y_pred',)):
    S.add(cls, tag, call, spec, diff)

n2, n3 = (4, 3), (2, 3, 4)
nrm = lambda s: normal(*s, scale=2)
for cls, fn in (('MeanSquaredError', 'mean_squared_error'), ('MeanAbsoluteError', 'mean_absolute_error'),
                ('LogCosh', 'log_cosh')):
    family(cls, nrm, nrm, n2, n3, both=True, function_name=fn)
    k = 'keras.losses.%s()' % cls
    one(cls, 'integer targets', k, {'y_true': ints(4, 3, lo=-2, hi=3), 'y_pred': normal(4, 3)})
    one(cls, 'y_true [N], y_pred [N,1]', k, {'y_true': normal(5), 'y_pred': normal(5, 1)}, ('y_pred', 'y_true'))
    one(cls, 'weights [N,1]', "keras.losses.%s(reduction='sum')" % cls,
        {'y_true': normal(4, 3), 'y_pred': normal(4, 3), 'sample_weight': uniform(4, 1)}, ('y_pred', 'y_true'))
    one(cls, 'weights with zeros', "keras.losses.%s(reduction='mean_with_sample_weight')" % cls,
        {'y_true': normal(4, 3), 'y_pred': normal(4, 3), 'sample_weight': given([0., 1, 0, 2.5])}, ('y_pred', 'y_true'))
    one(cls, 'all weights zero', "keras.losses.%s(reduction='mean_with_sample_weight')" % cls,
        {'y_true': normal(2, 3), 'y_pred': normal(2, 3), 'sample_weight': given([0., 0.])}, ('y_pred', 'y_true'))
one('MeanSquaredError', 'a name', "keras.losses.MeanSquaredError(reduction='sum', name='mse')", {'y_true': normal(4, 3), 'y_pred': normal(4, 3)})
one('MeanSquaredError', '4-D', 'tf.keras.losses.MeanSquaredError()', {'y_true': normal(2, 2, 3, 2), 'y_pred': normal(2, 2, 3, 2)})
one('LogCosh', 'far', 'keras.losses.LogCosh()', {'y_true': given([[0., 0, 0]]), 'y_pred': given([[400., -30., 1e-4]])})

family('Huber', nrm, nrm, n2, n3, both=True, function_name='huber', fn_params='delta=0.7',
       params=[('delta=2.0', None, None), ('delta=0.5', n3, (2, 3)), ('delta=0.25', None, (4,)),
               ("delta=3, reduction='sum'", None, None), ('2.0', n3, None)])
one('Huber', 'tf', 'tf.keras.losses.Huber(delta=2.0)', {'y_true': normal(4, 3), 'y_pred': normal(4, 3, scale=4)})

pct = lambda s: uniform(*s, lo=.5, hi=5)
family('MeanAbsolutePercentageError', lambda s: normal(*s, scale=3), nrm, n2, n3, both=True, function_name='mean_absolute_percentage_error')
one('MeanAbsolutePercentageError', 'a target of zero', 'keras.losses.MeanAbsolutePercentageError()',
    {'y_true': given([[0., 2, -4]]), 'y_pred': given([[.5, 2.5, -3]])})
family('MeanSquaredLogarithmicError', pct, pct, n2, n3, both=True, function_name='mean_squared_logarithmic_error')
one('MeanSquaredLogarithmicError', 'negatives are floored', 'keras.losses.MeanSquaredLogarithmicError()',
    {'y_true': given([[1.5, -2, 0.25], [0, 3, 1]]), 'y_pred': given([[-.5, 2, -3], [.75, 2, -.01]])})

for cls, fn in (('Hinge', 'hinge'), ('SquaredHinge', 'squared_hinge')):
    family(cls, lambda s: choice(*s, of=(-1., 1.)), lambda s: normal(*s, scale=1.5), n2, n3, function_name=fn)
    k = 'keras.losses.%s()' % cls
    one(cls, 'targets {0,1}', k, {'y_true': choice(4, 3), 'y_pred': normal(4, 3)})
    one(cls, 'integer targets {0,1}', k, {'y_true': given(np.array([[0, 1], [1, 1], [0, 0]])), 'y_pred': normal(3, 2)})
    one(cls, 'targets all 1', k, {'y_true': given(np.ones((2, 3))), 'y_pred': normal(2, 3)})
    one(cls, 'targets all 0', k, {'y_true': given(np.zeros((2, 3))), 'y_pred': normal(2, 3)})
    one(cls, 'targets 0, 1 and -1 are left alone', k, {'y_true': given([[0., 1, -1], [1, 0, -1]]), 'y_pred': normal(2, 3)})
    one(cls, '3-D targets {0,1} weights', "keras.losses.%s(reduction='sum')" % cls,
        {'y_true': choice(2, 3, 2), 'y_pred': normal(2, 3, 2), 'sample_weight': uniform(2, 3)})
    one(cls, 'soft targets', k, {'y_true': given([[.25, 1, -1], [1, .5, -1]]), 'y_pred': normal(2, 3)})

family('CategoricalHinge', lambda s: onehot(*s), nrm, (4, 3), n3, function_name='categorical_hinge')
one('CategoricalHinge', 'rivals all negative', 'keras.losses.CategoricalHinge()',
    {'y_true': given([[0., 1, 0], [1, 0, 0]]), 'y_pred': given([[-1., .3, -2], [-.5, -3, -.2]])})
one('CategoricalHinge', 'satisfied', 'keras.losses.CategoricalHinge(reduction=None)',
    {'y_true': given([[0., 1, 0], [1, 0, 0]]), 'y_pred': given([[.5, 3, 1.], [.5, 3, -.2]])})
one('CategoricalHinge', 'several true classes', 'keras.losses.CategoricalHinge()',
    {'y_true': given([[0., 1, 1], [1, 0, 1]]), 'y_pred': normal(2, 3)})

family('CosineSimilarity', nrm, nrm, n2, n3, both=True, function_name='cosine_similarity',
       params=[('axis=0', None, None), ('axis=1', n3, None), ('axis=1', n3, (2, 4)), ("axis=-2, reduction='none'", n3, None),
               ('axis=-1', None, None)])
one('CosineSimilarity', 'function axis', 'keras.losses.cosine_similarity(axis=1)', {'y_true': normal(2, 3, 2), 'y_pred': normal(2, 3, 2)})
S.add('CosineSimilarity', 'a zero row', 'keras.losses.CosineSimilarity(reduction=None)',
      {'y_true': given([[0., 0, 0], [1, 2, 3]]), 'y_pred': given([[1., -1, 2], [-.5, .25, 2]])})
one('CosineSimilarity', 'tiny rows', 'keras.losses.CosineSimilarity()',
    {'y_true': given([[3e-8, 4e-8], [1, 2]]), 'y_pred': given([[1., 2], [3e-9, -4e-8]])})

prob = lambda s: simplex(*s)
family('KLDivergence', prob, prob, n2, n3, both=True, function_name='kl_divergence')
one('KLDivergence', 'zeros are clipped', 'keras.losses.KLDivergence()',
    {'y_true': given([[0., .25, .75], [.5, .5, 0]]), 'y_pred': given([[.5, .5, 0], [.25, 0, .75]])})
one('KLDivergence', 'rows not normalised, above 1', 'keras.losses.KLDivergence(reduction=None)',
    {'y_true': given([[.2, .4, 1.5], [.5, .9, 2]]), 'y_pred': given([[.5, 1.5, .7], [.25, .1, 3]])})
family('Poisson', lambda s: ints(*s, hi=6), lambda s: uniform(*s, lo=.2, hi=6), n2, n3, function_name='poisson')
one('Poisson', 'real targets', 'keras.losses.Poisson()', {'y_true': uniform(4, 3, hi=5), 'y_pred': uniform(4, 3, hi=5)}, ('y_pred', 'y_true'))
one('Poisson', 'a prediction of zero', 'keras.losses.Poisson()', {'y_true': given([[1., 0, 2]]), 'y_pred': given([[0., 0, 3]])})

# binary
hard, p01 = lambda s: choice(*s), lambda s: uniform(*s, lo=.01, hi=.99)
common = [('label_smoothing=0.2', None, None), ('label_smoothing=0.1', n3, (2, 3)), ('axis=1', n3, None), ('axis=1', n3, (2, 4)),
          ('axis=0', None, None), ("axis=-2, reduction='none'", n3, None)]
family('BinaryCrossentropy', hard, p01, n2, n3, params=common, function_name='binary_crossentropy', fn_params='label_smoothing=0.3')
one('BinaryCrossentropy', 'function defaults', 'keras.losses.binary_crossentropy()', {'y_true': choice(4, 3), 'y_pred': p01((4, 3))})
one('BinaryCrossentropy', 'positional', 'keras.losses.BinaryCrossentropy(True)', {'y_true': choice(4, 3), 'y_pred': normal(4, 3, scale=3)})
family('BinaryFocalCrossentropy', hard, p01, n2, n3, params=common + [
    ('gamma=0', None, None), ('gamma=1.5', None, None), ('gamma=3.0', n3, (2, 3)), ('apply_class_balancing=True', None, None),
    ('apply_class_balancing=True, alpha=0.6', None, (4,)), ('apply_class_balancing=True, alpha=0.6, gamma=1, label_smoothing=0.1', None, None),
    ('alpha=0.9', None, None)], function_name='binary_focal_crossentropy', fn_params='apply_class_balancing=True, alpha=0.4')
one('BinaryFocalCrossentropy', 'function defaults', 'keras.losses.binary_focal_crossentropy()', {'y_true': choice(4, 3), 'y_pred': p01((4, 3))})
for cls in ('BinaryCrossentropy', 'BinaryFocalCrossentropy'):
    k = 'keras.losses.%s' % cls
    for tag, args, sh in (('', '', (4, 3)), (' smoothing', ', label_smoothing=0.2', (4, 3)), (' none', ', reduction=None', (2, 3, 4)),
                          (' axis', ', axis=1', (2, 3, 4)), (' weighted mean', ", reduction='mean_with_sample_weight'", (4, 3))):
        spec = {'y_true': choice(*sh), 'y_pred': normal(*sh, scale=3)}
        one(cls, 'logits' + tag, k + '(from_logits=True%s)' % args, spec)
        spec['sample_weight'] = uniform(*((2, 4) if 'axis' in tag else sh[:-1]), lo=.1, hi=2)
        one(cls, 'logits' + tag + ' weights', k + '(from_logits=True%s)' % args, spec)
    one(cls, 'soft targets', k + '()', {'y_true': uniform(4, 3), 'y_pred': p01((4, 3))})
    one(cls, 'soft targets, logits', k + '(from_logits=True)', {'y_true': uniform(4, 3), 'y_pred': normal(4, 3)})
    # Beyond the clip the focal loss has a slope on its edge, at 0 and 1, that losscalc takes as 0, and
    # Keras's 1 - (1 - 1e-7) is 5e-17 above 1e-7.
    if cls == 'BinaryCrossentropy':
        one(cls, 'clipped probabilities', k + '(reduction=None)',
            {'y_true': given([[1., 0], [1, 0], [1, 0], [.5, .5]]), 'y_pred': given([[0., 1], [1, 0], [1e-8, 1 - 1e-9], [0, 1]])})
    one(cls, 'large logits', k + '(from_logits=True, reduction=None)',
        {'y_true': given([[1., 0], [1, 0]]), 'y_pred': given([[-40., 50], [30, -25]])})
    one(cls, 'y_true [N], y_pred [N,1]', k + '()', {'y_true': ints(5), 'y_pred': p01((5, 1))})
one('BinaryFocalCrossentropy', 'logits balanced', 'keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.7, gamma=1.5, from_logits=True)',
    {'y_true': choice(4, 3), 'y_pred': normal(4, 3, scale=2)})

# categorical
raw = lambda s: uniform(*s, lo=.05, hi=2)      # rows that do not sum to one
onehot_or = lambda s: onehot(*s)
ccom = [('label_smoothing=0.1', None, None), ('label_smoothing=0.3', n3, (2, 3)), ('axis=-1', n3, None)]
family('CategoricalCrossentropy', onehot_or, raw, n2, n3, params=ccom, function_name='categorical_crossentropy', fn_params='label_smoothing=0.2')
family('CategoricalFocalCrossentropy', onehot_or, raw, n2, n3, params=ccom + [
    ('alpha=0.5', None, None), ('alpha=1.0, gamma=0.0', None, (4,)), ('gamma=3.0', n3, None), ('gamma=0.5', None, None),
    ('alpha=[0.2, 0.7, 1.5]', None, None), ('alpha=[0.2, 0.7, 1.5], gamma=1', None, (4,)), ('alpha=0.75, gamma=1.5, label_smoothing=0.1', None, None)],
    function_name='categorical_focal_crossentropy', fn_params='alpha=0.6')
for cls, fn in (('CategoricalCrossentropy', 'categorical_crossentropy'), ('CategoricalFocalCrossentropy', 'categorical_focal_crossentropy')):
    k = 'keras.losses.' + cls
    one(cls, 'function defaults', 'keras.losses.%s()' % fn, {'y_true': onehot(4, 3), 'y_pred': raw((4, 3))})
    one(cls, 'function logits', 'keras.losses.%s(from_logits=True)' % fn, {'y_true': onehot(4, 3), 'y_pred': normal(4, 3)})
    for tag, args, sh in (('', '', (4, 3)), (' smoothing', ', label_smoothing=0.1', (4, 3)), (' none', ", reduction='none'", (2, 3, 4)),
                          (' weighted mean', ", reduction='mean_with_sample_weight'", (4, 3)), (' sum', ", reduction='sum'", (2, 3, 4))):
        spec = {'y_true': onehot(*sh), 'y_pred': normal(*sh, scale=2)}
        one(cls, 'logits' + tag, k + '(from_logits=True%s)' % args, spec)
        spec['sample_weight'] = uniform(*sh[:-1], lo=.1, hi=2)
        one(cls, 'logits' + tag + ' weights', k + '(from_logits=True%s)' % args, spec)
    for lg in ('', 'from_logits=True, '):
        one(cls, 'axis 1 ' + lg, k + '(%saxis=1)' % lg, {'y_true': onehot(2, 3, 4, axis=1), 'y_pred': (normal if lg else uniform)(2, 3, 4)})
        one(cls, 'axis 1 weights ' + lg, k + '(%saxis=1)' % lg, {'y_true': onehot(2, 3, 4, axis=1), 'y_pred': (normal if lg else uniform)(2, 3, 4),
                                                                'sample_weight': uniform(2, 4)})
        one(cls, 'axis 1 4-D none ' + lg, k + '(%saxis=1, reduction=None)' % lg, {'y_true': onehot(2, 3, 2, 2, axis=1), 'y_pred': (normal if lg else uniform)(2, 3, 2, 2)})
    one(cls, 'axis 0', k + '(axis=0)', {'y_true': onehot(3, 4, axis=0), 'y_pred': uniform(3, 4)})
    one(cls, 'axis 1 smoothing, K equals the last axis', k + '(axis=1, label_smoothing=0.1)', {'y_true': onehot(2, 3, 3, axis=1), 'y_pred': uniform(2, 3, 3)})
    one(cls, 'soft targets', k + '()', {'y_true': simplex(4, 3), 'y_pred': raw((4, 3))})
    one(cls, 'soft targets, logits', k + '(from_logits=True)', {'y_true': simplex(4, 3), 'y_pred': normal(4, 3)})
    one(cls, 'normalised rows', k + '()', {'y_true': onehot(4, 3), 'y_pred': simplex(4, 3)})
    one(cls, 'clipped after normalising', k + '(reduction=None)',
        {'y_true': given([[0., 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]), 'y_pred': given([[3., 1, 0], [2, 0, 0], [5, 1e-7, 1], [3, 1, 0.5]])})
    one(cls, 'large logits', k + '(from_logits=True, reduction=None)',
        {'y_true': given([[0., 0, 1], [1, 0, 0]]), 'y_pred': given([[30., 1, 0], [12, -20, 0]])})
    one(cls, 'integer one-hot', k + '()', {'y_true': given(np.array([[0, 0, 1], [1, 0, 0]])), 'y_pred': raw((2, 3))})

lab = lambda s: ints(*s[:-1], hi=s[-1])
family('SparseCategoricalCrossentropy', lab, raw, n2, n3, function_name='sparse_categorical_crossentropy', fn_params='from_logits=False')
family('CategoricalGeneralizedCrossEntropy', lab, prob, n2, n3, function_name='categorical_generalized_cross_entropy', fn_params='q=0.8',
       params=[('q=0.7', None, None), ('q=0.1', None, (4,)), ('q=0.9', n3, (2, 3)), ('0.3', None, None), ("q=0.99, reduction='sum'", None, None)])
one('CategoricalGeneralizedCrossEntropy', 'rows not normalised', 'keras.losses.CategoricalGeneralizedCrossEntropy()', {'y_true': ints(4, hi=3), 'y_pred': raw((4, 3))})
one('CategoricalGeneralizedCrossEntropy', 'function defaults', 'keras.losses.categorical_generalized_cross_entropy(q=0.5)', {'y_true': ints(4, hi=3), 'y_pred': simplex(4, 3)})
cls, k = 'SparseCategoricalCrossentropy', 'keras.losses.SparseCategoricalCrossentropy'
one(cls, 'function defaults', 'keras.losses.sparse_categorical_crossentropy()', {'y_true': ints(4, hi=3), 'y_pred': raw((4, 3))})
one(cls, 'function ignore', 'keras.losses.sparse_categorical_crossentropy(from_logits=True, ignore_class=-1)', {'y_true': given(np.array([0, -1, 2, 1])), 'y_pred': normal(4, 3)})
one(cls, 'labels [N,1]', k + '(from_logits=True)', {'y_true': ints(4, 1, hi=3), 'y_pred': normal(4, 3)})
one(cls, 'axis 1', k + '(axis=1)', {'y_true': ints(2, 4, hi=3), 'y_pred': raw((2, 3, 4))})
one(cls, 'axis 1 logits sum', k + '(from_logits=True, axis=1, reduction="sum")', {'y_true': ints(2, 4, hi=3), 'y_pred': normal(2, 3, 4)})
one(cls, 'clipped after normalising', k + '(reduction=None)', {'y_true': given(np.array([2, 0, 1, 2, 0])), 'y_pred': given([[3., 1, 0], [2, 0, 0], [5, 1e-7, 1], [3, 1, .5], [3, 1, 0]])})
for dtype in ('float32', 'float64'):
    say = "(dtype='%s', reduction=None)" % dtype
    one(cls, 'clipped, ' + dtype, k + say, {'y_true': given(np.array([2, 0, 0])), 'y_pred': given([[3., 1, 0], [2, 0, 0], [1, 1, 0]])})
    one('CategoricalCrossentropy', 'clipped, ' + dtype, 'keras.losses.CategoricalCrossentropy' + say,
        {'y_true': given([[0., 0, 1], [1, 0, 0], [.5, .5, 0]]), 'y_pred': given([[3., 1, 0], [2, 0, 0], [1, 1, 0]])})
    one('CategoricalFocalCrossentropy', 'clipped, ' + dtype, 'keras.losses.CategoricalFocalCrossentropy' + say,
        {'y_true': given([[0., 0, 1], [0, 1, 0]]), 'y_pred': given([[3., 1, 0], [5, 1e-7, 1]])})
    one('BinaryCrossentropy', 'clipped, ' + dtype, 'keras.losses.BinaryCrossentropy' + say,
        {'y_true': given([[1., 0], [1, 0], [.5, .5]]), 'y_pred': given([[0., 1], [1, 0], [1 - 1e-9, 1e-10]])})
    one('BinaryFocalCrossentropy', 'clipped, ' + dtype, 'keras.losses.BinaryFocalCrossentropy' + say,
        {'y_true': given([[1., 0], [1, 0]]), 'y_pred': given([[1e-9, 1 - 1e-9], [1 - 1e-8, 1e-10]])})
for ig in (-1, 0, 255):
    for red in (None, "'sum'", "'none'", "'mean_with_sample_weight'", "'mean'"):
        if red == "'mean'" and ig != 0 or ig == 255 and red not in (None, "'none'"):
            continue
        for wt in (False, True):
            for lg in (True, False):
                if not lg and (red is not None and ig != -1):
                    continue
                args = joined('from_logits=True' if lg else '', 'ignore_class=%d' % ig, '' if red is None else 'reduction=' + red)
                spec = {'y_true': given(np.array([2, ig, 1, 1, ig])), 'y_pred': normal(5, 3, scale=2) if lg else raw((5, 3))}
                if wt:
                    spec['sample_weight'] = uniform(5, lo=.1, hi=3)
                one(cls, 'ignore %d %s %s%s' % (ig, red or 'default', 'logits' if lg else 'probabilities', ' weights' if wt else ''), '%s(%s)' % (k, args), spec)
for wt in (False, True):
    spec = {'y_true': given(np.array([[0, 9, 2], [9, 1, 9]])), 'y_pred': normal(2, 3, 4)}
    if wt:
        spec['sample_weight'] = uniform(2, 3)
    one(cls, 'ignore 3-D' + ' weights' * wt, k + '(from_logits=True, ignore_class=9)', spec)
    one(cls, 'ignore 3-D none' + ' weights' * wt, k + '(from_logits=True, ignore_class=9, reduction=None)', spec)
for red in ("'sum_over_batch_size'", "'sum'", "'mean_with_sample_weight'", "'none'"):
    one(cls, 'all ignored ' + red, k + '(from_logits=True, ignore_class=-1, reduction=%s)' % red, {'y_true': given(np.full(3, -1)), 'y_pred': normal(3, 3)})
for red in ("'sum_over_batch_size'", "'mean_with_sample_weight'"):
    for wt in (False, True):
        spec = {'y_true': ints(4, hi=3), 'y_pred': normal(4, 3)}
        if wt:
            spec['sample_weight'] = uniform(4, lo=.1, hi=3)
        one(cls, 'logits ' + red + ' weights' * wt, k + '(from_logits=True, reduction=%s)' % red, spec)
one(cls, 'ignored class present but unused', k + '(ignore_class=1)', {'y_true': given(np.array([0, 2, 0])), 'y_pred': raw((3, 3))})

# region losses: everything in one value, or per image with axis
for cls, pre, sigs in (('Dice', 'keras.losses.Dice', ['']),
                       ('Tversky', 'keras.losses.Tversky', ['', 'alpha=0.3, beta=0.7', 'alpha=1.0, beta=1.0', '0.2, 0.9', 'alpha=0.8']),
                       ('Tversky@3.15', 'keras@3.15.losses.Tversky', ['', 'alpha=0.3, beta=0.7', 'alpha=1.0, beta=1.0', '0.2, 0.9', 'alpha=0.8'])):
    for sg in sigs:
        t = sg or 'default'
        one(cls, t + ' 2-D', '%s(%s)' % (pre, sg), {'y_true': choice(3, 4), 'y_pred': uniform(3, 4)})
        one(cls, t + ' 4-D', '%s(%s)' % (pre, sg), {'y_true': choice(2, 3, 3, 2), 'y_pred': uniform(2, 3, 3, 2)})
        for red in (None, "'sum'", "'none'", "'mean'", "'mean_with_sample_weight'"):
            if red in ("'mean'", "'mean_with_sample_weight'") and sg not in ('', 'alpha=0.3, beta=0.7'):
                continue
            a = joined(sg, 'axis=(1, 2, 3)', '' if red is None else 'reduction=' + red)
            spec = {'y_true': choice(3, 2, 3, 2), 'y_pred': uniform(3, 2, 3, 2)}
            one(cls, '%s axis %s' % (t, red or 'default'), '%s(%s)' % (pre, a), spec)
            spec['sample_weight'] = uniform(3, lo=.2, hi=2)
            one(cls, '%s axis %s weights' % (t, red or 'default'), '%s(%s)' % (pre, a), spec)
        one(cls, t + ' axis one integer', '%s(%s)' % (pre, joined(sg, 'axis=1')), {'y_true': choice(3, 4), 'y_pred': uniform(3, 4)})
        one(cls, t + ' axis per image and class', '%s(%s)' % (pre, joined(sg, 'axis=(1, 2), reduction=None')), {'y_true': choice(2, 3, 2, 2), 'y_pred': uniform(2, 3, 2, 2)})
        one(cls, t + ' axis list', '%s(%s)' % (pre, joined(sg, 'axis=[1, 2]')), {'y_true': choice(2, 3, 2, 2), 'y_pred': uniform(2, 3, 2, 2)})
        one(cls, t + ' nothing there', '%s(%s)' % (pre, sg), {'y_true': given(np.zeros((2, 3))), 'y_pred': given(np.zeros((2, 3)))})
        one(cls, t + ' empty target', '%s(%s)' % (pre, sg), {'y_true': given(np.zeros((2, 3))), 'y_pred': uniform(2, 3)})
    one(cls, 'soft targets', pre + '()', {'y_true': uniform(3, 4), 'y_pred': uniform(3, 4)}, ('y_pred', 'y_true'))
    one(cls, 'reduction none without axis', pre + '(reduction=None)', {'y_true': choice(3, 4), 'y_pred': uniform(3, 4)})
one('Dice', 'function', 'keras.losses.dice()', {'y_true': choice(3, 4), 'y_pred': uniform(3, 4)})
one('Dice', 'function axis', 'keras.losses.dice(axis=(1, 2))', {'y_true': choice(3, 4, 2), 'y_pred': uniform(3, 4, 2)})
one('Tversky', 'function', 'keras.losses.tversky(alpha=0.2, beta=0.8)', {'y_true': choice(3, 4), 'y_pred': uniform(3, 4)})
one('Tversky@3.15', 'function', 'keras@3.15.losses.tversky(alpha=0.2, beta=0.8)', {'y_true': choice(3, 4), 'y_pred': uniform(3, 4)})

# circle: labels and normalised embeddings
def shrunk(*s):
    g = unit_rows(*s)
    return lambda r: 0.9 * g(r)
for args, n, d in (('', 6, 3), ('gamma=20', 6, 3), ('margin=0.25', 6, 4), ('gamma=10, margin=0.5', 8, 3), ('remove_diagonal=False', 6, 3),
                   ('gamma=16.0, margin=0.3, remove_diagonal=False', 6, 4), ("reduction='sum'", 6, 3), ("reduction='mean'", 6, 3),
                   ('reduction=None', 6, 3), ("gamma=2, reduction='mean_with_sample_weight'", 6, 3)):
    for wt in (False, True):
        # with the diagonal kept, max(1 - |x|^2, 0) of unit rows sits on the kink: rows of norm .9 instead
        rows = shrunk(n, d) if 'False' in args else unit_rows(n, d)
        spec = {'y_true': given(np.array([0, 1, 0, 2, 1, 0, 2, 1][:n])), 'y_pred': rows}
        if wt:
            spec['sample_weight'] = uniform(n, lo=.2, hi=2)
        one('Circle', (args or 'default') + ' weights' * wt, 'keras.losses.Circle(%s)' % args, spec)
for args in ('gamma=4', 'gamma=4, reduction=None', "gamma=4, reduction='mean_with_sample_weight'", 'gamma=4, remove_diagonal=False'):
    one('Circle', 'a row without positives, %s' % args, 'keras.losses.Circle(%s)' % args, {'y_true': given(np.array([0, 1, 0, 2, 1])), 'y_pred': shrunk(5, 3)})
    one('Circle', 'no negatives, %s' % args, 'keras.losses.Circle(%s)' % args, {'y_true': given(np.array([1, 1, 1])), 'y_pred': shrunk(3, 3)})
one('Circle', 'not normalised', 'keras.losses.Circle(gamma=3.0)', {'y_true': given(np.array([0, 1, 0, 1])), 'y_pred': normal(4, 3)})

# CTC
for red in REDS:
    a = '' if red is None else 'reduction=%s' % red
    for wt in (False, True):
        spec = {'y_true': given(np.array([[1, 2, 0], [3, 3, 1], [2, 0, 0]])), 'y_pred': normal(3, 5, 4, scale=1.5)}
        if wt:
            spec['sample_weight'] = uniform(3, lo=.2, hi=2)
        one('CTC', (red or 'default') + ' weights' * wt, 'keras.losses.CTC(%s)' % a, spec)
one('CTC', 'exactly enough frames', 'keras.losses.CTC()', {'y_true': given(np.array([[1, 1, 2]])), 'y_pred': normal(1, 4, 3)})
one('CTC', 'an empty label', 'keras.losses.CTC(reduction=None)', {'y_true': given(np.array([[0, 0], [1, 2]])), 'y_pred': normal(2, 4, 3)})
one('CTC', 'function', 'keras.losses.ctc()', {'y_true': given(np.array([[1, 2], [2, 0]])), 'y_pred': normal(2, 5, 3)})

# regularizers
for cls, calls in (
        ('L1', ['keras.regularizers.L1()', 'keras.regularizers.L1(l1=0.5)', 'keras.regularizers.L1(0.02)', 'keras.regularizers.l1(0.001)', 'tf.keras.regularizers.L1(l1=1.0)']),
        ('L2', ['keras.regularizers.L2()', 'keras.regularizers.L2(l2=0.5)', 'keras.regularizers.L2(0.02)', 'keras.regularizers.l2(0.001)', 'tf.keras.regularizers.L2(l2=1.0)']),
        ('L1L2', ['keras.regularizers.L1L2()', 'keras.regularizers.L1L2(l1=0.01)', 'keras.regularizers.L1L2(l2=0.3)', 'keras.regularizers.L1L2(l1=0.01, l2=0.02)',
                  'keras.regularizers.l1_l2(l1=0.5, l2=0.25)', 'tf.keras.regularizers.L1L2(0.1, 0.2)']),
        ('OrthogonalRegularizer', ['keras.regularizers.OrthogonalRegularizer()', 'keras.regularizers.OrthogonalRegularizer(factor=0.5)',
                                   "keras.regularizers.OrthogonalRegularizer(mode='columns')", "keras.regularizers.OrthogonalRegularizer(factor=1.0, mode='columns')",
                                   "keras.regularizers.OrthogonalRegularizer(factor=2, mode='rows')"])):
    for c in calls:
        for sh in ((4, 3), (2, 5)) + (() if cls[0] == 'O' else ((6,), (2, 3, 4))):
            one(cls, '%s %s' % (c, list(sh)), c, {'params': normal(*sh)}, ('params',))
one('L1', 'zeros', 'keras.regularizers.L1(l1=0.1)', {'params': given([[0., 2], [-1, 0]])}, ('params',))

S.write('keras.json')
