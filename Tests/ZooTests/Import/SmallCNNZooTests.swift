import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Import of the Small CNN Zoo's layout", .oneThread)
struct SmallCNNZooTests {
    private func imported(_ published: PublishedZoo, in folder: URL) throws -> Zoo {
        try published.write(to: folder.appending(path: "published"))
        let zoo = folder.appending(path: "zoo")
        try ZooImporting(from: folder.appending(path: "published"), in: zoo).run()
        #expect(try ZooVerification.problems(in: zoo).isEmpty)
        return try Zoo(contentsOf: zoo)
    }

    /// The row of `weights.npy` that each network comes from, from its fact `modelfile`.
    private func rows(of zoo: Zoo) throws -> [Int] {
        try zoo.values(of: "modelfile").compactMap { Int($0.description.split(separator: "-").last ?? "") }
    }

    @Test("imported networks compute what TensorFlow's arrays say, and not with rows and columns exchanged")
    func logits() throws {
        try withTemporaryFolder { folder in
            let published = PublishedZoo(checkpoints: 6)
            let zoo = try imported(published, in: folder)
            #expect(zoo.count == 6 && zoo.architectures.count == 2)
            var random = RandomSource(seed: 8)
            let image = Tensor.uniform(-1...1, shape: [1, 1, 32, 32], dtype: .float64, using: &random)
            for (network, row) in try rows(of: zoo).enumerated() {
                let architecture = try #require(
                    zoo.architecture(of: network).definition(as: ClassifierArchitecture.self))
                let isReLU = try zoo.values(of: "config_activation")[network] == .text("relu")
                #expect(architecture.activation == (isReLU ? .relu : .tanh))
                let parameters = zip(zoo.parameters(at: [network]), architecture.parameterShapes)
                    .map { $0.to(.float64).reshaped($1) }
                let found: [Double] = architecture.logits(parameters: parameters, images: image).elements()
                func difference(exchangesKernelAxes: Bool) -> Double {
                    let naive = NaivePublishedNetwork(
                        row: published.rows[row], activation: { isReLU ? max($0, 0) : tanh($0) },
                        exchangesKernelAxes: exchangesKernelAxes)
                    let expected = naive.logits(of: image.elements())
                    return (zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity)
                        / (expected.map(abs).max() ?? 1)
                }
                #expect(difference(exchangesKernelAxes: false) < 1e-10)
                #expect(difference(exchangesKernelAxes: true) > 1e-3)
            }
        }
    }

    @Test("every column is a fact with its type, and checkpoints of one model share a run")
    func facts() throws {
        try withTemporaryFolder { folder in
            let zoo = try imported(PublishedZoo(checkpoints: 6), in: folder)
            let expected = [
                "network", "run", "split", "config_activation", "config_l2_reg", "step", "test_accuracy", "modelfile",
                "architecture", "origin",
            ]
            #expect(try zoo.facts == expected)
            for (network, row) in try rows(of: zoo).enumerated() {
                let facts = try zoo.select(
                    ["run", "config_l2_reg", "step", "test_accuracy"], where: "network = \(network)")
                let run = row % 3
                let l2 = try #require(Double("1e-0\(run + 1)"))
                #expect(
                    facts.rows == [
                        [
                            .integer(run), .real(l2), .integer(row / 2), .real(Double(run + 1) / 10),
                        ]
                    ])
            }
        }
    }

    @Test("without model files, checkpoints whose settings agree share a run") func runsBySettings() throws {
        try withTemporaryFolder { folder in
            var published = PublishedZoo(checkpoints: 4)
            published.metrics = "config.seed,config.rate,step\n7,0.1,0\n7,0.2,0\n7,0.1,9\n8,0.1,9\n"
            published.isCompressed = false
            let zoo = try imported(published, in: folder)
            #expect(try zoo.values(of: "run") == [0, 1, 0, 2].map(ZooValue.integer))
            // Without a nonlinearity no function is known, but the symmetries are.
            #expect(zoo.architectures.map(\.kind) == ["imported"])
            #expect(zoo.architectures[0].space.groups.map(\.size) == [4, 5, 6])
        }
    }

    @Test("networks with NaN or infinite weights are left out, also when they are all of a piece")
    func notFinite() throws {
        try withTemporaryFolder { folder in
            var published = PublishedZoo(checkpoints: 6)
            published.rows[2][5] = .nan
            published.rows[5][PublishedZoo.width - 1] = -.infinity
            let zoo = try imported(published, in: folder)
            #expect(try rows(of: zoo).sorted() == [0, 1, 3, 4])
        }
        try withTemporaryFolder { folder in
            var published = PublishedZoo(checkpoints: 2)
            for row in 0..<2 { published.rows[row][0] = .nan }
            let zoo = try imported(published, in: folder)
            #expect(zoo.count == 0)
        }
    }

    @Test("an import that was stopped goes on to the same bytes; of another source it does not")
    func resumes() throws {
        struct Stop: Error {}
        try withTemporaryFolder { folder in
            var published = PublishedZoo(checkpoints: 1_100)
            let source = folder.appending(path: "published")
            let whole = try imported(published, in: folder)
            #expect(whole.count == 1_100 && whole.missingPieces == 0)
            let begun = folder.appending(path: "begun")
            #expect(throws: Stop.self) {
                var last = 0
                try ZooImporting(from: source, in: begun).run {
                    if last > 512 { throw Stop() }
                } progress: {
                    last = $0
                }
            }
            #expect(try Zoo(contentsOf: begun).missingPieces > 0)
            var counts: [Int] = []
            try ZooImporting(from: source, in: begun).run(progress: { counts.append($0) })
            #expect(counts.first != 0 && counts.last == 1_100)
            #expect(try contents(of: begun) == contents(of: whole.folder))
            published.rows[700][3] += 1
            try published.write(to: source)
            #expect {
                try ZooImporting(from: source, in: begun)
            } throws: {
                "\($0)".contains("begun: holds another zoo: fingerprint is ")
            }
        }
    }
}
