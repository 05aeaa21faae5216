#!/usr/bin/python3
# Oracle for the optax dialect: optax.losses (master of 2026-08), transcribed from their published definitions
# (rules of CONVENTIONS.md; what it leaves open is marked [mem]) in torch float64.
import types
import torch
from dialects_common import *

INF = math.inf


def sp(x):
    return torch.logaddexp(x, torch.zeros_like(x))

def mask_of(where, like):
    return torch.ones_like(like, dtype=torch.bool) if where is None else where.to(torch.bool).expand_as(like)

def zero_out(x, where):
    return torch.where(where, x, torch.zeros_like(x))

def log_softmax(z, axis, where):
    """over the kept entries only; the others get 0 (they are dropped from the sum afterwards)"""
    x = torch.where(where, z, torch.full_like(z, -INF))
    return zero_out(z - torch.logsumexp(x, axis, keepdim=True), where)


# ------------------------------------------------------------ elementwise
def error(predictions, targets):
    return predictions if targets is None else predictions - targets

def squared_error(predictions, targets=None):
    return error(predictions, targets) ** 2

def l2_loss(predictions, targets=None):
    return 0.5 * error(predictions, targets) ** 2

def huber_loss(predictions, targets=None, delta=1.0):
    a = error(predictions, targets).abs()
    return torch.where(a <= delta, 0.5 * a * a, delta * (a - 0.5 * delta))

def log_cosh(predictions, targets=None):
    e = error(predictions, targets)
    return torch.logaddexp(e, -e) - math.log(2)

def cosine_similarity(predictions, targets, epsilon=0.0, axis=-1, where=None):
    m = mask_of(where, predictions)
    p, t = zero_out(predictions, m), zero_out(targets, m)
    def norm(x):
        return (x * x).sum(axis).clamp(min=epsilon).sqrt()
    return (p * t).sum(axis) / (norm(p) * norm(t))

def cosine_distance(predictions, targets, epsilon=0.0, axis=-1, where=None):
    return 1 - cosine_similarity(predictions, targets, epsilon, axis, where)

# ------------------------------------------------------------ margins
def hinge_loss(predictor_outputs, targets):
    return (1 - predictor_outputs * targets).clamp(min=0)

def perceptron_loss(predictor_outputs, targets):
    return (-predictor_outputs * targets).clamp(min=0)

def pick(scores, labels):
    return torch.gather(scores, -1, labels.unsqueeze(-1)).squeeze(-1)

def multiclass_hinge_loss(scores, labels):
    other = torch.ones_like(scores).scatter(-1, labels.unsqueeze(-1), 0.0)
    return (scores + other).amax(-1) - pick(scores, labels)

def multiclass_perceptron_loss(scores, labels):
    return scores.amax(-1) - pick(scores, labels)

def sparsemax_loss(logits, labels):
    x = torch.where(labels.to(torch.bool), -logits, logits)
    return torch.where(x <= -1, torch.zeros_like(x), torch.where(x >= 1, x, (x + 1) ** 2 / 4))

def simplex_projection(row):
    """of a 1-D tensor, by sorting"""
    u, _ = row.detach().sort(descending=True)
    c = (u.cumsum(0) - 1) / torch.arange(1, len(u) + 1)
    k = int((u > c).sum())
    return (row.detach() - c[k - 1]).clamp(min=0)

def multiclass_sparsemax_loss(scores, labels):
    # Fenchel-Young: max_p <p,z> - (|p|^2 - 1)/2 ... - z_y; by the envelope theorem p is constant in the gradient
    lead = scores.shape[:-1]
    p = torch.stack([simplex_projection(r) for r in scores.reshape(-1, scores.shape[-1])]).reshape(scores.shape)
    return (p * scores).sum(-1) + 0.5 * (1 - (p * p).sum(-1)) - pick(scores, labels)

# ------------------------------------------------------------ classification
def sigmoid_binary_cross_entropy(logits, labels):
    return labels * sp(-logits) + (1 - labels) * sp(logits)

def sigmoid_focal_loss(logits, labels, alpha=None, gamma=2.0):
    p = torch.sigmoid(logits)
    pt = p * labels + (1 - p) * (1 - labels)
    f = (1 - pt) ** gamma * sigmoid_binary_cross_entropy(logits, labels)
    if alpha is not None and alpha >= 0:
        f = (alpha * labels + (1 - alpha) * (1 - labels)) * f
    return f

def smoothed(labels, alpha):
    """optax.smooth_labels, which losscalc takes as a parameter"""
    return (1 - alpha) * labels + alpha / labels.shape[-1] if alpha else labels

