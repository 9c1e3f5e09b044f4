"""The cases that `operators.py` records: at least one for every operator, and one for every odd setting."""

import numpy as np

from operator_case import INTEGER, REAL, Case, distinct, integer, ints, microsoft, number, p, r, random, truths
from operator_cases_fused import fused_attention, fusion, integers
from operator_cases_signals import bits, detections, places, sequences, spectra


def elementwise():
    for name in "Abs Atan Ceil Cos Cosh Erf Exp Floor HardSwish Neg Relu Round Sigmoid Sign Sin Sinh Softplus".split():
        yield Case(name, [r(3, 4)])
    for name in "Softsign Tan Tanh Mish Asinh Identity Elu Selu Celu LeakyRelu ThresholdedRelu HardSigmoid".split():
        yield Case(name, [r(3, 4)])
    for name in "Acos Asin Atanh".split():
        yield Case(name, [r(3, 4) / 2.25])
    yield Case("Acosh", [1 + p(3, 4)])
    for name in "Log Sqrt Reciprocal".split():
        yield Case(name, [p(3, 4)])
    yield Case("Softplus", [number([-60, 30, 60])])
    yield Case("Not", [truths(3, 4)])
    odd = number([np.nan, np.inf, -np.inf, 0, 1])
    yield Case("IsNaN", [odd])
    yield Case("IsInf", [odd])
    yield Case("IsInf", [odd], {"detect_negative": 0})
    yield Case("IsInf", [odd], {"detect_positive": 0})
    yield Case("Elu", [r(3, 4)], {"alpha": 0.5})
    yield Case("Selu", [r(3, 4)], {"alpha": 1.5, "gamma": 0.5})
    yield Case("Celu", [r(3, 4)], {"alpha": 2.0})
    yield Case("LeakyRelu", [r(3, 4)], {"alpha": 0.25})
    yield Case("ThresholdedRelu", [r(3, 4)], {"alpha": 0.75})
    yield Case("HardSigmoid", [r(3, 4)], {"alpha": 0.75, "beta": 0.25})
    yield Case("Shrink", [r(3, 4)], {"lambd": 1.0, "bias": 0.25})
    yield Case("Swish", [r(3, 4)], {"alpha": 1.5}, version=24)
    yield Case("Gelu", [r(3, 4)])
    yield Case("Gelu", [r(3, 4)], {"approximate": "tanh"})
    yield microsoft("Gelu", [r(3, 4)])
    yield microsoft("QuickGelu", [r(3, 4)], {"alpha": 1.5})
    yield microsoft("FastGelu", [r(3, 4), r(4)])
    yield microsoft("FastGelu", [r(3, 4)])
    yield microsoft("BiasGelu", [r(3, 4), r(4)])
    yield Case("PRelu", [r(2, 3, 4), r(3, 1)])
    yield Case("Clip", [r(3, 4), number(-0.5), number(1)])
    yield Case("Clip", [r(3, 4), None, number(1)])
    yield Case("Clip", [r(3, 4)], {"min": -0.5}, version=6)
    yield Case("Dropout", [r(3, 4)], outputs=2)
    yield Case("Dropout", [r(3, 4), number(0.5)], version=13)
    yield Case("Cast", [r(3, 4)], {"to": INTEGER})
    yield Case("Cast", [ints(0, -3, 5)], {"to": REAL})
    yield Case("Cast", [r(3, 4)], {"to": 9})
    yield Case("CastLike", [r(3, 4), ints(1)])


