import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Zoo", .oneThread)
struct ZooTests {
    /// 10 images of 2 fits each, in shards of 8, 8 and 4 networks.
    static let recipe: FittingRecipe = {
        var recipe = FittingRecipe.smooth(widths: [2, 4, 3, 1], omega: 3)
        (recipe.steps, recipe.batch, recipe.minimumPSNR, recipe.attempts) = (4, 3, 8.78, 2)
        return recipe
    }()

    private func fit(
        in folder: URL, recipe: FittingRecipe = recipe, images: ImageSet = discs(count: 10),
        checkpoint: @escaping @Sendable () throws -> Void = {}
    ) throws {
        let fitting = try INRZooFitting(images, first: 100, fits: 2, recipe: recipe, in: folder, pieceSize: 8)
        try fitting.run(checkpoint: checkpoint)
    }

    @Test("a zoo reads back: columns, pictures, and networks in any order")
    func readsBack() throws {
        try withTemporaryFolder { folder in
            try fit(in: folder)
            let (zoo, images) = (try INRZoo(contentsOf: folder), discs(count: 10))
            #expect(zoo.count == 20)
            #expect(zoo.images == (0..<20).map { 100 + $0 / 2 })
            #expect(zoo.labels == (0..<20).map { $0 / 2 % 3 })
            #expect(zoo.attempts.allSatisfy { (1...2).contains($0) })
            #expect(Set(zoo.attempts).count == 2, "\(zoo.psnr)")
            #expect(zoo.failures == (0..<20).filter { zoo.psnr[$0] < 8.78 })
            #expect(try zoo.pictures(at: [19, 0]).pixels == images[9].pixels + images[0].pixels)

            let chosen = [17, 3, 8, 3]
            let (some, all) = (zoo.parameters(at: chosen), zoo.parameters(at: Array(0..<20)))
            #expect(all.map(\.shape) == zoo.siren.parameterShapes.map { [20] + $0 })
            for (some, all) in zip(some, all) {
                #expect(some.elements(as: Float.self) == all.gathered(0, at: chosen).elements(as: Float.self))
            }
            let drawn = zoo.siren.render(all, at: zoo.grid.coordinates())
            let targets = Tensor(images.signal(of: 0..<10), shape: [10, 64, 1])
                .gathered(0, at: (0..<20).map { $0 / 2 })
            for (found, expected) in zip(zoo.psnr, peakSignalToNoiseRatio(drawn, targets)) {
                #expect(abs(found - expected) < 1e-3)
            }
        }
    }

    @Test("a zoo that was interrupted, damaged or left half-written is completed to the same bytes")
    func resumes() throws {
        struct Stop: Error {}
        try withTemporaryFolder { parent in
            let (whole, broken) = (parent.appending(path: "whole"), parent.appending(path: "broken"))
            try fit(in: whole)
            let expected = try contents(of: whole)
            #expect(expected.count == 5)

            let checkpoints = Counter()
            #expect(throws: Stop.self) {
                try fit(in: broken, checkpoint: { if checkpoints.next() == 6 { throw Stop() } })
            }
            #expect(try contents(of: broken)["catalog.crc32"] == nil)
            try fit(in: broken)
            #expect(try contents(of: broken) == expected)

            let shards = (0..<3).map { broken.appending(path: ZooWriter.fileName(ofShard: $0)) }
            try FileManager.default.removeItem(at: shards[2])
            try expected["shard-00001.safetensors"]?.dropLast(7).write(to: shards[1])
            try Data("half".utf8).write(to: broken.appending(path: ".1y2p0ija32e8e7.partial"))
            try fit(in: broken)
            #expect(try contents(of: broken) == expected)
        }
    }

    @Test("the number of threads does not change a byte")
    func independentOfThreads() throws {
        defer { Runtime.threadCount = 1 }
        try withTemporaryFolder { parent in
            let folders = ["one", "three"].map { parent.appending(path: $0) }
            try fit(in: folders[0])
            Runtime.threadCount = 3
            try fit(in: folders[1])
            #expect(try contents(of: folders[0]) == contents(of: folders[1]))
        }
    }

    @Test("another recipe or other images are refused by the name of what differs")
    func refusesAnotherZoo() throws {
        try withTemporaryFolder { folder in
            try fit(in: folder)
            let before = try contents(of: folder)
            var recipe = Self.recipe
            recipe.learningRate = 0.5
            #expect { try fit(in: folder, recipe: recipe) } throws: {
                "\($0)".contains("recipe.learningRate is 0.04 there, not 0.5")
            }
            recipe = .smooth(widths: [2, 5, 3, 1], omega: 3)
            #expect { try fit(in: folder, recipe: recipe) } throws: { "\($0)".contains("recipe.") }
            #expect { try fit(in: folder, images: discs(count: 9)) } throws: { "\($0)".contains("images.count") }
            let brighter = ImageEdit.dilate(discs(count: 10))
            #expect { try fit(in: folder, images: brighter) } throws: { "\($0)".contains("images.fingerprint") }
            #expect(try contents(of: folder) == before)
        }
    }

    @Test("a folder that holds something else, a folder in use and images of other channels are refused")
    func refusesFolder() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: folder.appending(path: "thesis.tex"))
            #expect(throws: ZooError.occupied(folder: folder.relativePath, found: "thesis.tex")) { try fit(in: folder) }
            let used = folder.appending(path: "a/b")
            let fitting = try INRZooFitting(discs(count: 1), recipe: Self.recipe, in: used)
            #expect(throws: ZooError.busy(folder: used.relativePath)) { try fit(in: used) }
            withExtendedLifetime(fitting) {}
            #expect(throws: ZooError.channels(images: "discs", expected: 1, found: 3)) {
                try fit(in: folder, images: discs(count: 2, channels: 3))
            }
        }
    }

    @Test("a learning rate that blows every network up is reported, not stored")
    func diverges() throws {
        try withTemporaryFolder { folder in
            var recipe = Self.recipe
            recipe.learningRate = 1e38
            #expect { try fit(in: folder, recipe: recipe) } throws: { "\($0)".contains("lower the learning rate") }
            let files = try contents(of: folder)
            #expect(files.keys.sorted() == ["catalog.sqlite"])
        }
    }

    @Test("colour images and images without labels make a zoo too")
    func colour() throws {
        try withTemporaryFolder { folder in
            let labelled = discs(count: 2, channels: 3)
            let images = ImageSet(
                name: "colour", count: 2, height: 8, width: 8, channels: 3, pixels: labelled.pixels)
            var recipe = FittingRecipe.paper(widths: [2, 4, 3])
            recipe.steps = 2
            try INRZooFitting(images, recipe: recipe, in: folder).run()
            let zoo = try INRZoo(contentsOf: folder)
            #expect(zoo.labels == [-1, -1])
            #expect(try zoo.pictures(at: [1, 0]).labels == nil)
            #expect(zoo[1].image().channels == 3)
        }
    }
}

/// Counts calls from any thread.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func next() -> Int {
        lock.withLock {
            count += 1
            return count
        }
    }
}
