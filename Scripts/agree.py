"""Compares what two ONNX files compute, under ONNX Runtime, on the same random inputs.

    .venv-networks/bin/python Scripts/agree.py A.onnx B.onnx

Prints the largest error of B relative to the largest output of A. The environment is made by Scripts/networks.
"""

import math
import sys

import numpy
import onnx
import onnxruntime

amplitudes = [1, 3, 10, 30]  # of the inputs, one trial each
extent_left_open = 2  # of an axis that the file does not fix


def random_inputs(model, source, amplitude=1, shapes={}, values={}):
    """Inputs of the given shapes, else of the file's; `values` fills an input with one number."""
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    inputs = {}
    for value in model.graph.input:
        if value.name in stored:
            continue
        tensor = value.type.tensor_type
        shape = shapes.get(value.name, [max(axis.dim_value, 0) or extent_left_open for axis in tensor.shape.dim])
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        if value.name in values:
            inputs[value.name] = numpy.full(shape, values[value.name], dtype)
        elif numpy.issubdtype(dtype, numpy.integer):
            bound = index_bound(model, value.name, stored)
            inputs[value.name] = numpy.asarray(source.integers(0, bound, shape), dtype)
        else:
            inputs[value.name] = numpy.asarray(amplitude * source.standard_normal(shape), dtype)
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


def disagreement(paths, shapes={}, values={}):
    """The largest error of an output of the second file, relative to the largest element of that output of the first.

    Raises ValueError where an output has another shape, or a number that is none.
    """
    model = onnx.load(paths[0], load_external_data=False)
    sessions = [session(path) for path in paths]
    source = numpy.random.default_rng(0)
    errors, sizes = {}, {}
    for amplitude in amplitudes:
        inputs = random_inputs(model, source, amplitude, shapes, values)
        for output, (ours, theirs) in enumerate(zip(*(session.run(None, inputs) for session in sessions))):
            if ours.shape != theirs.shape:
                raise ValueError(f"{paths[0]} gives the shape {ours.shape}, {paths[1]} gives {theirs.shape}")
            ours, theirs = ours.astype(numpy.float64), theirs.astype(numpy.float64)
            errors[output] = max(errors.get(output, 0.0), float(numpy.abs(ours - theirs).max(initial=0)))
            sizes[output] = max(sizes.get(output, 0.0), float(numpy.abs(ours).max(initial=0)))
    if not all(map(math.isfinite, [*errors.values(), *sizes.values()])):
        raise ValueError(f"{paths[0]} and {paths[1]} give numbers that are not finite")
    return max((errors[output] / sizes[output] for output in errors if errors[output] > 0), default=0.0)


def main():
    paths = sys.argv[1:]
    if len(paths) != 2:
        sys.exit("agree: expected two ONNX files")
    try:
        largest = disagreement(paths)
    except ValueError as error:
        sys.exit(f"agree: {error}")
    print(f"largest relative error {largest:.1e}, over {len(amplitudes)} inputs")


if __name__ == "__main__":
    main()
