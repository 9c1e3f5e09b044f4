import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Whatever a graph says, its symmetries are derived or an error is thrown: no trap, no hang.
@Suite("Damaged graphs")
struct DamagedGraphTests {
    @Test("3,000 mutated graphs are understood or refused")
    func mutations() async {
        await #expect(processExitsWith: .success) {
            var random = RandomSource(seed: 1)
            var counts = (derived: 0, withUnknown: 0)
            for name in ["lenet", "gru", "bilstm", "vit_torchvision", "gpt2_mini", "llama_mini"] {
                try SampleNetwork.with(name) { network in
                    for _ in 0..<500 {
                        var graph = network.graph
                        for _ in 0..<Int.random(in: 1...3, using: &random) { graph.mutate(using: &random) }
                        alarm(60)
                        guard let symmetries = try? NetworkSymmetries(of: graph, shapes: network.inputShapes) else {
                            continue
                        }
                        counts.derived += 1
                        if !symmetries.unknownOperators.isEmpty { counts.withUnknown += 1 }
                    }
                }
            }
            // Both outcomes are met often, or the mutations prove little.
            #expect(counts.derived > 2_000, "\(counts)")
            #expect(counts.withUnknown > 500, "\(counts)")
        }
    }

    @Test("1,400 mutated graphs of loops, integers and counted positions are understood and computed, or refused")
    func traced() async {
        await #expect(processExitsWith: .success) {
            var random = RandomSource(seed: 2)
            var counts = (derived: 0, computed: 0, refused: 0)
            let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/traced")
            for name in ["fold", "unpool", "scatter_slice", "weight_standardised", "loop", "quantized", "dynamic"] {
                let network = try Network(folder.appending(path: "\(name).onnx"))
                let parameters = try network.parameters(.float64)
                for _ in 0..<200 {
                    var graph = network.graph
                    for _ in 0..<Int.random(in: 1...3, using: &random) { graph.mutate(using: &random) }
                    alarm(60)
                    if (try? NetworkSymmetries(of: graph, shapes: network.inputShapes)) != nil { counts.derived += 1 }
                    let inputs = network.randomInputs(bounds: [:], using: &random)
                    do {
                        _ = try GraphEvaluator(graph).evaluate(parameters: parameters, inputs: inputs, dtype: .float64)
                        counts.computed += 1
                    } catch {
                        counts.refused += 1
                    }
                }
            }
            #expect(counts.derived > 500 && counts.computed > 200 && counts.refused > 200, "\(counts)")
        }
    }
}

extension Graph {
    /// Changes a setting, a constant, a connection, a shape or an operator.
    fileprivate mutating func mutate(using random: inout RandomSource) {
        guard let node = nodes.indices.randomElement(using: &random) else { return }
        if case .graph(var body)? = nodes[node].attributes["body"], Bool.random(using: &random) {
            body.mutate(using: &random)
            nodes[node].attributes["body"] = .graph(body)
            return
        }
        let numbers = [0, -1, 1, 2, 3, 7, -9, 64, 1 << 31, .max, .min]
        var source = random.split()
        func number() -> Int { numbers.randomElement(using: &source) ?? 0 }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            let names = Set(nodes[node].attributes.keys).union(["axis", "perm", "group", "axes"]).sorted()
            let name = names.randomElement(using: &random) ?? "axis"
            if Bool.random(using: &random) {
                nodes[node].attributes[name] = .integer(number())
            } else {
                let count = Int.random(in: 0..<5, using: &random)
                nodes[node].attributes[name] = .integers((0..<count).map { _ in number() })
            }
        case 1:
            guard let name = constants.keys.sorted().randomElement(using: &random) else { return }
            let count = Int.random(in: 0..<5, using: &random)
            constants[name] =
                count == 0 ? Tensor([Int64(number())], shape: []) : Tensor((0..<count).map { _ in Int64(number()) })
        case 2:
            let names = nodes.prefix(node).flatMap(\.outputs).compactMap(\.self) + parameters.map(\.name)
            guard !nodes[node].inputs.isEmpty, let name = names.randomElement(using: &random) else { return }
            let position = Int.random(in: 0..<nodes[node].inputs.count, using: &random)
            nodes[node].inputs[position] = name
        case 3:
            guard let index = parameters.indices.randomElement(using: &random) else { return }
            var shape = parameters[index].shape
            if shape.isEmpty || Bool.random(using: &random) {
                shape.append(Int.random(in: 0..<4, using: &random))
            } else {
                let axis = Int.random(in: 0..<shape.count, using: &random)
                shape[axis] = Int.random(in: 0..<100, using: &random)
            }
            parameters[index] = CheckpointEntry(
                name: parameters[index].name, dtype: parameters[index].dtype, shape: shape)
        case 4:
            let names = OperatorCatalog.types.flatMap { $0.names }
            nodes[node].operation = names.randomElement(using: &random) ?? "Relu"
        default:
            nodes[node].inputs = Array(nodes[node].inputs.shuffled(using: &random).dropLast())
        }
    }
}
