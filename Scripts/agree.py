"""Compares what two ONNX files compute, under ONNX Runtime, on the same random inputs.

    .venv-networks/bin/python Scripts/agree.py A.onnx B.onnx

Prints the largest error of B relative to the largest output of A. The environment is made by Scripts/networks.
"""

import sys

import numpy
import onnx
import onnxruntime

trials = 4
extent_left_open = 2  # of an axis that the file does not fix


def random_inputs(model, source):
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    inputs = {}
    for value in model.graph.input:
        if value.name in stored:
            continue
        tensor = value.type.tensor_type
        shape = [axis.dim_value or extent_left_open for axis in tensor.shape.dim]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        if numpy.issubdtype(dtype, numpy.integer):
            inputs[value.name] = source.integers(0, index_bound(model, value.name, stored), shape).astype(dtype)
        else:
            inputs[value.name] = source.standard_normal(shape).astype(dtype)
    return inputs


def index_bound(model, name, stored):
    """How many rows the tables have from which the input, a tensor of indices, picks."""
    rows = [
        stored[node.input[0]].dims[0]
        for node in model.graph.node
        if node.op_type == "Gather" and node.input[1] == name and node.input[0] in stored
    ]
    return min(rows, default=2)


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main():
    paths = sys.argv[1:]
    if len(paths) != 2:
        sys.exit("agree: expected two ONNX files")
    model = onnx.load(paths[0], load_external_data=False)
    sessions = [session(path) for path in paths]
    source = numpy.random.default_rng(0)
    largest = 0.0
    for _ in range(trials):
        inputs = random_inputs(model, source)
        for ours, theirs in zip(*(session.run(None, inputs) for session in sessions)):
            if ours.shape != theirs.shape:
                sys.exit(f"agree: {paths[0]} gives the shape {ours.shape}, {paths[1]} gives {theirs.shape}")
            largest = max(largest, float(numpy.abs(ours - theirs).max() / numpy.abs(ours).max()))
    print(f"largest relative error {largest:.1e}, over {trials} inputs")


main()
