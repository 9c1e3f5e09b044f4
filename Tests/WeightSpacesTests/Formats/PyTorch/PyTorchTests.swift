import Foundation
import Testing

@testable import WeightSpaces

@Suite struct PyTorchTests {
    private static let shapes: [(String, StoredDType, [Int])] = [
        ("dense.weight", .float32, [3, 2]), ("dense.bias", .float32, [3]), ("norm.weight", .float32, [3]),
        ("norm.bias", .float32, [3]), ("norm.running_mean", .float32, [3]), ("norm.running_var", .float32, [3]),
        ("norm.num_batches_tracked", .int64, []),
    ]

    @Test(
        "a state dict reads as it was written, bare, under a usual key and in TorchScript",
        arguments: [
            "state.pt", "training.pt", "script.pt", "legacy.pt", "legacy4.pt", "training_legacy.pt",
            "deflated.pt", "bare.pt",
        ])
    func aStateDictReads(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        #expect(file is PyTorchFile)
        #expect(file.entries.map(\.name) == Self.shapes.map(\.0))
        for (number, (name, dtype, shape)) in Self.shapes.enumerated() {
            #expect(file[name] == CheckpointEntry(name: name, dtype: dtype, shape: shape))
            if dtype == .float32 {
                let expected = (0..<shape.reduce(1, *)).map { Float(10 * number + $0) }
                #expect(try file.elements(name, as: Float.self) == expected)
            } else {
                #expect(try file.elements(name, as: Int64.self) == [Int64(10 * number)])
            }
        }
    }

