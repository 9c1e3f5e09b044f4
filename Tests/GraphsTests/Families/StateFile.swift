import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Names and shapes of a network's parameters, in the order in which it reads them.
struct StateFile {
    var shapes: [(name: String, shape: [Int])] = []
    /// What `config.json` beside the file says, if there is one.
    var configuration: String?

    /// A layer with a weight and a bias.
    mutating func add(_ layer: String, _ weight: [Int], outputs: Int? = nil, isBiased: Bool = true) {
        shapes.append(("\(layer).weight", weight))
        if isBiased { shapes.append(("\(layer).bias", [outputs ?? weight[0]])) }
    }

    /// A batch normalization.
    mutating func addBatchNormalization(_ layer: String, _ width: Int) {
        add(layer, [width])
        shapes += [("\(layer).running_mean", [width]), ("\(layer).running_var", [width])]
        shapes.append(("\(layer).num_batches_tracked", []))
    }

    mutating func remove(_ name: String) { shapes.removeAll { $0.name == name } }

    mutating func replace(_ name: String, _ shape: [Int]) {
        shapes = shapes.map { $0.name == name ? (name, shape) : $0 }
    }

    /// The network in a file with random elements.
    func network(stating facts: StatedFacts = StatedFacts()) throws -> Network {
        var random = RandomSource(seed: 5)
        let tensors = shapes.map { name, shape in
            if shape.isEmpty { return StoredTensor(name: name, dtype: .int64, shape: [], elements: [Int64(3)]) }
            let noise = Tensor.normal(shape: shape, dtype: .float64, using: &random)
            let isScale = shape.count == 1 && name.hasSuffix("weight") || name.hasSuffix("running_var")
            let tensor =
                isScale ? noise * 0.1 + 1 : noise * (1.5 / Double(shape.dropFirst().reduce(1, *)).squareRoot())
            return StoredTensor(name: name, tensor)
        }
        return try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            try SafetensorsFile.write(tensors, to: url)
            if let configuration {
                try Data(configuration.utf8).write(to: folder.appending(path: "config.json"))
            }
            return try Network(url, stating: facts)
        }
    }

    /// Expects groups of these sizes, and that the certificate holds.
    func expectGroups(
        _ sizes: [Int], stating facts: StatedFacts = StatedFacts(), sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let network = try network(stating: facts)
        let symmetries = try network.symmetries()
        #expect(symmetries.space.groups.map(\.size).sorted() == sizes.sorted(), sourceLocation: sourceLocation)
        #expect(symmetries.unknownOperators.isEmpty, sourceLocation: sourceLocation)
        let certificate = try Certificate(of: network, symmetries)
        #expect(certificate.holds, "\(certificate)", sourceLocation: sourceLocation)
    }

    /// Expects that the file is refused, and that the message says why.
    func expectRefusal(_ reason: String, sourceLocation: SourceLocation = #_sourceLocation) {
        do {
            _ = try network()
            Issue.record("expected a refusal because of \(reason)", sourceLocation: sourceLocation)
        } catch {
            #expect(error is FamilyError, sourceLocation: sourceLocation)
            #expect("\(error)".contains(reason), "\(error)", sourceLocation: sourceLocation)
        }
    }
}
