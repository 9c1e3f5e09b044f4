import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// ONNX Runtime's fused attentions: heads, dimensions of queries and keys, and dimensions of values.
@Suite("Symmetries of fused attention", .oneThread)
struct AttentionSymmetryTests {
    private func graph(
        _ nodes: [Node], _ parameters: [CheckpointEntry], _ constants: [String: Tensor] = [:]
    ) -> Graph {
        Graph(
            inputs: [Graph.Input(name: "x", shape: [2, 4, 5], dtype: .float32)], outputs: ["y"],
            nodes: nodes + [Node("MatMul", inputs: ["h", "o"], outputs: ["y"])], parameters: parameters,
            constants: constants)
    }

    private let heads: [String: Attribute] = ["num_heads": .integer(3)]
    private let seen = Tensor([1, 1, 1, 0, 1, 1, 1, 1] as [Int64], shape: [2, 4])

    private let projections = ["q", "k", "v"].map { (name: String) in
        Node("MatMul", inputs: ["x", "w\(name)"], outputs: [name])
    }

    @Test("one weight makes queries, keys and values of each head", arguments: [false, true])
    func fused(isCausal: Bool) throws {
        let settings = heads.merging(["unidirectional": .integer(isCausal ? 1 : 0)]) { $1 }
        let node = Node(
            "com.microsoft::Attention", inputs: ["x", "w", "b", "seen"], outputs: ["h"], attributes: settings)
        try expectSymmetries(
            of: graph([node], [.weight("w", 5, 36), .weight("b", 36), .weight("o", 12, 2)], ["seen": seen]), [3, 4, 4])
    }

    @Test("values may be of another size than queries") func sizes() throws {
        let settings = heads.merging(["qkv_hidden_sizes": .integers([6, 6, 15])]) { $1 }
        let node = Node("com.microsoft::Attention", inputs: ["x", "w"], outputs: ["h"], attributes: settings)
        try expectSymmetries(of: graph([node], [.weight("w", 5, 27), .weight("o", 15, 2)]), [2, 3, 5])
    }

    @Test("the bias of all heads goes with what it is added to") func multiHead() throws {
        let nodes =
            projections + [
                Node(
                    "com.microsoft::MultiHeadAttention", inputs: ["q", "k", "v", "b", "seen"], outputs: ["h"],
                    attributes: heads)
            ]
        try expectSymmetries(
            of: graph(
                nodes,
                [
                    .weight("wq", 5, 12), .weight("wk", 5, 12), .weight("wv", 5, 12), .weight("b", 36),
                    .weight("o", 12, 2),
                ], ["seen": seen]), [3, 4, 4])
    }

    @Test("a summand that differs from head to head tells heads apart") func summand() throws {
        let node = Node(
            "com.microsoft::Attention", inputs: ["x", "w", nil, nil, nil, "summand"], outputs: ["h"], attributes: heads)
        var random = RandomSource(seed: 1)
        let summand = Tensor.normal(shape: [1, 3, 4, 4], dtype: .float64, using: &random)
        try expectSymmetries(
            of: graph([node], [.weight("w", 5, 36), .weight("o", 12, 2)], ["summand": summand]), [4, 4])
    }

    private let grouped: [String: Attribute] = ["num_heads": .integer(6), "kv_num_heads": .integer(3)]
    private let whole = ["last": Tensor([3, 3] as [Int64]), "count": Tensor([4] as [Int64], shape: [])]

    @Test("heads of queries move among those that share keys, and with these", arguments: [false, true])
    func groups(isPacked: Bool) throws {
        let nodes =
            isPacked
            ? [
                Node("MatMul", inputs: ["x", "w"], outputs: ["all"]),
                Node(
                    "com.microsoft::GroupQueryAttention", inputs: ["all", nil, nil, nil, nil, "last", "count"],
                    outputs: ["h"], attributes: grouped),
            ]
            : projections + [
                Node(
                    "com.microsoft::GroupQueryAttention", inputs: ["q", "k", "v", nil, nil, "last", "count"],
                    outputs: ["h"], attributes: grouped)
            ]
        let weights: [CheckpointEntry] =
            isPacked ? [.weight("w", 5, 48)] : [.weight("wq", 5, 24), .weight("wk", 5, 12), .weight("wv", 5, 12)]
        try expectSymmetries(of: graph(nodes, weights + [.weight("o", 24, 2)], whole), [2, 3, 4, 4])
    }

    @Test("dimensions that are turned by angles are told apart") func turned() throws {
        let nodes =
            projections + [
                Node(
                    "com.microsoft::GroupQueryAttention",
                    inputs: ["q", "k", "v", nil, nil, "last", "count", "cosines", "sines"], outputs: ["h"],
                    attributes: grouped.merging(["do_rotary": .integer(1)]) { $1 })
            ]
        let weights: [CheckpointEntry] = [
            .weight("wq", 5, 24), .weight("wk", 5, 12), .weight("wv", 5, 12), .weight("o", 24, 2),
        ]
        var random = RandomSource(seed: 1)
        let tables = Dictionary(
            uniqueKeysWithValues: ["cosines", "sines"].map {
                ($0, Tensor.normal(shape: [6, 2], dtype: .float64, using: &random))
            })
        try expectSymmetries(of: graph(nodes, weights, whole.merging(tables) { $1 }), [2, 3, 4])
    }

    @Test("columns of all tables of an embedding move with scale and shift, rows do not") func embedding() throws {
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [1], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node(
                    "com.microsoft::EmbedLayerNormalization",
                    inputs: ["tokens", "segments", "words", "places", "kinds", "scale", "shift"], outputs: ["h"]),
                Node("Mul", inputs: ["h", "x"], outputs: ["g"]), Node("MatMul", inputs: ["g", "o"], outputs: ["y"]),
            ],
            parameters: [
                .weight("words", 7, 6), .weight("places", 5, 6), .weight("kinds", 2, 6), .weight("scale", 6),
                .weight("shift", 6), .weight("o", 6, 2),
            ],
            constants: [
                "tokens": Tensor([0, 3, 6, 2] as [Int64], shape: [1, 4]),
                "segments": Tensor([0, 0, 1, 1] as [Int64], shape: [1, 4]),
            ])
        try expectSymmetries(of: graph, [6])
    }
}