def softmax_cross_entropy(logits, labels, axis=-1, where=None, smooth_labels=0.0):
    labels = smoothed(labels.to(logits.dtype), smooth_labels)
    m = mask_of(where, logits)
    return -(zero_out(labels.to(logits.dtype), m) * log_softmax(logits, axis, m)).sum(axis)

def softmax_cross_entropy_with_integer_labels(logits, labels, axis=-1, where=None):
    m = mask_of(where, logits)
    y = torch.gather(logits, axis, labels.unsqueeze(axis)).squeeze(axis)
    some = m.any(axis)
    x = torch.where(m | ~some.unsqueeze(axis), logits, torch.full_like(logits, -INF))
    return zero_out(torch.logsumexp(x, axis) - y, some)

def safe_softmax_cross_entropy(logits, labels, smooth_labels=0.0):
    labels = smoothed(labels.to(logits.dtype), smooth_labels)
    l = logits - torch.logsumexp(logits, -1, keepdim=True)
    l = torch.where(labels == 0, torch.zeros_like(l), l)
    return -(labels * l).sum(-1)

def poly_loss_cross_entropy(logits, labels, epsilon=2.0, axis=-1, where=None, smooth_labels=0.0):
    labels = smoothed(labels.to(logits.dtype), smooth_labels)
    m = mask_of(where, logits)
    l = log_softmax(logits, axis, m)
    t = zero_out(labels.to(logits.dtype), m)
    return -(t * l).sum(axis) + epsilon * (t * (1 - l.exp())).sum(axis)

def kl_divergence(log_predictions, targets, axis=-1, where=None):
    m = mask_of(where, targets)
    lt = torch.where(targets == 0, torch.zeros_like(targets), torch.where(targets == 0, torch.ones_like(targets), targets).log())
    return zero_out(targets * (lt - log_predictions), m).sum(axis)

def kl_divergence_with_log_targets(log_predictions, log_targets, axis=-1, where=None):
    m = mask_of(where, log_targets)
    return zero_out(log_targets.exp() * (log_targets - log_predictions), m).sum(axis)

def convex_kl_divergence(log_predictions, targets, axis=-1, where=None):
    m = mask_of(where, targets)
    return kl_divergence(log_predictions, targets, axis, where) + zero_out(log_predictions.exp() - targets, m).sum(axis)

def generalized_kl_divergence(log_predictions, targets, axis=-1, where=None):
    return convex_kl_divergence(log_predictions, targets, axis, where)

# ------------------------------------------------------------ sequences
def ctc_loss(logits, logit_paddings, labels, label_paddings, blank_id=0, log_epsilon=-1e5):
    """the two-track recursion (phi = after a blank or an emission, emit = on a label), log_epsilon for -inf"""
    B, T, _ = logits.shape
    M = labels.shape[1]
    l = logits - torch.logsumexp(logits, -1, keepdim=True)
    n = (M - label_paddings.sum(1)).long()
    out = []
    for b in range(B):
        rep = torch.tensor([1.0 if j + 1 < M and labels[b, j] == labels[b, j + 1] else 0.0 for j in range(M)])
        phi = torch.full((M + 1,), log_epsilon); phi[0] = 0.0
        emit = torch.full((M,), log_epsilon)
        def moved(phi, add):
            return torch.cat([phi[:1], torch.logaddexp(phi[1:], add)])
        for t in range(T):
            pad = logit_paddings[b, t]
            le, lp = l[b, t, labels[b]], l[b, t, blank_id]
            was = phi
            mid = moved(phi, emit + log_epsilon * rep)
            nemit = torch.logaddexp(mid[:-1] + le, emit + le)
            nphi = moved(mid + lp, emit + lp + log_epsilon * (1 - rep))
            emit = pad * emit + (1 - pad) * nemit
            phi = pad * was + (1 - pad) * nphi
        phi = moved(phi, emit)
        out.append(-phi[n[b]])
    return torch.stack(out)

# ------------------------------------------------------------ embeddings
def ntxent(embeddings, labels, temperature=0.07):
    x = embeddings / (embeddings ** 2).sum(1, keepdim=True).sqrt()
    s = x @ x.T / temperature
    n = len(labels)
    terms = []
    for i in range(n):
        neg = [j for j in range(n) if labels[j] != labels[i]]
        for p in range(n):
            if p != i and labels[p] == labels[i]:
                terms.append(torch.logsumexp(s[i, [p] + neg], 0) - s[i, p])
    return torch.stack(terms).sum() / len(terms)

