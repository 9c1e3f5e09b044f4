import Graphs
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite("Functionals over derived spaces", .oneThread)
struct DerivedFunctionalTests {
    /// Dense layers with three residual branches, each of two parts that are cut from a fused parameter.
    private func space() throws -> WeightSpace {
        var nodes = [Node("Gemm", inputs: ["x", "in.weight", "in.bias"], outputs: ["s0"], attributes: transposed)]
        var parameters: [CheckpointEntry] = []
        func dense(_ name: String, _ outputs: Int, _ inputs: Int) {
            parameters.append(CheckpointEntry(name: "\(name).weight", dtype: .float32, shape: [outputs, inputs]))
            parameters.append(CheckpointEntry(name: "\(name).bias", dtype: .float32, shape: [outputs]))
        }
        dense("in", 4, 2)
        for layer in 0..<3 {
            let name = "layers.\(layer)"
            dense("\(name).up", 6, 4)
            dense("\(name).down", 4, 3)
            dense("\(name).side", 4, 3)
            nodes += [
                Node(
                    "Gemm", inputs: ["s\(layer)", "\(name).up.weight", "\(name).up.bias"], outputs: ["u\(layer)"],
                    attributes: transposed),
                Node(
                    "Split", inputs: ["u\(layer)"], outputs: ["a\(layer)", "b\(layer)"],
                    attributes: ["axis": .integer(1), "num_outputs": .integer(2)]),
                Node("Sigmoid", inputs: ["a\(layer)"], outputs: ["g\(layer)"]),
                Node("Tanh", inputs: ["b\(layer)"], outputs: ["h\(layer)"]),
                Node(
                    "Gemm", inputs: ["g\(layer)", "\(name).down.weight", "\(name).down.bias"],
                    outputs: ["d\(layer)"], attributes: transposed),
                Node(
                    "Gemm", inputs: ["h\(layer)", "\(name).side.weight", "\(name).side.bias"],
                    outputs: ["e\(layer)"], attributes: transposed),
                Node("Add", inputs: ["d\(layer)", "e\(layer)"], outputs: ["f\(layer)"]),
                Node("Add", inputs: ["s\(layer)", "f\(layer)"], outputs: ["s\(layer + 1)"]),
            ]
        }
        dense("out", 2, 4)
        nodes.append(
            Node("Gemm", inputs: ["s3", "out.weight", "out.bias"], outputs: ["y"], attributes: transposed))
        let graph = Graph(
            inputs: [Graph.Input(name: "x", shape: [nil, 2], dtype: .float32)], outputs: ["y"], nodes: nodes,
            parameters: parameters)
        return try NetworkSymmetries(of: graph, shapes: ["x": [1, 2]]).space
    }

    private let transposed: [String: Attribute] = ["transB": .integer(1)]

    @Test("a functional over a space that was derived from a graph is equivariant", arguments: [false, true])
    func isEquivariant(sharesRoles: Bool) throws {
        let space = try space()
        #expect(space.groups.count == 7)
        #expect(space.blocks.count { $0.slice != nil } == 12)
        let trunk = FunctionalConfiguration(
            space: space, fourier: nil, depth: 2, channels: 3, block: .init(activation: .gelu),
            sharesRoles: sharesRoles)
        var random = RandomSource(seed: 1)
        let model = EquivariantFunctional(.init(trunk: trunk), using: &random).to(.float64)
        expectEquivariant({ model($0) }, on: SampleSpace("derived", space), channels: 1)
    }
}
