"""The cases of `operator_cases.py` about operators that ONNX Runtime fuses, and about integers."""

import numpy as np

from operator_case import Case, bytes_, ints, microsoft, number, p, r, random, signed


def fusion():
    a, b = r(2, 3, 4), r(2, 5, 4)
    yield microsoft("FusedMatMul", [a, b], {"transB": 1, "alpha": 0.25})
    yield microsoft("FusedMatMul", [r(2, 4, 3), r(2, 4, 5)], {"transA": 1})
    yield microsoft("FusedMatMul", [r(3, 2, 4), r(2, 4, 5)], {"transBatchA": 1})
    yield microsoft("FusedMatMul", [r(4, 2, 3), r(4, 2, 5)], {"transA": 1, "transBatchA": 1, "transBatchB": 1})
    yield microsoft("TransposeMatMul", [a, b], {"transB": 1})
    yield microsoft("FusedGemm", [r(3, 4), r(2, 4), r(2)], {"transB": 1, "activation": "Relu"})
    yield microsoft("FusedGemm", [r(3, 4), r(4, 2), r(2)], {"activation": "LeakyRelu", "activation_alpha": 0.25})
    x, w = r(1, 2, 4, 4), r(3, 2, 2, 2)
    yield microsoft("FusedConv", [x, w, r(3)], {"activation": "Relu"})
    yield microsoft("FusedConv", [x, w, r(3), r(1, 3, 3, 3)], {"activation": "Relu"})
    settings = {"activation": "Clip", "activation_params": [-0.5, 1.0], "pads": [1, 0, 0, 1]}
    yield microsoft("FusedConv", [x, w], settings)
    ids, segments = ints(0, 3, 2, 4, 1, 1).reshape(2, 3).astype(np.int32), np.array([[0, 0, 1], [0, 1, 1]], np.int32)
    tables = [r(5, 4), r(6, 4), r(2, 4), p(4), r(4)]
    mask = np.array([[1, 1, 0], [1, 1, 1]], np.int32)
    yield microsoft("EmbedLayerNormalization", [ids, segments, *tables, mask], {"epsilon": 0.0625}, outputs=3)
    there = np.array([[1, 2, 3], [5, 0, 1]], np.int32)
    plain = [ids, None, tables[0], tables[1], None, *tables[3:], None, there]
    yield microsoft("EmbedLayerNormalization", plain, {"epsilon": 0.0625}, outputs=2)


def fused_attention():
    x, w, b = r(2, 3, 4), r(4, 12) / 2, r(12) / 2
    heads = {"num_heads": 2}
    seen = np.array([[1, 1, 0], [1, 0, 0]], np.int32)
    yield microsoft("Attention", [x, w, b], heads)
    yield microsoft("Attention", [x, w], {**heads, "scale": 0.25, "unidirectional": 1})
    yield microsoft("Attention", [x, w, b, seen], {**heads, "unidirectional": 1})
    yield microsoft("Attention", [x, w, b, np.array([2, 1], np.int32)], {**heads, "mask_filter_value": -8.0})
    yield microsoft("Attention", [x, w, b, np.array([3, 2, 1, 0], np.int32)], heads)
    yield microsoft("Attention", [x, w, b, np.eye(3, dtype=np.int32)[None].repeat(2, 0)], heads)
    yield microsoft("Attention", [x, w, b, None, r(2, 2, 2, 2, 2)], heads, outputs=2)
    yield microsoft("Attention", [x, w, b, None, None, r(2, 2, 3, 3)], heads)
    yield microsoft("Attention", [x, r(4, 14), r(14)], {**heads, "qkv_hidden_sizes": [4, 4, 6]})
    q, k, v = r(2, 3, 4), r(2, 5, 4), r(2, 5, 4)
    keys = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], np.int32)
    yield microsoft("MultiHeadAttention", [q, k, v], heads)
    yield microsoft("MultiHeadAttention", [q, k, r(2, 5, 6), r(14), keys], heads)
    yield microsoft("MultiHeadAttention", [q, k, v, None, None, r(1, 2, 3, 5)], {**heads, "scale": 0.25})
    yield microsoft("MultiHeadAttention", [q, k, v, None, None, None, r(2, 2, 2, 2), r(2, 2, 2, 2)], heads, outputs=3)
    yield microsoft("MultiHeadAttention", [q, r(2, 2, 5, 2), r(2, 2, 5, 2)], heads)
    yield microsoft("MultiHeadAttention", [q, q, q], {**heads, "unidirectional": 1})
    groups = {"num_heads": 4, "kv_num_heads": 2}
    q, k, v = r(2, 3, 32), r(2, 3, 16), r(2, 3, 16)
    whole = [np.array([2, 2], np.int32), np.array(3, np.int32)]
    yield microsoft("GroupQueryAttention", [q, k, v, None, None, *whole], groups, outputs=3)
    yield microsoft("GroupQueryAttention", [np.concatenate([q, k, v], 2), None, None, None, None, *whole], {
        **groups, "scale": 0.25, "softcap": 1.5}, outputs=3)  # fmt: skip
    yield microsoft("GroupQueryAttention", [q, k, v, None, None, *whole], {**groups, "local_window_size": 2}, outputs=3)
    summand = [None, None, None, r(1, 1, 3, 3)]
    yield microsoft("GroupQueryAttention", [q, k, v, None, None, *whole, *summand], groups, outputs=3)
    token = [r(2, 1, 32), r(2, 1, 16), r(2, 1, 16), r(2, 2, 4, 8), r(2, 2, 4, 8)]
    yield microsoft("GroupQueryAttention", [*token, np.array([4, 4], np.int32), np.array(5, np.int32)], groups, outputs=3)
    angles = [r(9, 8), r(9, 8)]
    turned = [r(2, 3, 64), r(2, 3, 32), r(2, 3, 32), None, None, *whole, *angles]
    for way in (0, 1):
        settings = {**groups, "do_rotary": 1, "rotary_interleaved": way}
        yield microsoft("GroupQueryAttention", turned, settings, outputs=3)
    later = [r(2, 1, 64), r(2, 1, 32), r(2, 1, 32), r(2, 2, 4, 16), r(2, 2, 4, 16)]
    later += [np.array([4, 4], np.int32), np.array(5, np.int32), *angles]
    yield microsoft("GroupQueryAttention", later, {**groups, "do_rotary": 1}, outputs=3)
    cosines, sines = r(6, 2), r(6, 2)
    yield microsoft("RotaryEmbedding", [r(2, 3, 8), ints(1), cosines, sines])
    places = ints(0, 1, 2, 1, 2, 3).reshape(2, 3)
    yield microsoft("RotaryEmbedding", [r(2, 2, 3, 4), places, cosines, sines], {"interleaved": 1})


