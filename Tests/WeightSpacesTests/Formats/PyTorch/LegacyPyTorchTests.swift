import Foundation
import Testing

@testable import WeightSpaces

/// The format of PyTorch before version 1.6, put together by hand.
@Suite struct LegacyPyTorchTests {
    private static let storage = [UInt8](0..<24)
    private static let weights = PickleBytes.tensor(count: 6, offset: 1, shape: [2, 2], strides: [1, 3])
    private static let state = PickleBytes.dictionary([("w", weights)])
    private static let sound = PickleBytes.legacy(state, storages: [(6, storage)])

    @Test func tensorsLieBehindTheirNumbersOfElements() throws {
        try open(Self.sound) { file in
            #expect(file.entries == [CheckpointEntry(name: "w", dtype: .float32, shape: [2, 2])])
            let bytes = try file.bytes("w")
            #expect(bytes == [4, 5, 6, 7, 16, 17, 18, 19, 8, 9, 10, 11, 20, 21, 22, 23])
        }
        let two = PickleBytes.dictionary([
            ("a", PickleBytes.tensor(storage: "9", count: 1, shape: [1], strides: [1], type: "DoubleStorage")),
            ("w", Self.weights),
            ("b", PickleBytes.tensor(storage: "1", count: 2, shape: [2], strides: [1], type: "ByteStorage")),
            ("c", PickleBytes.tensor(storage: "3", count: 1, shape: [1], strides: [1], type: "ComplexDoubleStorage")),
        ])
        let keys = ["0", "1", "3", "9"].map(PickleBytes.text)
        let odd = [UInt8](repeating: 7, count: 16)
        let storages = [(6, Self.storage), (2, [1, 2]), (1, odd), (1, [UInt8](10..<18))]
        try open(PickleBytes.legacy(two, keys: keys, storages: storages) + [1, 2, 3]) { file in
            #expect(file.entries.map(\.name) == ["a", "w", "b"])
            #expect(file.passedOver.keys.sorted() == ["c"])
            let contents = try file.contents()
            #expect(contents["a"] == [UInt8](10..<18))
            #expect(contents["b"] == [1, 2])
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "copy")
                try file.write(to: url) { entry in try file.bytes(entry.name) }
                let written = try Data(contentsOf: url)
                #expect(try written == Data(contentsOf: file.url))
            }
        }
    }

    @Test func everyCutIsNoticed() {
        for count in 0..<Self.sound.count {
            #expect(throws: FormatError.self, "\(count) bytes") { try open(Array(Self.sound[..<count])) }
        }
    }

    @Test(arguments: [5, 7, -1, 1 << 61, 1 << 62, .max, .min])
    func aStorageHasAsManyElementsAsItsTensorsSay(count: Int) {
        for (stated, own) in [(6, count), (count, 6), (count, count)] {
            let tensor = PickleBytes.dictionary([("w", PickleBytes.tensor(count: own, shape: [1], strides: [1]))])
            let file = PickleBytes.legacy(tensor, storages: [(stated, Self.storage)])
            if (stated, own) == (5, 5) { continue }
            #expect(throws: FormatError.self) { try open(file) }
        }
    }

    @Test func keysAreThoseOfTheTensors() {
        for keys in [
            [], [[0x4B, 0]], ["0", "0"].map(PickleBytes.text), ["0", "1"].map(PickleBytes.text),
            [PickleBytes.text("1")],
        ] {
            let storages = [(6, Self.storage), (6, Self.storage)]
            #expect(throws: FormatError.self) {
                try open(PickleBytes.legacy(Self.state, keys: keys, storages: storages))
            }
        }
        let types = PickleBytes.dictionary([
            ("v", PickleBytes.tensor(count: 3, shape: [3], strides: [1], type: "DoubleStorage")), ("w", Self.weights),
        ])
        expectRefusal(PickleBytes.legacy(types, storages: [(6, Self.storage)]), "one type for storage")
    }

    @Test func aViewOfAStorageStaysWithinIt() throws {
        func file(_ view: [[UInt8]], shape: Int) -> [UInt8] {
            let storage = [
                PickleBytes.text("storage"), PickleBytes.global("torch", "FloatStorage"), PickleBytes.text("0"),
                PickleBytes.text("cpu"), PickleBytes.integer(6), PickleBytes.tuple(view),
            ]
            let call = PickleBytes.tuple([
                PickleBytes.tuple(storage) + [0x51], PickleBytes.integer(1),
                PickleBytes.tuple([PickleBytes.integer(shape)]),
                PickleBytes.tuple([PickleBytes.integer(1)]),
            ])
            let tensor = PickleBytes.global("torch._utils", "_rebuild_tensor") + call + [0x52]
            return PickleBytes.legacy(PickleBytes.dictionary([("w", tensor)]), storages: [(6, Self.storage)])
        }
        let view = [PickleBytes.text("8"), PickleBytes.integer(2), PickleBytes.integer(3)]
        try open(file(view, shape: 2)) { file in
            let bytes = try file.bytes("w")
            #expect(bytes == [UInt8](12..<20))
        }
        expectRefusal(file(view, shape: 3), "elements that lie in a storage")
        for (start, count) in [(-1, 3), (2, -1), (.max, .max), (1, 0), (7, 9)] {
            let view = [PickleBytes.text("8"), PickleBytes.integer(start), PickleBytes.integer(count)]
            #expect(throws: FormatError.self) { try open(file(view, shape: 1)) }
        }
    }

    @Test func aWholeModuleIsNamed() {
        let identifier = PickleBytes.tuple([
            PickleBytes.text("module"), PickleBytes.global("package.networks", "Net"), PickleBytes.text("networks.py"),
            PickleBytes.text("class Net: …"),
        ])
        let module = identifier + [0x51, 0x29, 0x81] + PickleBytes.dictionary([("training", [0x88])]) + [0x62]
        for body in [module, PickleBytes.dictionary([("model", module)])] {
            expectRefusal(PickleBytes.legacy(body, keys: [], storages: []), "\"package.networks.Net\"")
        }
    }
}
