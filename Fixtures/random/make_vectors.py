"""Writes vectors.json beside itself: numpy's Philox blocks, uniforms made of them, and scipy's
normal quantiles. Run it with the versions that README.md names."""

import json
import pathlib

import numpy
import scipy
from scipy.stats import norm

MASK = (1 << 64) - 1
TOP = (1 << 256) - 1


def words(value, count):
    return [(value >> (64 * i)) & MASK for i in range(count)]


def block(key, counter):
    """The block of a counter; numpy advances the counter before its first block."""
    before = (counter - 1) & TOP
    generator = numpy.random.Philox(
        key=numpy.array(words(key, 2), dtype=numpy.uint64),
        counter=numpy.array(words(before, 4), dtype=numpy.uint64),
    )
    return [int(word) for word in generator.random_raw(4)]


def hexadecimal(values):
    return [f"{value:016x}" for value in values]


def joined(*parts):
    return sum(part << (64 * i) for i, part in enumerate(parts))


KEYS = [0, joined(1, 0), joined(0, 1), joined(42, 2), joined(MASK, MASK), joined(0x0123456789ABCDEF, 3)]
COUNTERS = [0, 1, joined(0, 1), joined(0, 0, 1), joined(0, 0, 0, 1), joined(5, 143, 1, 49), TOP]

blocks = [
    {
        "key": hexadecimal(words(key, 2)),
        "counter": hexadecimal(words(counter, 4)),
        "words": hexadecimal(block(key, counter)),
    }
    for key in KEYS
    for counter in COUNTERS
]

# The stream of seed 42, purpose 2, position (143, 1, 49): blocks 0, 1, 2 ...
raw = [word for i in range(16) for word in block(joined(42, 2), joined(i, 143, 1, 49))]
# numpy's float64 arithmetic is IEEE's: the sum is exact, the product a change of exponent.
uniforms = [(float(word >> 12) + 0.5) * 2.0**-52 for word in raw]

# Both ends, the seams of AS 241 (0.075, 0.925 and the tail exp(-25)), and powers of two.
tail = float(numpy.exp(-25.0))
special = [2.0**-53, 1 - 2.0**-53, 0.5, 0.5 + 2.0**-53, 0.075, 0.925]
special += [float(numpy.nextafter(x, y)) for x in (0.075, 0.925, tail) for y in (0, 1)]
special += [tail] + [2.0**-k for k in range(2, 53)] + [1 - 2.0**-k for k in range(2, 53)]

output = {
    "numpy": numpy.__version__,
    "scipy": scipy.__version__,
    "blocks": blocks,
    "stream": {
        "words": hexadecimal(raw),
        "uniforms": uniforms,
        "normals": [float(value) for value in norm.ppf(uniforms)],
    },
    "quantiles": {
        "probabilities": special,
        "values": [float(value) for value in norm.ppf(special)],
    },
}
path = pathlib.Path(__file__).with_name("vectors.json")
path.write_text(json.dumps(output, indent=1) + "\n")