def broadcast():
    for name in "Add Sub Mul Div".split():
        yield Case(name, [r(2, 3, 4), p(3, 1)])
    a, b = r(2, 3, 4), r(3)
    yield Case("Add", [a, b], {"axis": 1, "broadcast": 1}, version=6, results=[a + b[:, None]])
    yield Case("Div", [ints(7, -7, 9), ints(2, 2, -4)])
    yield Case("Pow", [p(3, 4), r(4)])
    yield Case("Pow", [p(3, 4), integer(2)])
    yield Case("Pow", [ints(1, 2, 3), ints(2, 3, 0)])
    yield Case("Mod", [ints(7, -7, 9), ints(3, 3, -4)])
    yield Case("Mod", [ints(7, -7, 9), ints(3, 3, -4)], {"fmod": 1})
    yield Case("Mod", [r(3, 4), p(4)], {"fmod": 1})
    for name in "Min Max Mean Sum".split():
        yield Case(name, [r(2, 3), r(3), r(2, 1)])
    yield Case("Max", [r(2, 3)])
    for name in "Equal Less LessOrEqual Greater GreaterOrEqual".split():
        yield Case(name, [r(4, 4), r(4)])
    yield Case("Equal", [ints(1, 2, 3), ints(1, 0, 3)])
    for name in "And Or Xor".split():
        yield Case(name, [truths(3, 4), truths(4)])
    yield Case("Where", [truths(3, 4), r(4), r(3, 1)])


