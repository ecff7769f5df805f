"""The kernels in Python, compiled by Numba. Answers on stdout what it is asked on stdin:

    about                                                 the versions
    load <length> <file>                                  ok; the file has two arrays of that many doubles, x and y
    run <kernel> <threads> <untimed> <calls> <n0> <n1>    <nanoseconds for all calls> <the sum, 16 hexadecimal digits>
    save <file>                                           ok; writes what a kernel has written
    first <number>                                        <nanoseconds of the first call of a new function>
"""

import math
import struct
import sys
import time

import numba
import numpy as np
from numba import njit, prange, uint32, uint64

compiled = njit(parallel=True, fastmath=False)


@compiled
def pi(n):
    total = 0.0
    step = 1.0 / n
    for i in prange(n):
        t = (i + 0.5) * step
        total += 4 / (1 + t * t)
    return total


@compiled
def leibniz(n):
    total = 0.0
    for i in prange(n):
        total += (1.0 if i % 2 == 0 else -1.0) / (2 * i + 1)
    return total


@compiled
def polynomial(n):
    total = 0.0
    step = 1.0 / n
    for i in prange(n):
        t = i * step
        total += 1 + t * (
            1 + t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (1 / 720 + t * (1 / 5040))))))
        )
    return total


@compiled
def circle(n):
    total = 0.0
    step = 1.0 / n
    for i in prange(n):
        t = (i + 0.5) * step
        total += math.sqrt(1 - t * t)
    return total


@compiled
def damped(n):
    total = 0.0
    for i in prange(n):
        t = i * 0.001
        total += math.sin(t) * math.exp(-0.001 * t)
    return total


@compiled
def logarithm(n):
    total = 0.0
    for i in prange(n):
        total += math.log(1.0 + i)
    return total


@njit
def is_prime(i):
    if i < 2:
        return False
    d = 2
    while d * d <= i:
        if i % d == 0:
            return False
        d += 1
    return True


@compiled
def primes(n):
    count = 0
    for i in prange(n):
        if is_prime(i):
            count += 1
    return count


@compiled
def mandelbrot(rows, columns):
    total = 0
    for row in prange(rows):
        b = -1.25 + 2.5 * row / rows
        for column in range(columns):
            a = -2 + 2.5 * column / columns
            u = 0.0
            v = 0.0
            steps = 0
            while steps < 256 and u * u + v * v <= 4:
                u, v = u * u - v * v + a, 2 * u * v + b
                steps += 1
            total += steps
    return total


@compiled
def collatz(n):
    total = 0
    for i in prange(n):
        m = i + 1
        while m != 1:
            m = m // 2 if m % 2 == 0 else 3 * m + 1
            total += 1
    return total


@compiled
def parity(n):
    total = 0
    for i in prange(n):
        m = i + 1
        while m != 1:
            m = 3 * m + 1 if m & 1 else m >> 1
            total += 1
    return total


@compiled
def dot(x, y):
    total = 0.0
    for i in prange(len(x)):
        total += x[i] * y[i]
    return total


@compiled
def stencil(x, out):
    for i in prange(len(out)):
        out[i] = 0.25 * x[i] + 0.5 * x[i + 1] + 0.25 * x[i + 2]
    return 0


@compiled
def mapped(x, out):
    for i in prange(len(out)):
        out[i] = math.sin(100 * x[i]) * math.exp(-x[i])
    return 0


@njit
def lowbias32(u):
    u ^= u >> uint32(16)
    u = uint32(u * uint32(0x7FEB352D))
    u ^= u >> uint32(15)
    u = uint32(u * uint32(0x846CA68B))
    u ^= u >> uint32(16)
    return u


@compiled
def hashed(n):
    count = 0
    for i in prange(n):
        u = lowbias32(uint32(2 * i)) / 4294967296.0
        v = lowbias32(uint32(2 * i + 1)) / 4294967296.0
        if u * u + v * v < 1:
            count += 1
    return count


@njit
def random_of(seed, i, k):
    """`random(seed, i, k)` of allcores: Philox4x32-10."""
    low, half = uint64(0xFFFFFFFF), uint64(32)
    a, b, c, d = uint64(i), uint64(0), uint64(k), uint64(0)
    k0, k1 = uint64(seed), uint64(0)
    for _ in range(10):
        p, q = uint64(0xD2511F53) * a, uint64(0xCD9E8D57) * c
        a, b, c, d = (q >> half) ^ b ^ k0, q & low, (p >> half) ^ d ^ k1, p & low
        k0, k1 = (k0 + uint64(0x9E3779B9)) & low, (k1 + uint64(0xBB67AE85)) & low
    return ((a >> uint64(5)) * 67108864.0 + (b >> uint64(6))) / 9007199254740992.0


@compiled
def drawn(n):
    count = 0
    for i in prange(n):
        u = random_of(1, i, 0)
        v = random_of(1, i, 1)
        if u * u + v * v < 1:
            count += 1
    return count


x = y = out = None


def load(length, file):
    global x, y, out
    x, y = np.fromfile(file).reshape(2, int(length))
    out = np.zeros(int(length))
    return "ok"


def save(file):
    out.tofile(file)
    return "ok"


def arguments(kernel, n0, n1):
    if kernel == "mandelbrot":
        return n0, n1
    if kernel == "dot":
        return x[:n0], y[:n0]
    if kernel == "stencil":
        return x[: n0 + 2], out[:n0]
    if kernel == "mapped":
        return x[:n0], out[:n0]
    return (n0,)


def run(kernel, threads, untimed, calls, n0, n1):
    function = globals()[kernel]
    given = arguments(kernel, int(n0), int(n1))
    numba.set_num_threads(int(threads))
    for _ in range(int(untimed)):
        function(*given)
    start = time.perf_counter_ns()
    for _ in range(int(calls)):
        total = function(*given)
    nanoseconds = time.perf_counter_ns() - start
    return f"{nanoseconds} {struct.pack('>d', total).hex()}"


def about():
    pi(10)
    return f"Numba {numba.__version__}, Python {sys.version.split()[0]}, threads by {numba.threading_layer()}"


NEW = """
@compiled
def new(n):
    total = 0.0
    for i in prange(n):
        x = (i + {number}) * 0.001
        u = 0.0
        steps = 0
        while steps < 4 and u * u <= 100:
            u = u * u - x
            steps += 1
        total += steps + math.sqrt(x) if x > 2 else steps * x
    return total
"""


def first(number):
    scope = dict(globals())
    exec(NEW.format(number=int(number)), scope)
    start = time.perf_counter_ns()
    scope["new"](1000)
    return str(time.perf_counter_ns() - start)


ANSWERS = {"about": about, "first": first, "load": load, "run": run, "save": save}

for line in sys.stdin:
    name, *given = line.rstrip("\n").split(" ")
    try:
        answer = ANSWERS[name](*given)
    except Exception as error:
        answer = f"error {error!r}"
    print(answer, flush=True)
