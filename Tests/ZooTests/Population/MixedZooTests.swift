import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Zoos of several architectures", .oneThread)
struct MixedZooTests {
    @Test("networks keep their architecture, weights and facts") func readsBack() throws {
        try withTemporaryFolder { folder in
            let zoo = try writeMixedZoo(in: folder)
            #expect(zoo.count == 36)
            #expect(zoo.architectures.map(\.name) == ["sample [2, 3, 1]", "sample [2, 5, 4, 1]"])
            #expect(zoo.architecture(of: 5).definition(as: SampleNetwork.self) == SampleNetwork(widths: [2, 5, 4, 1]))
            #expect(
                try zoo.facts == [
                    "network", "run", "split", "epoch", "activation", "test_accuracy", "architecture", "origin",
                ])
            let runs = try zoo.values(of: "run").map(\.integer)
            #expect(runs == (0..<18).flatMap { [$0, $0] })
            // Networks 0 to 3 and 6 to 9 are of the first architecture.
            let (some, all) = (zoo.parameters(at: [8, 1]), zoo.parameters(at: [0, 1, 2, 3, 6, 7, 8, 9]))
            for (some, all) in zip(some, all) { expectClose(some, all.gathered(0, at: [6, 1]), relativeError: 0) }
        }
    }

    @Test("conditions, orders and expressions select networks; mistakes are named") func selects() throws {
        try withTemporaryFolder { folder in
            let zoo = try writeMixedZoo(in: folder)
            #expect(try zoo.networks(where: "activation = 'relu' AND test_accuracy > 0.5") == [25, 29, 33])
            #expect(try zoo.networks(where: "architecture LIKE '%5%' AND epoch = 0 AND run < 6") == [4, 10])
            let best = try zoo.select(["run", "1 - test_accuracy AS error"], where: "epoch > 0", order: "2", limit: 2)
            #expect(best.columns == ["run", "error"])
            #expect(best.rows.map { $0[0] } == [.integer(17), .integer(16)])
            for (condition, problem) in [
                ("accuracy > 1", "no such column: accuracy"), ("run >", "syntax error"),
                ("run = 1); DROP TABLE network; --", "expected one expression"),
                ("(SELECT 1", "syntax error"),
            ] {
                #expect { try zoo.networks(where: condition) } throws: { error in
                    if case .query(let text, let found)? = error as? ZooError {
                        text.contains(condition) && found.contains(problem)
                    } else {
                        false
                    }
                }
            }
            #expect { try zoo.values(of: "colour") } throws: {
                "\($0)".contains("known are network, run, split, epoch")
            }
            #expect(try Zoo(contentsOf: folder).count == 36)
        }
    }

    @Test("parts by several processes, in any order, merge to the bytes of one") func merges() throws {
        try withTemporaryFolder { parent in
            let (whole, merged) = (parent.appending(path: "whole"), parent.appending(path: "merged"))
            try writeMixedZoo(in: whole)
            let parts = [[4, 1], [5, 2], [3, 0]].enumerated().map { number, pieces in
                (folder: parent.appending(path: "part-\(number)"), pieces: pieces)
            }
            for part in parts {
                #expect(try writeMixedZoo(in: part.folder, pieces: part.pieces).missingPieces == 4)
            }
            try ZooMerging(parts.dropLast().map(\.folder)).run(in: merged)
            #expect(try Zoo(contentsOf: merged).missingPieces == 2)
            struct Stop: Error {}
            #expect(throws: Stop.self) {
                try ZooMerging(parts.map(\.folder)).run(in: merged) { done, _ in if done == 5 { throw Stop() } }
            }
            #expect(try ZooVerification.problems(in: merged) == [.unfinished])
            #expect(try Zoo(contentsOf: merged).count == 30)
            try ZooMerging(parts.map(\.folder)).run(in: merged)
            #expect(try contents(of: merged) == contents(of: whole))
        }
    }

    @Test("zoos that were made otherwise follow one another") func joins() throws {
        try withTemporaryFolder { parent in
            let folders = (0..<2).map { parent.appending(path: "\($0)") }
            let zoos = try folders.enumerated().map { try writeMixedZoo(in: $1, seed: UInt64($0)) }
            let all = parent.appending(path: "all")
            try ZooMerging(folders).run(in: all)
            let zoo = try Zoo(contentsOf: all)
            #expect(zoo.count == 72 && zoo.origins.count == 2 && zoo.architectures.count == 2)
            expectClose(zoo.parameters(at: [36])[0], zoos[1].parameters(at: [0])[0], relativeError: 0)
            #expect(try ZooVerification.problems(in: all).isEmpty)
            // Both zoos have runs 0 to 17.
            let groups = try zoo.groups(by: "run")
            #expect(Set(groups) == Set(0..<36) && Set(groups[..<36]).isDisjoint(with: groups[36...]))
            #expect(try zoo.groups(by: "test_accuracy").count == 72)
            #expect { try ZooMerging([folders[1]]).run(in: all) } throws: { "\($0)".contains("holds another zoo") }
        }
    }

    @Test("networks belong together by a fact, or else by their run") func groups() throws {
        try withTemporaryFolder { folder in
            let zoo = try writeMixedZoo(in: folder)
            #expect(try zoo.kinship == "run")
            let (runs, epochs) = (try zoo.groups(by: "run"), try zoo.groups(by: "epoch"))
            #expect(Set(epochs).count == 2 && epochs.prefix(4) == [0, 1, 0, 1])
            // Networks of epoch 0 have no accuracy; each other run has its own.
            let accuracies = try zoo.groups(by: "test_accuracy")
            #expect(Set(accuracies).count == 36)
            #expect(runs[0] == runs[1] && accuracies[0] != accuracies[1])
        }
    }

    @Test("a split by runs is stored, and read again") func stores() throws {
        try withTemporaryFolder { folder in
            let zoo = try writeMixedZoo(in: folder)
            #expect(try Split(sides: zoo.values(of: "split")).train.isEmpty)
            let runs = try zoo.values(of: "run").compactMap(\.integer)
            let split = try Split(groups: runs, validation: .fraction(0.2), test: .fraction(0.3), seed: 3)
            let writer = try ZooWriter(reopening: zoo)
            try writer.set(split)
            #expect(try ZooVerification.problems(in: folder) == [.unfinished])
            try writer.finish()
            #expect(try Split(sides: Zoo(contentsOf: folder).values(of: "split")) == split)
            #expect(try zoo.networks(where: "split = 'test'") == split.test)
            #expect(try ZooVerification.problems(in: folder).isEmpty)
        }
    }
}