def triplet_margin_loss(anchors, positives, negatives, axis=-1, norm_degree=2, margin=1.0, eps=1e-6):
    def dist(x, y):
        return (((x - y) ** norm_degree).sum(axis) + eps) ** (1 / norm_degree)
    return (dist(anchors, positives) - dist(anchors, negatives) + margin).clamp(min=0)

# ------------------------------------------------------------ ranking
JMEAN, JSUM = object(), object()

def ranking_softmax_loss(logits, labels, *, where=None, weights=None, reduce_fn=JMEAN):
    m = mask_of(where, logits)
    lab = labels.to(logits.dtype)
    if weights is not None:
        lab = lab * weights
    some = m.any(-1)
    l = log_softmax(logits, -1, m | ~some.unsqueeze(-1))
    loss = -(zero_out(lab, m) * l).sum(-1)
    if reduce_fn is None:
        return loss
    if reduce_fn is JSUM:
        return loss.sum()
    k = some.sum()
    return loss.sum() / k if k > 0 else loss.sum()

# ------------------------------------------------------------ regions
def dice_loss(predictions, targets, *, class_weights=None, smooth=1.0, alpha=0.5, beta=0.5, apply_softmax=True, ignore_background=False):
    p = torch.softmax(predictions, -1) if apply_softmax else predictions
    t = targets.to(p.dtype)
    axes = tuple(range(1, p.dim() - 1))
    I, P, G = (p * t).sum(axes), p.sum(axes), t.sum(axes)
    d = 1 - (I + smooth) / (I + alpha * (P - I) + beta * (G - I) + smooth)     # [N, C]
    if class_weights is not None:
        d = d * class_weights
    if ignore_background:
        d = d[:, 1:]
    return d.mean(-1)

def binary_dice_loss(predictions, targets, *, smooth=1.0, alpha=0.5, beta=0.5, apply_sigmoid=True):
    p = torch.sigmoid(predictions) if apply_sigmoid else predictions
    return dice_loss(p, targets, smooth=smooth, alpha=alpha, beta=beta, apply_softmax=False)


NAMES = [squared_error, l2_loss, huber_loss, log_cosh, cosine_similarity, cosine_distance, hinge_loss, perceptron_loss,
         multiclass_hinge_loss, multiclass_perceptron_loss, sparsemax_loss, multiclass_sparsemax_loss,
         sigmoid_binary_cross_entropy, sigmoid_focal_loss, softmax_cross_entropy, softmax_cross_entropy_with_integer_labels,
         safe_softmax_cross_entropy, poly_loss_cross_entropy, kl_divergence, kl_divergence_with_log_targets,
         convex_kl_divergence, generalized_kl_divergence, ctc_loss, ntxent, triplet_margin_loss, ranking_softmax_loss,
         dice_loss, binary_dice_loss]
N = types.SimpleNamespace
def bound(f):
    return lambda **kw: (f, kw)
losses = {f.__name__: bound(f) for f in NAMES}
ENV = {'optax': N(losses=N(**losses), **losses), 'jnp': N(mean=JMEAN, sum=JSUM)}
PARAMS = ('where', 'weights', 'class_weights')

def run(call, t):
    f, kw = eval(call, ENV, dict(t))
    return f(**{k: v for k, v in t.items() if k not in PARAMS}, **kw)


