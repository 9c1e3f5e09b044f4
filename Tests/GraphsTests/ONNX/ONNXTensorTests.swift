import Foundation
import Testing
import WeightSpaces

@testable import Graphs

@Suite("Tensors of ONNX files")
struct ONNXTensorTests {
    private static let codes: [(Int32, StoredDType)] = (1...24).compactMap { code in
        StoredDType(onnx: code).map { (code, $0) }
    }

    private static func file(_ tensor: ONNXTensorProto) throws -> ONNXFile {
        try ONNXModelProto([.init("Relu", ["x"], ["y"])], [tensor]).opened()
    }

    private static func bytes(_ file: ONNXFile) throws -> [UInt8] {
        try file.withBytes(of: file.entries[0]) { Array($0) }
    }

    @Test("every stored element type of the project has a number in the format")
    func everyType() { #expect(Set(Self.codes.map(\.1)) == Set(StoredDType.allCases)) }

    @Test("raw bytes of every element type come back as they are", arguments: codes)
    func raw(code: Int32, dtype: StoredDType) throws {
        let bytes = (0..<6 * dtype.byteCount).map { UInt8(truncatingIfNeeded: $0 * 37 + 1) }
        var tensor = ONNXTensorProto("w", [2, 3], type: code)
        tensor.rawData = Data(bytes)
        let file = try Self.file(tensor)
        #expect(file.entries == [CheckpointEntry(name: "w", dtype: dtype, shape: [2, 3])])
        #expect(try Self.bytes(file) == bytes)
    }

    @Test("elements that are listed in a wider type come back in their own")
    func listed() throws {
        func check(_ code: Int32, _ expected: [UInt8], _ fill: (inout ONNXTensorProto) -> Void) throws {
            var tensor = ONNXTensorProto("w", [2], type: code)
            fill(&tensor)
            #expect(try Self.bytes(Self.file(tensor)) == expected, "type \(code)")
        }
        try check(1, [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]) { $0.floatData = [1, -2] }
        try check(11, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F] + Array(repeating: 0, count: 8)) { $0.doubleData = [1, 0] }
        try check(14, Array(repeating: 0, count: 16)) { $0.floatData = [0, 0, 0, 0] }
        try check(10, [0, 0x3C, 0, 0xC0]) { $0.int32Data = [0x3C00, 0xC000] }
        try check(16, [0x80, 0x3F, 0, 0xC0]) { $0.int32Data = [0x3F80, 0xC000] }
        try check(3, [1, 0xFF]) { $0.int32Data = [1, -1] }
        try check(2, [1, 0xFF]) { $0.int32Data = [1, 255] }
        try check(6, [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) { $0.int32Data = [1, -1] }
        try check(12, [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) { $0.uint64Data = [1, 0xFFFF_FFFF] }
        try check(13, [1] + Array(repeating: 0, count: 7) + Array(repeating: 0xFF, count: 8)) {
            $0.uint64Data = [1, .max]
        }
        try check(7, Array(repeating: 0xFF, count: 8) + [2, 0, 0, 0, 0, 0, 0, 0]) { $0.int64Data = [-1, 2] }
    }

    @Test("a scalar has one element, and a tensor with an extent of zero none")
    func edges() throws {
        #expect(try Self.file(.init("w", [], floats: [3])).floats("w") == [3])
        #expect(try Self.file(.init("w", [4, 0], floats: [])).floats("w") == [])
    }

    @Test("elements that are not as many as the shape asks for are refused", arguments: [0, 5, 7])
    func counts(count: Int) {
        #expect { try Self.file(.init("w", [2, 3], floats: Array(repeating: 0, count: count))) } throws: { error in
            if case .byteCount(_, "w", 24, count * 4)? = error as? FormatError { true } else { false }
        }
    }

    @Test(
        "shapes beyond 63 bits, with or without elements, are refused",
        arguments: [
            [1 << 62, 4], [-1], [1 << 40, 1 << 40], [0, 1 << 62, 1 << 62], [.max], [.min],
        ] as [[Int64]])
    func shapes(dims: [Int64]) {
        #expect { try Self.file(.init("w", dims, floats: [])) } throws: { error in
            if case .shapeOverflow(_, "w", _)? = error as? FormatError { true } else { false }
        }
    }

    @Test("more axes than any library takes are refused")
    func rank() {
        #expect { try Self.file(.init("w", Array(repeating: 1, count: 65), floats: [0])) } throws: { error in
            if case .rank(_, "w", 64, 65)? = error as? FormatError { true } else { false }
        }
    }

    @Test(
        "element types that are not whole bytes are refused by name",
        arguments: [
            (0, "UNDEFINED"), (8, "STRING"), (22, "INT4"), (77, "type 77"), (-1, "type -1"),
        ] as [(Int32, String)])
    func otherTypes(code: Int32, name: String) {
        #expect { try Self.file(.init("w", [0], type: code)) } throws: { error in
            if case .unknownDType(_, "w", name)? = error as? FormatError { true } else { false }
        }
    }
}
