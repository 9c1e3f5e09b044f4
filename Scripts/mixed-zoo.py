#!/usr/bin/env python3
"""Trains on one zoo of five kinds of network and checks that predictions do not depend on the order of neurons.

    Scripts/mixed-zoo.py NFN FOLDER [--networks 24 16 16 16 12] [--steps 200] [--seed 0]

Writes networks of the kinds GPT-2, ViT, BERT, Llama and ResNet-18 into FOLDER/networks, as folders of Hugging Face and as
state dicts of torchvision, of two widths and depths each; their weights are random, and what is to be learned is the
logarithm of the root mean square of their matrices. Then it does what a user would: NFN zoo import, train generalisation,
permute and rank. Needs nothing but Python.
"""

import argparse
import array
import csv
import json
import math
import pathlib
import random
import shutil
import struct
import subprocess
import sys

VOCABULARY, POSITIONS, CLASSES = 40, 12, 10


def gpt2(width, depth):
    yield "transformer.wte.weight", [VOCABULARY, width]
    yield "transformer.wpe.weight", [POSITIONS, width]
    for layer in range(depth):
        block = f"transformer.h.{layer}"
        yield from norm(f"{block}.ln_1", width)
        yield from transposed(f"{block}.attn.c_attn", width, 3 * width)
        yield from transposed(f"{block}.attn.c_proj", width, width)
        yield from norm(f"{block}.ln_2", width)
        yield from transposed(f"{block}.mlp.c_fc", width, 2 * width)
        yield from transposed(f"{block}.mlp.c_proj", 2 * width, width)
    yield from norm("transformer.ln_f", width)


def vit(width, depth):
    yield "vit.embeddings.cls_token", [1, 1, width]
    yield "vit.embeddings.position_embeddings", [1, 5, width]
    yield "vit.embeddings.patch_embeddings.projection.weight", [width, 3, 4, 4]
    yield "vit.embeddings.patch_embeddings.projection.bias", [width]
    for layer in range(depth):
        block = f"vit.encoder.layer.{layer}"
        yield from norm(f"{block}.layernorm_before", width)
        for name in ("attention.attention.query", "attention.attention.key", "attention.attention.value"):
            yield from dense(f"{block}.{name}", width, width)
        yield from dense(f"{block}.attention.output.dense", width, width)
        yield from norm(f"{block}.layernorm_after", width)
        yield from dense(f"{block}.intermediate.dense", width, 2 * width)
        yield from dense(f"{block}.output.dense", 2 * width, width)
    yield from norm("vit.layernorm", width)
    yield from dense("classifier", width, CLASSES)


def bert(width, depth):
    for table, rows in (("word", VOCABULARY), ("position", POSITIONS), ("token_type", 2)):
        yield f"bert.embeddings.{table}_embeddings.weight", [rows, width]
    yield from norm("bert.embeddings.LayerNorm", width)
    for layer in range(depth):
        block = f"bert.encoder.layer.{layer}"
        for name in ("query", "key", "value"):
            yield from dense(f"{block}.attention.self.{name}", width, width)
        yield from dense(f"{block}.attention.output.dense", width, width)
        yield from norm(f"{block}.attention.output.LayerNorm", width)
        yield from dense(f"{block}.intermediate.dense", width, 2 * width)
        yield from dense(f"{block}.output.dense", 2 * width, width)
        yield from norm(f"{block}.output.LayerNorm", width)


