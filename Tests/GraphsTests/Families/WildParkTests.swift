import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("CNNs of the Wild Park", .oneThread)
struct WildParkTests {
    private static func fixture(_ name: String) throws -> URL {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return folder.appending(path: "wildpark/\(name)")
    }

    @Test(
        "the stored configuration gives the graph, residual connections included",
        arguments: ["plain_config.pt", "omegaconf.pt"])
    func stored(name: String) throws {
        let network = try Network(Self.fixture(name))
        #expect(network.assumptions.isEmpty)
        #expect(try Network.isDescribed(network.checkpoint))
        let symmetries = try network.symmetries()
        #expect(symmetries.space.groups.map(\.size) == [8, 8, 16])
        #expect(try Certificate(of: network, symmetries).holds)

        let truth = try Network(Self.fixture("net.onnx"))
        #expect(try truth.symmetries().space.groups.map(\.size).sorted() == [8, 8, 16])
        var random = RandomSource(seed: 2)
        let inputs = truth.randomInputs(bounds: [:], using: &random)
        let parameters = try network.parameters(.float64)
        let element = GroupElement.random(of: symmetries.space.groups, using: &random)
        let moved = try element.acting(on: parameters, in: symmetries.space)
        let evaluator = try GraphEvaluator(truth.graph)
        let outputs = try [parameters, moved].map {
            try evaluator.evaluate(parameters: $0, inputs: inputs, dtype: .float64)[0]
        }
        #expect(relativeError(outputs[1], outputs[0]) <= 1e-10)
    }

    /// Three convolutions of 4, 6 and 5 channels, the last of which adds the first's result.
    private static func configuration(_ changes: [String: PlainValue] = [:]) -> Configuration {
        func list(_ numbers: [Double]) -> PlainValue { .list(numbers.map(PlainValue.number)) }
        let values: [String: PlainValue] = [
            "n_layers": .number(3), "channels": list([2, 4, 6, 5]), "kernel_size": list([3, 5, 3]),
            "stride": list([2, 1, 1]), "padding": list([1, 2, 1]), "residual": list([-1, -1, 0]),
            "activation": .list(["gelu", "none", "leaky_relu"].map(PlainValue.text)),
        ]
        return Configuration(file: "net.pt", values: values.merging(changes) { $1 })
    }

    private func network(_ configuration: Configuration) throws -> Network {
        var file = StateFile()
        for (layer, weight) in [[4, 2, 3, 3], [6, 4, 5, 5], [5, 6, 3, 3]].enumerated() {
            file.add("layers.\(layer)", weight)
        }
        file.add("fc", [3, 5])
        let checkpoint = try file.network().checkpoint
        let builder = GraphBuilder(checkpoint, family: WildParkCNN.name)
        return Network(checkpoint: checkpoint, graph: try WildParkCNN.graph(builder, configuration))
    }

    @Test("channels that are added to others move with them, and those beyond by themselves")
    func sharedChannels() throws {
        let network = try network(Self.configuration())
        let symmetries = try network.symmetries()
        // Of five channels the first four take part in the sum.
        #expect(symmetries.space.groups.map(\.size).sorted() == [4, 6])
        #expect(try Certificate(of: network, symmetries).holds)
        let alone = try self.network(Self.configuration(["residual": .list([.number(-1), .number(-1), .number(-1)])]))
        #expect(try alone.symmetries().space.groups.map(\.size).sorted() == [4, 5, 6])
    }

    @Test(
        "configurations that fit no network are refused with the setting",
        arguments: [
            ("n_layers", PlainValue.number(4)), ("n_layers", .number(1e300)), ("channels", .list([])),
            ("kernel_size", .list([.number(3), .number(99), .number(3)])), ("stride", .text("1")),
            ("stride", .list([.number(0), .number(1), .number(1)])), ("padding", .null),
            ("residual", .list([.number(-1), .number(1), .number(0)])),
            ("stride", .list([.number(2), .number(2), .number(1)])),
            ("activation", .list(["gelu", "none", "softsign"].map(PlainValue.text))),
        ])
    func refused(key: String, value: PlainValue) {
        do {
            _ = try network(Self.configuration([key: value]))
            Issue.record("expected a refusal")
        } catch {
            #expect(error is FamilyError && "\(error)".hasPrefix("net.pt: expected"), "\(error)")
        }
    }
}