    @Test(arguments: ["views.pt", "views5.pt", "views_legacy.pt"])
    func viewsOfStoragesReadRowMajor(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        #expect(file["transposed"]?.shape == [3, 4])
        #expect(try file.elements("transposed", as: Float.self) == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
        #expect(try file.elements("row", as: Float.self) == [6, 7, 8])
        #expect(try file.elements("column", as: Float.self) == [1, 4, 7, 10])
        #expect(try file.elements("scalar", as: Float.self) == [5])
        #expect(file["empty"]?.shape == [0, 3])
        #expect(try file.bytes("empty") == [])
        #expect(try file.elements("embedding", as: Float.self) == [100, 101, 102, 103])
        #expect(try file.elements("head", as: Float.self) == [100, 101, 102, 103])
        #expect(
            try file.elements("permuted", as: Float.self)
                == [200, 202, 204, 206, 208, 210, 201, 203, 205, 207, 209, 211])
    }

    @Test(arguments: ["types2.pt", "types3.pt", "types4.pt", "types5.pt", "types_legacy.pt"])
    func everyElementTypeReadsUnderEveryProtocol(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        let one: [(String, StoredDType, [UInt8])] = [
            ("float64", .float64, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]), ("float32", .float32, [0, 0, 0x80, 0x3F]),
            ("float16", .float16, [0, 0x3C]), ("bfloat16", .bfloat16, [0x80, 0x3F]),
            ("complex64", .complex64, [0, 0, 0x80, 0x3F, 0, 0, 0, 0]), ("int64", .int64, [1, 0, 0, 0, 0, 0, 0, 0]),
            ("int32", .int32, [1, 0, 0, 0]), ("int16", .int16, [1, 0]), ("int8", .int8, [1]),
            ("uint64", .uint64, [1, 0, 0, 0, 0, 0, 0, 0]), ("uint32", .uint32, [1, 0, 0, 0]),
            ("uint16", .uint16, [1, 0]), ("uint8", .uint8, [1]), ("bool", .bool, [1]),
            ("float8_e4m3fn", .float8E4M3, [0x38]), ("float8_e5m2", .float8E5M2, [0x3C]),
        ]
        #expect(file.entries.map(\.name) == one.map(\.0) + ["parameter", "marked"])
        for (name, dtype, bytes) in one {
            #expect(file[name] == CheckpointEntry(name: name, dtype: dtype, shape: [2]))
            #expect(try file.bytes(name) == [UInt8](repeating: 0, count: bytes.count) + bytes)
        }
        #expect(try file.elements("parameter", as: Float.self) == [3, 4])
        #expect(try file.elements("marked", as: Float.self) == [5, 6])
    }

    @Test(arguments: ["kinds.pt", "kinds_legacy.pt"])
    func tensorsThatAreNotReadArePassedOverOneByOne(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        let kinds = [
            "sparse": "a sparse", "rows": "a sparse", "quantized": "a quantized", "channels": "a quantized",
            "meta": "the meta device", "conjugated": "a conjugated", "negated": "or negated", "nested": "a nested",
            "double": "torch.ComplexDoubleStorage", "half": "torch.complex32",
        ]
        #expect(file.entries.map(\.name) == ["dense", "expanded", "windows"])
        #expect(try file.elements("dense", as: Float.self) == [7, 8, 9, 10])
        #expect(try file.elements("expanded", as: Float.self) == [3, 3, 3, 4, 4, 4])
        #expect(try file.elements("windows", as: Float.self) == [5, 6, 6, 7, 7, 8])
        #expect(file.passedOver.count == (name == "kinds.pt" ? 10 : 4))
        for (name, kind) in file.passedOver {
            #expect(kind.contains(try #require(kinds[name])))
            let space = try WeightSpace(groups: [], blocks: [Block(parameter: name, shape: [], axes: [])])
            #expect(
                throws: FormatError.unusableTensor(file: file.url.relativePath, tensor: name, found: kind)
            ) { try file.parameters(of: space) }
        }
    }

    @Test func aPackedArchiveIsWrittenWithWhatChangesStored() throws {
        let file = try Checkpoints.open(try fixture("deflated.pt"))
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "copy")
            try file.write(to: url) { entry in try file.bytes(entry.name).map { ~$0 } }
            let copy = try Checkpoints.open(url).contents()
            #expect(try copy == file.contents().mapValues { $0.map { ~$0 } })
        }
    }

    @Test func whatIsNoStateDictIsNamed() throws {
        for (name, expected) in [
            ("module.pt", "\"__main__.Net\""), ("sparse.pt", "a sparse tensor"),
        ] {
            let url = try fixture(name)
            #expect(performing: { try Checkpoints.open(url) }, throws: { "\($0)".contains(expected) })
        }
    }

    @Test(arguments: [
        "state.pt", "training.pt", "script.pt", "types2.pt", "types5.pt", "legacy.pt", "legacy4.pt",
        "training_legacy.pt", "types_legacy.pt",
    ])
    func otherElementsReturnAndAllElseIsKept(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        try withTemporaryFolder { folder in
            let (url, back) = (folder.appending(path: name), folder.appending(path: "back"))
            try file.write(to: url) { entry in try file.bytes(entry.name).map { ~$0 } }
            let copy = try Checkpoints.open(url)
            #expect(copy.entries == file.entries)
            #expect(try copy.contents() == (try file.contents().mapValues { $0.map { ~$0 } }))
            if !name.contains("legacy") {
                let archive = try ZipArchive(MappedFile(url))
                for member in archive.members { try archive.withBytes(of: member) { _ in } }
            }
            try copy.write(to: back) { entry in try file.bytes(entry.name) }
            #expect(try Data(contentsOf: back) == Data(contentsOf: file.url))
        }
    }

    /// New elements of the file with views: those of one storage agree with each other.
    private static func numbers(_ name: String, of file: any Checkpoint) throws -> [UInt8] {
        try file.elements(name, as: Float.self).flatMap { number in
            withUnsafeBytes(of: 1_000 - number) { Array($0) }
        }
    }

    @Test(arguments: ["views.pt", "views_legacy.pt"])
    func viewsAreWrittenIntoTheirStorages(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "views.pt")
            try file.write(to: url) { try Self.numbers($0.name, of: file) }
            let copy = try Checkpoints.open(url)
            for entry in file.entries { #expect(try copy.bytes(entry.name) == Self.numbers(entry.name, of: file)) }
        }
    }

    @Test(arguments: ["head", "row", "column"])
    func tensorsThatShareElementsCannotDiffer(name: String) throws {
        let file = try Checkpoints.open(try fixture("views.pt"))
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "views.pt")
            #expect(throws: FormatError.sharedElements(file: url.relativePath, tensor: name)) {
                try file.write(to: url) { entry in
                    try file.bytes(entry.name).map { entry.name == name ? ~$0 : $0 }
                }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == [])
        }
    }
}
