import Graphs
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite("Functionals over derived spaces", .oneThread)
struct DerivedFunctionalTests {
    /// Dense layers with three pairs of residual branches, the two of a pair fused in one parameter.
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
            dense("\(name).left", 4, 3)
            dense("\(name).right", 4, 3)
            nodes += [
                Node(
                    "Gemm", inputs: ["s\(layer)", "\(name).up.weight", "\(name).up.bias"], outputs: ["u\(layer)"],
                    attributes: transposed),
                Node(
                    "Split", inputs: ["u\(layer)"], outputs: ["a\(layer)", "b\(layer)"],
                    attributes: ["axis": .integer(1), "num_outputs": .integer(2)]),
                Node("Sigmoid", inputs: ["a\(layer)"], outputs: ["g\(layer)"]),
                Node(
                    "Gemm", inputs: ["g\(layer)", "\(name).left.weight", "\(name).left.bias"],
                    outputs: ["l\(layer)"], attributes: transposed),
                Node(
                    "Gemm", inputs: ["b\(layer)", "\(name).right.weight", "\(name).right.bias"],
                    outputs: ["r\(layer)"], attributes: transposed),
                Node("Add", inputs: ["l\(layer)", "r\(layer)"], outputs: ["d\(layer)"]),
                Node("Add", inputs: ["s\(layer)", "d\(layer)"], outputs: ["s\(layer + 1)"]),
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
        #expect(space.blocks.contains { $0.slice != nil })
        let trunk = FunctionalConfiguration(
            space: space, fourier: nil, depth: 2, channels: 3, block: .init(activation: .gelu),
            sharesRoles: sharesRoles)
        var random = RandomSource(seed: 1)
        let model = EquivariantFunctional(.init(trunk: trunk), using: &random).to(.float64)
        let sample = SampleSpace("derived", space)
        expectEquivariant({ model($0) }, on: sample, channels: 1)
        // The negative control: weights are scaled by their places.
        func ramped(_ feature: Feature) -> Feature {
            feature.map { block in
                let ramp = Tensor.linearSpace(1...2, count: block.count / block.size(0), dtype: .float64)
                return block * ramp.reshaped([1] + block.shape.dropFirst())
            }
        }
        #expect(equivarianceError(of: { model(ramped($0)) }, on: sample, channels: 1) > 1e-3)
    }
}
