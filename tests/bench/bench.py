#!/usr/bin/env python3
"""Speed of losscalc as ratios against named peers, on this machine, in one run.

    python3 tests/bench/bench.py build/losscalc [--data DIR] [--runs N] [--only WORD] [--markdown]

Makes its data (about 3 GB) in DIR once, from a fixed seed. Each comparison measures losscalc and its peer in turn, N
times (3), and takes the medians. To measure is, for both alike, to call once without counting, so that files and caches
are warm, and then to take the best of three calls in a row. losscalc is always timed as a whole process: start, reading,
computing, printing. A peer is timed as a whole process too, but for those called "kernel": there the data is in memory,
the framework is imported, and only the call counts. A ratio above 1 says that losscalc takes less time.

Needs Debian's python3-torch, python3-numpy, python3-pandas and python3-sklearn.
"""
import argparse
import gzip
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

# ---- data -----------------------------------------------------------------------------------------------------------


def make_data(folder):
    """Writes what is missing. Names say shape and type."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)

    def write(name, make, save=np.save):
        path = folder / name
        if not path.exists():
            partial = path.with_name("partial-" + name)
            save(partial, make(np.random.default_rng(1 + sum(map(ord, name)))))
            partial.rename(path)

    for n in (1000, 100000, 10**7, 5 * 10**7, 10**8):
        for role in ("p", "t"):
            write(f"{role}-{n}-f8.npy", lambda rng, n=n: rng.standard_normal(n))
    write("prob-20000000-f4.npy", lambda rng: rng.random(2 * 10**7, dtype=np.float32))
    write("bit-20000000-u1.npy", lambda rng: rng.integers(0, 2, 2 * 10**7).astype(np.uint8))
    for n, c in ((10**6, 100), (4 * 10**6, 10)):
        write(f"logits-{n}x{c}-f4.npy", lambda rng, n=n, c=c: 3 * rng.standard_normal((n, c), dtype=np.float32))
        write(f"labels-{n}x{c}.npy", lambda rng, n=n, c=c: rng.integers(0, c, n))
    for n, c in ((256, 100), (100, 100), (1000, 100), (10000, 100)):
        write(f"check-{n}x{c}-f8.npy", lambda rng, n=n, c=c: 2 * rng.standard_normal((n, c)))
        write(f"check-labels-{n}x{c}.npy", lambda rng, n=n, c=c: rng.integers(0, c, n))
    write("seg-8x4x1024x1024-f4.npy", lambda rng: 3 * rng.standard_normal((8, 4, 1024, 1024), dtype=np.float32))
    write("mask-8x1024x1024.npy", lambda rng: rng.integers(0, 4, (8, 1024, 1024)))

    def probabilities(rng, rows, classes):
        raw = rng.random((rows, classes)) + 1e-3
        return raw / raw.sum(1, keepdims=True)

    def save_csv(path, table):
        np.savetxt(path, table, delimiter=",", fmt=["%.17g"] * 10 + ["%d"], comments="",
                   header=",".join([f"p{k}" for k in range(10)] + ["y"]))

    write("table-1000000x11.csv", lambda rng: np.column_stack([probabilities(rng, 10**6, 10), rng.integers(0, 10, 10**6)]),
          save_csv)

    def save_keyed(names, formats):
        return lambda path, table: np.savetxt(path, table, delimiter=",", fmt=formats, comments="", header=names)

    def shuffled_keys(rng):
        return 10**6 + rng.permutation(10**6)

    write("keyed-1000000x10.csv", lambda rng: np.column_stack([shuffled_keys(rng), probabilities(rng, 10**6, 10)]),
          save_keyed(",".join(["id"] + [f"p{k}" for k in range(10)]), ["%d"] + ["%.17g"] * 10))
    write("keyed-labels-1000000.csv", lambda rng: np.column_stack([shuffled_keys(rng), rng.integers(0, 10, 10**6)]),
          save_keyed("id,y", "%d"))

    def save_gzip(path, table):
        path.write_bytes(gzip.compress((folder / "table-1000000x11.csv").read_bytes(), 6, mtime=0))

    write("table-1000000x11.csv.gz", lambda rng: None, save_gzip)

    def save_json(path, parts):
        with open(path, "w") as out:
            json.dump({"pred": parts[0].tolist(), "target": parts[1].tolist()}, out)

    write("arrays-300000x10.json", lambda rng: (probabilities(rng, 3 * 10**5, 10), rng.integers(0, 10, 3 * 10**5)), save_json)


# ---- runs -----------------------------------------------------------------------------------------------------------


def wall(command, folder):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{command}\nfailed:\n{done.stderr}")
    return seconds, done.stdout.strip()


def warm(command, folder):
    """The best of three runs after one that is not counted: seconds and what it printed."""
    runs = [wall(command, folder) for _ in range(4)]
    return min(runs[1:])


def process(code):
    """A whole Python process that prints its value."""
    return lambda folder: warm([sys.executable, "-c", code], folder)


def read_only(*files):
    """The bytes of the files read by cat, once each."""
    return lambda folder: (warm(["sh", "-c", f"cat {' '.join(files)} > /dev/null"], folder)[0], "")


def unpack_only(file):
    """The file unpacked by zcat, and nothing computed."""
    return lambda folder: (warm(["sh", "-c", f"zcat {file} > /dev/null"], folder)[0], "")


def kernel(setup, call):
    """The same within one process, as the process itself measures its calls."""
    code = f"""
