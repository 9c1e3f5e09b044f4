import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Import of SIRENs of others", .oneThread) struct SIRENImportTests {
    /// Networks that were fitted here to pictures, and the pictures as a file.
    private static func fitted(in folder: URL) throws -> (zoo: INRZoo, images: URL) {
        let images = discs(count: 6)
        let url = folder.appending(path: "images.idx")
        let header: [UInt8] = [0, 0, 8, 3] + [6, 8, 8].flatMap { [0, 0, 0, UInt8($0)] }
        try Data(header + images.pixels).write(to: url)
        var recipe = FittingRecipe.smooth(widths: [2, 8, 8, 1])
        (recipe.steps, recipe.minimumPSNR) = (60, 0)
        try INRZooFitting(images, recipe: recipe, in: folder.appending(path: "fitted")).run()
        return (try INRZoo(contentsOf: folder.appending(path: "fitted")), url)
    }

    /// The same pictures drawn by f(column, row) + 0.5 in [0, 1], in the first data set's folders.
    private static func write(_ zoo: INRZoo, to folder: URL) throws {
        for network in 0..<zoo.count {
            var parameters = zoo[network].parameters
            parameters[0] = parameters[0].gathered(1, at: [1, 0])
            let last = parameters.count - 2
            (parameters[last], parameters[last + 1]) = (parameters[last] / 2, parameters[last + 1] / 2)
            let place = folder.appending(path: "mnist_png_training_\(network % 3)_\(network)/checkpoints")
            try Folder.create(place)
            let names = ["seq.0.weight", "seq.0.bias", "seq.1.weight", "seq.1.bias", "seq.2.weight", "seq.2.bias"]
            try PyTorchFile.write(
                zip(names, parameters).map { StoredTensor(name: $0, $1) }, to: place.appending(path: "model_final.pth"))
        }
    }

    private static func options(_ siren: String, images: URL? = nil) throws -> ImportOptions {
        var options = ImportOptions()
        (options.siren, options.images) = (try SIRENDescription(parsing: siren), images)
        return options
    }

    /// Fitted networks, their pictures' file, the folder they are in as others write them, and the zoo it is imported to.
    private static func imported(in folder: URL) throws -> (fitted: INRZoo, images: URL, source: URL, target: URL) {
        let (fitted, images) = try fitted(in: folder)
        let (source, target) = (folder.appending(path: "foreign"), folder.appending(path: "zoo"))
        try write(fitted, to: source)
        try ZooImporting(from: source, options("dws,omega=6,hidden-omega=2", images: images), in: target).run()
        return (fitted, images, source, target)
    }

    @Test("networks draw what they drew, in their convention; labels, splits and PSNR become facts")
    func draws() throws {
        try withTemporaryFolder { folder in
            let (fitted, images, source, target) = try Self.imported(in: folder)
            #expect(try ZooVerification.problems(in: target).isEmpty)
            let zoo = try INRZoo(contentsOf: target)
            #expect(zoo.grid == PixelGrid(height: 8, width: 8) && zoo.hasOriginals)
            #expect(zoo.labels == [0, 0, 1, 1, 2, 2] && zoo.images == [0, 3, 1, 4, 2, 5])
            #expect(try Split(sides: zoo.zoo.values(of: "split")).train.count == 6)
            for (network, image) in zoo.images.enumerated() {
                #expect(zoo[network].image() == fitted[image].image())
                #expect(abs(zoo.psnr[network] - fitted.psnr[image]) < 1e-3)
            }
            let originals = discs(count: 6)
            #expect(try zoo.pictures(at: [1, 2]).pixels == Array(originals.pixels(of: 3)) + originals.pixels(of: 1))
            // A wrong frequency gives noise, and the quality tells.
            let wrong = folder.appending(path: "wrong")
            try ZooImporting(from: source, Self.options("dws", images: images), in: wrong).run()
            let quality = try INRZoo(contentsOf: wrong).psnr.max() ?? 0
            #expect(quality < 12 && (zoo.psnr.min() ?? 0) > 15)
        }
    }

    @Test("exported networks are PyTorch files with the same weights, and come back without being described")
    func comesBack() throws {
        try withTemporaryFolder { folder in
            let (_, _, source, target) = try Self.imported(in: folder)
            let files = folder.appending(path: "files")
            try ZooExporting(Zoo(contentsOf: target)).run(in: files)
            let name = "mnist_png_training_1_4/checkpoints/model_final.pth"
            let (a, b) = (try PyTorchFile(source.appending(path: name)), try PyTorchFile(files.appending(path: name)))
            #expect(a.entries == b.entries)
            for entry in a.entries {
                #expect(try a.withBytes(of: entry) { [UInt8]($0) } == b.withBytes(of: entry) { [UInt8]($0) })
            }
            try ZooImporting(from: files, in: folder.appending(path: "again")).run()
            let (first, second) = (
                try INRZoo(contentsOf: target), try INRZoo(contentsOf: folder.appending(path: "again"))
            )
            #expect(second.siren == first.siren && second.psnr == first.psnr && second.labels == first.labels)
            #expect(second[3].image() == first[3].image())
            try ZooExporting(first.zoo, as: .safetensors).run(in: folder.appending(path: "own"))
            let own = folder.appending(path: "own/mnist_png_training_1_4/checkpoints/model_final.safetensors")
            #expect(try INR(contentsOf: own).image() == first[3].image())
        }
    }

    @Test("without originals networks show what they draw, and their size must be known") func withoutOriginals() throws
    {
        try withTemporaryFolder { folder in
            let (fitted, _) = try Self.fitted(in: folder)
            let source = folder.appending(path: "foreign")
            try Self.write(fitted, to: source)
            #expect(
                throws: INRError.unknownSize(
                    file: source.relativePath + "/mnist_png_training_0_0/checkpoints/model_final.pth")
            ) {
                try ZooImporting(from: source, Self.options("omega=6"), in: folder.appending(path: "none")).run()
            }
            var options = try Self.options("omega=6,hidden-omega=2,shift=0.5,colours=0:1,order=columns")
            options.size = PixelGrid(height: 5, width: 7)
            try ZooImporting(from: source, options, in: folder.appending(path: "zoo")).run()
            let zoo = try INRZoo(contentsOf: folder.appending(path: "zoo"))
            #expect(!zoo.hasOriginals && zoo.psnr.allSatisfy(\.isNaN) && zoo.labels.allSatisfy { $0 == -1 })
            #expect(try zoo.pictures(at: [2])[0] == zoo[2].image() && zoo.grid.width == 7)
            #expect(Set(zoo.images).count == 6)
        }
    }

    @Test("an image that is missing, or of another class or size, is named") func refusals() throws {
        try withTemporaryFolder { folder in
            let (fitted, images) = try Self.fitted(in: folder)
            let source = folder.appending(path: "foreign")
            try Self.write(fitted, to: source)
            func message(_ siren: String, _ change: (inout ImportOptions) throws -> Void = { _ in }) throws -> String {
                var options = try Self.options(siren, images: images)
                try change(&options)
                do {
                    try ZooImporting(
                        from: source, options, in: folder.appending(path: UUID().uuidString)
                    ).run()
                    return "no error"
                } catch {
                    #expect(!"\(error)".contains("\n"))
                    return "\(error)"
                }
            }
            #expect(try message("omega=6").contains("expected the number of its image"))
            #expect(try message("dws") { $0.size = PixelGrid(height: 9, width: 8) }.contains("pictures of 9x8"))
            let labels = folder.appending(path: "labels.idx")
            try Data([0, 0, 8, 1, 0, 0, 0, 6] + [0, 1, 2, 0, 1, 0] as [UInt8]).write(to: labels)
            let labelled = folder.appending(path: "train-images-idx3-ubyte")
            try FileManager.default.copyItem(at: images, to: labelled)
            try FileManager.default.copyItem(at: labels, to: folder.appending(path: "train-labels-idx1-ubyte"))
            #expect(try message("dws") { $0.images = labelled }.contains("expected class 0 of image 5"))
            try FileManager.default.moveItem(
                at: source.appending(path: "mnist_png_training_0_0"),
                to: source.appending(path: "mnist_png_training_0_6"))
            #expect(try message("dws").contains("expected an image in 0..<6 of images.idx, found 6"))
        }
    }

    @Test("damaged tables and descriptions end with a sentence, or are read") func damagedTexts() throws {
        try withTemporaryFolder { folder in
            let (_, _, _, target) = try Self.imported(in: folder)
            let files = folder.appending(path: "files")
            try ZooExporting(Zoo(contentsOf: target)).run(in: files)
            var random = RandomSource(seed: 4)
            let alphabet = Array(#"0123456789-+.,;:{}[]"\/enaifNA \n\r\t"#.utf8) + [0, 255]
            for trial in 0..<60 {
                let url = files.appending(path: trial.isMultiple(of: 2) ? "siren.json" : "networks.csv")
                let sound = try Data(contentsOf: url)
                var bytes = sound
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = alphabet.randomElement(using: &random) ?? 0
                }
                try bytes.write(to: url)
                let again = folder.appending(path: "zoo-\(trial)")
                do {
                    try ZooImporting(from: files, in: again).run()
                    let zoo = try INRZoo(contentsOf: again)
                    if trial < 20 { _ = zoo[0].image() }
                } catch {
                    #expect(!"\(error)".contains("\n") && "\(error)".contains("/"), "\(error)")
                }
                try sound.write(to: url)
            }
        }
    }

    @Test("damaged files end with a sentence that names them") func damaged() throws {
        try withTemporaryFolder { folder in
            let (fitted, _) = try Self.fitted(in: folder)
            let source = folder.appending(path: "foreign")
            try Self.write(fitted, to: source)
            let file = source.appending(path: "mnist_png_training_1_4/checkpoints/model_final.pth")
            let sound = try Data(contentsOf: file)
            var random = RandomSource(seed: 3)
            for trial in 0..<60 {
                var bytes = sound
                if trial.isMultiple(of: 3) {
                    bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))
                } else {
                    for _ in 0..<4 {
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                    }
                }
                try bytes.write(to: file)
                let target = folder.appending(path: "zoo-\(trial)")
                do {
                    try ZooImporting(from: source, Self.options("dws"), in: target).run()
                    _ = try INRZoo(contentsOf: target).count
                } catch {
                    #expect("\(error)".contains("model_final") && !"\(error)".contains("\n"), "\(error)")
                }
            }
        }
    }
}