def integers():
    a, b = bytes_(1, 250, 3, 17, 128, 9).reshape(2, 3), signed(3, -8, 100, -128, 5, 7).reshape(3, 2)
    yield Case("MatMulInteger", [a, b])
    yield Case("MatMulInteger", [a, b, np.array(12, np.uint8), signed(3, -4)], trusts="runtime")
    picture = random.integers(0, 256, (1, 2, 4, 4)).astype(np.uint8)
    kernel = random.integers(0, 256, (3, 2, 2, 2)).astype(np.uint8)
    yield Case("ConvInteger", [picture, kernel])
    yield Case("ConvInteger", [picture, kernel, np.array(7, np.uint8), np.array(3, np.uint8)], {"pads": [1, 0, 0, 1]})
    yield Case("DynamicQuantizeLinear", [number([[0, 2, -3], [-2.4, 1.34, 0.4]])], outputs=3)
    yield Case("DynamicQuantizeLinear", [number([1, 2.1, 1.3, 2.5, 3.34, 4])], outputs=3)
    zero, half, one = np.array(128, np.uint8), number(0.5), number(0.25)
    x, y = random.integers(96, 160, (2, 3)).astype(np.uint8), random.integers(96, 160, (2, 3)).astype(np.uint8)
    step = number(0.0625)
    w = signed(1, -2, 3, 4, -5, 6).reshape(3, 2)
    columns = [w, number([0.5, 0.25]), signed(0, 0)]
    yield Case("QLinearMatMul", [x, step, zero, w, half, signed(1).reshape(()), one, zero], trusts="runtime")
    yield Case("QLinearMatMul", [x, step, zero, *columns, one, zero], trusts="runtime")
    picture = random.integers(96, 160, (1, 2, 3, 3)).astype(np.uint8)
    kernel = random.integers(-4, 5, (2, 2, 2, 2)).astype(np.int8)
    scales = [number([0.5, 0.25]), signed(0, 0)]
    bias = np.array([16, -8], np.int32)
    yield Case("QLinearConv", [picture, step, zero, kernel, *scales, one, zero, bias], trusts="runtime")
    yield Case("QLinearConv", [picture, step, zero, kernel, half, signed(0).reshape(()), one, zero], {"pads": [1, 1, 0, 0]},
               trusts="runtime")  # fmt: skip
    for name in "QLinearAdd QLinearMul".split():
        yield microsoft(name, [x, step, zero, y, half, zero, half, zero])
    for name in "QLinearSigmoid QLinearLeakyRelu".split():
        yield microsoft(name, [x, step, zero, number(2.0**-7), np.array(0 if "Sig" in name else 64, np.uint8)])
    yield microsoft("QLinearSoftmax", [x, step, zero, number(2.0**-8), np.array(0, np.uint8)], {"opset": 13})
    plane = random.integers(96, 160, (1, 2, 4, 4)).astype(np.uint8)
    yield microsoft("QLinearGlobalAveragePool", [plane, one, zero, number(0.125), zero])
    yield microsoft("QLinearAveragePool", [plane, one, zero, half, zero], {"kernel_shape": [2, 2], "strides": [2, 2]})
    yield microsoft("QLinearConcat", [half, zero, x, one, zero, y, half, zero], {"axis": 1})
    yield microsoft("QGemm", [x, step, zero, w, half, signed(0).reshape(()), np.array([16, -8], np.int32), one, zero])
    yield microsoft("QGemm", [x, step, zero, np.ascontiguousarray(w.T), *columns[1:]], {"transB": 1, "alpha": 0.5})
    summed = [np.array([64, -32], np.int32), one, zero]
    yield microsoft("QGemm", [x, step, zero, w, half, signed(0).reshape(()), *summed], {"alpha": 0.5})
    yield microsoft("MatMulIntegerToFloat", [x, w, step, number([0.5, 0.25]), zero, signed(1, 1), r(2)])
    yield microsoft("DynamicQuantizeMatMul", [r(2, 3), w, number([0.5, 0.25]), signed(1, -1), r(2)])
    for count, size in ((4, 16), (8, 32)):
        blocks, width = 2, 16 * count // 8
        packed = random.integers(0, 256, (3, blocks, width * size // 16)).astype(np.uint8)
        settings = {"K": 2 * size - 5, "N": 3, "bits": count, "block_size": size}
        values = [r(2, 2 * size - 5), packed, p(3 * blocks) / 8]
        yield microsoft("MatMulNBits", values, settings)
        zeros = random.integers(0, 256, 3 * (blocks * count // 8)).astype(np.uint8)
        yield microsoft("MatMulNBits", [*values, zeros], settings)