import time, torch
import numpy as np
import torch.nn.functional as F
torch.set_num_threads({os.cpu_count()})
def load(name): return torch.from_numpy(np.load(name))
{setup}
times = []
for _ in range(4):
    start = time.perf_counter(); value = {call}; times.append(time.perf_counter() - start)
print(min(times[1:]), float(value))
"""

    def run(folder):
        _, output = wall([sys.executable, "-c", code], folder)
        seconds, value = output.split()
        return float(seconds), value

    return run


@dataclass
class Case:
    name: str
    arguments: list
    peer_name: str
    peer: object
    goal: float  # the least ratio peer / losscalc
    exact: bool = True  # whether both compute the same number
    tolerance: float = 1e-9
    threads: int = 0
    times: list = field(default_factory=list)


def cases():
    mse = "-l mse -p p-50000000-f8.npy -t t-50000000-f8.npy"
    soft = "-l cross-entropy --from logits -p logits-1000000x100-f4.npy -t labels-1000000x100.npy"
    few = "-l cross-entropy --from logits -p logits-4000000x10-f4.npy -t labels-4000000x10.npy"
    seg = "--from logits -p seg-8x4x1024x1024-f4.npy -t mask-8x1024x1024.npy"
    flat = "-p p-50000000-f8.npy -t t-50000000-f8.npy"
    load_flat = "p = load('p-50000000-f8.npy'); t = load('t-50000000-f8.npy')"
    load_seg = "p = load('seg-8x4x1024x1024-f4.npy'); t = load('mask-8x1024x1024.npy')"
    dice = ("1 - ((2 * (s * h).sum((2, 3)) + 1e-7) / (s.sum((2, 3)) + h.sum((2, 3)) + 1e-7)).mean()")
    return [
        Case("MSE, 2 NPY of 5e7 float64", mse, "plain read of the bytes (cat)",
             read_only("p-50000000-f8.npy", "t-50000000-f8.npy"), 1 / 1.5, exact=False),
        Case("MSE, 2 NPY of 5e7 float64", mse, "NumPy load and compute", process(
            "import numpy as np; p = np.load('p-50000000-f8.npy'); t = np.load('t-50000000-f8.npy'); "
            "print(repr(float(((p - t) ** 2).mean())))"), 5),
        Case("Huber, 2 NPY of 5e7 float64", "-l huber " + flat, "PyTorch's kernel alone",
             kernel(load_flat, "F.huber_loss(p, t)"), 1),
        Case("BCE, 2e7 float32 and uint8", "-l binary-cross-entropy -p prob-20000000-f4.npy -t bit-20000000-u1.npy",
             "PyTorch's kernel alone",
             kernel("p = load('prob-20000000-f4.npy'); t = load('bit-20000000-u1.npy').float()",
                    "F.binary_cross_entropy(p, t)"), 1, tolerance=1e-3),
        Case("cross-entropy, 1e6 x 100 float32 logits", soft, "PyTorch's kernel alone",
             kernel("p = load('logits-1000000x100-f4.npy'); t = load('labels-1000000x100.npy')",
                    "F.cross_entropy(p, t)"), 3, tolerance=1e-5),
        Case("cross-entropy, 4e6 x 10 float32 logits", few, "PyTorch's kernel alone",
             kernel("p = load('logits-4000000x10-f4.npy'); t = load('labels-4000000x10.npy')", "F.cross_entropy(p, t)"),
             1, tolerance=1e-5),
        Case("pixel-wise cross-entropy, 8x4x1024x1024 float32", "-l cross-entropy " + seg, "PyTorch's kernel alone",
             kernel(load_seg, "F.cross_entropy(p, t)"), 1.5, tolerance=1e-5),
        Case("focal, 8x4x1024x1024 float32", "-l focal " + seg, "PyTorch eager",
             kernel(load_seg + "\ndef focal():\n    l = F.cross_entropy(p, t, reduction='none')\n"
                    "    return ((1 - (-l).exp()) ** 2 * l).mean()", "focal()"), 1, tolerance=1e-5),
        Case("Dice, 8x4x1024x1024 float32", "-l dice " + seg, "PyTorch eager",
             kernel(load_seg + "\ndef dice():\n    s = p.softmax(1)\n"
                    f"    h = F.one_hot(t, 4).permute(0, 3, 1, 2)\n    return {dice}", "dice()"), 3, tolerance=1e-5),
        Case("cross-entropy, CSV 1e6 x 11", "-l cross-entropy -p table-1000000x11.csv#col=p* -t table-1000000x11.csv#col=y",
             "pandas and NumPy", process(
                 "import pandas as pd, numpy as np; d = pd.read_csv('table-1000000x11.csv').to_numpy(); "
                 "p = np.clip(d[:, :10], 1e-15, 1 - 1e-15); y = d[:, 10].astype(int); "
                 "print(repr(float(-np.log(p[np.arange(len(y)), y]).mean())))"), 4, tolerance=1e-7),
        Case("cross-entropy, CSV 1e6 x 11", "-l cross-entropy -p table-1000000x11.csv#col=p* -t table-1000000x11.csv#col=y",
             "pandas and scikit-learn", process(
                 "import pandas as pd; from sklearn.metrics import log_loss; "
                 "d = pd.read_csv('table-1000000x11.csv').to_numpy(); print(repr(float(log_loss(d[:, 10], d[:, :10]))))"),
             4, tolerance=1e-7),
        Case("cross-entropy, gzip CSV 1e6 x 11",
             "-l cross-entropy -p table-1000000x11.csv.gz#col=p* -t table-1000000x11.csv.gz#col=y",
             "pandas and NumPy", process(
                 "import pandas as pd, numpy as np; d = pd.read_csv('table-1000000x11.csv.gz').to_numpy(); "
                 "p = np.clip(d[:, :10], 1e-15, 1 - 1e-15); y = d[:, 10].astype(int); "
                 "print(repr(float(-np.log(p[np.arange(len(y)), y]).mean())))"), 1, tolerance=1e-7),
        Case("cross-entropy, gzip CSV 1e6 x 11",
             "-l cross-entropy -p table-1000000x11.csv.gz#col=p* -t table-1000000x11.csv.gz#col=y",
             "zcat alone", unpack_only("table-1000000x11.csv.gz"), 0.7, exact=False),
        Case("cross-entropy, 2 CSV of 1e6 joined by id",
             "-l cross-entropy -p keyed-1000000x10.csv -t keyed-labels-1000000.csv --id id",
             "pandas.merge and NumPy", process(
                 "import pandas as pd, numpy as np; p = pd.read_csv('keyed-1000000x10.csv'); "
                 "d = p.merge(pd.read_csv('keyed-labels-1000000.csv'), on='id').to_numpy(); "
                 "p = np.clip(d[:, 1:11], 1e-15, 1 - 1e-15); y = d[:, 11].astype(int); "
                 "print(repr(float(-np.log(p[np.arange(len(y)), y]).mean())))"), 3, tolerance=1e-7),
        Case("cross-entropy, JSON 3e5 x 10", "-l cross-entropy arrays-300000x10.json", "Python's json and NumPy", process(
            "import json, numpy as np; d = json.load(open('arrays-300000x10.json')); "
            "p = np.clip(np.array(d['pred']), 1e-15, 1 - 1e-15); y = np.array(d['target']); "
            "print(repr(float(-np.log(p[np.arange(len(y)), y]).mean())))"), 10),
    ]


def losscalc(binary, arguments, folder, threads=0):
    command = [binary, "compute", *arguments.split(), "--json"]
    if threads:
        command += ["--threads", str(threads)]
    seconds, output = warm(command, folder)
    return seconds, json.loads(output)["value"]


def compare(case, binary, folder, runs):
    ours, theirs = [], []
    for _ in range(runs):
        seconds, value = losscalc(binary, case.arguments, folder)
        ours.append(seconds)
        seconds, other = case.peer(folder)
        theirs.append(seconds)
    if case.exact and abs(value - float(other)) > case.tolerance * abs(value):
        sys.exit(f"{case.name}: losscalc says {value}, {case.peer_name} {other}")
    return statistics.median(ours), statistics.median(theirs)


def milliseconds(seconds):
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def table(rows, head, markdown):
    if markdown:
        print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
        for row in rows:
            print("| " + " | ".join(row) + " |")
    else:
        widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
        for row in [head, *rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print(flush=True)


# ---- what is measured ----------------------------------------------------------------------------------------------


def peers(binary, folder, runs, only):
    rows = []
    for case in cases():
        if only and only.lower() not in (case.name + " " + case.peer_name).lower():
            continue
        print(f"... {case.name} against {case.peer_name}", file=sys.stderr)
        ours, theirs = compare(case, binary, folder, runs)
        ratio = theirs / ours
        rows.append([case.name, case.peer_name, milliseconds(ours), milliseconds(theirs), f"{ratio:.2f}",
                     f"{case.goal:.2g}", "yes" if ratio >= case.goal else "NO"])
    return rows


def scaling(binary, folder, runs):
    rows = []
    for n in (1000, 100000, 10**7, 10**8):
        seconds = statistics.median(
            losscalc(binary, f"-l mse -p p-{n}-f8.npy -t t-{n}-f8.npy", folder)[0] for _ in range(runs))
        rows.append([f"{n:g}", milliseconds(seconds), f"{1e9 * seconds / n:.2f} ns"])
    return rows


def threads(binary, folder, runs):
    rows = []
    for name, arguments in [(c.name, c.arguments) for c in cases() if "logits" in c.name or "CSV" in c.name
                            or "pixel" in c.name]:
        one, two = [], []
        for _ in range(runs):
            one.append(losscalc(binary, arguments, folder, 1)[0])
            two.append(losscalc(binary, arguments, folder, 2)[0])
        one, two = statistics.median(one), statistics.median(two)
        row = [name, milliseconds(one), milliseconds(two), f"{one / two:.2f}"]
        if row not in rows and name not in [r[0] for r in rows]:
            rows.append(row)
    return rows


def gradcheck(binary, folder, n, c):
    return warm([binary, "gradcheck", "-l", "cross-entropy", "--from", "logits", "-p", f"check-{n}x{c}-f8.npy", "-t",
                 f"check-labels-{n}x{c}.npy"], folder)[0]


def gradient_check(binary, folder, runs):
    """The whole process against the call of torch.autograd.gradcheck in a warm process, and its cost by entries."""
    torch_check = kernel("p = load('check-256x100-f8.npy').requires_grad_(); t = load('check-labels-256x100.npy')",
                         "torch.autograd.gradcheck(lambda x: F.cross_entropy(x, t), (p,))")
    ours = statistics.median(gradcheck(binary, folder, 256, 100) for _ in range(runs))
    theirs = torch_check(folder)[0]
    rows = [["gradcheck, cross-entropy 256 x 100 float64", "torch.autograd.gradcheck", milliseconds(ours),
             milliseconds(theirs), f"{theirs / ours:.0f}", "50", "yes" if theirs >= 50 * ours else "NO"]]
    costs = []
    for n in (100, 1000, 10000):
        seconds = statistics.median(gradcheck(binary, folder, n, 100) for _ in range(runs))
        costs.append([f"{100 * n:g}", milliseconds(seconds), f"{1e9 * seconds / (100 * n):.0f} ns"])
    return rows, costs


def start_up(binary, folder):
    times = []
    for _ in range(50):
        times.append(wall([binary, "--version"], folder)[0])
    return [["losscalc --version, whole process as Python starts it", milliseconds(statistics.median(times))]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--data", type=Path, default=Path("build/bench-data"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", help="only comparisons whose name holds this word")
    parser.add_argument("--markdown", action="store_true", help="tables as the README has them")
    options = parser.parse_args()
    binary = str(options.binary.resolve())
    make_data(options.data)
    folder = str(options.data)

    with open("/proc/cpuinfo") as cpuinfo:
        model = next((line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name")), platform.machine())
    print(f"{model}, {os.cpu_count()} threads, {time.strftime('%Y-%m-%d')}; medians of {options.runs} runs\n")
    table(peers(binary, folder, options.runs, options.only),
          ["job", "peer", "losscalc", "peer's time", "times faster", "goal", "reached"], options.markdown)
    if options.only and options.only not in "gradcheck":
        return
    rows, costs = gradient_check(binary, folder, options.runs)
    table(rows, ["job", "peer", "losscalc", "peer's time", "times faster", "goal", "reached"], options.markdown)
    table(costs, ["entries (gradcheck)", "time", "per entry"], options.markdown)
    if options.only:
        return
    table(scaling(binary, folder, options.runs), ["elements (MSE)", "time", "per element"], options.markdown)
    table(threads(binary, folder, options.runs), ["job", "1 thread", "2 threads", "ratio"], options.markdown)
    table(start_up(binary, folder), ["start-up", "time"], options.markdown)


if __name__ == "__main__":
    main()
