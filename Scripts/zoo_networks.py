"""The convolutional networks of a zoo, with the split that it stores."""

import itertools
import math
import sqlite3
from dataclasses import dataclass

import torch
from safetensors.torch import load_file

SIDES = ("train", "validation", "test")


@dataclass
class ZooNetworks:
    weights: list
    """Of each layer, `[networks, 1, outputs, inputs, height, width]` or `[networks, 1, outputs, inputs]`."""
    biases: list
    """Of each layer, `[networks, 1, outputs]`."""
    targets: torch.Tensor
    runs: torch.Tensor
    numbers: torch.Tensor
    """Of each network in the zoo."""
    split: dict
    """Which of the networks are for training, for validation and for the test."""


def read_zoo(folder, target, condition=None):
    """Networks that have a number as `target` and meet `condition`, in the zoo's order, as our trainings read them."""
    if not (folder / "catalog.crc32").exists():
        raise SystemExit(f"{folder} is not a finished zoo")
    catalog = sqlite3.connect(f"{(folder / 'catalog.sqlite').resolve().as_uri()}?mode=ro", uri=True)
    rows = catalog.execute(
        f"""
        SELECT networks.shard, stack.prefix, networks.row, networks.run, networks.split, networks."{target}",
            networks.network
        FROM (SELECT * FROM networks WHERE typeof("{target}") IN ('integer', 'real') AND ({condition or 1}
        )) AS networks JOIN stack ON stack.id = networks.stack ORDER BY networks.network
        """
    ).fetchall()
    sides = [row[4] for row in rows]
    split = {side: torch.tensor([i for i, at in enumerate(sides) if at == side]) for side in SIDES}
    for side, numbers in split.items():
        if not len(numbers):
            raise SystemExit(f"{folder} stores no networks for {side}; type 'nfn zoo split {folder}' first")

    parts = []
    for (shard, prefix), stack in itertools.groupby(rows, key=lambda row: row[:2]):
        tensors, numbers = load_file(folder / shard), torch.tensor([row[2] for row in stack])
        layers = sum(name.startswith(prefix) and name.endswith(".weight") for name in tensors)
        parts.append(
            [tensors[f"{prefix}{layer}.{kind}"][numbers] for layer in range(layers) for kind in ("weight", "bias")]
        )
    if len({tuple(tensor.shape[1:] for tensor in part) for part in parts}) != 1:
        raise SystemExit(f"networks of {folder} differ in shape; choose some with --where")
    tensors = [torch.cat(part).unsqueeze(1) for part in zip(*parts)]
    tensors[::2] = as_convolutions(tensors[::2])
    targets = torch.tensor([row[5] for row in rows], dtype=torch.float64)
    runs = torch.tensor([row[3] for row in rows])
    numbers = torch.tensor([row[6] for row in rows])
    return ZooNetworks(tensors[::2], tensors[1::2], targets, runs, numbers, split)


def as_convolutions(weights):
    """A dense layer after a flatten as the convolution over the whole map that it is, since the reference knows no flatten.

    It reads `channels * positions` numbers, the channel slowest, of a square map.
    """
    result = weights[:1]
    for before, weight in zip(weights, weights[1:]):
        channels, inputs = before.shape[2], weight.shape[3]
        side = math.isqrt(inputs // channels)
        if before.dim() == 6 and weight.dim() == 4 and inputs > channels:
            if channels * side * side != inputs:
                raise SystemExit(f"a dense layer reads {inputs} numbers, no square maps of {channels} channels")
            weight = weight.unflatten(3, (channels, side, side))
        result.append(weight)
    return result
