"""Records what ONNX's operators compute, so that ours can be compared.

Writes Tests/GraphsTests/Fixtures/operators.safetensors. Needs PyPI `onnx` 1.23.2, `onnxruntime` 1.32.0 and
`safetensors` 0.8.0; run `python Scripts/operators.py`.

Every case is one node. Its results come from ONNX's reference evaluator in float64, or, where that cannot compute them,
from ONNX Runtime in float32; where both can, they must agree, unless the case says which of them is right.

Tensors are named `CASE.iINPUT`, `CASE.oOUTPUT` and `CASE.ATTRIBUTE`; an input that is left out has none. The metadata
key `cases` is a JSON list of the nodes: operator, version unless it is 20, attributes by kind, the numbers of inputs
and outputs, and whether the results are `single`, computed in float32.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from safetensors.numpy import save_file

from operator_cases import cases

FIXTURE = Path(__file__).parent.parent / "Tests/GraphsTests/Fixtures/operators.safetensors"
MICROSOFT = "com.microsoft"


def model(case, double):
    """A model of one node."""

    def convert(array):
        return array.astype(np.float64) if double and array.dtype == np.float32 else array

    arrays = {f"i{k}": convert(a) for k, a in enumerate(case.inputs) if a is not None}
    attributes = {
        k: numpy_helper.from_array(convert(v)) if isinstance(v, np.ndarray) else v for k, v in case.attributes.items()
    }
    names = [f"i{k}" if a is not None else "" for k, a in enumerate(case.inputs)]
    outputs = [f"o{k}" for k in range(case.outputs)]
    node = helper.make_node(case.name, names, outputs, domain=case.domain, **attributes)
    inputs = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape) for n, a in arrays.items()
    ]
    results = [helper.make_value_info(o, onnx.TypeProto()) for o in outputs]
    graph = helper.make_graph([node], "case", inputs, results)
    opsets = [helper.make_opsetid("", case.version), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10), arrays


def reference(case):
    proto, arrays = model(case, double=True)
    return ReferenceEvaluator(proto).run(None, arrays)


def runtime(case):
    proto, arrays = model(case, double=False)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, arrays)


def attempt(compute, case):
    try:
        return [np.asarray(value) for value in compute(case)], None
    except Exception as error:  # either may lack an operator
        return None, str(error).split("\n")[0][:110]


def agree(first, second):
    return len(first) == len(second) and all(
        a.shape == b.shape and np.allclose(a.astype(np.float64), b.astype(np.float64), 1e-4, 1e-5, equal_nan=True)
        for a, b in zip(first, second)
    )


def setting(value, name, tensors):
    """An attribute as JSON, with the numbers that a file would hold."""
    if isinstance(value, np.ndarray):
        tensors[name] = value
        return {"tensor": name}
    if isinstance(value, list):
        if not value or isinstance(value[0], int):
            return {"integers": value}
        if isinstance(value[0], str):
            return {"texts": value}
        return {"numbers": [float(np.float32(v)) for v in value]}
    if isinstance(value, str):
        return {"text": value}
    return {"integer": value} if isinstance(value, int) else {"number": float(np.float32(value))}


def stored(array):
    array = np.array(array, order="C")
    narrow = (np.bool_, np.int8, np.uint8, np.float32, np.float64)
    return array if array.dtype in narrow else array.astype(np.int64)


def main():
    tensors, descriptions, failed = {}, [], False
    for case in cases():
        theirs, first_reason = (case.results, None) if case.results else attempt(reference, case)
        again, second_reason = attempt(runtime, case)
        if case.trusts == "runtime":
            theirs = None
        if case.trusts is None and theirs is not None and again is not None and not agree(theirs, again):
            print(f"{case}: the two disagree:\n{theirs}\n{again}", file=sys.stderr)
            failed = True
            continue
        results = theirs if theirs is not None else again
        if results is None:
            print(f"{case}: {first_reason}; {second_reason}", file=sys.stderr)
            failed = True
            continue
        if theirs is None or again is None:
            print(f"{case}: only {'the runtime' if theirs is None else 'the reference'}")
        prefix = f"{len(descriptions)}."
        for k, array in enumerate(case.inputs):
            if array is not None:
                tensors[f"{prefix}i{k}"] = array
        for k, array in enumerate(results):
            tensors[f"{prefix}o{k}"] = array
        operation = f"{case.domain}::{case.name}" if case.domain else case.name
        description = {"operation": f"{case.domain}::{case.name}" if case.domain else case.name}
        if case.version != 20:
            description["version"] = case.version
        if case.attributes:
            description["attributes"] = {
                k: setting(v, f"{prefix}{k}", tensors) for k, v in case.attributes.items()
            }
        description["counts"] = [len(case.inputs), len(results)]
        if theirs is None:
            description["single"] = True
        descriptions.append(description)
    metadata = {"cases": json.dumps(descriptions, separators=(",", ":"))}
    save_file({name: stored(array) for name, array in tensors.items()}, FIXTURE, metadata)
    print(f"{len(descriptions)} cases, {FIXTURE.stat().st_size} bytes")
    known = {case["operation"] for case in descriptions} | {"If", "Loop", "Scan"}
    standard = {s.name for s in onnx.defs.get_all_schemas_with_history() if s.domain == "" and s.since_version <= 22}
    print("of ONNX up to version 22 without a case:", *sorted(standard - known))
    sys.exit(failed)


if __name__ == "__main__":
    main()
