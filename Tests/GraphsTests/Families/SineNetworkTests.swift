import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// SIRENs whose files say that they are: their groups are given.
@Suite(.oneThread) struct SineNetworkTests {
    private func network(
        _ description: String, layers: [String] = ["0", "1", "2"], architecture: String = "siren"
    ) throws -> Network {
        var random = RandomSource(seed: 3)
        let widths = [2, 5, 5, 1]
        let tensors = layers.enumerated().flatMap { index, layer in
            [[widths[index + 1], widths[index]], [widths[index + 1]]].map { shape in
                StoredTensor(
                    name: "\(layer).\(shape.count == 1 ? "bias" : "weight")",
                    .normal(shape: shape, dtype: .float64, using: &random))
            }
        }
        return try withTemporaryFolder { folder in
            let url = folder.appending(path: "network.safetensors")
            try SafetensorsFile.write(
                tensors, metadata: ["architecture": architecture, "siren": description], to: url)
            return try Network(url)
        }
    }

    private let description = #"{"widths": [2, 5, 5, 1], "omega": 3, "hiddenOmega": 2}"#

    @Test("layers of equal width are groups of their own, and certified") func given() throws {
        let named = #"{"widths": [2, 5, 5, 1], "omega": 3, "hiddenOmega": 2, "layers": ["a.0", "a.2", "b"]}"#
        for network in try [network(description), network(named, layers: ["a.0", "a.2", "b"])] {
            #expect(network.assumptions.isEmpty && network.source == .family("a SIREN"))
            let symmetries = try network.symmetries()
            #expect(symmetries.space.groups.map(\.size) == [5, 5])
            #expect(try Certificate(of: network, symmetries).holds)
        }
    }

    @Test("the graph computes what the definition says") func computes() throws {
        let network = try network(description)
        let parameters = try network.parameters(.float64)
        var random = RandomSource(seed: 4)
        let points = Tensor.normal(shape: [4, 2], dtype: .float64, using: &random)
        let found = try GraphEvaluator(network.graph).evaluate(
            parameters: parameters, inputs: ["input": points], dtype: .float64)[0]
        func layer(_ x: Tensor, _ name: String) throws -> Tensor {
            let weight = try #require(parameters["\(name).weight"]), bias = try #require(parameters["\(name).bias"])
            return matmul(x, weight.permuted([1, 0])) + bias
        }
        let first = sin(try layer(points, "0") * 3)
        let expected = try layer(sin(try layer(first, "1") * 2), "2")
        expectClose(found, expected, relativeError: 1e-12)
    }

    @Test(
        "descriptions that do not fit are refused",
        arguments: [
            "{", "[]", "{}", #"{"widths": [2]}"#, #"{"widths": [2, 5, 6, 1]}"#, #"{"widths": [2, 1e30, 5, 1]}"#,
            #"{"widths": [2, 5, 5, 1], "omega": 1e300}"#, #"{"widths": [2, 5, 5, 1], "omega": "a"}"#,
            #"{"widths": [2, 5, 5, 1, 4]}"#, #"{"widths": [2, 5, 5, 1], "layers": ["0", "1"]}"#,
        ]) func refused(description: String)
    {
        #expect(throws: FamilyError.self) { try network(description) }
    }

    @Test("a file that says nothing of the kind stays an assumption") func assumed() throws {
        #expect(try network(description, architecture: "mlp").source == .assumption)
    }
}
