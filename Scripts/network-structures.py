"""Keeps the graphs of exported networks without their weights, for the tests.

    .venv-networks/bin/python Scripts/network-structures.py out/networks Tests/GraphsTests/Fixtures/networks.zip

Weights become references to a file `weights` that the tests make; scalars, tensors of equal elements and tables of
sines, which are part of how a network computes, stay. What exporters note about the machine goes.
"""

import pathlib
import sys
import zipfile

import numpy
import onnx
from onnx import numpy_helper


def is_structure(array):
    """Whether the elements belong to the graph: all equal, or columns of cosines or sines of their row's number."""
    if array.size <= 1 or (array == array.flat[0]).all():
        return True
    if array.ndim < 2 or array.size != array.shape[-1] * array.shape[-2] or array.shape[-2] < 4:
        return False
    rows = array.reshape(array.shape[-2:]).astype(numpy.float64)
    if not (numpy.allclose(rows[0], 0) or numpy.allclose(rows[0], 1)):
        return False
    angles = numpy.arccos(rows[1]) if numpy.allclose(rows[0], 1) else numpy.arcsin(rows[1])
    function = numpy.cos if numpy.allclose(rows[0], 1) else numpy.sin
    return numpy.allclose(rows, function(numpy.arange(len(rows))[:, None] * angles), atol=1e-3)


def strip(model):
    model.doc_string = ""
    del model.metadata_props[:]
    for value in list(model.graph.input) + list(model.graph.output):
        value.doc_string = ""
        del value.metadata_props[:]
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    offset = 0
    for tensor in model.graph.initializer:
        tensor.doc_string = ""
        del tensor.metadata_props[:]
        array = numpy_helper.to_array(tensor)
        if array.dtype.kind != "f" or is_structure(array):
            continue
        for field in ("raw_data", "float_data", "double_data"):
            tensor.ClearField(field)
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", "weights"), ("offset", offset), ("length", array.nbytes)):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, str(value)
        offset += array.nbytes
    return model


folder, out = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for path in sorted(folder.glob("*.onnx")):
        member = zipfile.ZipInfo(path.name, (1980, 1, 1, 0, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, strip(onnx.load(path)).SerializeToString(deterministic=True))
