import Foundation
import Testing
import TestSupport
import Torch

@testable import Graphs
@testable import WeightSpaces

/// The graphs of networks as PyTorch exports them, with random weights.
enum SampleNetwork {
    /// Opens a network of `Fixtures/networks.zip` and hands it to `body`.
    static func with<Result>(_ name: String, _ body: (Network) throws -> Result) throws -> Result {
        let fixture = try #require(
            Bundle.module.url(forResource: "networks", withExtension: "zip", subdirectory: "Fixtures"))
        let archive = try ZipArchive(try MappedFile(fixture))
        let member = try #require(archive.members.first { $0.name == "\(name).onnx" })
        return try withTemporaryFolder { folder in
            let url = folder.appending(path: "\(name).onnx")
            try archive.withBytes(of: member) { try Data($0).write(to: url) }
            let weights = folder.appending(path: "weights")
            #expect(FileManager.default.createFile(atPath: weights.path, contents: nil))
            try FileHandle(forWritingTo: weights).truncate(atOffset: 1 << 28)
            let file = try ONNXFile(url)
            return try body(Network(checkpoint: RandomWeights(of: file), graph: file.graph))
        }
    }
}

/// A network's weights with random elements, near unit scale, in place of those that lie in another file.
struct RandomWeights: Checkpoint {
    private let file: ONNXFile
    private let random: Set<String>

    init(of file: ONNXFile) {
        self.file = file
        random = Set(file.stored.filter(\.isExternal).map(\.entry.name))
    }

    var url: URL { file.url }
    var entries: [CheckpointEntry] { file.entries }

    func withBytes<Result>(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard random.contains(entry.name) else { return try file.withBytes(of: entry, body) }
        var random = RandomSource(seed: entry.name.utf8.reduce(5) { $0 &* 31 &+ UInt64($1) })
        let fanIn = entry.shape.dropFirst().reduce(1, *)
        var tensor = Tensor.normal(shape: entry.shape, using: &random) * (1.4 / Double(max(fanIn, 4)).squareRoot())
        if entry.shape.count == 1 { tensor = Tensor.uniform(0.6...1.4, shape: entry.shape, using: &random) }
        return try tensor.elements(as: Float.self).withUnsafeBytes(body)
    }

    func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        try file.write(to: url, elements: elements)
    }
}
