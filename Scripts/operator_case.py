"""One case that `operators.py` records, and the numbers that cases are made of."""

from dataclasses import dataclass, field

import numpy as np

REAL, INTEGER = 1, 7  # ONNX's numbers for float and int64


@dataclass
class Case:
    name: str
    inputs: list
    attributes: dict = field(default_factory=dict)
    version: int = 20
    outputs: int = 1
    domain: str = ""
    trusts: str | None = None  # which of the two is right where they disagree
    results: list | None = None  # worked out here, where neither knows the version

    def __str__(self):
        settings = {k: v for k, v in self.attributes.items() if not isinstance(v, np.ndarray)}
        return f"{self.name} {self.version} {settings} {[None if a is None else a.shape for a in self.inputs]}"


random = np.random.default_rng(0)


def r(*shape):
    """Numbers from -2 to 2 in steps of 1/8."""
    return (random.integers(-16, 17, shape) / 8).astype(np.float32)


def p(*shape):
    """Numbers from 1/8 to 2."""
    return (random.integers(1, 17, shape) / 8).astype(np.float32)


def distinct(*shape):
    """Numbers of which no two are the same."""
    return (random.permutation(np.prod(shape)).reshape(shape) / 8).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def bytes_(*values):
    return np.array(values, dtype=np.uint8)


def signed(*values):
    return np.array(values, dtype=np.int8)


def number(value):
    return np.array(value, dtype=np.float32)


def integer(value):
    return np.array(value, dtype=np.int64)


def truths(*shape):
    return random.integers(0, 2, shape).astype(bool)


def microsoft(name, inputs, attributes=None, outputs=1):
    return Case(name, inputs, attributes or {}, outputs=outputs, domain="com.microsoft")
