import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Tensors that a file stores like weights, but whose elements belong to places.
@Suite("Symmetries and stored tables", .oneThread)
struct StoredTableTests {
    @Test("stored scales of a resize belong to axes") func scales() throws {
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [1, 2, 3, 3], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("Conv", inputs: ["x", "w"], outputs: ["h"]),
                Node(
                    "Resize", inputs: ["h", nil, "scales"], outputs: ["r"],
                    attributes: [
                        "mode": .text("nearest"), "coordinate_transformation_mode": .text("asymmetric"),
                        "nearest_mode": .text("floor"),
                    ]),
                Node("Conv", inputs: ["r", "v"], outputs: ["y"]),
            ], parameters: [.weight("w", 5, 2, 1, 1), .weight("scales", 4), .weight("v", 3, 5, 1, 1)])
        try expectSymmetries(of: graph, [5], literals: ["scales": Tensor([1, 1, 2, 2] as [Float])])
    }

    @Test("the two values of a one-hot encoding are told apart") func values() throws {
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [2, 3], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("ArgMax", inputs: ["x"], outputs: ["i"], attributes: ["axis": .integer(1)]),
                Node("OneHot", inputs: ["i", "depth", "values"], outputs: ["h"]),
                Node("MatMul", inputs: ["h", "w"], outputs: ["y"]),
            ], parameters: [.weight("values", 2), .weight("w", 3, 2)], constants: ["depth": Tensor([3] as [Int64])])
        try expectSymmetries(of: graph, [])
    }

    @Test("places are told apart where they are turned by an angle each") func turned() throws {
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [1, 4], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("RotaryEmbedding", inputs: ["queries", "cosines", "sines"], outputs: ["turned"]),
                Node("ReduceMax", inputs: ["turned", "all"], outputs: ["m"], attributes: ["keepdims": .integer(0)]),
                Node("MatMul", inputs: ["m", "w"], outputs: ["v"]),
                Node("Add", inputs: ["x", "v"], outputs: ["y"]),
            ],
            parameters: [
                .weight("queries", 1, 3, 5, 4), .weight("cosines", 1, 5, 2), .weight("sines", 1, 5, 2),
                .weight("w", 4, 4),
            ], constants: ["all": Tensor([0, 1, 2] as [Int64])])
        try expectSymmetries(of: graph, [3])
    }

    @Test("samples of different lengths are told apart") func lengths() throws {
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [1, 3], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node(
                    "RNN", inputs: ["samples", "w", "r", nil, "lengths"], outputs: [nil, "last"],
                    attributes: ["hidden_size": .integer(3)]),
                Node("ReduceMax", inputs: ["last", "all"], outputs: ["m"], attributes: ["keepdims": .integer(0)]),
                Node("MatMul", inputs: ["m", "v"], outputs: ["u"]),
                Node("Add", inputs: ["x", "u"], outputs: ["y"]),
            ],
            parameters: [
                .weight("samples", 4, 5, 2), .weight("w", 1, 3, 2), .weight("r", 1, 3, 3), .weight("v", 3, 3),
            ],
            constants: ["lengths": Tensor([4, 1, 2, 3, 2] as [Int64]), "all": Tensor([0, 1] as [Int64])])
        try expectSymmetries(of: graph, [2, 3])
    }

    @Test("a state of zeros is no table of sines", arguments: [Float(0), 1]) func equalElements(element: Float) {
        #expect(!RotaryTable.recognizes(Tensor([Float](repeating: element, count: 24), shape: [6, 4])))
        let angles: [Float] = (0..<24).map { place in
            let (position, column) = (place / 4, place % 4)
            return Float(position * (column + 1)) / 7
        }
        let wave = angles.map { element == 0 ? sin($0) : cos($0) }
        #expect(RotaryTable.recognizes(Tensor(wave, shape: [6, 4])))
    }

    @Test("zeros that an exporter wrote once do not join the layers that begin with them") func sharedZeros() throws {
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [1, 2, 3], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("MatMul", inputs: ["x", "layers.0.w"], outputs: ["a"]),
                Node("Add", inputs: ["a", "zeros"], outputs: ["b"]),
                Node("MatMul", inputs: ["b", "layers.1.w"], outputs: ["c"]),
                Node("Add", inputs: ["c", "zeros"], outputs: ["d"]),
                Node("MatMul", inputs: ["d", "layers.2.w"], outputs: ["y"]),
            ],
            parameters: [
                .weight("layers.0.w", 3, 5), .weight("zeros", 1, 2, 5), .weight("layers.1.w", 5, 5),
                .weight("layers.2.w", 5, 2),
            ])
        let zeros = Tensor([Float](repeating: 0, count: 10), shape: [1, 2, 5])
        try expectSymmetries(of: graph, [5, 5], literals: ["zeros": zeros])
        let others = Tensor((0..<10).map { Float($0) }, shape: [1, 2, 5])
        try expectSymmetries(of: graph, [5], literals: ["zeros": others])
    }

    @Test("known indices cut an axis, and leave free what stands beside them") func cut() throws {
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [2, 3], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("MatMul", inputs: ["x", "w"], outputs: ["h"]),
                Node("Reshape", inputs: ["h", "shape"], outputs: ["r"]),
                Node("Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .integers([1, 0, 2])]),
                Node("Slice", inputs: ["t", "begin", "end"], outputs: ["queries"]),
                Node("GatherND", inputs: ["t", "key"], outputs: ["k"]),
                Node("GatherND", inputs: ["t", "value"], outputs: ["v"]),
                Node("Mul", inputs: ["queries", "k"], outputs: ["products"]),
                Node("ReduceMax", inputs: ["products", "begin"], outputs: ["m"]),
                Node("Add", inputs: ["m", "v"], outputs: ["s"]),
                Node("MatMul", inputs: ["s", "u"], outputs: ["y"]),
            ], parameters: [.weight("w", 3, 30), .weight("u", 6, 2)],
            constants: [
                "shape": Tensor([2, 5, 6] as [Int64]), "begin": Tensor([0] as [Int64]), "end": Tensor([-2] as [Int64]),
                "key": Tensor([-2] as [Int64], shape: [1, 1]), "value": Tensor([-1] as [Int64], shape: [1, 1]),
            ])
        try expectSymmetries(of: graph, [3, 6])
    }
}
