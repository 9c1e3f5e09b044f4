import Torch

@testable import WeightSpaces

/// Damages safetensors files in seeded, repeatable ways: mostly near the truth, where checks are most easily missed.
struct SafetensorsMutation {
    private var random: RandomSource
    private let sound: [SafetensorsBytes]

    init(seed: UInt64) throws {
        random = RandomSource(seed: seed)
        sound = try Self.soundFiles()
    }

    /// A sound file, or one whose tensors lie nearly end to end, after at most three mutations.
    mutating func next() -> [UInt8] {
        let isSound = Int.random(in: 0..<4, using: &random) > 0
        var file = isSound ? sound.randomElement(using: &random)! : looselyLaidOut()
        for _ in 0..<Int.random(in: isSound ? 1...3 : 0...1, using: &random) {
            switch Int.random(in: 0..<16, using: &random) {
            case 0, 1: flipBits(of: &file.header)
            case 2, 3: replaceByte(of: &file.header)
            case 4, 5: insert(into: &file.header)
            case 6, 7: removeRange(of: &file.header)
            case 8, 9, 10: replaceNumber(in: &file.header)
            case 11, 12: repeatPart(of: &file.header)
            case 13: nest(in: &file.header)
            case 14: resize(&file.data)
            default: file.statedLength = statedLength(for: file)
            }
        }
        var bytes = file.joined
        switch Int.random(in: 0..<16, using: &random) {
        case 0: flipBits(of: &bytes)
        case 1: removeRange(of: &bytes)
        case 2: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        case 3: insert(into: &bytes)
        default: break
        }
        return bytes
    }

    /// Bytes in tensors of honest sizes, in any order, now and then with a gap or an overlap, or under one name.
    private mutating func looselyLaidOut() -> SafetensorsBytes {
        var end = 0
        var members: [String] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let begin = max(
                0, end + (Int.random(in: 0..<8, using: &random) == 0 ? Int.random(in: -3...3, using: &random) : 0))
            let shape = (0..<Int.random(in: 0...3, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let name = Int.random(in: 0..<100, using: &random)
            end = begin + shape.reduce(1, *)
            members.append(#""\#(name)":{"dtype":"U8","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#)
        }
        members.shuffle(using: &random)
        return SafetensorsBytes("{\(members.joined(separator: ","))}", data: end)
    }

    private mutating func flipBits(of bytes: inout [UInt8]) {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let index = bytes.indices.randomElement(using: &random) else { return }
            bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
    }

    private mutating func replaceByte(of bytes: inout [UInt8]) {
        guard let index = bytes.indices.randomElement(using: &random) else { return }
        bytes[index] = Self.symbols.randomElement(using: &random)!
    }

    private mutating func insert(into bytes: inout [UInt8]) {
        let fragment = Self.fragments.randomElement(using: &random)!
        bytes.insert(contentsOf: fragment, at: Int.random(in: 0...bytes.count, using: &random))
    }

    private mutating func removeRange(of bytes: inout [UInt8]) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...16, using: &random)))
    }

    /// Puts another number in the place of one in the text: a neighbour, an end of a range, or no number at all.
    private mutating func replaceNumber(in bytes: inout [UInt8]) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let start = position(in: bytes, where: { digits ~= $0 }) else { return }
        let end = bytes[start...].firstIndex { !(digits ~= $0) } ?? bytes.count
        let value = Int(String(decoding: bytes[start..<end], as: UTF8.self)) ?? 0
        let neighbours = [value &+ 1, value &- 1, value &* 2, value / 2].map(String.init)
        let number = (Bool.random(using: &random) ? neighbours : Self.numbers).randomElement(using: &random)!
        bytes.replaceSubrange(start..<end, with: Array(number.utf8))
    }

    /// Inserts a copy of a stretch from comma to comma behind itself, which repeats members and elements.
    private mutating func repeatPart(of bytes: inout [UInt8]) {
        let comma = UInt8(ascii: ",")
        guard let first = position(in: bytes, where: { $0 == comma }) else { return }
        guard let second = position(in: bytes, where: { $0 == comma }), second > first else { return }
        bytes.insert(contentsOf: Array(bytes[first..<second]), at: second)
    }

    private mutating func nest(in bytes: inout [UInt8]) {
        let opening = Self.openings.randomElement(using: &random)!
        let depth = [1, 2, 50, 500].randomElement(using: &random)!
        let nest = String(repeating: opening, count: depth)
        bytes.insert(contentsOf: Array(nest.utf8), at: Int.random(in: 0...bytes.count, using: &random))
    }

    /// The first byte that matches, from a random place on.
    private mutating func position(in bytes: [UInt8], where matches: (UInt8) -> Bool) -> Int? {
        guard let start = bytes.indices.randomElement(using: &random) else { return nil }
        return bytes[start...].firstIndex(where: matches)
    }

    private mutating func resize(_ data: inout [UInt8]) {
        if Bool.random(using: &random) {
            data += Array(repeating: 0, count: Int.random(in: 1...9, using: &random))
        } else {
            data.removeLast(min(data.count, Int.random(in: 1...9, using: &random)))
        }
    }

    private mutating func statedLength(for file: SafetensorsBytes) -> UInt64 {
        let length = UInt64(file.header.count)
        let neighbour = length &+ UInt64.random(in: 0...16, using: &random) &- 8
        let lengths = [0, 1, neighbour, length + UInt64(file.data.count), 100_000_000, 1 << 32, 1 << 63, .max]
        return lengths.randomElement(using: &random)!
    }
}