# ------------------------------------------------------------ witnesses of CONVENTIONS section 4
z = torch.tensor([[2, 0, -1], [.5, .5, 0], [-1, 3, 1.]]); y = torch.tensor([0, 2, 1]); hot = torch.eye(3)[y]
close(softmax_cross_entropy(z, hot).mean(), 0.590265912001)
close(safe_softmax_cross_entropy(z, hot).mean(), 0.590265912001)
close(softmax_cross_entropy_with_integer_labels(z, y).mean(), 0.590265912001)
close(softmax_cross_entropy(torch.softmax(z, 1), hot).mean(), 0.833745023957)
close(softmax_cross_entropy(z, hot * .9 + .1 / 3).mean(), 0.701377023112)
close(sigmoid_focal_loss(z, hot, alpha=.25).mean(), 0.144474524643)
close(sigmoid_focal_loss(z, hot, alpha=.25).sum() / 3, 0.43342357393)
r = torch.tensor([3, .2])
close(squared_error(r).mean(), 4.52)
close(l2_loss(r).mean(), 2.26)
close(huber_loss(r, delta=2.).mean(), 2.01)
close(log_cosh(r).mean(), 1.16459828821)
close(multiclass_hinge_loss(torch.tensor([[1, .5, .2]]), torch.tensor([1])).mean(), 1.5)
P, Q = torch.tensor([[.5, .5], [.9, .1]]), torch.tensor([[.7, .3], [.4, .6]])
close(kl_divergence(Q.log(), P).mean(), 0.318918970622)
close(kl_divergence_with_log_targets(Q.log(), P.log()).mean(), 0.318918970622)
close(generalized_kl_divergence(Q.log(), P).mean(), 0.318918970622)     # rows sum to one
close(triplet_margin_loss(torch.zeros(1, 2), torch.tensor([[1., 0]]), torch.tensor([[0, 1.2]]), eps=0.)[0], 0.8)
fg = torch.tensor([.9, .8, .3, .1]).reshape(1, 2, 2, 1); ft = torch.tensor([1, 1, 0, 0.]).reshape(1, 2, 2, 1)
close(dice_loss(fg, ft, apply_softmax=False)[0], 0.114754098361)
close(binary_dice_loss(fg, ft, apply_sigmoid=False)[0], 0.114754098361)
# NT-Xent with one positive a row and two views: the paper's number, by a separate computation
g = torch.Generator().manual_seed(3)
e = torch.randn(6, 3, generator=g); u = e / e.norm(dim=1, keepdim=True); s = u @ u.T / .5
s = s - 1e300 * torch.eye(6)
close(ntxent(e, torch.tensor([0, 1, 2, 0, 1, 2]), temperature=.5),
      torch.nn.functional.cross_entropy(s, torch.tensor([3, 4, 5, 0, 1, 2])).item())
# CTC against torch, with padding
lg = torch.randn(3, 6, 4, generator=g); lb = torch.tensor([[1, 1, 2], [3, 0, 0], [2, 1, 0]])
lp = torch.tensor([[0, 0, 0.], [0, 1, 1], [0, 0, 1]]); fp = torch.tensor([[0.] * 6, [0] * 4 + [1] * 2, [0] * 5 + [1]])
ref = torch.nn.functional.ctc_loss(lg.log_softmax(-1).transpose(0, 1), lb, torch.tensor([6, 4, 5]), torch.tensor([3, 1, 2]), reduction='none')
assert torch.allclose(ctc_loss(lg, fp, lb, lp), ref, rtol=1e-13)
# sparsemax: two classes with scores (0, s) give the binary loss
for s in (-2., -.3, .4, 1.7):
    close(multiclass_sparsemax_loss(torch.tensor([[0, s]]), torch.tensor([0]))[0], sparsemax_loss(torch.tensor(s), torch.tensor(0)).item())

# ------------------------------------------------------------ cases
S = Suite('optax', 'transcription of optax.losses (master of 2026-08, after 0.2.8), float64', run)

def both(name, args=''):
    return 'optax.losses.%s(%s)' % (name, args), 'optax.%s(%s)' % (name, args)

def add(name, tag, args, spec, diff, top=False):
    S.add(name, tag, both(name, args)[top], spec, diff)

PT = ('predictions', 'targets')
for name in ('squared_error', 'l2_loss', 'log_cosh', 'huber_loss'):
    for i, sh in enumerate(((5,), (4, 3), (2, 3, 2))):
        add(name, 'default %s' % list(sh), '', {'predictions': normal(*sh, scale=2), 'targets': normal(*sh)}, PT, top=i == 1)
    add(name, 'targets None', '', {'predictions': normal(4, 3, scale=2)}, PT[:1])
    add(name, 'integer targets', '', {'predictions': normal(4, scale=2), 'targets': ints(4, lo=-2, hi=3)}, PT[:1])
for d in ('0.5', '2.0', '2', '0.1', '10'):
    add('huber_loss', 'delta ' + d, 'delta=' + d, {'predictions': normal(4, 3, scale=2), 'targets': normal(4, 3)}, PT, top=d == '0.5')
add('huber_loss', 'delta, targets None', 'delta=0.75', {'predictions': normal(2, 3)}, PT[:1])
add('log_cosh', 'far', '', {'predictions': given([800., -700, 1e-5, -.25]), 'targets': given([0., 0, 0, 0])}, PT)