def linear():
    yield Case("MatMul", [r(2, 3, 4), r(4, 2)])
    yield Case("MatMul", [r(4), r(2, 4, 3)])
    yield Case("Gemm", [r(3, 4), r(4, 2), r(2)])
    yield Case("Gemm", [r(4, 3), r(2, 4), r(3, 1)], {"transA": 1, "transB": 1, "alpha": 0.5, "beta": 1.5})
    yield Case("Gemm", [r(3, 4), r(4, 2)])
    yield Case("Einsum", [r(2, 3, 4), r(2, 4, 2)], {"equation": "bij, bjk -> bik"})
    yield Case("Einsum", [r(2, 3, 3)], {"equation": "...ii->...i"})
    yield Case("Conv", [r(2, 2, 7), r(3, 2, 3), r(3)], {"strides": [2], "pads": [1, 2]})
    yield Case("Conv", [r(1, 2, 5, 6), r(3, 2, 3, 2)], {"pads": [1, 0, 1, 0]})
    yield Case("Conv", [r(1, 4, 5, 5), r(4, 2, 2, 2), r(4)], {"group": 2, "dilations": [2, 1]})
    yield Case("Conv", [r(1, 3, 4, 4), r(3, 1, 3, 3)], {"group": 3, "auto_pad": "SAME_UPPER", "strides": [2, 2]})
    yield Case("Conv", [r(1, 1, 5, 4), r(1, 1, 2, 2)], {"auto_pad": "SAME_LOWER", "kernel_shape": [2, 2]})
    yield Case("Conv", [r(1, 1, 5, 4), r(1, 1, 2, 2)], {"auto_pad": "VALID"})
    yield Case("Conv", [r(1, 1, 3, 4, 3), r(2, 1, 2, 2, 2)], {"pads": [0, 1, 0, 1, 0, 0]})
    yield Case("ConvTranspose", [r(1, 2, 4), r(2, 3, 3), r(3)], {"strides": [2], "pads": [1, 0]})
    yield Case("ConvTranspose", [r(1, 2, 3, 3), r(2, 2, 3, 3)], {
        "strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]})  # fmt: skip
    yield Case("ConvTranspose", [r(1, 4, 3, 3), r(4, 1, 2, 2), r(2)], {"group": 2, "dilations": [2, 1]})
    yield Case("ConvTranspose", [r(1, 1, 3, 3), r(1, 1, 3, 3)], {"strides": [3, 2], "output_shape": [10, 8]})
    yield Case("ConvTranspose", [r(1, 1, 3, 3), r(1, 1, 3, 3)], {"auto_pad": "SAME_UPPER", "strides": [2, 2]})
    yield Case("ConvTranspose", [r(1, 1, 3, 3), r(1, 1, 3, 3)], {"auto_pad": "SAME_LOWER", "strides": [2, 2]})
    yield Case("ConvTranspose", [r(1, 1, 3, 3), r(1, 1, 2, 2), r(1)], {"strides": [2, 2], "output_padding": [1, 1]})


def normalization():
    channels = [r(3), r(3), r(3), p(3)]
    yield Case("BatchNormalization", [r(2, 3, 2, 2), *channels])
    # Before version 14 the reference leaves the default of epsilon.
    yield Case("BatchNormalization", [r(2, 3), *channels], {"epsilon": 0.1}, version=9, trusts="runtime")
    yield Case("LayerNormalization", [r(2, 3, 4), r(4), r(4)])
    yield Case("LayerNormalization", [r(2, 3, 4), r(3, 4)], {"axis": 1, "epsilon": 0.1}, outputs=3)
    yield Case("RMSNormalization", [r(2, 3, 4), r(4)], {"epsilon": 0.1}, version=23)
    yield Case("RMSNormalization", [r(2, 3, 4), r(3, 4)], {"axis": 1}, version=23)
    yield Case("SimplifiedLayerNormalization", [r(2, 3, 4), r(4)], {"epsilon": 0.1})
    yield microsoft("SkipLayerNormalization", [r(2, 3, 4), r(2, 3, 4), r(4), r(4), r(4)], {"epsilon": 0.1})
    yield microsoft("SkipLayerNormalization", [r(2, 3, 4), r(2, 3, 4), r(4)])
    yield microsoft("SkipSimplifiedLayerNormalization", [r(2, 3, 4), r(2, 3, 4), r(4), r(4)], {"epsilon": 0.1})
    yield Case("InstanceNormalization", [r(2, 3, 2, 2), r(3), r(3)], {"epsilon": 0.1})
    yield Case("GroupNormalization", [r(2, 4, 3), r(2), r(2)], {"num_groups": 2}, version=18)
    yield Case("GroupNormalization", [r(2, 4, 3), r(4), r(4)], {"num_groups": 2, "epsilon": 0.1}, version=21)
    yield Case("MeanVarianceNormalization", [r(2, 3, 2, 2)])
    yield Case("MeanVarianceNormalization", [r(2, 3, 4)], {"axes": [1]})
    yield Case("LpNormalization", [p(3, 4)])
    yield Case("LpNormalization", [p(3, 4)], {"axis": 0, "p": 1})
    # The reference leaves channels out of the sums.
    yield Case("LRN", [r(1, 5, 2, 2)], {"size": 3, "alpha": 0.5, "beta": 0.5, "bias": 2.0}, trusts="runtime")
    x = r(1, 5, 2, 2)
    sums = [(x[:, max(0, c - 1) : c + 3].astype(np.float64) ** 2).sum(1) for c in range(5)]
    yield Case("LRN", [x], {"size": 4, "alpha": 0.5}, results=[x / (1 + np.stack(sums, 1) / 8) ** 0.75])


def pooling():
    yield Case("MaxPool", [r(1, 2, 7)], {"kernel_shape": [3], "strides": [2]})
    # The reference counts positions in the padded channel, pads SAME_LOWER by too little.
    settings = {"kernel_shape": [2, 2], "pads": [1, 0, 0, 1]}
    yield Case("MaxPool", [distinct(2, 2, 4, 5)], settings, outputs=2, trusts="runtime")
    settings = {"kernel_shape": [2, 2], "storage_order": 1}
    yield Case("MaxPool", [distinct(1, 2, 5, 5)], settings, outputs=2, trusts="runtime")
    settings = {"kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_LOWER"}
    yield Case("MaxPool", [r(1, 1, 5, 5)], settings, trusts="runtime")
    yield Case("MaxPool", [r(1, 1, 6, 6)], {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1})
    yield Case("MaxPool", [r(1, 1, 6, 6)], {"kernel_shape": [2, 2], "dilations": [2, 3]})
    yield Case("MaxPool", [r(1, 1, 3, 3, 3)], {"kernel_shape": [2, 2, 2]})
    yield Case("AveragePool", [r(1, 2, 7)], {"kernel_shape": [3], "strides": [2]})
    yield Case("AveragePool", [r(1, 1, 5, 5)], {"kernel_shape": [3, 3], "pads": [1, 1, 0, 1]})
    yield Case("AveragePool", [r(1, 1, 4, 4)], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1})
    yield Case("AveragePool", [r(1, 1, 6, 6)], {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1})
    settings = {"kernel_shape": [3, 3], "strides": [3, 3], "pads": [1, 1, 1, 1], "ceil_mode": 1}
    yield Case("AveragePool", [r(1, 1, 6, 6)], {**settings, "count_include_pad": 1})
    yield Case("AveragePool", [r(1, 1, 6, 6)], {"kernel_shape": [2, 2], "dilations": [2, 2]})
    yield Case("AveragePool", [r(1, 1, 5, 5)], {"kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_UPPER"})
    yield Case("AveragePool", [r(1, 1, 3, 3, 3)], {"kernel_shape": [2, 2, 2]})
    yield Case("LpPool", [r(1, 2, 5, 5)], {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [0, 0, 1, 1]})
    yield Case("LpPool", [r(1, 2, 7)], {"kernel_shape": [3], "p": 3})
    for name in "GlobalAveragePool GlobalMaxPool GlobalLpPool".split():
        yield Case(name, [r(2, 2, 3, 3)])
    yield Case("GlobalLpPool", [r(2, 2, 3)], {"p": 3})


def reduction():
    for name in "Softmax LogSoftmax Hardmax".split():
        yield Case(name, [r(2, 3, 4)])
        yield Case(name, [r(2, 3, 4)], {"axis": 1})
        # The reference knows only the later meaning of the axis.
        yield Case(name, [r(2, 2, 3)], {"axis": 1}, version=11, trusts="runtime")
    names = "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum"
    for name in f"{names} ReduceLogSumExp".split():
        since = 13 if name == "ReduceSum" else 18
        yield Case(name, [p(2, 3, 2), ints(-1, 0)], {"keepdims": 0}, version=since)
        yield Case(name, [p(2, 3, 2)], {"axes": [1]}, version=since - 2)
        yield Case(name, [p(2, 3)], version=since)
    yield Case("ReduceSum", [r(2, 3)], {"noop_with_empty_axes": 1})
    yield Case("ReduceSum", [ints(1, 2, 3), ints(0)])
    for name in "ArgMax ArgMin".split():
        yield Case(name, [np.round(r(3, 5))], {"axis": 1})
        yield Case(name, [np.round(r(3, 5))], {"axis": -1, "select_last_index": 1, "keepdims": 0})
        yield Case(name, [r(3, 4)])
    yield Case("TopK", [r(3, 5), ints(2)], outputs=2)
    yield Case("TopK", [r(4, 3), ints(3)], {"axis": 0, "largest": 0}, outputs=2)
    yield Case("TopK", [r(3, 5)], {"k": 2}, version=9, outputs=2)
    for exclusive in (0, 1):
        for reverse in (0, 1):
            yield Case("CumSum", [r(3, 4), integer(1)], {"exclusive": exclusive, "reverse": reverse})


def indexing():
    yield Case("Gather", [r(4, 3), ints(2, -1, 0).reshape(3, 1)])
    yield Case("Gather", [r(2, 4, 2), integer(1)], {"axis": 1})
    yield Case("GatherElements", [r(3, 3), ints(0, -1, 2, 1).reshape(2, 2)], {"axis": 1})
    yield Case("GatherND", [r(2, 3, 4), ints(0, 1, -1, 2).reshape(2, 2)])
    yield Case("GatherND", [r(2, 3, 4), ints(1, 0).reshape(2, 1)], {"batch_dims": 1})
    yield Case("GatherND", [r(2, 3, 2, 2), ints(1, 0, 0, 1, 2, 1, 0, 0, 1, 1, 2, 0).reshape(2, 3, 2)], {
        "batch_dims": 1})  # fmt: skip
    elements = [p(3, 3), ints(0, 2, -1, 1).reshape(2, 2), p(2, 2)]
    yield Case("Scatter", elements, {"axis": 1}, version=9)
    yield Case("ScatterElements", elements, {"axis": 1})
    same = [p(3, 3), ints(0, 1, 0, 1).reshape(2, 2), p(2, 2)]
    slices = [p(4, 3), ints(1, -1, 1).reshape(3, 1), p(3, 3)]
    for way in "add mul max min".split():
        yield Case("ScatterElements", same, {"reduction": way})
        yield Case("ScatterND", slices, {"reduction": way})
    yield Case("ScatterND", [p(4, 3), ints(1, 0, 3, -1).reshape(2, 2), p(2)])
    yield Case("ScatterND", [p(4, 3), ints(1, 3).reshape(2, 1), p(2, 3)])
    yield Case("Slice", [r(4, 5)], {"starts": [1, -3], "ends": [3, 100]}, version=9)
    yield Case("Slice", [r(3, 4, 5)], {"starts": [0], "ends": [-1], "axes": [2]}, version=9)
    yield Case("Slice", [r(4, 6), ints(1), ints(6), ints(1), ints(2)])
    yield Case("Slice", [r(4, 6), ints(-1, 4), ints(-100, 0), ints(0, -1), ints(-1, -2)])
    yield Case("Slice", [r(4, 6), ints(2**63 - 1), ints(-(2**63)), ints(1), ints(-3)])
    yield Case("Slice", [r(4, 6), ints(3), ints(1)])
    yield Case("Split", [r(5, 2)], outputs=2)
    yield Case("Split", [r(2, 6), ints(1, 2, 3)], {"axis": 1}, outputs=3)
    yield Case("Split", [r(2, 5)], {"axis": -1, "num_outputs": 3}, outputs=3)
    yield Case("Split", [r(2, 4)], {"axis": 1, "split": [3, 1]}, version=11, outputs=2)
    yield Case("NonZero", [np.round(r(3, 4) / 4)])
    yield Case("OneHot", [ints(0, 2, -1, 7), integer(4), number([0.25, 2])])
    yield Case("OneHot", [ints(0, 2, 1, 1).reshape(2, 2), ints(3), number([0, 1])], {"axis": 1})
    yield Case("Trilu", [r(2, 3, 4)])
    yield Case("Trilu", [r(3, 4), integer(-1)], {"upper": 0})


def shape():
    yield Case("Concat", [r(2, 1), r(2, 3)], {"axis": -1})
    yield Case("Reshape", [r(2, 3, 4), ints(0, -1, 2)])
    yield Case("Reshape", [r(0, 3), ints(3, 0)], {"allowzero": 1})
    yield Case("Reshape", [r(2, 3)], {"shape": [3, 2]}, version=1, trusts="reference")
    yield Case("Flatten", [r(2, 3, 4)])
    yield Case("Flatten", [r(2, 3, 4)], {"axis": -1})
    yield Case("Flatten", [r(2, 3)], {"axis": 0})
    yield Case("Flatten", [r(2, 3)], {"axis": 2})
    yield Case("Squeeze", [r(1, 2, 1)])
    yield Case("Squeeze", [r(1, 2, 1), ints(-1)])
    yield Case("Squeeze", [r(1, 2, 1)], {"axes": [0]}, version=11)
    yield Case("Unsqueeze", [r(2, 3), ints(-1, 0)])
    yield Case("Unsqueeze", [r(2, 3)], {"axes": [1]}, version=11)
    yield Case("Transpose", [r(2, 3, 4)])
    yield Case("Transpose", [r(2, 3, 4)], {"perm": [1, 2, 0]})
    yield Case("Expand", [r(3, 1), ints(2, 1, 4)])
    yield Case("Expand", [r(2, 3, 4), ints(3, 1)])
    yield Case("Tile", [r(2, 3), ints(2, 1)])
    yield Case("Pad", [r(2, 3), ints(1, 0, 0, 2), number(0.5)])
    yield Case("Pad", [r(4, 5), ints(1, -1), None, ints(1)])
    yield Case("Pad", [r(2, 3), ints(0, 2, 1, 1)], {"mode": "edge"})
    yield Case("Pad", [r(3, 4), ints(2, 1, 1, 3)], {"mode": "reflect"})
    yield Case("Pad", [r(3, 4), ints(0, 2, 1, 1)], {"mode": "wrap"}, version=19)
    yield Case("Pad", [r(2, 3)], {"pads": [1, 0, 0, 1], "value": 1.5}, version=2)
    yield Case("Shape", [r(2, 3, 4)])
    yield Case("Shape", [r(2, 3, 4)], {"start": -2, "end": -1})
    yield Case("Size", [r(2, 3, 4)])
    yield Case("Constant", [], {"value": r(2, 3)})
    yield Case("Constant", [], {"value_ints": [3, -1]})
    yield Case("Constant", [], {"value_int": 3})
    yield Case("Constant", [], {"value_float": 0.5})
    yield Case("Constant", [], {"value_floats": [0.5, 2.0]})
    yield Case("ConstantOfShape", [ints(2, 3)], {"value": number([1.5])})
    yield Case("ConstantOfShape", [ints(2)], {"value": ints(-1)})
    yield Case("Range", [integer(10), integer(3), integer(-2)])
    yield Case("Range", [number(0), number(1), number(0.375)])
    yield Case("EyeLike", [r(3, 4)])
    yield Case("EyeLike", [r(3, 4)], {"k": -1, "dtype": INTEGER})
    yield Case("DepthToSpace", [r(1, 8, 1, 2)], {"blocksize": 2})
    yield Case("DepthToSpace", [r(1, 8, 1, 2)], {"blocksize": 2, "mode": "CRD"})
    yield Case("SpaceToDepth", [r(1, 2, 2, 4)], {"blocksize": 2})


def resampling():
    x = r(1, 1, 3, 4)
    for mode in "half_pixel pytorch_half_pixel align_corners asymmetric half_pixel_symmetric".split():
        for kind in "nearest linear cubic".split():
            settings = {"coordinate_transformation_mode": mode, "mode": kind}
            yield Case("Resize", [x, None, number([1, 1, 2, 1.5])], settings)
    for rounding in "round_prefer_ceil floor ceil".split():
        yield Case("Resize", [x, None, None, ints(1, 1, 5, 7)], {"nearest_mode": rounding})
    for kind in "linear cubic".split():
        yield Case("Resize", [r(1, 1, 8, 6), None, None, ints(3, 4)], {"mode": kind, "antialias": 1, "axes": [2, 3]})
    yield Case("Resize", [x, None, number([1, 1, 2, 2])], {
        "mode": "cubic", "exclude_outside": 1, "cubic_coeff_a": -0.5})  # fmt: skip
    for policy in "not_larger not_smaller".split():
        yield Case("Resize", [x, None, None, ints(7, 6)], {
            "mode": "linear", "axes": [2, 3], "keep_aspect_ratio_policy": policy})  # fmt: skip
    yield Case("Resize", [x, number([1, 1, 2, 1.5])], {"mode": "linear"}, version=10)
    yield Case("Upsample", [x, number([1, 1, 2, 2])], version=9)
    yield Case("Upsample", [x], {"scales": [1.0, 1.0, 2.0, 2.0], "mode": "linear"}, version=7)
    grid = r(1, 2, 3, 2) / 1.75
    for mode in "linear nearest cubic".split():
        yield Case("GridSample", [x, grid], {"mode": mode})
    for padding in "border reflection".split():
        yield Case("GridSample", [x, grid], {"padding_mode": padding, "align_corners": 1})


def recurrent():
    n, time, size, hidden = 2, 3, 3, 2
    for name, gates, states in (("RNN", 1, 1), ("GRU", 3, 1), ("LSTM", 4, 2)):
        for direction, count in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
            weights = [r(count, gates * hidden, size) / 2, r(count, gates * hidden, hidden) / 2]
            biases = r(count, 2 * gates * hidden) / 2
            settings = {"hidden_size": hidden, "direction": direction}
            values = r(time, n, size)
            yield Case(name, [values, *weights], settings, outputs=states + 1)
            initial = [r(count, n, hidden) for _ in range(states)]
            more = {"linear_before_reset": 1} if name == "GRU" else {}
            full = [values, *weights, biases, None, *initial]
            yield Case(name, full, {**settings, **more}, outputs=states + 1, trusts="runtime")
        lengths = np.array([2, 3], dtype=np.int32)
        yield Case(name, [values, *weights, biases, lengths], settings, outputs=states + 1, trusts="runtime")
    forward = [r(time, n, size), r(1, 8, size) / 2, r(1, 8, hidden) / 2, r(1, 16) / 2, None, None, None, r(1, 6)]
    yield Case("LSTM", forward, {"hidden_size": hidden}, outputs=3)
    yield Case("LSTM", forward, {"hidden_size": hidden, "input_forget": 1, "clip": 0.5}, outputs=3, trusts="runtime")
    yield Case("LSTM", forward[:4], {
        "hidden_size": hidden, "activations": ["HardSigmoid", "ScaledTanh", "Softsign"],
        "activation_alpha": [0.25, 1.5], "activation_beta": [0.5, 0.75]}, outputs=3, trusts="runtime")  # fmt: skip
    batch = [r(n, time, size), r(1, 8, size) / 2, r(1, 8, hidden) / 2, r(1, 16) / 2]
    yield Case("LSTM", batch, {"hidden_size": hidden, "layout": 1}, outputs=3)
    gru = [r(n, time, size), r(1, 6, size) / 2, r(1, 6, hidden) / 2]
    yield Case("GRU", gru, {"hidden_size": hidden, "layout": 1}, outputs=2)
    rnn = [r(time, n, size), r(1, 2, size) / 2, r(1, 2, hidden) / 2]
    for function in "LeakyRelu Elu Softplus Relu".split():
        yield Case("RNN", rnn, {"hidden_size": hidden, "activations": [function]}, outputs=2, trusts="runtime")
    settings = {"hidden_size": hidden, "activation_alpha": [0.75]}
    for function in "ThresholdedRelu LeakyRelu".split():
        yield Case("RNN", rnn, {**settings, "activations": [function]}, outputs=2, trusts="runtime")
    settings["activation_beta"] = [0.25]
    yield Case("RNN", rnn, {**settings, "activations": ["Affine"]}, outputs=2, trusts="runtime")


def attention():
    q, k, v = r(1, 4, 3, 2), r(1, 2, 5, 2), r(1, 2, 5, 3)
    flat = [r(2, 3, 4), r(2, 5, 4), r(2, 5, 6)]
    heads = {"q_num_heads": 2, "kv_num_heads": 2}
    yield Case("Attention", [q, k, v], version=23)
    yield Case("Attention", flat, heads, version=23)
    yield Case("Attention", flat, {**heads, "is_causal": 1, "scale": 0.5, "softcap": 1.5}, version=23)
    yield Case("Attention", [q, k, v, truths(3, 5) | np.eye(3, 5, dtype=bool)], version=23)
    yield Case("Attention", [q, k, v, r(1, 4, 3, 4)], version=23, trusts="reference")
    yield Case("Attention", [q, k, v, None, r(1, 2, 2, 2), r(1, 2, 2, 3)], {"is_causal": 1}, version=23, outputs=3)
    yield Case("Attention", [q, k, v, r(3, 5)], {"qk_matmul_output_mode": 3}, version=23, outputs=4)
    cosines, sines = r(2, 3, 2), r(2, 3, 2)
    yield Case("RotaryEmbedding", [r(2, 2, 3, 4), cosines, sines], version=23)
    yield Case("RotaryEmbedding", [r(2, 2, 3, 4), cosines, sines], {"interleaved": 1}, version=23)
    places = ints(0, 2, 1, 4, 4, 3).reshape(2, 3)
    yield Case("RotaryEmbedding", [r(2, 3, 12), r(5, 2), r(5, 2), places], {
        "num_heads": 2, "rotary_embedding_dim": 4}, version=23)  # fmt: skip


def quantization():
    x = 4 * r(3, 4)
    zero = np.array([3, 0, 128], dtype=np.uint8)
    yield Case("QuantizeLinear", [x, number(0.05)])
    yield Case("QuantizeLinear", [x, number(0.05), np.array(-3, dtype=np.int8)])
    yield Case("QuantizeLinear", [x, p(3), zero], {"axis": 0})
    yield Case("QuantizeLinear", [x, number(0.0625)], {"output_dtype": 3}, version=21)
    codes = random.integers(-128, 128, (3, 4)).astype(np.int8)
    yield Case("DequantizeLinear", [codes, number(0.25)])
    yield Case("DequantizeLinear", [codes.view(np.uint8), p(3), zero], {"axis": 0})


def cases():
    for family in (elementwise, broadcast, linear, normalization, pooling, reduction, indexing, shape, resampling,
                   recurrent, attention, quantization, bits, spectra, sequences, places, fusion,
                   fused_attention, integers, detections):  # fmt: skip
        yield from family()
