import ArgumentParser
import Experiments
import Foundation
import WeightSpaces
import Zoo

struct TrainGeneralisation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generalisation",
        abstract: "Learn to predict from a network's weights how well it generalises, beside baselines.",
        discussion: """
            Trains a functional, and a perceptron on statistics of the weights and of the singular values of their \
            matrices, and predicts the mean of both. Baselines are a linear model and a perceptron on statistics of the \
            weights, and a perceptron on all weights in a row, if that has at most 100 million parameters. Writes a \
            report. Networks of several architectures are read by one functional whose parameters are shared by role, and \
            there are linear models for each set of parameters instead of the last perceptron. Where the zoo stores a split \
            (nfn zoo split) it holds.
            """)

    @Argument(help: "The zoo's folder.")
    var zoo: String

    @Option(help: ArgumentHelp("The folder for the run.", valueName: "run"))
    var out: String

    @Flag(help: "Continue the run that is in the folder.")
    var resume = false

    @Option(help: ArgumentHelp("What to predict: any fact that is a number.", valueName: "fact"))
    var target = "test_accuracy"

    @Option(name: .customLong("where"), help: ArgumentHelp("Which networks; all by default.", valueName: "condition"))
    var condition: String?

    @Flag(help: "Read networks in the canonical form of their neurons' scales (ReLU) and signs (tanh, sine).")
    var scaleAware = false

    @Option(help: "Noise on training weights, in units of each parameter's root mean square in its network.")
    var noise = 0.0

    @Option(help: "The probability that a training weight is set to zero.")
    var weightDropout = 0.0

    @Option(help: "Optimizer steps.")
    var steps = 3000

    @Option(help: "Networks per step of the functional.")
    var batch = 16

    @Option(help: "The highest learning rate of the functional.")
    var learningRate = 2e-3

    @Option(help: "Equivariant layers.")
    var depth = 3

    @Option(help: "Channels of the neurons' vectors.")
    var channels = 24

    @Option(help: "Channels of the weight matrices.")
    var matrixChannels = 8

    @Option(help: "The part of the runs to validate on.")
    var validation = 0.1

    @Option(help: "The part of the runs to test on.")
    var test = 0.2

    @Option(help: "The starting point of every random number.")
    var seed: UInt64 = 0

    func validate() throws {
        for (name, value) in [("steps", steps), ("batch", batch)] where !(1...1_000_000_000).contains(value) {
            throw ValidationError("--\(name): expected 1 or more, got \(value)")
        }
        if depth == 0 { throw ValidationError("--depth: expected 1 or more, got 0") }
        try FunctionalSizes.check([("channels", channels), ("matrix-channels", matrixChannels)], depth: depth)
        for (name, value) in [("validation", validation), ("test", test), ("weight-dropout", weightDropout)]
        where !(0..<1).contains(value) {
            throw ValidationError("--\(name): expected a part in 0..<1, got \(value)")
        }
        if !(noise >= 0 && noise.isFinite) { throw ValidationError("--noise: expected 0 or more, got \(noise)") }
        if !(learningRate > 0 && learningRate.isFinite) {
            throw ValidationError("--learning-rate: expected a positive number, got \(learningRate)")
        }
    }

    func run() throws {
        Interruption.watch()
        let folder = URL(filePath: out)
        let path = zoo
        let split = Split.Description(validation: validation, test: test, seed: seed)
        let zoo = try Zoo(contentsOf: URL(filePath: path))
        for cost in try plan.costs(of: zoo, where: condition) { try cost.announce() }
        let population = try WeightPopulation(zoo, target: target, where: condition, split: split)
        let missing = try zoo.networks(where: condition ?? "TRUE").count - population.targets.count
        if missing > 0 {
            print("left out \(missing == 1 ? "1 network" : "\(missing) networks") without a finite number \(target)")
        }
        let run = GeneralisationRun(
            zoo: path, target: target, condition: condition, split: split, fingerprint: population.fingerprint,
            plan: plan)
        try run.begin(in: folder, resuming: resume)
        let bars = StageBars()
        defer { bars.finish() }
        let result = try GeneralisationStudy(
            of: population, subject(population, in: zoo), plan: run.plan, in: folder, checkpoint: Interruption.check,
            observer: bars.update
        ).run()
        bars.finish()
        print(result.table)
        print(folder.appending(path: GeneralisationStudy.reportFileName).relativePath)
    }

    private var plan: GeneralisationStudy.Plan {
        let interval = max(1, min(200, steps / 10))
        return .init(
            trunk: .init(depth: depth, channels: channels, matrixChannels: matrixChannels),
            functional: .init(
                steps: steps, batch: batch, learningRate: learningRate, averagedSteps: max(1, steps / 15),
                validationInterval: interval, seed: seed),
            perceptrons: .init(steps: steps, batch: 32, learningRate: 1e-3, validationInterval: interval, seed: seed),
            augmentation: .init(noise: noise, dropout: weightDropout), isScaleAware: scaleAware)
    }

    private func subject(_ population: WeightPopulation, in zoo: Zoo) -> GeneralisationResult.Subject {
        let names = Set(population.origins.map { zoo.architecture(of: $0).name }).sorted()
        return .init(
            networks: names.count > 4
                ? "networks of \(names.count) architectures" : names.joined(separator: " and "),
            target: target.replacingOccurrences(of: "_", with: " "),
            recipe: zoo.origins.map { "Made by \($0.kind): \($0.settings)" }.joined(separator: " ")
                + (condition.map { " Of these, networks where \($0)." } ?? ""),
            command: (["nfn"] + CommandLine.arguments.dropFirst().filter { $0 != "--resume" }).map(\.shellWord)
                .joined(separator: " "))
    }
}
