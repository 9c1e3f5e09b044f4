"""The cases of `operator_cases.py` about bits, frequencies, sequences and places of pictures."""

import numpy as np

from operator_case import Case, bytes_, integer, ints, number, p, r


def bits():
    for name in "BitwiseAnd BitwiseOr BitwiseXor".split():
        yield Case(name, [ints(6, -1, 12), ints(3, 5, -8)])
    yield Case("BitwiseNot", [ints(6, -1, 0)])
    for direction in "LEFT RIGHT".split():
        yield Case("BitShift", [bytes_(16, 4, 255), bytes_(1, 2, 3)], {"direction": direction})


def spectra():
    x, z = r(2, 5, 3, 1), r(2, 5, 3, 2)
    for signal in (x, z):
        yield Case("DFT", [signal], version=17, trusts="reference")
        yield Case("DFT", [signal, integer(4)], {"axis": 2}, version=17, trusts="reference")
        yield Case("DFT", [signal, None, integer(1)])
        yield Case("DFT", [signal, integer(7), integer(-3)])
    yield Case("DFT", [x], {"onesided": 1}, trusts="reference")
    yield Case("DFT", [x, integer(4), integer(1)], {"onesided": 1})
    yield Case("DFT", [z, None, integer(1)], {"inverse": 1})
    yield Case("DFT", [z, None, integer(1)], {"inverse": 1, "onesided": 1}, trusts="reference")
    yield Case("STFT", [r(2, 11, 1), integer(3), p(4)], trusts="reference")
    yield Case("STFT", [r(2, 11, 1), integer(2), p(4), integer(4)], {"onesided": 0}, trusts="reference")
    yield Case("STFT", [r(2, 8, 2), integer(2), p(4), integer(4)], {"onesided": 0}, trusts="reference")
    for name in "BlackmanWindow HammingWindow HannWindow".split():
        yield Case(name, [integer(7)])
        yield Case(name, [integer(7)], {"periodic": 0})
    yield Case("MelWeightMatrix", [integer(4), integer(64), integer(8000), number(100), number(3500)])
    yield Case("MelWeightMatrix", [integer(8), integer(16), integer(8192), number(0), number(4096)])


def sequences():
    lengths = ints(4, 2, 1)
    yield Case("ReverseSequence", [r(4, 3, 2), lengths])
    yield Case("ReverseSequence", [r(3, 4), lengths], {"batch_axis": 0, "time_axis": 1})
    yield Case("Compress", [r(3, 4), np.array([False, True, True])], {"axis": 0})
    yield Case("Compress", [r(3, 4), np.array([True, False, True])], {"axis": -1})
    yield Case("Compress", [r(3, 4), np.array([False, True, True, False, True])])
    x = number([2, 1, 1, 3, 4, 3])
    yield Case("Unique", [x], outputs=4)
    yield Case("Unique", [x], {"sorted": 0}, outputs=4)
    rows = number([[1, 0, 0], [1, 0, 0], [2, 3, 4]])
    yield Case("Unique", [rows], {"axis": 0}, outputs=4)
    yield Case("Unique", [rows[:, [2, 0, 1]]], {"axis": 1, "sorted": 0}, outputs=4, trusts="runtime")
    yield Case("CenterCropPad", [r(5, 4), ints(2, 7)])
    yield Case("CenterCropPad", [r(4, 3, 4), ints(7, 1)], {"axes": [0, -1]})


