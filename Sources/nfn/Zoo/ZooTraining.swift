public import ArgumentParser
import Foundation
public import Zoo

struct ZooTrainCNNs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-cnns", abstract: "Train small convolutional classifiers with random hyper-parameters.",
        discussion: """
            Checkpoints are kept with their accuracies. A run that was interrupted or killed continues when the same command \
            is given again.
            """)

    @Flag(help: "Let networks differ in depth, channels, kernels, skips and nonlinearities.")
    var wild = false

    @Option(help: "What the dense layer reads of the last map: pool, each channel's mean; flatten, every position.")
    var head = ClassifierHead.pool

    @OptionGroup var training: ZooTrainingArguments

    func run() throws {
        try training.run {
            wild ? .wildPark(head: head, seed: $0) : .smallCNN(head: head, seed: $0)
        } reading: {
            $0.grey
        }
    }
}

extension ClassifierHead: ExpressibleByArgument {}

struct ZooTrainMLPs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-mlps", abstract: "Train small perceptrons with random hyper-parameters, as train-cnns does."
    )

    @OptionGroup var training: ZooTrainingArguments

    func run() throws {
        try training.run {
            .mlp(seed: $0)
        } reading: {
            $0.grey
        }
    }
}

/// What all ways to train a zoo of classifiers share.
struct ZooTrainingArguments: ParsableArguments {
    @Argument(help: "Labelled pictures: IDX file, CIFAR-10 binary, or a folder of these; colours become grey.")
    var images: String

    @Option(help: ArgumentHelp("The folder for the zoo.", valueName: "zoo"))
    var out: String

    @Option(help: "How many networks are trained.")
    var count: Int

    @Option(help: "The last so many pictures are not trained on, but for the test.")
    var test = 10_000

    @Option(help: "The starting point of every random number.")
    var seed: UInt64 = 0

    @Option(help: "Train only a part of them, such as 3/16 for the third of sixteen processes; see nfn zoo merge.")
    var shard: Share?

    func validate() throws {
        for (name, value) in [("count", count), ("test", test)] where !(1...100_000_000).contains(value) {
            throw ValidationError("--\(name): expected 1 or more, got \(value)")
        }
    }

    func run(
        drawing distribution: (UInt64) -> ClassifierDistribution, reading convert: (ImageSet) -> ImageSet
    ) throws {
        Interruption.watch()
        let all = convert(try ImageSet(contentsOf: URL(filePath: images)))
        guard test < all.count else {
            throw ValidationError("--test: \(images) has \(all.count) pictures, not more than \(test)")
        }
        let folder = URL(filePath: out)
        let training = try ClassifierZooTraining(
            distribution(seed), runs: count, on: all[0..<all.count - test], testing: all[all.count - test..<all.count],
            in: folder)
        let share = shard?.share ?? .all
        let bar = ProgressBar("training", total: training.runs(in: share), unit: "networks")
        defer { bar.finish() }
        try training.run(share: share, checkpoint: Interruption.check) { bar.update($0) }
        let zoo = try Zoo(contentsOf: folder)
        if zoo.reportsEmptyShare() { return }
        let accuracies = try zoo.values(of: "test_accuracy").compactMap(\.number).sorted()
        guard let least = accuracies.first, let greatest = accuracies.last else {
            print("\(folder.relativePath): \(zoo.count) checkpoints, of which none has an accuracy")
            return
        }
        print(
            "\(folder.relativePath): \(zoo.count) checkpoints, test accuracy \(percent(least)) to \(percent(greatest)), "
                + "median \(percent(accuracies[accuracies.count / 2]))")
    }
}