for name in ('cosine_similarity', 'cosine_distance'):
    v = lambda *s: {'predictions': normal(*s), 'targets': normal(*s)}
    add(name, '[N,D]', '', v(4, 3), PT)
    add(name, '[N,D] top', '', v(3, 5), PT, top=True)
    add(name, '[D]', '', v(4), PT)
    add(name, '[N,S,D]', '', v(2, 3, 4), PT)
    add(name, 'axis 1', 'axis=1', v(2, 3, 4), PT)
    add(name, 'axis 0', 'axis=0', v(4, 3), PT)
    add(name, 'epsilon', 'epsilon=1e-8', v(4, 3), PT)
    add(name, 'epsilon bounds the squared norm', 'epsilon=0.5', {'predictions': given([[.3, .4], [1, 2], [.1, .2]]), 'targets': given([[1., 2], [.5, .6], [.2, -.1]])}, PT)
    add(name, 'zero row with epsilon', 'epsilon=1e-6', {'predictions': given([[0., 0], [1, 2]]), 'targets': given([[1., 2], [.5, .6]])}, PT)
    add(name, 'where', 'where=where', dict(v(3, 4), where=given(np.array([[1, 1, 0, 1], [1, 1, 1, 1], [0, 1, 1, 0]]))), PT)

for name in ('hinge_loss', 'perceptron_loss'):
    for i, sh in enumerate(((6,), (4, 3), (2, 3, 2))):
        add(name, 'targets -1, 1 %s' % list(sh), '', {'predictor_outputs': normal(*sh, scale=1.5), 'targets': choice(*sh, of=(-1., 1.))}, ('predictor_outputs',), top=i == 0)
    add(name, 'integer targets', '', {'predictor_outputs': normal(5), 'targets': given(np.array([1, -1, -1, 1, 1]))}, ('predictor_outputs',))
    add(name, 'targets 0, 1 are not converted', '', {'predictor_outputs': given([.5, -.5, 2, .25, -3]), 'targets': given([0., 1, 1, 1, 1])}, ('predictor_outputs',))
for name in ('multiclass_hinge_loss', 'multiclass_perceptron_loss', 'multiclass_sparsemax_loss'):
    for k, sc in ((3, 1), (4, 2), (2, 1), (6, .4)):
        add(name, '%d classes' % k, '', {'scores': normal(5, k, scale=sc), 'labels': ints(5, hi=k)}, ('scores',), top=k == 4)
    add(name, '[N,S,C]', '', {'scores': normal(2, 3, 4), 'labels': ints(2, 3, hi=4)}, ('scores',)) if name != 'multiclass_sparsemax_loss' else None
    add(name, 'one row', '', {'scores': normal(1, 5), 'labels': ints(1, hi=5)}, ('scores',))
    add(name, 'satisfied and not', '', {'scores': given([[3., .5, -1], [.25, 3, 1], [-1, -.5, -2]]), 'labels': given(np.array([0, 2, 1]))}, ('scores',))
    add(name, 'rivals all negative', '', {'scores': given([[-1., .3, -2], [-.5, -3, -.2]]), 'labels': given(np.array([1, 0]))}, ('scores',))
for sh in ((6,), (4, 3), (2, 2, 3)):
    add('sparsemax_loss', 'labels %s' % list(sh), '', {'logits': normal(*sh), 'labels': ints(*sh)}, ('logits',), top=len(sh) == 2)
add('sparsemax_loss', 'all branches', '', {'logits': given([-2.5, -.5, .25, 1.5, -2.5, -.5, .25, 1.5]), 'labels': given(np.array([0, 0, 0, 0, 1, 1, 1, 1]))}, ('logits',))

for i, sh in enumerate(((6,), (4, 3), (2, 3, 2))):
    add('sigmoid_binary_cross_entropy', 'hard %s' % list(sh), '', {'logits': normal(*sh, scale=2), 'labels': choice(*sh)}, ('logits',), top=i == 0)
    for args in ('', 'alpha=0.25', 'gamma=1.0', 'alpha=0.75, gamma=3'):
        add('sigmoid_focal_loss', '%s %s' % (args or 'default', list(sh)), args, {'logits': normal(*sh, scale=2), 'labels': choice(*sh)}, ('logits',), top=False)
add('sigmoid_binary_cross_entropy', 'soft', '', {'logits': normal(4, 3), 'labels': uniform(4, 3)}, ('logits', 'labels'))
add('sigmoid_binary_cross_entropy', 'integer labels', '', {'logits': normal(4, 3), 'labels': ints(4, 3)}, ('logits',))
add('sigmoid_binary_cross_entropy', 'large logits', '', {'logits': given([-800., 750, -30, 40]), 'labels': given([1., 0, 0, 1])}, ('logits',))
add('sigmoid_focal_loss', 'gamma 0', 'gamma=0.0', {'logits': normal(4, 3), 'labels': choice(4, 3)}, ('logits',))
add('sigmoid_focal_loss', 'gamma 1.5', 'alpha=0.4, gamma=1.5', {'logits': normal(4, 3), 'labels': choice(4, 3)}, ('logits',))
add('sigmoid_focal_loss', 'integer labels', 'alpha=0.25', {'logits': normal(4, 3), 'labels': ints(4, 3)}, ('logits',))
add('sigmoid_focal_loss', 'soft labels', 'alpha=0.25', {'logits': normal(4, 3), 'labels': uniform(4, 3)}, ('logits',))
add('sigmoid_focal_loss', 'alpha None', 'alpha=None, gamma=2.0', {'logits': normal(4, 3), 'labels': choice(4, 3)}, ('logits',))