extension SafetensorsMutation {
    private static let symbols = Array("{}[]\",:\\0u- .e\n".utf8)
    private static let openings = ["[", "{", "{\"a\":", "{\"w\":{\"shape\":["]
    private static let numbers = [
        "0", "1", "00", "-0", "-1", "1.5", "1e2", "4294967296", "4611686018427387904", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", String(repeating: "9", count: 40), "", "null", "[1]",
    ]
    private static let fragments: [[UInt8]] =
        [
            #""w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#, #""__metadata__":{},"#, #"\ud83d"#, #"\u0000"#,
            "e\u{301}", "\"", "  ", "F4", String(repeating: "n", count: 2_000),
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0]]

    /// Files that load: of our own writing, and two that other writers might make.
    private static func soundFiles() throws -> [SafetensorsBytes] {
        let network = [32, 2, 32, 32, 1].adjacentPairs.enumerated().flatMap { layer, widths in
            [
                StoredTensor(
                    name: "layers.\(layer).weight", dtype: .float32, shape: [widths.0, widths.1],
                    elements: [Float](repeating: 0.5, count: widths.0 * widths.1)),
                StoredTensor(
                    name: "layers.\(layer).bias", dtype: .float32, shape: [widths.1],
                    elements: [Float](repeating: 1, count: widths.1)),
            ]
        }
        let everyType = StoredDType.allCases.map { dtype in
            StoredTensor(
                name: "типа \(dtype)", dtype: dtype, shape: [1, 3],
                elements: [UInt8](repeating: 1, count: 3 * dtype.byteCount))
        }
        let edges = [
            StoredTensor(name: "empty", dtype: .float32, shape: [3, 0], elements: [Float]()),
            StoredTensor(name: "scalar", dtype: .float64, shape: [], elements: [1.0]),
            StoredTensor(name: "\"🧠\"\n", dtype: .bool, shape: [1, 1, 1, 1, 1, 1], elements: [true]),
        ]
        let metadata = ["format": "pt", "config": #"{"channels": [32, 32], "name": "é"}"#]
        return [
            try bytes(of: network, metadata: metadata), try bytes(of: everyType, metadata: [:]),
            try bytes(of: edges, metadata: metadata), try bytes(of: [], metadata: [:]),
            SafetensorsBytes(
                "{ \"b\":{\"data_offsets\":[2,3],\"shape\":[1],\"dtype\":\"U8\"},\n\t\"a\" : "
                    + "{ \"dtype\": \"I8\", \"shape\": [2], \"data_offsets\": [0, 2] } }\r\n", data: 3),
            SafetensorsBytes(#"{"\u0061\ud83d\ude00":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}}"#, data: 4),
        ]
    }

    private static func bytes(of tensors: [StoredTensor], metadata: [String: String]) throws -> SafetensorsBytes {
        var bytes: [UInt8] = []
        try SafetensorsLayout(tensors, metadata: metadata, file: "f").emit { bytes += $0 }
        let dataStart = 8 + bytes.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
        return SafetensorsBytes(header: Array(bytes[8..<dataStart]), data: Array(bytes[dataStart...]))
    }
}

extension Array {
    fileprivate var adjacentPairs: [(Element, Element)] { Array<(Element, Element)>(zip(self, dropFirst())) }
}
