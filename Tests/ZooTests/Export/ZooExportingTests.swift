import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Export of zoos", .oneThread)
struct ZooExportingTests {
    /// Facts that are the same wherever a network is.
    private func facts(of zoo: Zoo, order: String, without places: Set<String>) throws -> ZooTable {
        let columns = try zoo.facts.filter { !places.contains($0) }.sorted()
        return try zoo.select(columns, order: order)
    }

    private func weights(of zoo: Zoo, order: String) throws -> [[[Float]]] {
        try zoo.select(["network"], order: order).rows.compactMap { $0[0].integer }.map { network in
            zoo.parameters(at: [network]).map { $0.elements() }
        }
    }

    private func roundTrip(_ zoo: Zoo, in folder: URL, _ name: String) throws -> Zoo {
        let files = folder.appending(path: "\(name)-files")
        try ZooExporting(zoo).run(in: files)
        try ZooImporting(from: files, in: folder.appending(path: name)).run()
        #expect(try ZooVerification.problems(in: folder.appending(path: name)).isEmpty)
        return try Zoo(contentsOf: folder.appending(path: name))
    }

    @Test("an exported zoo imports again to the same weights, facts and architectures, twice")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "zoo")
            try writeMixedZoo(in: source)
            let writer = try ZooWriter(reopening: Zoo(contentsOf: source))
            try writer.set(Split(groups: (0..<36).map { $0 / 2 }, validation: .count(3), test: .count(3)))
            try writer.finish()
            let zoo = try Zoo(contentsOf: source)
            let again = try roundTrip(zoo, in: folder, "again")
            #expect(again.count == 36)
            #expect(try weights(of: again, order: "file") == weights(of: zoo, order: "network"))
            let places: Set<String> = ["network", "origin", "file"]
            #expect(
                try facts(of: again, order: "file", without: places)
                    == facts(of: zoo, order: "network", without: places))
            #expect(Set(again.architectures) == Set(zoo.architectures))

            // Networks keep the names of the files that they come from.
            let third = try roundTrip(again, in: folder, "third")
            #expect(try contents(of: folder.appending(path: "third-files"))["network-00007.safetensors"] != nil)
            #expect(try weights(of: third, order: "file") == weights(of: again, order: "file"))
            #expect(
                try facts(of: third, order: "file", without: ["network"])
                    == facts(of: again, order: "file", without: ["network"]))
        }
    }

    @Test("a condition and a limit choose networks") func chooses() throws {
        try withTemporaryFolder { folder in
            let zoo = try writeMixedZoo(in: folder.appending(path: "zoo"))
            let exporting = try ZooExporting(zoo, where: "activation = 'tanh'", limit: 3)
            let expected = try zoo.networks(where: "activation = 'tanh'").prefix(3)
            #expect(exporting.networks == Array(expected))
            var counts: [Int] = []
            try exporting.run(in: folder.appending(path: "files")) { counts.append($0) }
            #expect(counts == [0, 1, 2, 3])
            let names = expected.map { "network-\(String(format: "%05d", $0)).safetensors" }
            #expect(
                try contents(of: folder.appending(path: "files")).keys.sorted() == (names + ["networks.csv"]).sorted())
            let file = try SafetensorsFile(folder.appending(path: "files/\(names[0])"))
            #expect(file.metadata["facts"]?.contains(#""activation":"tanh""#) == true)
            #expect(throws: ZooError.self) { try ZooExporting(zoo, where: "no such fact") }
        }
    }

    @Test("classifiers keep their definition, with skips that no family of architectures has")
    func classifiers() throws {
        try withTemporaryFolder { folder in
            let architecture = ClassifierArchitecture(
                imageShape: [1, 8, 8],
                convolutions: [
                    .init(channels: 3, kernel: 3), .init(channels: 3, kernel: 3, padding: .same, hasSkip: true),
                ], dense: [4], activation: .gelu)
            var random = RandomSource(seed: 5)
            let writer = try ZooWriter([ZooOrigin(SampleSettings(), pieces: 1)], in: folder.appending(path: "zoo"))
            let parameters = architecture.parameterShapes.map { Tensor.normal(shape: [2] + $0, using: &random) }
            let facts = ZooTable(
                columns: ["run", "file", "note"],
                rows: [
                    [.integer(0), .text("x/../../y"), .text("a, \"b\"\r\nc")],
                    [.integer(1), .text("z"), .text("")],
                ])
            try writer.add(
                ZooPiece([.init(try NetworkArchitecture(architecture), parameters: parameters, facts: facts)]),
                number: 0)
            try writer.finish()
            let again = try roundTrip(try Zoo(contentsOf: folder.appending(path: "zoo")), in: folder, "again")
            #expect(again.architectures.compactMap { $0.definition(as: ClassifierArchitecture.self) } == [architecture])
            // A name that would lead out of the folder is not used.
            #expect(try again.values(of: "file") == [.text("network-00000"), .text("network-00001")])
            #expect(try again.values(of: "note") == [.text("a, \"b\"\r\nc"), .none])
        }
    }
}