mask43 = given(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 0, 1]]))
kept = given([[0., 1, 0], [.2, .3, .5], [0, 0, 1], [1, 0, 0]])
for name in ('softmax_cross_entropy', 'safe_softmax_cross_entropy', 'poly_loss_cross_entropy'):
    axes = name != 'safe_softmax_cross_entropy'
    add(name, 'one-hot', '', {'logits': normal(4, 3, scale=2), 'labels': onehot(4, 3)}, ('logits',))
    add(name, 'one-hot top', '', {'logits': normal(3, 5, scale=2), 'labels': onehot(3, 5)}, ('logits',), top=True)
    add(name, 'soft', '', {'logits': normal(4, 3), 'labels': simplex(4, 3)}, ('logits', 'labels'))
    for alpha in ('0.1', '0.35'):
        add(name, 'smoothed ' + alpha, 'smooth_labels=' + alpha, {'logits': normal(4, 3), 'labels': onehot(4, 3)}, ('logits',))
    add(name, 'smoothed 3-D', 'smooth_labels=0.2', {'logits': normal(2, 3, 4), 'labels': onehot(2, 3, 4)}, ('logits',))
    add(name, 'soft, not summing to 1', '', {'logits': normal(4, 3), 'labels': uniform(4, 3, hi=2)}, ('logits', 'labels'))
    add(name, '3-D', '', {'logits': normal(2, 3, 4), 'labels': onehot(2, 3, 4)}, ('logits',))
    add(name, 'one row without N', '', {'logits': normal(4), 'labels': onehot(4) if False else given([0., 0, 1, 0])}, ('logits',))
    add(name, 'large logits', '', {'logits': given([[1000., 0, -500], [-900, -950, -901]]), 'labels': given([[0., 1, 0], [0, 0, 1]])}, ('logits',))
    if axes:
        add(name, 'axis 1', 'axis=1', {'logits': normal(2, 3, 4), 'labels': onehot(2, 3, 4, axis=1)}, ('logits',))
        add(name, 'axis 0', 'axis=0', {'logits': normal(3, 4), 'labels': onehot(3, 4, axis=0)}, ('logits',))
        add(name, 'where', 'where=where', {'logits': normal(4, 3), 'labels': kept, 'where': mask43}, ('logits',))
    else:
        add(name, 'minus infinity where the target is zero', '', {'logits': given([[.5, -INF, 1], [2, 1, -INF]]), 'labels': given([[1., 0, 0], [.25, .75, 0]])}, ('logits',))
for e in ('0.0', '1.0', '-1.0', '5'):
    add('poly_loss_cross_entropy', 'epsilon ' + e, 'epsilon=' + e, {'logits': normal(4, 3), 'labels': onehot(4, 3)}, ('logits',))
name = 'softmax_cross_entropy_with_integer_labels'
add(name, '2-D', '', {'logits': normal(4, 3, scale=2), 'labels': ints(4, hi=3)}, ('logits',))
add(name, '2-D top', '', {'logits': normal(3, 5, scale=2), 'labels': ints(3, hi=5)}, ('logits',), top=True)
add(name, '3-D', '', {'logits': normal(2, 3, 4), 'labels': ints(2, 3, hi=4)}, ('logits',))
add(name, 'axis 1', 'axis=1', {'logits': normal(2, 3, 4), 'labels': ints(2, 4, hi=3)}, ('logits',))
add(name, 'axis 0', 'axis=0', {'logits': normal(3, 4), 'labels': ints(4, hi=3)}, ('logits',))
add(name, 'large logits', '', {'logits': given([[1000., 0, -500], [-900, -950, -901]]), 'labels': given(np.array([1, 2]))}, ('logits',))
add(name, 'where', 'where=where', {'logits': normal(4, 3), 'labels': given(np.array([1, 0, 2, 0])), 'where': mask43}, ('logits',))
add(name, 'where, a row without any', 'where=where', {'logits': normal(2, 3), 'labels': given(np.array([1, 0])), 'where': given(np.array([[0, 0, 0], [1, 1, 0]]))}, ('logits',))