def llama(width, depth):
    yield "model.embed_tokens.weight", [VOCABULARY, width]
    for layer in range(depth):
        block = f"model.layers.{layer}"
        yield f"{block}.input_layernorm.weight", [width]
        for name, outputs in (("q", width), ("k", width // 2), ("v", width // 2)):
            yield f"{block}.self_attn.{name}_proj.weight", [outputs, width]
        yield f"{block}.self_attn.o_proj.weight", [width, width]
        yield f"{block}.post_attention_layernorm.weight", [width]
        yield f"{block}.mlp.gate_proj.weight", [2 * width, width]
        yield f"{block}.mlp.up_proj.weight", [2 * width, width]
        yield f"{block}.mlp.down_proj.weight", [width, 2 * width]
    yield "model.norm.weight", [width]
    yield "lm_head.weight", [VOCABULARY, width]


def resnet18(width, _):
    def convolution(name, inputs, outputs, size):
        yield f"{name}.weight", [outputs, inputs, size, size]

    def batch_norm(name, width):
        yield from norm(name, width)
        yield f"{name}.running_mean", [width]
        yield f"{name}.running_var", [width]
        yield f"{name}.num_batches_tracked", []

    yield from convolution("conv1", 3, width, 7)
    yield from batch_norm("bn1", width)
    inputs = width
    for stage, outputs in enumerate((width, width, 2 * width, 2 * width), 1):
        for index in range(2):
            block = f"layer{stage}.{index}"
            yield from convolution(f"{block}.conv1", inputs, outputs, 3)
            yield from batch_norm(f"{block}.bn1", outputs)
            yield from convolution(f"{block}.conv2", outputs, outputs, 3)
            yield from batch_norm(f"{block}.bn2", outputs)
            if stage > 1 and index == 0:
                yield from convolution(f"{block}.downsample.0", inputs, outputs, 1)
                yield from batch_norm(f"{block}.downsample.1", outputs)
            inputs = outputs
    yield from dense("fc", inputs, CLASSES)


def dense(name, inputs, outputs):
    yield f"{name}.weight", [outputs, inputs]
    yield f"{name}.bias", [outputs]


def transposed(name, inputs, outputs):
    yield f"{name}.weight", [inputs, outputs]
    yield f"{name}.bias", [outputs]


def norm(name, width):
    yield f"{name}.weight", [width]
    yield f"{name}.bias", [width]


KINDS = {
    "gpt2": (gpt2, {"model_type": "gpt2", "n_head": 4, "architectures": ["GPT2LMHeadModel"]}),
    "vit": (vit, {"model_type": "vit", "num_attention_heads": 4, "image_size": 8}),
    "bert": (bert, {"model_type": "bert", "num_attention_heads": 4}),
    "llama": (llama, {"model_type": "llama", "num_attention_heads": 4, "num_key_value_heads": 2}),
    "resnet18": (resnet18, None),
}


def tensors(shapes, scale, draw):
    """Elements of each parameter, and the logarithm of the matrices' root mean square."""
    result, squares, count = {}, 0.0, 0
    for name, shape in shapes:
        if not shape:
            result[name] = ("I64", shape, array.array("q", [7]))
            continue
        size = math.prod(shape)
        if len(shape) > 1:
            deviation = scale / math.sqrt(math.prod(shape[1:]))
            values = array.array("f", (draw.gauss(0, deviation) for _ in range(size)))
            squares += sum(value * value for value in values)
            count += size
        else:
            center = 1 if name.endswith(("weight", "var")) else 0
            values = array.array("f", (center + draw.gauss(0, 0.05) for _ in range(size)))
        result[name] = ("F32", shape, values)
    return result, math.log(squares / count) / 2


def write_safetensors(path, parameters):
    header, offset = {}, 0
    for name, (dtype, shape, values) in parameters.items():
        end = offset + len(values) * values.itemsize
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, values in parameters.values():
            file.write(values.tobytes())


def write_networks(folder, counts, seed):
    draw = random.Random(seed)
    rows = []
    for (kind, (shapes, config)), count in zip(KINDS.items(), counts):
        for number in range(count):
            width, depth = (16, 24)[number % 2], (2, 3)[number // 2 % 2]
            parameters, target = tensors(shapes(width, depth), math.exp(draw.uniform(-1, 1)), draw)
            place = folder / f"{kind}-{number:02}"
            place.mkdir(parents=True)
            write_safetensors(place / "model.safetensors", parameters)
            if config:
                (place / "config.json").write_text(json.dumps(config))
            rows.append((f"{place.name}/model.safetensors", target))
    with open(folder.parent / "labels.csv", "w", newline="") as file:
        csv.writer(file).writerows([("file", "y"), *rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nfn", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--networks", type=int, nargs=5, default=[24, 16, 16, 16, 12], metavar="COUNT")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    folder, program = options.folder, options.nfn.resolve()
    networks, copies = folder / "networks", folder / "permuted"
    write_networks(networks, options.networks, options.seed)

    def nfn(*arguments):
        result = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        if result.returncode:
            sys.exit(f"nfn {arguments[0]} ended with status {result.returncode}")
        return result.stdout

    nfn("zoo", "import", networks, "--labels", folder / "labels.csv", "--out", folder / "zoo")
    study = folder / "study"
    print(nfn("train", "generalisation", folder / "zoo", "--target", "y", "--out", study, "--steps", options.steps))
    for network in sorted(networks.iterdir()):
        copy = copies / network.name
        copy.mkdir(parents=True)
        for config in network.glob("config.json"):
            shutil.copy(config, copy)
        nfn("permute", network / "model.safetensors", "--out", copy / "model.safetensors", "--seed", options.seed + 1)

    def predictions(of):
        files = sorted(of.glob("*/model.safetensors"))
        lines = [line.split(None, 1) for line in nfn("rank", study, *files).splitlines()]
        return {pathlib.Path(file).parent.name: float(value) for value, file in lines}

    first, second = predictions(networks), predictions(copies)
    worst = max(first, key=lambda name: abs(first[name] - second[name]))
    size = max(abs(first[worst]), 1)
    error = abs(first[worst] - second[worst]) / size
    print(f"predictions of {len(first)} permuted copies differ by {error:.1e} at most, relatively ({worst})")
    if set(first) != set(second) or not error <= 1e-5:
        sys.exit("expected equal predictions of a network and its permuted copy")
    if len({round(value, 3) for value in first.values()}) < len(first) / 2:
        sys.exit("expected different predictions of different networks")


main()
