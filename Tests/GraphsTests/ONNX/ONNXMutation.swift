import Foundation
import SwiftProtobuf
import Torch

@testable import Graphs

/// Damages ONNX files in seeded, repeatable ways: half of them as bytes, half of them as messages of other contents.
struct ONNXMutation {
    private var random: RandomSource
    private let sound: [ONNXModelProto]

    init(seed: UInt64) {
        random = RandomSource(seed: seed)
        sound = Self.soundModels
    }

    /// The bytes of a sound file after one to three mutations.
    mutating func next() throws -> [UInt8] {
        var model = sound.randomElement(using: &random)!
        let isMessage = Bool.random(using: &random)
        if isMessage {
            for _ in 0..<Int.random(in: 1...2, using: &random) { damage(&model) }
        }
        var bytes: [UInt8] = try model.serializedBytes(partial: true)
        for _ in 0..<(isMessage ? 0 : Int.random(in: 1...3, using: &random)) { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        guard let index = bytes.indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[index] = [0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x3A].randomElement(using: &random)!
        case 2: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...9, using: &random)))
        case 3:
            bytes.insert(contentsOf: Array(repeating: 0xFF, count: Int.random(in: 1...9, using: &random)), at: index)
        case 4: bytes.removeLast(bytes.count - index)
        default:
            let end = min(bytes.count, index + Int.random(in: 1...40, using: &random))
            bytes.insert(contentsOf: bytes[index..<end], at: bytes.indices.randomElement(using: &random)!)
        }
    }

    private mutating func damage(_ model: inout ONNXModelProto) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1, 2:
            guard let index = model.graph.initializer.indices.randomElement(using: &random) else { return }
            damage(&model.graph.initializer[index])
        case 3, 4, 5:
            guard let index = model.graph.node.indices.randomElement(using: &random) else { return }
            damage(&model.graph.node[index], names: Self.names)
        case 6:
            guard let index = model.functions.indices.randomElement(using: &random) else { return }
            guard let node = model.functions[index].node.indices.randomElement(using: &random) else { return }
            damage(&model.functions[index].node[node], names: Self.names)
        default:
            guard let index = model.graph.output.indices.randomElement(using: &random) else { return }
            model.graph.output[index].name = Self.names.randomElement(using: &random)!
        }
    }

    private mutating func damage(_ tensor: inout ONNXTensorProto) {
        let numbers: [Int64] = [0, 1, -1, 2, 7, 1 << 31, 1 << 40, 1 << 61, .max, .min]
        switch Int.random(in: 0..<7, using: &random) {
        case 0: tensor.dims.append(numbers.randomElement(using: &random)!)
        case 1: if !tensor.dims.isEmpty { tensor.dims[0] = numbers.randomElement(using: &random)! }
        case 2: tensor.dataType = Int32.random(in: -1...26, using: &random)
        case 3: tensor.rawData = Data(repeating: 1, count: Int.random(in: 0...48, using: &random))
        case 4: tensor.name = Self.names.randomElement(using: &random)!
        case 5: tensor.dataLocation = Int32.random(in: 0...2, using: &random)
        default:
            guard let index = tensor.externalData.indices.randomElement(using: &random) else { return }
            tensor.externalData[index].value =
                ["0", "8", "-1", "99", "9223372036854775807", "..", "a/b", "", "é"].randomElement(using: &random)!
        }
    }

    private mutating func damage(_ node: inout ONNXNodeProto, names: [String]) {
        let name = names.randomElement(using: &random)!
        switch Int.random(in: 0..<6, using: &random) {
        case 0: if let index = node.input.indices.randomElement(using: &random) { node.input[index] = name }
        case 1: if let index = node.output.indices.randomElement(using: &random) { node.output[index] = name }
        case 2: node.opType = ["Constant", "Scale", "Twice", "If", ""].randomElement(using: &random)!
        case 3: node.domain = ["", "com.example", "ai.onnx"].randomElement(using: &random)!
        case 4: node.input.append(name)
        default:
            guard let index = node.attribute.indices.randomElement(using: &random) else { return }
            node.attribute[index].type = Int32.random(in: -1...15, using: &random)
        }
    }

    private static let names = [
        "x", "y", "w", "b", "h", "c", "shape", "", "long" + String(repeating: "e\u{301}", count: 600),
    ]

    private static var soundModels: [ONNXModelProto] {
        let branch = ONNXGraphProto(
            [.init("Add", ["x", "k"], ["t"])], [.init("k", [1], floats: [1])], outputs: ["t"])
        let scale = ONNXFunctionProto(
            "Scale", ["a"], ["b"], [.init("Mul", ["a", "a"], ["b"], [.init("to", from: "kind")])])
        let twice = ONNXFunctionProto(
            "Twice", ["a"], ["c"],
            [.init("Scale", ["a"], ["b"], domain: "com.example"), .init("Scale", ["b"], ["c"], domain: "com.example")])
        var half = ONNXTensorProto("w", [2, 3], type: 10)
        half.int32Data = Array(repeating: 0x3C00, count: 6)
        let value = ONNXAttributeProto("value", tensor: .init("", [2], integers: [3, -1]))
        return [
            .linear,
            ONNXModelProto([
                .init("If", ["x"], ["h"], [.init("then_branch", graph: branch), .init("else_branch", graph: branch)]),
                .init("Constant", [], ["c"], [value]), .init("Reshape", ["h", "c"], ["y"]),
            ]),
            ONNXModelProto(
                [.init("Twice", ["x"], ["y"], [.init("kind", integer: 2)], domain: "com.example")],
                functions: [scale, twice]),
            ONNXModelProto(
                [.init("MatMul", ["x", "w"], ["h"]), .init("Add", ["h", "b"], ["y"])],
                [half, .init("b", [2], external: ["location": "weights", "offset": "4", "length": "8"])]),
        ]
    }
}
