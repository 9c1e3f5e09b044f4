import ArgumentParser
import Foundation
import Torch
import WeightSpaces
import Zoo

struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reading",
        abstract: "Measure how fast networks are read from a zoo of SIRENs in batches of random order.")

    @Option(help: "How many networks the zoo has; random weights.")
    var count = 70_000

    @Option(help: "Networks in a batch.")
    var batch = 32

    private struct Origin: ZooSettings {
        static let kind = "random"
    }

    private struct Network: NetworkDefinition {
        static let kind = "random"
        var name: String { "siren 2-32-32-1" }
        var weightSpace: WeightSpace { get throws { try .mlp(widths: [2, 32, 32, 1]) } }
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(to: folder)
        let clock = ContinuousClock()
        var zoo: Zoo?
        let opening = try clock.measure { zoo = try Zoo(contentsOf: folder) } / .milliseconds(1)
        guard let zoo else { return }
        let before = try ProcessMemory.anonymous()
        var random = RandomSource(seed: 1)
        let bytes = 4 * zoo.architectures[0].space.parameterCount * batch
        // The first pass brings the file into memory.
        let passes = (0..<4).map { _ in
            let order = (0..<zoo.count).shuffled(using: &random)
            return stride(from: 0, through: zoo.count - batch, by: batch).map { first in
                clock.measure { _ = zoo.parameters(at: Array(order[first..<first + batch])) } / .seconds(1)
            }
        }
        let seconds = Spread(of: passes.dropFirst().flatMap(\.self))
        print(
            """
            \(zoo.count) networks, batches of \(batch): \(Int(seconds.median * 1e6)) µs each \
            (\(Int(seconds.lower * 1e6)) to \(Int(seconds.upper * 1e6))), \
            \(String(format: "%.2f", Double(bytes) / seconds.median / 1e9)) GB/s; opened in \(Int(opening)) ms, \
            \(Int(try ProcessMemory.anonymous() - before)) MB of memory more than before
            """)
    }

    private func write(to folder: URL) throws {
        var random = RandomSource(seed: 0)
        let architecture = try NetworkArchitecture(Network())
        let pieces = 10
        let writer = try ZooWriter([ZooOrigin(Origin(), pieces: pieces)], in: folder)
        for piece in 0..<pieces {
            let networks = piece * count / pieces..<(piece + 1) * count / pieces
            let stack = ZooPiece.Stack(
                architecture,
                parameters: architecture.parameters.map { .normal(shape: [networks.count] + $0.shape, using: &random) },
                facts: ZooTable(columns: ["run"], rows: networks.map { [.integer($0)] }))
            try writer.add(ZooPiece([stack]), number: piece)
        }
        try writer.finish()
    }
}
