import Testing

@testable import WeightSpaces

/// Where a pickle says that a tensor's elements lie, and what of it is believed.
@Suite struct PyTorchLayoutTests {
    private static let storage = [UInt8](0..<24)

    private static func file(_ tensor: [UInt8]) -> [UInt8] {
        PickleBytes.checkpoint(PickleBytes.dictionary([("w", tensor)]), storage: storage)
    }

    @Test func aHandMadeCheckpointReads() throws {
        try open(Self.file(PickleBytes.tensor(count: 6, offset: 1, shape: [2, 2], strides: [1, 3]))) { file in
            #expect(file.entries == [CheckpointEntry(name: "w", dtype: .float32, shape: [2, 2])])
            let bytes = try file.bytes("w")
            #expect(bytes == [4, 5, 6, 7, 16, 17, 18, 19, 8, 9, 10, 11, 20, 21, 22, 23])
        }
    }

    @Test(arguments: [
        ([2, 3], [3, 1], 1), ([7], [1], 0), ([2], [6], 0), ([2], [-1], 1), ([1], [1], -1), ([1], [1], 6),
        ([2, 2], [.max, 1], 0), ([3, 3], [.max / 2, 1], 2), ([2], [1 << 62], 1 << 62), ([1], [1], .max),
        ([2, 3], [3], 0), ([], [1], 0), ([7, 2], [1, 0], 0), ([2, 1 << 40], [6, 0], 0),
    ])
    func elementsLieInTheStorage(shape: [Int], strides: [Int], offset: Int) {
        expectRefusal(
            Self.file(PickleBytes.tensor(count: 6, offset: offset, shape: shape, strides: strides)),
            "elements that lie in a storage of 24 bytes")
    }

    @Test func elementsMayShareTheirPlaceInProportion() throws {
        try open(Self.file(PickleBytes.tensor(count: 6, offset: 1, shape: [2, 2], strides: [1, 0]))) { file in
            let bytes = try file.bytes("w")
            #expect(bytes == [4, 5, 6, 7, 4, 5, 6, 7, 8, 9, 10, 11, 8, 9, 10, 11])
        }
        try open(Self.file(PickleBytes.tensor(count: 6, shape: [2, 3], strides: [1, 1]))) { file in
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "copy")
                try file.write(to: url) { entry in try file.bytes(entry.name).map { ~$0 } }
                let copy = try Checkpoints.open(url).bytes("w")
                #expect(try copy == file.bytes("w").map { ~$0 })
                #expect(throws: FormatError.sharedElements(file: url.relativePath, tensor: "w")) {
                    try file.write(to: url) { _ in [UInt8](0..<24) }
                }
            }
        }
        for shape in [[1_000, 1_000], [1 << 60]] {
            let tensor = PickleBytes.tensor(count: 6, shape: shape, strides: shape.map { _ in 0 })
            expectRefusal(Self.file(tensor), "an expanded view")
        }
    }

    @Test func shapesBeyondSixtyThreeBitsAreRefused() {
        for shape in [[1 << 61], [1 << 32, 1 << 32], [.max, .max], [-1], [-1, -1]] {
            let tensor = PickleBytes.tensor(count: 6, shape: shape, strides: shape.map { _ in 1 })
            expectRefusal(Self.file(tensor), "2^63")
        }
        let deep = PickleBytes.tensor(
            count: 6, shape: [Int](repeating: 1, count: 65), strides: [Int](repeating: 1, count: 65))
        expectRefusal(Self.file(deep), "at most 64")
    }

    @Test(arguments: [5, 7, -1, 1 << 62, .max, .min])
    func aStorageIsAsLongAsItsMember(count: Int) {
        let tensor = PickleBytes.tensor(count: count, shape: [1], strides: [1])
        #expect(throws: FormatError.self) { try open(Self.file(tensor)) }
    }

    @Test func aStorageHasAMember() {
        for key in ["1", "../0", "", "0/", "\u{301}"] {
            expectRefusal(
                Self.file(PickleBytes.tensor(storage: key, count: 6, shape: [1], strides: [1])), "a storage")
        }
    }

    @Test func bigEndianCheckpointsAreRefused() {
        let tensor = PickleBytes.dictionary([("w", PickleBytes.tensor(count: 6, shape: [6], strides: [1]))])
        expectRefusal(PickleBytes.checkpoint(tensor, storage: Self.storage, order: "big"), "little-endian")
    }

    @Test func tensorsAreFoundUnderTheUsualKeysAndNowhereElse() throws {
        let tensor = PickleBytes.tensor(count: 6, shape: [6], strides: [1])
        func names(_ pickle: [UInt8]) throws -> [String] {
            var names: [String] = []
            try open(PickleBytes.checkpoint(pickle, storage: Self.storage)) { names = $0.entries.map(\.name) }
            return names
        }
        let inner = PickleBytes.dictionary([("module.w", tensor), ("note", PickleBytes.text("passed over"))])
        for key in ["state_dict", "model", "model_state_dict", "net", "network", "module", "ema"] {
            #expect(try names(PickleBytes.dictionary([("step", tensor), (key, inner)])) == ["module.w"])
        }
        let other = PickleBytes.dictionary([("x", tensor)])
        #expect(try names(PickleBytes.dictionary([("ema", other), ("state_dict", inner)])) == ["module.w"])
        #expect(
            try names(PickleBytes.dictionary([("model", PickleBytes.dictionary([("net", inner)]))])) == ["module.w"])
        #expect(try names(PickleBytes.dictionary([("model", tensor), ("net", tensor)])) == ["model", "net"])
        #expect(try names([0x7D]) == [])
        let unusual = PickleBytes.checkpoint(PickleBytes.dictionary([("generator", inner)]), storage: Self.storage)
        expectRefusal(unusual, "\"generator\"")
        expectRefusal(PickleBytes.checkpoint(tensor, storage: Self.storage), "one tensor without a name")
        let twice = PickleBytes.dictionary([("w", tensor), ("w", tensor)])
        expectRefusal(PickleBytes.checkpoint(twice, storage: Self.storage), "occurs twice")
    }
}
