"""Files of CNNs with random weights, whose functionals are counted and timed."""

import json
import struct

import torch


def chain(key, name, convolutions, dense, positions):
    """A CNN of convolutions (outputs, inputs, kernel) and dense widths, the first of which reads so many positions."""
    shapes, inputs = [], convolutions[-1][0] * positions
    for outputs, read, kernel in convolutions:
        shapes.append([outputs, read, kernel, kernel])
    for outputs in dense:
        shapes.append([outputs, inputs])
        inputs = outputs
    weights = sum(torch.Size(shape).numel() + shape[0] for shape in shapes)
    return {"key": key, "name": name, "shapes": shapes, "positions": positions, "weights": weights}


NETWORKS = [
    chain("lenet-5", "LeNet-5", [(6, 1, 5), (16, 6, 5)], [120, 84, 10], 25),
    chain("cnn-8x8", "conv, conv, flatten (8 × 8), dense 10", [(16, 3, 3), (32, 16, 3)], [10], 64),
    chain("cnn-6x6", "conv, conv, flatten (6 × 6), dense 10", [(8, 1, 3), (16, 8, 3)], [10], 36),
]


def space(network):
    """The weight space as a zoo's file states it: channels may trade places, positions, pixels and classes not."""
    groups, blocks = [], []
    fixed = lambda size: {"fixed": {"_0": size}}  # noqa: E731
    permuted = lambda group: {"permuted": {"_0": group}}  # noqa: E731
    shapes, reads = network["shapes"], [fixed(network["shapes"][0][1])]
    for layer, shape in enumerate(shapes):
        if layer == len(shapes) - 1:
            neurons = fixed(shape[0])
        else:
            groups.append({"name": str(layer), "size": shape[0], "isOrdered": False})
            neurons = permuted(len(groups) - 1)
        if layer > 0:
            is_flattened = len(shape) == 2 and len(shapes[layer - 1]) == 4
            reads = [permuted(layer - 1)] + ([fixed(network["positions"])] if is_flattened else [])
        kernel = [fixed(size) for size in shape[2:]]
        blocks.append({"parameter": f"{layer}.weight", "shape": shape, "axes": [neurons] + reads + kernel})
        blocks.append({"parameter": f"{layer}.bias", "shape": [shape[0]], "axes": [neurons]})
    return {"groups": groups, "blocks": blocks}


def write_networks(network, folder, count):
    """A safetensors file for each network, and a table with a number to learn."""
    folder.mkdir(parents=True, exist_ok=True)
    metadata = {"architecture": "cnn", "name": network["name"], "space": json.dumps(space(network))}
    generator = torch.Generator().manual_seed(0)
    rows = ["file,run,test_accuracy"]
    for number in range(count):
        header, data = {"__metadata__": metadata}, b""
        scale = 0.02 + 0.1 * torch.rand(1, generator=generator).item()
        for layer, shape in enumerate(network["shapes"]):
            for kind, size in (("weight", shape), ("bias", shape[:1])):
                values = (scale * torch.randn(size, generator=generator)).numpy().tobytes()
                header[f"{layer}.{kind}"] = {
                    "dtype": "F32",
                    "shape": size,
                    "data_offsets": [len(data), len(data) + len(values)],
                }
                data += values
        text = json.dumps(header).encode()
        (folder / f"{number}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
        rows.append(f"{number}.safetensors,{number},{scale}")
    (folder / "networks.csv").write_text("\n".join(rows) + "\n")
