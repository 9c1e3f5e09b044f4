import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Certificates of networks", .oneThread)
struct CertificateTests {
    private static func network(_ name: String) throws -> Network {
        let resources = try #require(Bundle.module.resourceURL)
        return try Network(resources.appending(path: "Fixtures/graphs/\(name).onnx"))
    }

    /// A network of nodes and weights in a file.
    private static func network(
        _ nodes: [ONNXNodeProto], _ weights: [ONNXTensorProto], input: ONNXValueInfoProto
    ) throws -> Network {
        try withTemporaryFolder { folder in
            var model = ONNXModelProto(nodes, weights)
            model.graph.input = [input]
            return try Network(model.write(to: folder))
        }
    }

    private static func normal(_ name: String, _ dims: [Int64], seed: UInt64) -> ONNXTensorProto {
        var random = RandomSource(seed: seed)
        let elements = Tensor.normal(shape: dims.map { Int($0) }, using: &random).elements(as: Float.self)
        return .init(name, dims, floats: elements)
    }

    @Test("a branch that nothing depends on does not hinder a certificate, and is named", arguments: ["", ".traced"])
    func deadBranch(kind: String) throws {
        let network = try Self.network("dead_branch\(kind)")
        let certificate = try Certificate(of: network, network.symmetries())
        #expect(certificate.groups.count == 2 && certificate.failures.isEmpty)
        #expect(certificate.idleGroups == [1])
        #expect(certificate.influences[0].error > 1e-2)
        #expect(certificate.controls.count == 3)
        #expect(certificate.controls.allSatisfy { $0.error >= Certificate.noticeableChange })
        #expect(certificate.holds)
    }

    @Test("where the outputs depend on no weight, nothing is certified") func idle() throws {
        let network = try Self.network(
            [
                .init("Gemm", ["x", "w"], ["h"]), .init("Gemm", ["h", "v"], ["g"]), .init("Mul", ["g", "zero"], ["y"]),
            ],
            [
                Self.normal("w", [3, 4], seed: 1), Self.normal("v", [4, 2], seed: 2), .init("zero", [], floats: [0]),
            ], input: .init("x", [1, 3]))
        let symmetries = try network.symmetries()
        #expect(symmetries.space.groups.map(\.size) == [4])
        let certificate = try Certificate(of: network, symmetries)
        #expect(certificate.failures.isEmpty && certificate.idleGroups == [0] && certificate.controls.isEmpty)
        #expect(!certificate.holds)
    }

    @Test("a mask of infinities is no weight, and what it is added to keeps its groups") func mask() throws {
        let network = try Self.network("mask_inf")
        #expect(!network.graph.parameters.contains { $0.name == "mask" })
        #expect(network.graph.constants["mask"]?.shape == [5, 5])
        let symmetries = try network.symmetries()
        #expect(symmetries.space.groups.map(\.size) == [8, 7])
        #expect(try network.parameters(.float64).values.allSatisfy(\.isFinite))
        #expect(try Certificate(of: network, symmetries).holds)
    }

    @Test("a slice that is written into zeros keeps its heads and their dimensions") func writtenSlice() throws {
        let network = try Self.network("scatter_slice")
        let symmetries = try network.symmetries()
        #expect(symmetries.space.groups.map(\.size) == [3, 6])
        #expect(try Certificate(of: network, symmetries).holds)
    }

    @Test("large pictures are cut to what shows the same groups, where the graph allows that") func cut() throws {
        let layers: [ONNXNodeProto] = [
            .init("Conv", ["x", "w"], ["h"]), .init("Relu", ["h"], ["r"]), .init("Conv", ["r", "v"], ["c"]),
        ]
        let weights = [Self.normal("w", [6, 1, 3, 3], seed: 1), Self.normal("v", [2, 6, 3, 3], seed: 2)]
        let input = ONNXValueInfoProto("x", [1, 1, 301, 401])
        let pooled = try Self.network(layers + [.init("GlobalAveragePool", ["c"], ["y"])], weights, input: input)
        let certificate = try Certificate(of: pooled, pooled.symmetries())
        #expect(certificate.holds && certificate.inputShapes == ["x": [1, 1, 32, 32]])
        #expect(pooled.inputShapes == ["x": [1, 1, 301, 401]])

        // A table of places fits one size of pictures.
        let placed = try Self.network(
            layers + [.init("Add", ["c", "places"], ["y"])], weights + [Self.normal("places", [297, 397], seed: 3)],
            input: input)
        #expect(try placed.withSmallInputs().inputShapes == placed.inputShapes)
    }

