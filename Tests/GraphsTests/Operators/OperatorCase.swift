import Foundation
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// What ONNX computes with one node: an element of the file that `Scripts/operators.py` writes.
struct OperatorCase: Sendable, CustomTestStringConvertible {
    /// The file's description of one case.
    private struct Description: Decodable {
        let operation: String
        let version: Int?
        let attributes: [String: Setting]?
        /// The numbers of inputs and of outputs.
        let counts: [Int]
        /// Whether the results were computed in float32.
        let single: Bool?
    }

    /// An attribute by its kind.
    fileprivate struct Setting: Decodable {
        let integer: Int?
        let number: Double?
        let text: String?
        let integers: [Int]?
        let numbers: [Double]?
        let texts: [String]?
        let tensor: String?
    }

    let node: Node
    let inputs: [Tensor?]
    let expected: [Tensor]
    /// The largest error that is allowed.
    let bound: Double
    let testDescription: String

    /// All cases that were recorded.
    static func all() throws -> [OperatorCase] {
        let url = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/operators.safetensors")
        let file = try SafetensorsFile(url)
        var tensors: [String: Tensor] = [:]
        for entry in file.entries { tensors[entry.name] = try file.tensor(entry) }
        let text = try #require(file.metadata["cases"])
        let descriptions = try JSONDecoder().decode([Description].self, from: Data(text.utf8))
        return try descriptions.enumerated().map { try OperatorCase($0, $1, tensors) }
    }

    private init(_ number: Int, _ description: Description, _ tensors: [String: Tensor]) throws {
        let inputs = (0..<description.counts[0]).map { tensors["\(number).i\($0)"] }
        self.inputs = inputs.map { $0.map { $0.dtype == .float32 ? $0.to(.float64) : $0 } }
        expected = try (0..<description.counts[1]).map { try #require(tensors["\(number).o\($0)"]) }
        let attributes = try description.attributes?.mapValues { try Attribute($0, tensors) } ?? [:]
        node = Node(
            description.operation, inputs: inputs.indices.map { inputs[$0] == nil ? nil : "i\($0)" },
            outputs: expected.indices.map { "o\($0)" }, attributes: attributes, version: description.version ?? 20)
        bound = description.single == true ? 1e-5 : 1e-6
        let settings = node.attributes.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ")
        let shapes = inputs.map { $0.map { "\($0.shape)" } ?? "nil" }.joined(separator: " ")
        testDescription = "\(number). \(node.operation) \(node.version) \(settings) of \(shapes)"
    }
}

extension Attribute {
    fileprivate init(_ setting: OperatorCase.Setting, _ tensors: [String: Tensor]) throws {
        if let value = setting.integer {
            self = .integer(value)
        } else if let value = setting.number {
            self = .number(value)
        } else if let value = setting.text {
            self = .text(value)
        } else if let values = setting.integers {
            self = .integers(values)
        } else if let values = setting.numbers {
            self = .numbers(values)
        } else if let values = setting.texts {
            self = .texts(values)
        } else {
            self = .tensor(try #require(setting.tensor.flatMap { tensors[$0] }))
        }
    }
}
