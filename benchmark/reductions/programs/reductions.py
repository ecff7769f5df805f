"""Reductions in Python, by the library that is named on the command line, polars on as many threads. Answers on stdout what it is asked
on stdin:

    about                                       the versions
    load <element> <bytes> <file>               ok; as many bytes of copies of the file
    run <name> <bytes> <untimed> <calls>        <nanoseconds for all calls> <the result>, of the first bytes
"""

import math
import os
import sys
import time

library, threads = sys.argv[1:]
# numpy's dot product would use all cores, and its other functions use one.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["POLARS_MAX_THREADS"] = threads

import numpy as np

TYPES = {"f64": np.float64, "f32": np.float32, "i32": np.int32, "u8": np.uint8}

# Bytes on either side of the middle that belong to neither array of a dot product.
APART = 4096

# An array of numpy or a series of polars, and the bytes of an element.
memory = None
width = 0


def load(element, size, file):
    global memory, width
    tile = np.fromfile(file, dtype=TYPES[element])
    width = tile.itemsize
    # The old memory goes first: there may not be enough for both.
    memory = None
    memory = np.resize(tile, int(size) // width)
    if library == "polars":
        import polars

        memory = polars.Series(memory)
    return "ok"


def parts(name, size):
    """The array, or the two of a dot product. Slices copy nothing."""
    part = memory[: int(size) // width]
    if name != "dot":
        return [part]
    count = len(part) // 2 - APART // width
    return [part[:count], part[len(part) - count :]]


def first(mask, at):
    return at if mask[at] else -1


def find_index(mask):
    return first(mask, int(mask.argmax()))


NUMPY = {
    "min": lambda x: x.min(),
    "max": lambda x: x.max(),
    "argMin": lambda x: x.argmin(),
    "count": lambda x: np.count_nonzero(x > 0.5),
    "findIndex": lambda x: find_index(x > 2),
    "mean": lambda x: x.mean(),
    "variance": lambda x: x.var(),
    "norm": lambda x: np.linalg.norm(x),
    "dot": lambda x, y: x @ y,
}
POLARS = {
    "min": lambda x: x.min(),
    "max": lambda x: x.max(),
    "argMin": lambda x: x.arg_min(),
    "count": lambda x: (x > 0.5).sum(),
    "findIndex": lambda x: find_first(x > 2),
    "mean": lambda x: x.mean(),
    "variance": lambda x: x.var(ddof=0),
    "norm": lambda x: math.sqrt(x.dot(x)),
    "dot": lambda x, y: x.dot(y),
}


def find_first(mask):
    return first(mask, mask.arg_max())


def run(name, size, untimed, calls):
    reduce = (POLARS if library == "polars" else NUMPY)[name]
    given = parts(name, size)
    for _ in range(int(untimed)):
        reduce(*given)
    start = time.perf_counter_ns()
    for _ in range(int(calls)):
        value = reduce(*given)
    nanoseconds = time.perf_counter_ns() - start
    return f"{nanoseconds} {float(value)!r}"


def about():
    import importlib

    version = importlib.import_module(library).__version__
    return f"{library} {version}, Python {sys.version.split()[0]}"


ANSWERS = {"about": about, "load": load, "run": run}

for line in sys.stdin:
    name, *given = line.rstrip("\n").split(" ")
    try:
        answer = ANSWERS[name](*given)
    except Exception as error:
        answer = f"error {error!r}"
    print(answer, flush=True)
