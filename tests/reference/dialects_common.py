# Shared by the dialects_*.py oracle scripts: seeded inputs, evaluation of a call string, JSON, a finite-difference check.
import hashlib, json, math, os, sys
import numpy as np
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__))
CHECK = '--check' in sys.argv


def rng_of(call):
    return np.random.RandomState(int.from_bytes(hashlib.sha256(call.encode()).digest()[:4], 'big'))


# ---- generators: each is f(rng) -> numpy array
def normal(*s, scale=1.0):
    return lambda r: np.round(r.normal(0, scale, s), 4)

def uniform(*s, lo=0.05, hi=0.95):
    return lambda r: np.round(r.uniform(lo, hi, s), 4)

def ints(*s, lo=0, hi=2):
    return lambda r: r.randint(lo, hi, s).astype(np.int64)

def choice(*s, of=(0.0, 1.0)):
    return lambda r: np.asarray(of)[r.randint(0, len(of), s)]

def onehot(*s, axis=-1):
    """s is the whole shape, classes along axis"""
    def g(r):
        k = s[axis]
        lead = list(s); del lead[axis]
        return np.moveaxis(np.eye(k)[r.randint(0, k, lead)], -1, axis)
    return g

def simplex(*s, axis=-1):
    """rows that sum to one, exactly as doubles allow"""
    def g(r):
        p = r.uniform(0.05, 1, s)
        return p / p.sum(axis, keepdims=True)
    return g

def unit_rows(*s):
    def g(r):
        x = r.normal(0, 1, s)
        return x / np.sqrt((x * x).sum(-1, keepdims=True))
    return g

def log_simplex(*s):
    g = simplex(*s)
    return lambda r: np.log(g(r))

def given(x):
    a = np.asarray(x)
    if a.dtype == np.bool_:
        a = a.astype(np.int64)
    return lambda r: a


def num(x):
    if isinstance(x, (int, np.integer)):
        return int(x)
    x = float(x)
    if math.isnan(x):
        return 'NaN'
    if math.isinf(x):
        return 'Infinity' if x > 0 else '-Infinity'
    return x

def dump(a):
    if isinstance(a, torch.Tensor):
        a = a.detach().numpy()
    a = np.asarray(a)
    return {'shape': list(a.shape), 'data': [num(v) for v in a.reshape(-1)]}


class Suite:
    def __init__(self, library, source, run):
        """run(call, tensors) -> result tensor"""
        self.library, self.source, self.run = library, source, run
        self.cases, self.names, self.counts, self.bad = [], set(), {}, []

    def add(self, loss, tag, call, spec, diff=()):
        name = loss + ': ' + tag
        assert name not in self.names, name
        self.names.add(name)
        r = rng_of(call)
        arrays = {k: g(r) for k, g in spec.items()}
        for k, a in arrays.items():
            assert a.size <= 60, (name, k, a.size)
            assert a.dtype in (np.float64, np.int64), (name, k, a.dtype)
        tensors = {k: torch.tensor(a, requires_grad=(k in diff)) for k, a in arrays.items()}
        out = self.run(call, tensors)
        case = {'name': name, 'call': call, 'inputs': {k: dump(a) for k, a in arrays.items()}}
        case['value'] = num(out.item()) if out.dim() == 0 else dump(out)
        if diff:
            leaves = [tensors[k] for k in diff]
            if out.requires_grad:
                grads = torch.autograd.grad(out.sum(), leaves, allow_unused=True)
            else:
                grads = [None] * len(leaves)
            case['gradient'] = {k: dump(g if g is not None else torch.zeros_like(t))
                                for k, g, t in zip(diff, grads, leaves)}
            for k in diff:
                assert 'NaN' not in case['gradient'][k]['data'], (name, k)
            if CHECK:
                self.check(name, call, arrays, diff, case)
        self.cases.append(case)
        self.counts[loss] = self.counts.get(loss, 0) + 1
        return case

    def check(self, name, call, arrays, diff, case):
        def f(k, i, h):
            a = {q: v.copy() for q, v in arrays.items()}
            a[k].reshape(-1)[i] += h
            return self.run(call, {q: torch.tensor(v) for q, v in a.items()}).sum().item()
        h = 1e-6
        for k in diff:
            for i, g in enumerate(case['gradient'][k]['data']):
                if not np.isfinite(arrays[k].reshape(-1)[i]):
                    continue
                n = (f(k, i, h) - f(k, i, -h)) / (2 * h)
                if not abs(n - g) <= 1e-5 * max(1, abs(g)):
                    self.bad.append((name, k, i, g, n))

    def write(self, path):
        path = os.path.join(HERE, 'dialects', path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as f:
            f.write('{"library": %s, "source": %s, "cases": [\n' % (json.dumps(self.library), json.dumps(self.source)))
            f.write(',\n'.join(json.dumps(c, allow_nan=False) for c in self.cases))
            f.write('\n]}\n')
        with open(path) as f:
            assert len(json.load(f)['cases']) == len(self.cases)
        for k, n in self.counts.items():
            print('%-45s %d' % (k, n))
        print('total', len(self.cases), '->', path)
        for b in self.bad:
            print('FD differs:', *b)


def close(a, b, tol=2e-11):
    a = a.item() if isinstance(a, torch.Tensor) else a
    assert abs(a - b) <= tol * max(1, abs(b)), (a, b)
