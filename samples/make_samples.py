#!/usr/bin/python3
"""Makes the files of this folder. Needs NumPy and scikit-learn (Debian: python3-numpy, python3-sklearn).

The iris and digits data are those that scikit-learn ships; masks, boxes and noise come from fixed seeds.
"""

import csv
import json
import pathlib

import numpy as np
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

HERE = pathlib.Path(__file__).parent


def write_csv(name, header, rows):
    with open(HERE / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if header is not None:
            writer.writerow(header)
        writer.writerows(rows)


def make_two_rows():
    """Two predictions over three classes, in every format: small enough to check by hand."""
    probs = np.array([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1]])
    labels = np.array([0, 1])
    onehot = np.eye(3)[labels]
    write_csv("probs.csv", None, probs.tolist())
    write_csv("labels.csv", None, [[int(y)] for y in labels])
    write_csv("onehot.csv", None, onehot.astype(int).tolist())
    for name, array in (("probs", probs), ("labels", labels), ("onehot", onehot)):
        np.save(HERE / f"{name}.npy", array)
        (HERE / f"{name}.json").write_text(json.dumps(array.tolist()) + "\n")


def make_classification():
    """A third of the iris flowers, by a logistic regression that was fitted to the others."""
    iris = load_iris()
    x_train, x_test, y_train, y_test = train_test_split(iris.data, iris.target, test_size=50, random_state=3)
    model = LogisticRegression(max_iter=1000).fit(x_train[:, :2], y_train)
    probs = model.predict_proba(x_test[:, :2]).round(6)
    probs[:, 2] = (1 - probs[:, 0] - probs[:, 1]).round(6)
    write_csv("iris_probs.csv", iris.target_names, probs.tolist())
    write_csv("iris_species.csv", ["species"], [[iris.target_names[y]] for y in y_test])
    with open(HERE / "iris.jsonl", "w") as file:
        for row, y in zip(probs[:10].tolist(), y_test[:10]):
            file.write(json.dumps({"pred": row, "target": int(y)}) + "\n")


def make_segmentation():
    """Two 48 x 64 images of a disk and a rectangle before a background: a mask, and logits that blur its borders."""
    rng = np.random.default_rng(7)
    rows, columns = np.mgrid[0:48, 0:64]
    masks = []
    for centre, radius, box in (((20, 22), 11, (28, 40, 44, 60)), ((30, 44), 13, (6, 6, 18, 24))):
        mask = np.zeros((48, 64), dtype=np.uint8)
        mask[(rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 < radius**2] = 1
        mask[box[0] : box[2], box[1] : box[3]] = 2
        masks.append(mask)
    mask = np.stack(masks)
    onehot = np.eye(3)[mask].transpose(0, 3, 1, 2)
    for axis in (2, 3):
        onehot = (np.roll(onehot, 1, axis) + onehot + np.roll(onehot, -1, axis)) / 3
    logits = 6 * onehot - 2 + 0.8 * rng.standard_normal(onehot.shape)
    np.save(HERE / "seg_logits.npy", logits.astype(np.float32))
    np.save(HERE / "seg_mask.npy", mask)


def make_detection():
    """Ten boxes of an image of 640 x 480 pixels and their predictions, as corners."""
    rng = np.random.default_rng(11)
    corner = rng.uniform((0, 0), (480, 320), (10, 2)).round()
    size = rng.uniform(40, 150, (10, 2)).round()
    truth = np.hstack([corner, corner + size])
    predicted = (truth + rng.normal(0, 12, truth.shape)).round(1)
    header = ["x1", "y1", "x2", "y2"]
    write_csv("boxes_pred.csv", header, predicted.tolist())
    write_csv("boxes_true.csv", header, truth.astype(int).tolist())


def make_embeddings():
    """Handwritten digits in eight principal components: an anchor, another of the same digit, one of another."""
    digits = load_digits()
    points = (PCA(8, random_state=0).fit_transform(digits.data) / 20).astype(np.float32)
    rng = np.random.default_rng(5)
    anchors, positives, negatives = [], [], []
    for index in rng.choice(len(points), 12, replace=False):
        same = np.flatnonzero((digits.target == digits.target[index]) & (np.arange(len(points)) != index))
        other = np.flatnonzero(digits.target != digits.target[index])
        anchors.append(points[index])
        positives.append(points[rng.choice(same)])
        negatives.append(points[rng.choice(other)])
    np.savez_compressed(HERE / "embeddings.npz", anchor=anchors, positive=positives, negative=negatives)


def make_containers():
    """One JSON object with all that a multi-task loss needs."""
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 1.5, (4, 3)).round(3)
    boxes = rng.uniform(0, 1, (4, 4)).round(3)
    document = {
        "cls": logits.tolist(),
        "label": [0, 2, 1, 1],
        "box": (boxes + rng.normal(0, 0.1, boxes.shape)).round(3).tolist(),
        "box_t": boxes.tolist(),
        "w": [1.0, 2.0, 4.0],
    }
    (HERE / "multitask.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    make_two_rows()
    make_classification()
    make_segmentation()
    make_detection()
    make_embeddings()
    make_containers()