def detections():
    boxes = number([[[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [1, 11.1, 0, 10.1], [0, 100, 1, 101]]])
    scores = number([[[0.9, 0.75, 0.6, 0.95, 0.5, 0.3], [0.2, 0.8, 0.7, 0.1, 0.85, 0.6]]])
    limits = [ints(3), number([0.5]), number([0.25])]
    yield Case("NonMaxSuppression", [boxes, scores, *limits])
    yield Case("NonMaxSuppression", [boxes.repeat(2, 0), scores.repeat(2, 0), ints(2), number([0.5])])
    centred = number([[[0.5, 0.5, 1, 1], [0.5, 0.6, 1, 1], [0.5, 10.5, 1, 1], [0.5, 10.6, 1, 1]]])
    yield Case("NonMaxSuppression", [centred, scores[:, :1, :4], *limits], {"center_point_box": 1})
    yield Case("NonMaxSuppression", [boxes, scores, ints(0)])
    classes, weights = p(3, 4, 2), p(4)
    targets = ints(0, 3, 2, 2, 1, 0).reshape(3, 2)
    for name, values in (("NegativeLogLikelihoodLoss", classes), ("SoftmaxCrossEntropyLoss", r(3, 4, 2))):
        for reduction in "none sum mean".split():
            yield Case(name, [values, targets, weights], {"reduction": reduction})
        yield Case(name, [values[:, :, 0], targets[:, 0]], {"ignore_index": 2})
    yield Case("SoftmaxCrossEntropyLoss", [r(3, 4), ints(1, 3, 0)], outputs=2)


def places():
    yield Case("Col2Im", [r(2, 12, 9), ints(4, 4), ints(2, 2)])
    settings = {"strides": [2, 1], "dilations": [1, 2], "pads": [1, 0, 0, 1]}
    yield Case("Col2Im", [r(1, 6, 10), ints(4, 6), ints(3, 2)], settings, trusts="reference")
    yield Case("Col2Im", [r(1, 8, 12), ints(2, 3, 4), ints(1, 2, 2)], {"strides": [1, 1, 1]})
    for corners in (0, 1):
        yield Case("AffineGrid", [r(2, 2, 3), ints(2, 3, 4, 5)], {"align_corners": corners})
        yield Case("AffineGrid", [r(1, 3, 4), ints(1, 2, 2, 3, 4)], {"align_corners": corners})
    x, regions = r(2, 3, 5, 6), number([[0.5, 0.25, 4.5, 3.75], [-2, -1, 3, 9], [1, 2, 1.5, 2.25]])
    samples = ints(1, 0, 1)
    yield Case("RoiAlign", [x, regions, samples], {"output_height": 2, "output_width": 3}, trusts="runtime")
    settings = {"output_height": 3, "output_width": 2, "sampling_ratio": 2, "spatial_scale": 0.75}
    yield Case("RoiAlign", [x, regions, samples], settings)
    yield Case("RoiAlign", [x, regions, samples], {**settings, "coordinate_transformation_mode": "output_half_pixel"})
    yield Case("RoiAlign", [x, regions, samples], settings, version=10, trusts="runtime")
    x, w = r(1, 4, 4, 5), r(4, 2, 2, 2)
    offsets, mask = r(1, 16, 3, 4) / 2, p(1, 8, 3, 4)
    grouped = {"group": 2, "offset_group": 2}
    yield Case("DeformConv", [r(1, 2, 3, 3), r(1, 2, 2, 2), r(1, 8, 2, 2) / 2], trusts="runtime")
    yield Case("DeformConv", [x, w, offsets, r(4), mask], grouped, trusts="runtime")
    settings = {"strides": [2, 1], "pads": [1, 0, 1, 1], "dilations": [1, 2]}
    yield Case("DeformConv", [x, r(3, 4, 2, 2), r(1, 8, 3, 4) / 2], settings, trusts="runtime")
    settings = {"kernel_shape": [2, 2], "strides": [2, 2]}
    yield Case("MaxUnpool", [p(1, 1, 2, 2), ints(5, 7, 13, 15).reshape(1, 1, 2, 2)], settings)
    positions = ints(0, 6, 23, 17).reshape(1, 2, 2, 1)
    yield Case("MaxUnpool", [p(1, 2, 2, 1), positions], {**settings, "pads": [0, 0, 0, -1]}, trusts="reference")
    outer = [p(1, 1, 2, 2), ints(5, 7, 13, 15).reshape(1, 1, 2, 2), ints(1, 1, 5, 5)]
    yield Case("MaxUnpool", outer, settings, trusts="reference")
    yield Case("Det", [r(3, 3)])
    yield Case("Det", [r(2, 2, 3, 3)])
    settings = {"training_mode": 1, "epsilon": 0.25, "momentum": 0.75}
    yield Case("BatchNormalization", [r(2, 3, 4), p(3), r(3), r(3), p(3)], settings, outputs=3)
    yield Case("BatchNormalization", [r(2, 3), p(3), r(3), r(3), p(3)], {"training_mode": 1}, outputs=3)
