"""Writes formats/: the same arrays as files of NumPy, gzip, zstd and PIL.

    /usr/bin/python3 formats.py

tests/io/framework_files.cpp holds each against pred.npy, labels.npy or mask.npy.
"""

import gzip
import io
import json
import pathlib
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).parent / "formats"
PRED = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.25, 0.25, 0.5], [0.2, 0.7, 0.1]])
LABELS = np.array([0, 1, 2, 1])
NAMES = np.array(["cat", "dog", "gnu\u00e9", "dog"])
MASK = (np.arange(2 * 5 * 7).reshape(2, 5, 7) // 3 % 4).astype(np.uint8)


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def write(name, content):
    (FOLDER / name).write_bytes(content)


def zstd(content, *options):
    return subprocess.run(["zstd", "-q", "-c", *options], input=content, stdout=subprocess.PIPE, check=True).stdout


def compressed():
    csv = "\n".join(",".join(map(repr, row)) for row in PRED.tolist()) + "\n"
    lines = "".join(json.dumps(row) + "\n" for row in PRED.tolist())
    texts = {"pred.npy": npy(PRED), "pred.csv": csv.encode(), "pred.json": json.dumps(PRED.tolist()).encode(),
             "pred.jsonl": lines.encode(), "pred.tsv": csv.replace(",", "\t").encode()}
    for name, content in texts.items():
        write(name + ".gz", gzip.compress(content, mtime=0))
        write(name + ".zst", zstd(content))
    start, end = csv[:30].encode(), csv[30:].encode()
    write("members.csv.gz", gzip.compress(start, mtime=0) + gzip.compress(end, mtime=0))
    write("frames.csv.zst", zstd(start, "--no-check") + zstd(end))
    write("no-ending", gzip.compress(csv.encode(), mtime=0))
    stream = io.BytesIO()
    np.savez_compressed(stream, pred=PRED, target=LABELS)
    write("data.npz", stream.getvalue())
    write("data.npz.gz", gzip.compress(stream.getvalue(), mtime=0))


def bfloat16():
    """As ml_dtypes writes it, which NumPy can't without it; and as NumPy writes that again."""
    upper = (PRED.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    write("bfloat16-as-float32.npy", npy((upper.astype(np.uint32) << 16).view(np.float32)))
    without_name = npy(upper.view("V2"))
    write("bfloat16-reloaded.npy", without_name)
    write("bfloat16.npy", without_name.replace(b"'|V2'", b"'<V2'"))
    write("int16-as-bytes.npy", npy(np.arange(12, dtype=np.int16).view("V2")))
    write("float16-as-bytes.npy", npy(PRED.astype(np.float16).view("V2")))


def gradient():
    """The gradient of the mean of squares, as a framework that computes in bfloat16 stores it."""
    target = np.eye(3)[LABELS]
    upper = ((2 * (PRED - target) / PRED.size).astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    write("onehot.npy", npy(target))
    write("gradient-bfloat16.npy", npy(upper.view("V2")).replace(b"'|V2'", b"'<V2'"))


def words():
    write("names.npy", npy(NAMES))
    write("names-big-endian.npy", npy(NAMES.astype(">U4")))
    write("names-bytes.npy", npy(np.char.encode(NAMES, "utf-8")))
    write("names-fortran.npy", npy(np.asfortranarray(NAMES.reshape(2, 2))))


def fields():
    """Structured arrays, one of them with bytes between its fields."""
    for name, align in (("fields.npy", False), ("fields-aligned.npy", True)):
        dtype = np.dtype([("target", "i1"), ("pred", "f8", (3,)), ("name", "U4"), ("wide", "g")], align=align)
        array = np.zeros(4, dtype)
        array["target"], array["pred"], array["name"] = LABELS, PRED, NAMES
        write(name, npy(array))


def appended():
    write("appended.npy", npy(PRED[:1]) + npy(PRED[1:3]) + npy(PRED[3:]))
    write("appended-others.npy", npy(PRED) + npy(LABELS))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def interlaced(pixels):
    """PIL writes no interlaced images: Adam7 of 8-bit grey, by the standard's table."""
    passes = ((0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1))
    data = b""
    for y, step_y, x, step_x in passes:
        part = pixels[y::step_y, x::step_x]
        if part.size:
            data += b"".join(b"\0" + row.tobytes() for row in part)
    height, width = pixels.shape
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)) +
            chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def grey_of_bits(pixels, bits):
    """PIL writes no grey of 2 or 4 bits: pixels side by side in a byte, each row from a new one."""
    rows = b""
    for row in pixels:
        text = "".join(format(int(pixel), f"0{bits}b") for pixel in row)
        text += "0" * (-len(text) % 8)
        rows += b"\0" + int(text, 2).to_bytes(len(text) // 8, "big")
    height, width = pixels.shape
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def palette(pixels):
    image = Image.fromarray(pixels, "P")
    image.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0])
    return image


def images():
    for k, pixels in enumerate(MASK):
        Image.fromarray(pixels).save(FOLDER / f"grey-{k}.png")
        Image.fromarray(pixels.astype(np.uint16)).save(FOLDER / f"grey16-{k}.png")
        palette(pixels).save(FOLDER / f"palette-{k}.png")
        palette(pixels).save(FOLDER / f"palette8-{k}.png", bits=8)
        alpha = np.full_like(pixels, 255)
        Image.fromarray(np.stack([pixels, alpha], -1), "LA").save(FOLDER / f"alpha-{k}.png")
        write(f"interlaced-{k}.png", interlaced(pixels))
        write(f"grey2-{k}.png", grey_of_bits(pixels, 2))
        write(f"grey4-{k}.png", grey_of_bits(pixels, 4))
        Image.fromarray((pixels > 1).astype(np.uint8) * 255).save(FOLDER / f"levels-{k}.png")
        Image.fromarray(pixels > 1).save(FOLDER / f"bits-{k}.png")
    # As tools that make files smaller sort the colours of a grey mask: the index 0 is the grey 3.
    for name, greys in (("sorted", (3, 1, 2, 0)), ("black-white", (0, 255)), ("own", (0, 1, 2, 3))):
        image = Image.fromarray(np.argsort(greys).astype(np.uint8)[MASK[0] % len(greys)], "P")
        image.putpalette([part for grey in greys for part in (grey,) * 3])
        image.save(FOLDER / f"palette-{name}.png")
    Image.fromarray(np.stack([MASK[0]] * 3, -1), "RGB").save(FOLDER / "rgb.png")
    Image.fromarray(np.stack([MASK[0], MASK[0]], -1), "LA").save(FOLDER / "transparent.png")
    Image.fromarray(MASK[0][:4]).save(FOLDER / "smaller.png")


def main():
    FOLDER.mkdir(exist_ok=True)
    write("pred.npy", npy(PRED))
    write("labels.npy", npy(LABELS))
    write("mask.npy", npy(MASK))
    np.savez(FOLDER / "hugging-face.npz", predictions=np.log(PRED), label_ids=LABELS, metrics=np.array(0.5))
    compressed()
    bfloat16()
    gradient()
    words()
    fields()
    appended()
    images()


if __name__ == "__main__":
    main()
