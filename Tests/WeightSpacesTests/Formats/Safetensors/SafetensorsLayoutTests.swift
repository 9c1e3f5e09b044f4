import Foundation
import Testing

@testable import WeightSpaces

/// Whether a header whose text is sound fits the bytes that follow it.
@Suite struct SafetensorsLayoutTests {
    private static func tensor(_ name: String, _ dtype: String, _ shape: [Int], _ begin: Int, _ end: Int) -> String {
        let shape = shape.map(String.init).joined(separator: ",")
        return #""\#(name)":{"dtype":"\#(dtype)","shape":[\#(shape)],"data_offsets":[\#(begin),\#(end)]}"#
    }

    private static func file(_ tensors: String..., data: Int) -> SafetensorsBytes {
        .init("{\(tensors.joined(separator: ","))}", data: data)
    }

    private static func expect(_ file: SafetensorsBytes, throws expected: FormatError) {
        #expect(throws: expected) { try SafetensorsHeader(of: file) }
    }

    @Test(arguments: 0..<10)
    func filesBelowTheSmallestAreTooShort(count: Int) {
        let bytes = SafetensorsBytes("{}").joined.prefix(count)
        #expect(throws: FormatError.tooShort(file: "f", expected: 10, found: count)) {
            try SafetensorsHeader(of: Array(bytes))
        }
    }

    @Test(arguments: [0, 1, 9, 10, 100_000_001, 1 << 40, 1 << 63, .max])
    func aHeaderLengthBeyondTheFileIsRefused(length: UInt64) {
        Self.expect(
            .init("{}", data: 6, statedLength: length),
            throws: .headerLength(file: "f", expected: 2...8, found: length))
    }

    @Test(arguments: [" \u{B}{}", "\u{FEFF}{}", "[]", "\0{}"])
    func aHeaderBeginsWithABrace(text: String) {
        #expect {
            try SafetensorsHeader(of: .init(text))
        } throws: { error in
            if case .syntax(_, 8...9, "'{'", _)? = error as? FormatError { true } else { false }
        }
    }

    @Test(arguments: [" ", "  \n", "\t\r\n "])
    func spaceMayComeBeforeTheBrace(space: String) throws {
        try open(SafetensorsBytes("\(space){\(Self.tensor("a", "U8", [2], 0, 2))}", data: 2).joined) { file in
            #expect(file.entries.map(\.name) == ["a"])
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "copy")
                try file.write(to: url) { _ in [7, 8] }
                let copy = try Checkpoints.open(url).bytes("a")
                #expect(copy == [7, 8])
            }
        }
    }

    @Test(arguments: [("F4", 6, 3), ("F6_E2M3", 4, 3), ("F6_E3M2", 8, 6)])
    func typesOfNoWholeBytesArePassedOverAndNamed(dtype: String, count: Int, size: Int) throws {
        let tensors = [
            Self.tensor("z", "U8", [1], 0, 1), Self.tensor("odd", dtype, [count], 1, 1 + size),
            Self.tensor("a", "U8", [1], 1 + size, 2 + size),
        ]
        try open(SafetensorsBytes("{\(tensors.joined(separator: ","))}", data: 2 + size).joined) { file in
            #expect(file.entries.map(\.name) == ["z", "a"])
            #expect(file.passedOver == ["odd": "elements of type \(dtype), shape [\(count)]"])
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "copy")
                try file.write(to: url) { try file.bytes($0.name) }
                let copy = try Data(contentsOf: url)
                #expect(try copy == Data(contentsOf: file.url))
            }
        }
        for others in [[tensors[0], tensors[1], tensors[1]], [tensors[1]], [tensors[0], tensors[2]]] {
            #expect(throws: FormatError.self) {
                try SafetensorsHeader(of: .init("{\(others.joined(separator: ","))}", data: 2 + size))
            }
        }
        let wrong = Self.tensor("odd", dtype, [count + 2], 0, size)
        #expect(throws: FormatError.self) { try SafetensorsHeader(of: .init("{\(wrong)}", data: size)) }
    }

    @Test func aTypeThatIsNotComputedWithIsNamedOfTheFirstTensor() throws {
        let names = ["f", "c", "b", "e", "d"]
        let tensors = names.enumerated().map { Self.tensor($1, "F8_E4M3", [2], 2 * $0, 2 * $0 + 2) }
        try open(SafetensorsBytes("{\(tensors.joined(separator: ","))}", data: 10).joined) { file in
            #expect(file.entries.map(\.dtype) == [StoredDType](repeating: .float8E4M3, count: 5))
            let blocks = names.map { Block(parameter: $0, shape: [2], axes: [.fixed(2)]) }
            let space = try WeightSpace(groups: [], blocks: blocks)
            #expect(
                throws: FormatError.unusableTensor(
                    file: file.url.relativePath, tensor: "b", found: "elements of type F8_E4M3")
            ) { try file.parameters(of: space) }
        }
    }

    @Test func entriesComeInTheOrderOfTheData() throws {
        let file = Self.file(
            Self.tensor("c", "F32", [2], 9, 17), Self.tensor("a", "F64", [], 0, 8), Self.tensor("e", "U8", [0], 9, 9),
            Self.tensor("b", "I8", [1], 8, 9), data: 17)
        let header = try SafetensorsHeader(of: file)
        #expect(header.entries.map(\.name) == ["a", "b", "e", "c"])
        #expect(header.entries.map { header.positions[$0.name] } == [0, 1, 2, 3])
    }

    @Test func overlapsAreRefused() {
        Self.expect(
            Self.file(Self.tensor("a", "U8", [4], 0, 4), Self.tensor("b", "U8", [4], 2, 6), data: 6),
            throws: .dataOffset(file: "f", tensor: "b", expected: 4, found: 2))
    }

    @Test func holesAreRefused() {
        Self.expect(
            Self.file(Self.tensor("a", "U8", [2], 0, 2), Self.tensor("b", "U8", [2], 4, 6), data: 6),
            throws: .dataOffset(file: "f", tensor: "b", expected: 2, found: 4))
        Self.expect(
            Self.file(Self.tensor("a", "U8", [2], 1, 3), data: 3),
            throws: .dataOffset(file: "f", tensor: "a", expected: 0, found: 1))
    }

    @Test func dataThatNoTensorCoversIsRefused() {
        Self.expect(
            Self.file(Self.tensor("a", "U8", [2], 0, 2), data: 3), throws: .dataLength(file: "f", expected: 2, found: 3)
        )
        Self.expect(.init("{}", data: 1), throws: .dataLength(file: "f", expected: 0, found: 1))
    }

    @Test(arguments: [4, 1_000, .max - 64, .max - 1, .max])
    func tensorsBeyondTheDataAreRefused(count: Int) {
        Self.expect(
            Self.file(Self.tensor("a", "U8", [count], 0, count), data: 3),
            throws: .dataLength(file: "f", expected: count, found: 3))
    }

    @Test func theShapeMustAskForTheBytes() {
        for (shape, end, expected) in [([2, 3], 20, 24), ([2, 3], 25, 24), ([], 0, 4), ([0], 4, 0)] {
            Self.expect(
                Self.file(Self.tensor("a", "F32", shape, 0, end), data: end),
                throws: .byteCount(file: "f", tensor: "a", expected: expected, found: end))
        }
        Self.expect(
            Self.file(Self.tensor("a", "U8", [1], 2, 1), data: 2),
            throws: .byteCount(file: "f", tensor: "a", expected: 1, found: -1))
    }

    @Test(arguments: [[Int.max], [1 << 32, 1 << 32], [1 << 31, 1 << 31, 2, 2], [.max, .max, 0]])
    func shapesBeyondSixtyThreeBitsAreRefused(shape: [Int]) {
        Self.expect(
            Self.file(Self.tensor("a", "F32", shape, 0, 0), data: 0),
            throws: .shapeOverflow(file: "f", tensor: "a", shape: shape))
    }

    @Test(arguments: ["F3", "f32", "FLOAT", "", "F32 ", "BOOL\\u0000"])
    func unknownElementTypesAreNamed(dtype: String) {
        #expect {
            try SafetensorsHeader(of: Self.file(Self.tensor("a", dtype, [1], 0, 1), data: 1))
        } throws: { error in
            guard case .unknownDType("f", "a", let found)? = error as? FormatError else { return false }
            return found == dtype.replacing("\\u0000", with: "\0")
        }
    }

    @Test(arguments: [
        ("a", "a"), ("a", #"\u0061"#), ("é", "e\u{301}"), ("", ""),
    ])
    func repeatedNamesAreRefused(first: String, second: String) {
        for ends in [(1, 2), (0, 1)] {
            let file = Self.file(
                Self.tensor(first, "U8", [1], 0, 1), Self.tensor(second, "U8", [1], ends.0, ends.1), data: ends.1)
            #expect {
                try SafetensorsHeader(of: file)
            } throws: { error in
                if case .duplicateName? = error as? FormatError { true } else { false }
            }
        }
    }

    @Test func repeatedMetadataIsRefused() {
        Self.expect(
            .init(#"{"__metadata__":{"a":"1","a":"2"}}"#), throws: .duplicateName(file: "f", name: "a"))
        Self.expect(
            .init(#"{"__metadata__":{},"__metadata__":{}}"#), throws: .duplicateName(file: "f", name: "__metadata__"))
    }

    @Test func messagesAreOneLineWhateverTheNames() {
        let name = String(repeating: #"\n\u001b[31m\u2028\u202e"#, count: 20)
        #expect {
            try SafetensorsHeader(of: Self.file(Self.tensor(name, "F\\r\\n1", [1], 0, 1), data: 1))
        } throws: { error in
            let message = "\(error)"
            return message.count < 600
                && message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
                && !message.contains("\u{2028}") && !message.contains("\u{202E}") && message.hasPrefix("f: ")
        }
    }
}
