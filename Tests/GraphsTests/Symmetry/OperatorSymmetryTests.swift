import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// What operators let through; each graph makes neurons with `w`, and reads them with `v`.
@Suite("Symmetries of operators", .oneThread)
struct OperatorSymmetryTests {
    private func graph(
        _ shape: [Int], _ nodes: [Node], _ parameters: [CheckpointEntry], _ constants: [String: Tensor] = [:]
    ) -> Graph {
        Graph(
            inputs: [Graph.Input(name: "x", shape: shape, dtype: .float32)], outputs: ["y"], nodes: nodes,
            parameters: parameters, constants: constants)
    }

    private func integers(_ values: Int64...) -> Tensor { Tensor(values) }

    @Test("channels of patches stay channels where patches are summed up") func fold() throws {
        try expectSymmetries(
            of: graph(
                [1, 3, 4],
                [
                    Node("MatMul", inputs: ["w", "x"], outputs: ["patches"]),
                    Node(
                        "Col2Im", inputs: ["patches", "image", "patch"], outputs: ["h"],
                        attributes: ["strides": .integers([2, 2])]),
                    Node("Conv", inputs: ["h", "v"], outputs: ["y"]),
                ], [.weight("w", 24, 3), .weight("v", 2, 6, 1, 1)],
                ["image": integers(4, 4), "patch": integers(2, 2)]), [6])
    }

    @Test("channels pass a Fourier transform along another axis, places do not") func transform() throws {
        try expectSymmetries(
            of: graph(
                [1, 4, 5],
                [
                    Node("MatMul", inputs: ["w", "x"], outputs: ["h"]),
                    Node("Unsqueeze", inputs: ["h", "end"], outputs: ["signal"]),
                    Node("DFT", inputs: ["signal", nil, "axis"], outputs: ["f"]),
                    Node("ReduceL2", inputs: ["f", "end"], outputs: ["s"], attributes: ["keepdims": .integer(0)]),
                    Node("MatMul", inputs: ["v", "s"], outputs: ["u"]),
                    Node("MatMul", inputs: ["u", "t"], outputs: ["y"]),
                ], [.weight("w", 6, 4), .weight("v", 2, 6), .weight("t", 5, 2)],
                ["end": integers(-1), "axis": integers(2)]), [6])
    }

    @Test("signals pass a transform of their frames, moments do not") func frames() throws {
        try expectSymmetries(
            of: graph(
                [1, 2],
                [
                    Node("STFT", inputs: ["w", "step", "window"], outputs: ["f"]),
                    Node("ReduceL2", inputs: ["f", "axes"], outputs: ["s"], attributes: ["keepdims": .integer(0)]),
                    Node("MatMul", inputs: ["s", "v"], outputs: ["u"]),
                    Node("Add", inputs: ["x", "u"], outputs: ["y"]),
                ], [.weight("w", 6, 9, 1), .weight("window", 4), .weight("v", 6, 2)],
                ["step": integers(2), "axes": integers(1, 2, 3)]), [6])
    }

    @Test("maps make grids one by one") func grid() throws {
        try expectSymmetries(
            of: graph(
                [1, 2],
                [
                    Node("AffineGrid", inputs: ["w", "size"], outputs: ["grid"]),
                    Node("ReduceL2", inputs: ["grid", "axes"], outputs: ["s"], attributes: ["keepdims": .integer(0)]),
                    Node("MatMul", inputs: ["s", "v"], outputs: ["u"]),
                    Node("Add", inputs: ["x", "u"], outputs: ["y"]),
                ], [.weight("w", 5, 2, 3), .weight("v", 5, 2)],
                ["size": integers(5, 1, 3, 4), "axes": integers(1, 2, 3)]), [5])
    }

    @Test("channels pass an average over regions") func regions() throws {
        try expectSymmetries(
            of: graph(
                [1, 2, 6, 6],
                [
                    Node("Conv", inputs: ["x", "w"], outputs: ["h"]),
                    Node(
                        "RoiAlign", inputs: ["h", "regions", "samples"], outputs: ["cells"],
                        attributes: ["output_height": .integer(2), "output_width": .integer(2)]),
                    Node("Conv", inputs: ["cells", "v"], outputs: ["y"]),
                ], [.weight("w", 5, 2, 1, 1), .weight("v", 2, 5, 2, 2)],
                ["regions": Tensor([0.5, 1, 4, 5, 1, 1, 3, 2], shape: [2, 4]), "samples": integers(0, 0)]), [5])
    }

    @Test("channels of a deformable convolution move in the groups that read at one place", arguments: [1, 2])
    func deformable(groups: Int) throws {
        try expectSymmetries(
            of: graph(
                [1, 2, 4, 4],
                [
                    Node("Conv", inputs: ["x", "w"], outputs: ["h"]),
                    Node("Conv", inputs: ["x", "o"], outputs: ["moves"]),
                    Node(
                        "DeformConv", inputs: ["h", "d", "moves", "b"], outputs: ["r"],
                        attributes: ["offset_group": .integer(groups)]),
                    Node("Relu", inputs: ["r"], outputs: ["a"]),
                    Node("Conv", inputs: ["a", "v"], outputs: ["y"]),
                ],
                [
                    .weight("w", 6, 2, 1, 1), .weight("o", 8 * groups, 2, 2, 2), .weight("d", 5, 6, 2, 2),
                    .weight("b", 5), .weight("v", 2, 5, 1, 1),
                ]), groups == 1 ? [5, 6] : [3, 5])
    }

