import ArgumentParser
import Foundation
import Zoo

struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fit one small network to each picture and keep them as a zoo.",
        discussion: """
            The networks are SIRENs: multilayer perceptrons with sine activations, from the coordinates of a pixel to its \
            colour. A run that was interrupted or killed continues when the same command is given again.
            """
    )

    enum Recipe: String, ExpressibleByArgument, CaseIterable {
        case smooth, paper
    }

    @Argument(help: "IDX file, CIFAR-10 binary, digits CSV, picture, or a folder of these.")
    var images: String

    @Option(help: ArgumentHelp("The folder for the zoo.", valueName: "zoo"))
    var out: String

    @Option(help: "Which of the images, such as 0-9999; all by default.")
    var range: NumberRange?

    @Option(help: ArgumentHelp("An IDX file of labels, where they are not beside the images.", valueName: "file"))
    var labels: String?

    @Option(help: "Networks per image.")
    var fits = 1

    @Option(
        help: """
            smooth: low frequencies from a narrow initialization, made to be read by other networks. \
            paper: SIREN's own initialization and frequencies.
            """)
    var recipe = Recipe.smooth

    @Option(help: ArgumentHelp("Neurons in each hidden layer.", valueName: "widths"))
    var hidden = "32,32"

    @Option(help: "The frequency of the first layer's sines (default: 6 smooth, 30 paper).")
    var omega: Double?

    @Option(help: "The frequency of the other sines (default: 2 smooth, as --omega paper).")
    var hiddenOmega: Double?

    @Option(help: "Optimization steps (default: 300 smooth, 200 paper).")
    var steps: Int?

    @Option(help: "The highest learning rate (default: 0.04 smooth, 0.005 paper).")
    var learningRate: Double?

    @Option(help: "Random pixels seen by each step, 0 for all (default: 128 smooth, all paper).")
    var pixels: Int?

    @Option(help: "The starting point of every random number.")
    var seed: UInt64 = 0

    @Option(help: "Networks fitted together by each core.")
    var batch = 32

    @Option(name: .customLong("minimum-psnr"), help: "The quality in dB below which a network is fitted again.")
    var minimumPSNR = 25.0

    @Option(help: "How often a network is fitted at most.")
    var attempts = 3

    @Option(
        help: "Fit only a part of the pictures, such as 3/16 for the third of sixteen processes; see nfn zoo merge.")
    var shard: Share?

    func validate() throws {
        _ = try hiddenWidths
        for (name, value) in [("fits", fits), ("steps", steps ?? 1), ("batch", batch), ("attempts", attempts)]
        where !(1...1_000_000).contains(value) {
            throw ValidationError("--\(name): expected 1 to 1000000, got \(value)")
        }
        let rates = [("omega", omega), ("hidden-omega", hiddenOmega), ("learning-rate", learningRate)]
        for case (let name, let value?) in rates where !(value > 0 && value.isFinite) {
            throw ValidationError("--\(name): expected a positive number, got \(value)")
        }
        if let pixels, pixels < 0 { throw ValidationError("--pixels: expected 0 or more, got \(pixels)") }
        if minimumPSNR.isNaN { throw ValidationError("--minimum-psnr: expected a number, got \(minimumPSNR)") }
    }

    func run() throws {
        Interruption.watch()
        let images = try ImageSet(
            contentsOf: URL(filePath: images), labels: labels.map { URL(filePath: $0) }, range: range?.range)
        let folder = URL(filePath: out)
        let fitting = try INRZooFitting(
            images, first: range?.range.lowerBound ?? 0, fits: fits, recipe: try recipe(channels: images.channels),
            in: folder)
        let share = shard?.share ?? .all
        let bar = ProgressBar("fitting", total: fitting.networks(in: share), unit: "networks")
        do {
            try fitting.run(share: share, checkpoint: Interruption.check) { bar.update($0) }
        } catch {
            bar.finish()
            throw error
        }
        bar.finish()
        let zoo = try Zoo(contentsOf: folder)
        if zoo.reportsEmptyShare() { return }
        report(try INRZoo(zoo))
    }

    private var hiddenWidths: [Int] {
        get throws {
            let widths = hidden.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard widths.allSatisfy((1...4_096).contains) else {
                throw ValidationError("--hidden: expected widths from 1 to 4096 such as 32,32, got \(hidden)")
            }
            return widths
        }
    }

    private func recipe(channels: Int) throws -> FittingRecipe {
        let widths = [2] + (try hiddenWidths) + [channels]
        var recipe: FittingRecipe =
            switch recipe {
            case .smooth: .smooth(widths: widths, omega: omega ?? 6, hiddenOmega: hiddenOmega ?? 2)
            case .paper: .paper(widths: widths, omega: omega ?? 30, hiddenOmega: hiddenOmega)
            }
        if let steps { recipe.steps = steps }
        if let learningRate { recipe.learningRate = learningRate }
        if let pixels { recipe.pixelsPerStep = pixels == 0 ? nil : pixels }
        recipe.seed = seed
        recipe.batch = batch
        recipe.minimumPSNR = minimumPSNR
        recipe.attempts = attempts
        return recipe
    }

    private func report(_ zoo: INRZoo) {
        let psnr = zoo.psnr.sorted()
        func quantile(_ share: Double) -> String {
            String(format: "%.1f dB", psnr[Int(share * Double(psnr.count - 1))])
        }
        print(
            "\(zoo.folder.relativePath): \(zoo.count) networks of \(zoo.siren.parameterCount) parameters, "
                + "PSNR median \(quantile(0.5)), 5th percentile \(quantile(0.05)), "
                + "\(zoo.failures.count) below \(minimumPSNR) dB")
    }
}
