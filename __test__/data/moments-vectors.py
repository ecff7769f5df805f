"""Writes moments-vectors.json: lists of doubles, and their mean, variances, norm and dot product with the same list backwards,
as Python's exact rational arithmetic has them, rounded once.

    python3 __test__/data/moments-vectors.py > __test__/data/moments-vectors.json
"""

import json
import random
import struct
from fractions import Fraction
from math import inf, isqrt, nan, ulp

random.seed(20261127)
MAX = float.fromhex("0x1.fffffffffffffp+1023")
LEAST = 5e-324


def rounded(exact):
    """An int divided by an int is rounded once, to nearest even."""
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return inf if exact > 0 else -inf


def root(exact):
    """With more than 2000 bits below the point, one more for all that is cut off is enough to round by."""
    scaled = (exact.numerator << 5000) // exact.denominator
    whole = isqrt(scaled)
    is_exact = whole * whole == scaled and scaled * exact.denominator == exact.numerator << 5000
    return rounded(Fraction(2 * whole + (0 if is_exact else 1), 1 << 2501))


def variance(values, ddof):
    n, exact = len(values), [Fraction(x) for x in values]
    if n <= ddof:
        return nan
    return rounded((n * sum(x * x for x in exact) - sum(exact) ** 2) / (n * (n - ddof)))


def any_double():
    bits = random.getrandbits(64)
    return struct.unpack("<d", struct.pack("<Q", bits & ~(0x7FF << 52) | random.randrange(0x7FF) << 52))[0]


def window(center, width):
    return (random.random() - 0.5) * 2.0 ** (center + random.randrange(width))


def lists():
    yield from ([1.0, 2.0, 3.0, 4.0], [0.1] * 3, [0.1] * 10, [-0.0], [0.0, -0.0], [LEAST], [LEAST, 0.0], [MAX], [MAX, MAX])
    yield from ([MAX, -MAX], [MAX, MAX, -MAX], [3e200, 4e200], [3e-200, 4e-200], [1e16 + 2 * k for k in range(9)])
    # Halves of the last bit, and the slightest more.
    yield from ([1.0, 1.0 + ulp(1.0)], [1.0 + ulp(1.0), 1.0 + 2 * ulp(1.0)], [1.0, 1.0 + ulp(1.0), LEAST, -LEAST / 1])
    yield from ([3 * LEAST, 4 * LEAST], [2.0**-537, 2.0**-537 * 3], [2.0**-538], [2.0**512, 2.0**511])
    # Near the ends of what a square can be.
    yield from ([1.3407807929942596e154, 1.0], [1.3407807929942597e154, 1.0], [1.5e-162, 1.0e-170])
    yield [random.random() for _ in range(60)]
    yield [random.gauss(0, 1) for _ in range(200)]
    yield [random.gauss(1e8, 1e-4) for _ in range(100)]
    yield [1e16 + random.randrange(100) for _ in range(64)]
    yield [round(random.random() * 1e5) / 100 for _ in range(130)]
    yield [float(random.randrange(-1000, 1000)) for _ in range(256)]
    for _ in range(3):
        yield [any_double() for _ in range(40)]
    yield [window(-1060, 20) for _ in range(70)]
    yield [window(990, 20) for _ in range(70)]
    yield [window(-500, 40) for _ in range(70)]
    yield [window(-20, 40) for _ in range(70)]
    yield [x for k in range(30) for x in (2.0**k, -(2.0**k) + 2.0 ** (k - 50))]


def main():
    vectors = []
    for values in lists():
        exact = [Fraction(x) for x in values]
        mean = -0.0 if all(str(x) == "-0.0" for x in values) else rounded(sum(exact) / len(exact))
        results = {
            "mean": mean,
            "variance": variance(values, 0),
            "sampleVariance": variance(values, 1),
            "norm": root(sum(x * x for x in exact)),
            "dot": rounded(sum(x * y for x, y in zip(exact, reversed(exact)))),
        }
        hexed = {name: struct.pack(">d", x).hex() for name, x in results.items()}
        vectors.append({"values": [struct.pack(">d", x).hex() for x in values], **hexed})
    about = "Lists of doubles, as IEEE-754 binary64 bit patterns in hexadecimal, and what comes of them exactly, rounded once:"
    print(json.dumps({"about": about + " made by moments-vectors.py.", "vectors": vectors}, indent=0))


main()
