import Foundation
import Testing

@testable import WeightSpaces

@Suite struct CheckpointsTests {
    private static func tensors(_ names: [String]) -> [StoredTensor] {
        names.map { StoredTensor(name: $0, dtype: .float32, shape: [2], elements: [1, 2] as [Float]) }
    }

    @Test func contentsDecideAndNotNames() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "network.npz")
            try SafetensorsFile.write(Self.tensors(["a"]), to: url)
            #expect(try Checkpoints.open(url) is SafetensorsFile)
            for (name, expected) in [("stored.npz", "NumPyArchive"), ("state.pt", "PyTorchFile")] {
                try Data(contentsOf: fixture(name)).write(to: url)
                #expect("\(type(of: try Checkpoints.open(url)))" == expected)
            }
        }
    }

    @Test(arguments: ["PK", "\u{89}HDF\r\n", "{", "\0\0\0\0\0\0\0\0\0\0"])
    func otherContentsAreRefusedWithTheListOfFormats(contents: String) {
        #expect(throws: FormatError.self) { try open(Array(contents.utf8)) }
        if !contents.hasPrefix("PK"), !contents.hasPrefix("{") { expectRefusal(Array(contents.utf8), "safetensors") }
        expectRefusal(ZipBytes([.init("readme.txt", [1])]).joined, "NumPy")
    }

    @Test(arguments: [
        ("<!DOCTYPE html><html><body>404</body></html>", "HTML page"), ("\n  <HTML>", "HTML page"),
        ("\u{FEFF}<html lang=\"en\">", "HTML page"), ("<?xml version=\"1.0\"?><net/>", "XML"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 12\n", "git lfs pull"),
        ("GGUF\u{3}\0\0\0", "GGUF"), ("lmgg\u{1}", "GGML"), ("tjgg\u{3}", "GGML"),
        ("\u{1C}\0\0\0TFL3\0", "TensorFlow Lite"),
        ("{\"model_type\": \"gpt2\"}", "weight_map"), ("[1, 2]", "JSON"), ("import torch\n", "Python source"),
        ("# a network\nclass Net:\n    pass\n", "Python source"), ("layers:\n  - dense\n", "text"), (" \n", "spaces"),
        ("naïve text", "text"), ("7z\u{BC}", "text"), ("SQLite format 3\0", "SQLite"),
    ])
    func contentsThatAreKnownAreNamed(contents: String, expected: String) {
        expectRefusal(Array(contents.utf8), expected)
    }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 8, 0], "gzip"), ([0x42, 0x5A, 0x68, 0x39], "bzip2"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0], "xz"),
            ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z archive"),
            ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "HDF5"), ([0x80, 4, 0x4E, 0x2E], "a Python pickle"),
            ([2, 0, 0, 0, 0, 0, 0, 0, 0xEF, 0xBB, 0xBF, 0x7B, 0x7D], "byte order mark"),
            ([UInt8](repeating: 0, count: 257) + Array("ustar\0".utf8), "tar archive"),
        ] as [([UInt8], String)])
    func bytesThatAreKnownAreNamed(contents: [UInt8], expected: String) {
        expectRefusal(contents, expected)
    }

    @Test func anEmptyFileIsNamed() { expectRefusal([], "the file is empty") }

    @Test func aFolderWithOneFileIsThatFile() throws {
        try withTemporaryFolder { folder in
            #expect(performing: { try Checkpoints.open(folder) }, throws: { "\($0)".contains("a folder without") })
            try SafetensorsFile.write(Self.tensors(["a"]), to: folder.appending(path: "model.safetensors"))
            #expect(try Checkpoints.open(folder).entries.map(\.name) == ["a"])
        }
    }

    @Test func aFolderIsWrittenWithItsSettingsAndWithoutOtherWeights() throws {
        try withTemporaryFolder { folder in
            try SafetensorsFile.write(Self.tensors(["a"]), to: folder.appending(path: "model.safetensors"))
            let others = ["config.json": "{}", "vocab.txt": "", "pytorch_model.bin": "x", "b.index.json": "{}"]
            for (name, contents) in others { try Data(contents.utf8).write(to: folder.appending(path: name)) }
            let copy = folder.appending(path: "copy")
            for _ in 0..<2 { try Checkpoints.open(folder).write(to: copy) { _ in [1, 2, 3, 4, 5, 6, 7, 8] } }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted()
                    == ["config.json", "model.safetensors", "vocab.txt"])
            #expect(try Data(contentsOf: copy.appending(path: "config.json")) == Data("{}".utf8))
            #expect(try Data(contentsOf: copy.appending(path: "vocab.txt")).isEmpty)
            #expect(try Checkpoints.open(copy).contents() == ["a": [1, 2, 3, 4, 5, 6, 7, 8]])
        }
    }

    @Test func tensorsComeWithTheirTypes() throws {
        let file = try Checkpoints.open(try fixture("types2.pt"))
        let (known, unknown) = (try #require(file["int64"]), try #require(file["float8_e5m2"]))
        let tensor = try file.tensor(known)
        #expect(tensor?.shape == [2])
        #expect(tensor?.elements(as: Int64.self) == [0, 1])
        #expect(try file.tensor(unknown) == nil)
    }

    @Test func aSafetensorsFileIsWrittenWithOtherElements() throws {
        try withTemporaryFolder { folder in
            let (url, copy) = (folder.appending(path: "a"), folder.appending(path: "b"))
            try SafetensorsFile.write(Self.tensors(["b", "a"]), metadata: ["format": "pt"], to: url)
            let file = try SafetensorsFile(url)
            try file.write(to: copy) { entry in [UInt8](repeating: entry.name == "a" ? 7 : 9, count: 8) }
            let written = try SafetensorsFile(copy)
            #expect(written.entries == file.entries)
            #expect(written.metadata == file.metadata)
            #expect(try written.contents() == ["a": .init(repeating: 7, count: 8), "b": .init(repeating: 9, count: 8)])
            #expect(throws: FormatError.byteCount(file: url.relativePath, tensor: "b", expected: 8, found: 1)) {
                try file.write(to: copy) { _ in [1] }
            }
        }
    }
}