    @Test("tokens are varied: none comes again before all have come") func tokens() throws {
        let network = try Self.network(
            [
                .init("Gather", ["table", "x"], ["e"]), .init("MatMul", ["e", "w"], ["h"]),
                .init("Relu", ["h"], ["r"]), .init("MatMul", ["r", "v"], ["y"]),
            ],
            [
                Self.normal("table", [20, 4], seed: 1), Self.normal("w", [4, 5], seed: 2),
                Self.normal("v", [5, 3], seed: 3),
            ], input: .init("x", [nil, nil], type: 7))
        let symmetries = try network.symmetries()
        #expect(symmetries.indexBounds == ["x": 20])
        var random = RandomSource(seed: 1)
        let tokens = try #require(network.randomInputs(bounds: symmetries.indexBounds, using: &random)["x"])
        #expect(tokens.shape == [1, 8] && Set(tokens.elements(as: Int64.self)).count == 8)
        let few = try #require(network.randomInputs(bounds: ["x": 3], using: &random)["x"])
        #expect(Set(few.elements(as: Int64.self)) == [0, 1, 2])
        #expect(try Certificate(of: network, symmetries).holds)
    }

    @Test("both branches of a choice are put to the test, each with its own neurons") func choice() throws {
        func branch(_ name: String, width: Int64, seed: UInt64) -> ONNXGraphProto {
            ONNXGraphProto(
                [
                    .init("MatMul", ["x", "w"], ["h"]), .init("Relu", ["h"], ["r"]),
                    .init("MatMul", ["r", "v"], [name]),
                ],
                [Self.normal("w", [3, width], seed: seed), Self.normal("v", [width, 2], seed: seed + 1)],
                outputs: [name])
        }
        let choice = ONNXNodeProto(
            "If", ["fast"], ["y"],
            [
                .init("then_branch", graph: branch("a", width: 5, seed: 1)),
                .init("else_branch", graph: branch("b", width: 7, seed: 3)),
            ])
        let network = try withTemporaryFolder { folder in
            var model = ONNXModelProto(
                [.init("Equal", ["rate", "sixteen"], ["fast"]), choice], [.init("sixteen", [], integers: [16])])
            model.graph.input = [.init("x", [1, 3]), .init("rate", [], type: 7)]
            return try Network(model.write(to: folder))
        }
        let symmetries = try network.symmetries()
        #expect(symmetries.space.groups.map(\.size) == [5, 7])
        #expect(symmetries.comparands == ["rate": [16]])
        let certificate = try Certificate(of: network, symmetries)
        #expect(certificate.holds && certificate.idleGroups.isEmpty)
    }

    @Test("a weight that is not finite is named where the outputs are not either", arguments: [Float.nan, .infinity])
    func sickWeight(value: Float) throws {
        var weights = [Self.normal("w", [3, 4], seed: 1), Self.normal("v", [4, 2], seed: 2)]
        weights.append(.init("bias", [2], floats: [0, value]))
        let network = try Self.network(
            [
                .init("Gemm", ["x", "w"], ["h"]), .init("Relu", ["h"], ["r"]),
                .init("Gemm", ["r", "v", "bias"], ["y"]),
            ],
            weights, input: .init("x", [nil, 3]))
        let error = #expect(throws: FormatError.self) { try Certificate(of: network, network.symmetries()) }
        let message = "\(try #require(error))"
        #expect(message.contains("'bias'") && message.contains("NaN or infinite") && !message.contains("--shape"))
    }

    @Test("an evaluation that fails says why, and names the extents that the file leaves open") func failure() throws {
        let network = try Self.network(
            [.init("MatMul", ["x", "w"], ["h"]), .init("Log", ["h"], ["y"])], [Self.normal("w", [3, 4], seed: 1)],
            input: .init("x", [nil, 3]))
        let error = #expect(throws: GraphError.self) { try Certificate(of: network, network.symmetries()) }
        let message = "\(try #require(error))"
        #expect(message.contains("failed") && message.contains("not finite"))
        #expect(message.contains("'x' [?, 3]") && message.hasSuffix("--shape x=1,3"))
    }
}