for name in ('kl_divergence', 'convex_kl_divergence', 'generalized_kl_divergence', 'kl_divergence_with_log_targets'):
    lt = name.endswith('log_targets')
    tn = 'log_targets' if lt else 'targets'
    tg = log_simplex if lt else simplex
    D = ('log_predictions', tn)
    add(name, '2-D', '', {'log_predictions': log_simplex(4, 3), tn: tg(4, 3)}, D)
    add(name, '2-D top', '', {'log_predictions': log_simplex(3, 5), tn: tg(3, 5)}, D, top=name != 'generalized_kl_divergence')
    add(name, '3-D', '', {'log_predictions': log_simplex(2, 3, 4), tn: tg(2, 3, 4)}, D)
    add(name, 'one row', '', {'log_predictions': log_simplex(4), tn: tg(4)}, D)
    add(name, 'not normalised', '', {'log_predictions': normal(4, 3), tn: normal(4, 3) if lt else uniform(4, 3, hi=2)}, D)
    if not lt:
        add(name, 'targets with zeros', '', {'log_predictions': log_simplex(2, 3), tn: given([[0., .25, .75], [1, 0, 0]])}, ('log_predictions',))
    if name != 'generalized_kl_divergence':
        add(name, 'axis 1', 'axis=1', {'log_predictions': normal(2, 3, 4), tn: normal(2, 3, 4) if lt else uniform(2, 3, 4)}, D)
        add(name, 'where', 'where=where', {'log_predictions': normal(4, 3), tn: normal(4, 3) if lt else uniform(4, 3), 'where': mask43}, D)

def pads(rows, n):
    return given(np.array([[0.] * k + [1.] * (n - k) for k in rows]))
ctc = lambda B, T, C, frames, lab, lens: {'logits': normal(B, T, C, scale=1.5), 'logit_paddings': pads(frames, T),
                                          'labels': given(np.array(lab)), 'label_paddings': pads(lens, len(lab[0]))}
add('ctc_loss', 'no padding', '', ctc(2, 5, 4, [5, 5], [[1, 2], [3, 1]], [2, 2]), ('logits',))
add('ctc_loss', 'padded labels', '', ctc(3, 5, 4, [5, 5, 5], [[1, 2, 3], [3, 1, 0], [2, 0, 0]], [3, 2, 1]), ('logits',), top=True)
add('ctc_loss', 'padded frames', '', ctc(3, 5, 4, [5, 3, 4], [[1, 2], [3, 0], [2, 1]], [2, 1, 2]), ('logits',))
add('ctc_loss', 'repeats', '', ctc(2, 6, 3, [6, 5], [[1, 1, 2], [2, 2, 0]], [3, 2]), ('logits',))
add('ctc_loss', 'exactly enough frames', '', ctc(2, 4, 3, [4, 2], [[1, 1, 2], [2, 1, 0]], [3, 2]), ('logits',))
add('ctc_loss', 'blank last', 'blank_id=3', ctc(2, 5, 4, [5, 4], [[0, 2], [1, 1]], [2, 2]), ('logits',))
add('ctc_loss', 'blank 1', 'blank_id=1', ctc(2, 5, 4, [5, 4], [[0, 2], [3, 0]], [2, 1]), ('logits',))
add('ctc_loss', 'an empty label', '', ctc(2, 4, 3, [4, 4], [[1, 2], [0, 0]], [2, 0]), ('logits',))
S.add('ctc_loss', 'an impossible alignment is about 1e5', 'optax.losses.ctc_loss()', ctc(2, 3, 4, [3, 3], [[1, 1, 2], [3, 1, 2]], [3, 3]))
S.add('ctc_loss', 'an impossible alignment, log_epsilon', 'optax.losses.ctc_loss(log_epsilon=-1e4)', ctc(1, 2, 4, [2], [[1, 2, 3]], [3]))

for args in ('', 'temperature=0.5', 'temperature=0.1', 'temperature=1.0', 'temperature=2'):
    add('ntxent', 'two views %s' % (args or 'default'), args, {'embeddings': normal(6, 4), 'labels': given(np.array([0, 1, 2, 0, 1, 2]))}, ('embeddings',), top=args == '')
    add('ntxent', 'several positives %s' % (args or 'default'), args, {'embeddings': normal(7, 3), 'labels': given(np.array([0, 1, 0, 0, 1, 2, 1]))}, ('embeddings',))

