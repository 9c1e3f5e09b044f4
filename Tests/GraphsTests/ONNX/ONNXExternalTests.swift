import Foundation
import TestSupport
import Testing
import WeightSpaces

@testable import Graphs

@Suite("ONNX files with elements in other files")
struct ONNXExternalTests {
    /// A model with one weight of six floats in the file `weights`, which holds ten.
    private static func open(_ external: [String: String], dims: [Int64] = [2, 3]) throws -> ONNXFile {
        try withTemporaryFolder { folder in
            let numbers = (0..<10).map(Float.init)
            try numbers.withUnsafeBytes { Data($0) }.write(to: folder.appending(path: "weights"))
            let inner = folder.appending(path: "inner")
            try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)
            try numbers.withUnsafeBytes { Data($0) }.write(to: inner.appending(path: "weights"))
            let model = ONNXModelProto([.init("MatMul", ["x", "w"], ["y"])], [.init("w", dims, external: external)])
            return try ONNXFile(model.write(to: folder))
        }
    }

    @Test("elements are read where the tensor says, and a length is not needed")
    func reads() throws {
        let whole = try Self.open(["location": "weights", "offset": "8", "length": "24"])
        #expect(try whole.floats("w") == [2, 3, 4, 5, 6, 7])
        #expect(whole.graph.parameters.map(\.name) == ["w"])
        #expect(
            try Self.open(["location": "inner/weights", "checksum": "no matter"]).floats("w") == [0, 1, 2, 3, 4, 5])
        for path in ["./weights", "././weights", "inner/./weights"] {
            #expect(try Self.open(["location": path]).floats("w") == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test(
        "paths that leave the folder are refused",
        arguments: [
            "../x", "/etc/passwd", "", ".", "..", "a/../../x", "inner//weights", "./", "./..", "./../x", "weights/",
            "a\0b",
        ])
    func paths(location: String) {
        #expect { try Self.open(["location": location]) } throws: { error in
            if case .external(_, "w", "a path inside the folder", _)? = error as? ONNXError { true } else { false }
        }
    }

    @Test(
        "bytes beyond the other file are refused",
        arguments: [
            ["offset": "17"], ["offset": "41"], ["offset": "\(Int.max)"], ["offset": "16", "length": "25"],
            ["length": "23"], ["offset": "-1"], ["offset": "9223372036854775808"], ["offset": "8 "], ["length": "x"],
        ])
    func places(settings: [String: String]) {
        #expect { try Self.open(settings.merging(["location": "weights"]) { $1 }) } throws: { error in
            if case .external(_, "w", _, _)? = error as? ONNXError { return true }
            if case .byteCount(_, "w", 24, _)? = error as? FormatError { return true }
            return false
        }
    }

    @Test("another file that is not there is named")
    func missing() {
        #expect { try Self.open(["location": "nowhere"]) } throws: { error in
            if case .system(.open, let file, ENOENT)? = error as? FileError { file.hasSuffix("nowhere") } else { false }
        }
    }

    @Test("weights in other files are not read when the model is opened")
    func untouched() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "weights")
                #expect(FileManager.default.createFile(atPath: url.path, contents: nil))
                #expect(truncate(url.path, 1 << 36) == 0)
                let weight = ONNXTensorProto("w", [1 << 34], external: ["location": "weights"])
                let model = ONNXModelProto([.init("MatMul", ["x", "w"], ["y"])], [weight])
                _ = try ONNXModelProto.linear.opened()
                try limitMemory(toFurther: 16 << 20)
                alarm(20)
                let file = try ONNXFile(model.write(to: folder))
                #expect(file.entries[0].shape == [1 << 34])
                try file.withBytes(of: file.entries[0]) { #expect($0[$0.count - 1] == 0) }
            }
        }
    }

    @Test("constants in other files are read within bounds")
    func constants() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "weights")
                #expect(FileManager.default.createFile(atPath: url.path, contents: nil))
                #expect(truncate(url.path, 1 << 36) == 0)
                var table = ONNXTensorProto("w", [1 << 33], external: ["location": "weights"])
                table.dataType = 7
                let model = ONNXModelProto([.init("Gather", ["x", "w"], ["y"])], [table])
                _ = try ONNXModelProto.linear.opened()
                try limitMemory(toFurther: 16 << 20)
                #expect { try ONNXFile(model.write(to: folder)) } throws: { error in
                    if case .tooLarge? = error as? ONNXError { true } else { false }
                }
            }
        }
    }
}