    @Test("rows and columns of a determinant move together") func determinant() throws {
        try expectSymmetries(
            of: graph(
                [1, 2],
                [
                    Node("Det", inputs: ["w"], outputs: ["d"]), Node("Mul", inputs: ["x", "d"], outputs: ["y"]),
                ], [.weight("w", 4, 4)]), [4])
    }

    @Test("channels pass a sequence that is turned around") func reversed() throws {
        try expectSymmetries(
            of: graph(
                [4, 2, 3],
                [
                    Node("MatMul", inputs: ["x", "w"], outputs: ["h"]),
                    Node("ReverseSequence", inputs: ["h", "lengths"], outputs: ["r"]),
                    Node("MatMul", inputs: ["r", "v"], outputs: ["y"]),
                ], [.weight("w", 3, 6), .weight("v", 6, 2)], ["lengths": integers(3, 2)]), [6])
    }

    @Test("neighbours that a known condition keeps may change places, and others may not") func compressed() throws {
        func keeping(_ places: [Int64]) -> Graph {
            graph(
                [2, 3],
                [
                    Node("MatMul", inputs: ["x", "w"], outputs: ["h"]),
                    Node("Compress", inputs: ["h", "kept"], outputs: ["c"], attributes: ["axis": .integer(1)]),
                    Node("MatMul", inputs: ["c", "v"], outputs: ["y"]),
                ], [.weight("w", 3, 10), .weight("v", 4, 2)], ["kept": Tensor(places).to(.bool)])
        }
        // Those that are left out move, too: nothing depends on them.
        try expectSymmetries(of: keeping([0, 0, 1, 1, 1, 1, 0, 0, 0, 0]), [2, 4, 4])
        try expectSymmetries(of: keeping([0, 1, 0, 1, 0, 1, 0, 1, 0, 0]), [])
    }

    @Test("channels that are cut at the middle move among themselves, zeros around them do not") func cropped() throws {
        func resized(to size: Int64) -> Graph {
            graph(
                [2, 3],
                [
                    Node("MatMul", inputs: ["x", "w"], outputs: ["h"]),
                    Node("CenterCropPad", inputs: ["h", "shape"], outputs: ["c"]),
                    Node("MatMul", inputs: ["c", "v"], outputs: ["y"]),
                ], [.weight("w", 3, 6), .weight("v", Int(size), 2)], ["shape": integers(2, size)])
        }
        try expectSymmetries(of: resized(to: 9), [6])
    }

    @Test("weights that are standardised move with their scale") func standardised() throws {
        try expectSymmetries(
            of: graph(
                [1, 3, 4, 4],
                [
                    Node("Reshape", inputs: ["w", "rows"], outputs: ["flat"]),
                    Node(
                        "BatchNormalization", inputs: ["flat", "gain", "zeros", "mean", "variance"],
                        outputs: ["standard", "m", "v"], attributes: ["training_mode": .integer(1)]),
                    Node("Reshape", inputs: ["standard", "kernel"], outputs: ["weight"]),
                    Node("Conv", inputs: ["x", "weight", "b"], outputs: ["h"]),
                    Node("Relu", inputs: ["h"], outputs: ["r"]),
                    Node("Conv", inputs: ["r", "u"], outputs: ["y"]),
                ],
                [
                    .weight("w", 6, 3, 2, 2), .weight("gain", 6), .weight("b", 6), .weight("u", 2, 6, 1, 1),
                    .weight("mean", 6), .weight("variance", 6),
                ],
                [
                    "rows": integers(1, 6, -1), "kernel": integers(6, 3, 2, 2),
                    "zeros": .zeros([6], dtype: .float64),
                ]), [6])
    }

    @Test("factors of a product may be transposed first") func product() throws {
        try expectSymmetries(
            of: graph(
                [2, 3],
                [
                    Node(
                        "com.microsoft::FusedMatMul", inputs: ["x", "w"], outputs: ["h"],
                        attributes: ["transB": .integer(1), "alpha": .number(0.5)]),
                    Node(
                        "com.microsoft::FusedGemm", inputs: ["h", "u", "b"], outputs: ["g"],
                        attributes: ["activation": .text("Relu")]),
                    Node("MatMul", inputs: ["g", "v"], outputs: ["y"]),
                ], [.weight("w", 6, 3), .weight("u", 6, 5), .weight("b", 5), .weight("v", 5, 2)]), [5, 6])
    }

    @Test("what is added inside a convolution is joined to its channels") func summand() throws {
        try expectSymmetries(
            of: graph(
                [1, 2, 3, 3],
                [
                    Node("Conv", inputs: ["x", "w"], outputs: ["h"]), Node("Conv", inputs: ["x", "s"], outputs: ["z"]),
                    Node(
                        "com.microsoft::FusedConv", inputs: ["h", "u", nil, "z"], outputs: ["g"],
                        attributes: ["activation": .text("Relu")]),
                    Node("Conv", inputs: ["g", "v"], outputs: ["y"]),
                ],
                [
                    .weight("w", 6, 2, 1, 1), .weight("s", 5, 2, 1, 1), .weight("u", 5, 6, 1, 1),
                    .weight("v", 2, 5, 1, 1),
                ]), [5, 6])
    }
}
