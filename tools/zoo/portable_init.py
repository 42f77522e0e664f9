"""An initialisation that anyone can repeat bit for bit from a seed, without any library's generator.

For the tensor with the published name `name`: base = splitmix64(seed) XOR fnv1a64(name). Element i (C order):
z1 = splitmix64(base + 2i), z2 = splitmix64(base + 2i + 1), all mod 2^64; u = ((z >> 11) + 0.5) * 2^-53; the unit
normal is sqrt(-2 ln u1) * cos(2 pi u2) (Box and Muller 1958). splitmix64: Steele, Lea, Flood 2014.
"""

import math
import re

import numpy as np

SCHEME = "portable-normal-v1"
STD = 0.02
FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
RESIDUAL_OUTPUT = re.compile(r"(o_proj|down_proj)\.weight$")


def fnv1a64(text: str) -> int:
    value = FNV_OFFSET
    for byte in text.encode():
        value = ((value ^ byte) * FNV_PRIME) & (2**64 - 1)
    return value


def splitmix64(values: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        mixed = values + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def unit_normals(seed: int, name: str, count: int) -> np.ndarray:
    """The first `count` unit normals of a tensor, float64."""
    base = splitmix64(np.array([seed], np.uint64)) ^ np.uint64(fnv1a64(name))
    with np.errstate(over="ignore"):
        even = base + np.arange(count, dtype=np.uint64) * np.uint64(2)
        first, second = splitmix64(even), splitmix64(even + np.uint64(1))
    u1, u2 = (((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53 for bits in (first, second))
    return np.sqrt(-2 * np.log(u1)) * np.cos(2 * np.pi * u2)


def initial_values(seed: int, name: str, shape: tuple[int, ...], layers: int) -> np.ndarray:
    """Norms one, correction biases zero, residual outputs 0.02 / sqrt(2 layers), the rest 0.02; float32."""
    if name.endswith("norm.weight"):
        return np.ones(shape, np.float32)
    if name.endswith("e_score_correction_bias"):
        return np.zeros(shape, np.float32)
    std = STD / math.sqrt(2 * layers) if RESIDUAL_OUTPUT.search(name) else STD
    return (unit_normals(seed, name, math.prod(shape)) * std).astype(np.float32).reshape(shape)
