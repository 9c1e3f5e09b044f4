import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Extents that a file leaves open", .oneThread)
struct OpenExtentsTests {
    /// An open extent, or one with a name.
    private enum Extent: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
        case size(Int64)
        case name(String)

        init(integerLiteral value: Int64) { self = .size(value) }
        init(stringLiteral value: String) { self = .name(value) }
    }

    private static func input(_ name: String, _ extents: [Extent], type: Int32 = 1) -> ONNXValueInfoProto {
        var result = ONNXValueInfoProto(name, extents.map { _ in nil }, type: type)
        for (axis, extent) in extents.enumerated() {
            switch extent {
            case .size(let size): result.type.tensorType.shape.dim[axis].dimValue = size
            case .name(let name): result.type.tensorType.shape.dim[axis].dimParam = name
            }
        }
        return result
    }

    private static func network(
        _ nodes: [ONNXNodeProto], _ weights: [(String, [Int64])], inputs: [ONNXValueInfoProto],
        shapes: [String: [Int]] = [:]
    ) throws -> Network {
        try withTemporaryFolder { folder in
            var model = ONNXModelProto(
                nodes, weights.map { .init($0, $1, floats: (0..<$1.reduce(1, *)).map { sin(Float($0)) }) })
            model.graph.input = inputs
            return try Network(model.write(to: folder), shapes: shapes)
        }
    }

    /// Two convolutions with poolings, a flatten and a dense layer that reads `width` numbers.
    private static func classifier(width: Int64, input: ONNXValueInfoProto) throws -> Network {
        try network(
            [
                .init("Conv", ["x", "a"], ["c"]), .init("MaxPool", ["c"], ["d"], pool),
                .init("Conv", ["d", "b"], ["e"]), .init("MaxPool", ["e"], ["f"], pool),
                .init("Flatten", ["f"], ["g"]), .init("Gemm", ["g", "w"], ["y"]),
            ], [("a", [6, 1, 5, 5]), ("b", [16, 6, 5, 5]), ("w", [width, 10])], inputs: [input])
    }

    private static let pool: [ONNXAttributeProto] = [
        .init("kernel_shape", type: 7) { $0.ints = [2, 2] }, .init("strides", type: 7) { $0.ints = [2, 2] },
    ]

    @Test("a flatten and a dense layer tell the size of the picture", arguments: [28, 32, 45, 61])
    func picture(size: Int) throws {
        let places = ((size - 4) / 2 - 4) / 2
        let network = try Self.classifier(
            width: Int64(16 * places * places), input: Self.input("x", ["N", 1, "height", "width"]))
        let shape = try #require(network.inputShapes["x"])
        #expect(shape[0] == 1 && shape[2] == shape[3])
        #expect(((shape[2] - 4) / 2 - 4) / 2 == places)
        #expect(network.misfit == nil)
        let symmetries = try network.symmetries()
        #expect(symmetries.space.groups.map(\.size) == [6, 16])
        #expect(symmetries.refusals.isEmpty)
        #expect(try Certificate(of: network, symmetries).holds)
    }

    @Test("one extent that is given tells the other") func oneOpen() throws {
        let network = try Self.classifier(width: 16 * 5 * 9, input: Self.input("x", [1, 1, 32, "width"]))
        let width = try #require(network.inputShapes["x"])[3]
        #expect(((width - 4) / 2 - 4) / 2 == 9)
        #expect(try Certificate(of: network, network.symmetries()).holds)
    }

    @Test("extents of one name are one, a first axis and its namesakes small") func names() throws {
        let network = try Self.network(
            [
                .init("MatMul", ["x", "w"], ["h"]), .init("Add", ["h", "state"], ["s"]), .init("Relu", ["s"], ["r"]),
                .init("MatMul", ["r", "v"], ["y"]),
            ], [("w", [3, 4]), ("v", [4, 2])],
            inputs: [Self.input("x", ["batch", "time", 3]), Self.input("state", [1, "batch", 4])])
        #expect(network.inputShapes == ["x": [1, Network.openExtent, 3], "state": [1, 1, 4]])
        let longer = try Self.network(
            [.init("Add", ["x", "z"], ["y"])], [("w", [3])],
            inputs: [Self.input("x", ["batch", "time"]), Self.input("z", ["batch", "time"])], shapes: ["z": [2, 5]])
        #expect(longer.inputShapes == ["x": [2, 5], "z": [2, 5]])
    }

    @Test("a table of places tells the number of tokens") func places() throws {
        let network = try Self.network(
            [
                .init("Gather", ["table", "x"], ["e"]), .init("Add", ["e", "places"], ["p"]),
                .init("MatMul", ["p", "w"], ["y"]),
            ], [("table", [20, 4]), ("places", [77, 4]), ("w", [4, 3])],
            inputs: [Self.input("x", ["batch", "tokens"], type: 7)])
        #expect(network.inputShapes == ["x": [1, 77]])
    }

    @Test("what no extent can mend says the same as before, and evaluating it names the option") func misfit() throws {
        let network = try Self.network(
            [.init("MatMul", ["x", "w"], ["h"]), .init("Gemm", ["h", "v"], ["y"])], [("w", [3, 4]), ("v", [5, 2])],
            inputs: [Self.input("x", ["rows", 3])])
        #expect(network.inputShapes == ["x": [1, 3]])
        #expect(network.misfit?.excess != nil)
        #expect(try network.symmetries().refusals.keys.contains("Gemm"))
        let error = #expect(throws: GraphError.self) { try Certificate(of: network, network.symmetries()) }
        #expect("\(try #require(error))".contains("--shape x=1,3"))
    }

    @Test("a shape that is given is taken as it is") func given() throws {
        let network = try Self.network(
            [.init("MatMul", ["x", "w"], ["y"])], [("w", [3, 4])], inputs: [Self.input("x", ["a", "b", 3])],
            shapes: ["x": [2, 5, 3]])
        #expect(network.inputShapes == ["x": [2, 5, 3]])
    }
}
