"""Reductions in Python, by the library that is named on the command line. Answers on stdout what it is asked on stdin:

    about                               the versions
    load <element> <bytes> <file>       ok; as many bytes of copies of the file
    run <name> <untimed> <calls>        <nanoseconds for all calls> <the result>
"""

import sys
import time

import numpy as np

library = sys.argv[1]
TYPES = {"f64": np.float64, "f32": np.float32, "i32": np.int32, "u8": np.uint8}

array = series = None


def load(element, size, file):
    global array, series
    tile = np.fromfile(file, dtype=TYPES[element])
    array = np.resize(tile, int(size) // tile.itemsize)
    if library == "polars":
        import polars

        series = polars.Series(array)
    return "ok"


NUMPY = {
    "min": lambda: array.min(),
    "max": lambda: array.max(),
    "argMin": lambda: array.argmin(),
    "count": lambda: np.count_nonzero(array > 0.5),
}
POLARS = {
    "min": lambda: series.min(),
    "max": lambda: series.max(),
    "argMin": lambda: series.arg_min(),
    "count": lambda: (series > 0.5).sum(),
}


def run(name, untimed, calls):
    call = (POLARS if library == "polars" else NUMPY)[name]
    for _ in range(int(untimed)):
        call()
    start = time.perf_counter_ns()
    for _ in range(int(calls)):
        value = call()
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