T3 = ('anchors', 'positives', 'negatives')
tri = lambda *s: {k: normal(*s) for k in T3}
add('triplet_margin_loss', 'default', '', tri(5, 3), T3)
add('triplet_margin_loss', 'one row', '', tri(4), T3)
add('triplet_margin_loss', 'top', '', tri(4, 3), T3, top=True)
add('triplet_margin_loss', '3-D', '', tri(2, 3, 3), T3)
for args in ('margin=0.3', 'margin=2.5', 'norm_degree=4', 'eps=0.01', 'axis=0', 'margin=0.5, norm_degree=2, eps=1e-3'):
    add('triplet_margin_loss', args, args, tri(4, 3), T3)
add('triplet_margin_loss', 'norm_degree 1, differences positive', 'norm_degree=1',
    {'anchors': uniform(4, 3, lo=2, hi=3), 'positives': uniform(4, 3, hi=1.5), 'negatives': uniform(4, 3, hi=1.5)}, T3)
add('triplet_margin_loss', 'anchor equals positive', '', {'anchors': given([[1., 2], [0, 0]]), 'positives': given([[1., 2], [3, 4]]), 'negatives': given([[1., 2.5], [.5, 1]])}, T3)

rk = lambda *s: {'logits': normal(*s), 'labels': choice(*s, of=(0., 1., 2., 3.))}
wm = given(np.array([[1, 1, 0, 1], [1, 1, 1, 1], [0, 1, 1, 0]]))
add('ranking_softmax_loss', 'default', '', rk(3, 4), ('logits',))
add('ranking_softmax_loss', 'one list', '', rk(5), ('logits',))
add('ranking_softmax_loss', 'real labels', '', {'logits': normal(3, 4), 'labels': uniform(3, 4)}, ('logits', 'labels'))
for rf in ('jnp.mean', 'jnp.sum', 'None'):
    add('ranking_softmax_loss', 'reduce_fn ' + rf, 'reduce_fn=' + rf, rk(3, 4), ('logits',))
    add('ranking_softmax_loss', 'where, reduce_fn ' + rf, 'where=where, reduce_fn=' + rf, dict(rk(3, 4), where=wm), ('logits',))
add('ranking_softmax_loss', 'where', 'where=where', dict(rk(3, 4), where=wm), ('logits',))
add('ranking_softmax_loss', 'weights', 'weights=weights', dict(rk(3, 4), weights=uniform(3, 4, lo=.2, hi=2)), ('logits',))
add('ranking_softmax_loss', 'weights and where', 'where=where, weights=weights', dict(rk(3, 4), where=wm, weights=uniform(3, 4, lo=.2, hi=2)), ('logits',))
add('ranking_softmax_loss', 'where, a list without any is left out', 'where=where', dict(rk(3, 4), where=given(np.array([[1, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]]))), ('logits',))

for args in ('', 'smooth=0.5', 'smooth=1e-5', 'alpha=0.3, beta=0.7', 'alpha=1.0, beta=1.0', 'ignore_background=True', 'smooth=2.0, alpha=0.2, beta=0.9, ignore_background=True'):
    add('dice_loss', (args or 'default') + ' 4-D', args, {'predictions': normal(2, 3, 3, 3), 'targets': onehot(2, 3, 3, 3)}, PT[:1])
    add('dice_loss', (args or 'default') + ' 3-D', args, {'predictions': normal(3, 4, 2), 'targets': onehot(3, 4, 2)}, PT[:1])
add('dice_loss', 'probabilities', 'apply_softmax=False', {'predictions': simplex(2, 4, 3), 'targets': onehot(2, 4, 3)}, PT[:1])
add('dice_loss', 'soft targets', 'apply_softmax=False', {'predictions': uniform(2, 4, 3), 'targets': uniform(2, 4, 3)}, PT)
add('dice_loss', 'class weights', 'class_weights=class_weights', {'predictions': normal(2, 5, 3), 'targets': onehot(2, 5, 3), 'class_weights': given([.5, 1, 2.25])}, PT[:1])
for args in ('', 'smooth=0.5', 'alpha=0.3, beta=0.7'):
    add('binary_dice_loss', (args or 'default') + ' [N,H,W,1]', args, {'predictions': normal(2, 3, 3, 1), 'targets': choice(2, 3, 3, 1)}, PT[:1])
add('binary_dice_loss', 'probabilities', 'apply_sigmoid=False', {'predictions': uniform(2, 3, 2, 1), 'targets': choice(2, 3, 2, 1)}, PT[:1])

S.write('optax.json')
