public import ArgumentParser
import Experiments
import Foundation
import NeuralFunctionals
public import WeightSpaces
public import Zoo

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a functional on the networks of a zoo.",
        subcommands: [TrainClassify.self, TrainEdit.self, TrainGeneralisation.self])
}

struct TrainClassify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Learn to tell from a network's weights which class it, or its picture, belongs to.",
        discussion: """
            Networks without a class are left out. Where the zoo stores a split (nfn zoo split, nfn zoo import) it holds.
            """)

    @Option(help: "What reads the weights: functional, or flat for the baseline, a perceptron on all weights in a row.")
    var reader = Run.Reader.functional

    @Option(help: "How strongly training pictures are turned, stretched and moved, 0 for not at all.")
    var warp = 0.0

    @Option(help: ArgumentHelp("The fact that says a network's class: texts or whole numbers.", valueName: "fact"))
    var target = "label"

    @OptionGroup var training: TrainingArguments

    func validate() throws {
        if !(0..<1).contains(warp) { throw ValidationError("--warp: expected a strength in 0..<1, got \(warp)") }
    }

    func run() throws {
        Interruption.watch()
        var run = training.run(.classify(reader, warp: warp))
        let zoo = try Zoo(contentsOf: URL(filePath: training.zoo))
        let labels = try ClassLabels(target, of: zoo)
        if try target != "label" || labels.names != ClassLabels.numbered(target, of: zoo) {
            (run.target, run.classes) = (target, labels.names)
        }
        run.usesStoredSplit = try zoo.values(of: "split").contains { $0 != .none }
        let missing = labels.classes.count { $0 == nil }
        if missing > 0 { print("left out \(missing == 1 ? "1 network" : "\(missing) networks") without \(target)") }
        try run.classification(ClassifierTraining(training: training, reader: reader, run: run))
    }
}

/// Trains the model of a classification, and writes its report.
private struct ClassifierTraining: ClassificationUse {
    let training: TrainingArguments
    let reader: Run.Reader
    let run: Run

    func callAsFunction<Model: PopulationLearner>(_ task: Classification<Model>, of zoo: Zoo) throws {
        let name = reader == .flat ? "perceptron" : "functional"
        let folder = try training.folder(run, task.cost(named: name, run.options))
        let result = try training.train(task, in: folder)
        let accuracy = task.measure(result.model, networks: task.split.test)
        try folder.write(RunReport(task, result.model, of: zoo, in: folder))
        print("\(folder.url.relativePath): step \(result.bestStep), test accuracy \(percent(accuracy))")
    }
}

struct TrainEdit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Learn to change a network's weights so that its picture is edited.")

    @Option(help: "What is done to the pictures.")
    var style = ImageEdit.dilate

    @OptionGroup var training: TrainingArguments

    func run() throws {
        Interruption.watch()
        var run = training.run(.edit(style))
        let zoo = try INRZoo(contentsOf: URL(filePath: training.zoo))
        run.usesStoredSplit = try zoo.zoo.values(of: "split").contains { $0 != .none }
        let population = try run.population()
        let folder = try training.folder(run, run.editingCost(population))
        if !zoo.hasOriginals { print("the zoo has no originals: the pictures that networks draw are edited") }
        let task = try run.editing(population, edit: style)
        let result = try training.train(task, in: folder)
        let error = task.measure(result.model, networks: task.split.test)
        let identity = task.identityError(networks: task.split.test)
        try folder.write(RunReport(task, result.model, in: folder))
        print(
            "\(folder.url.relativePath): step \(result.bestStep), test error \(decimal(error)), "
                + "of unedited networks \(decimal(identity))")
    }
}

extension ImageEdit: ExpressibleByArgument {}
extension NeuronSymmetry: ExpressibleByArgument {}
extension Run.Reader: ExpressibleByArgument {}

/// The options that every training has.
struct TrainingArguments: ParsableArguments {
    @Argument(help: "The zoo's folder.")
    var zoo: String

    @Option(help: ArgumentHelp("The folder for the run.", valueName: "run"))
    var out: String

    @Flag(help: "Continue the run that is in the folder.")
    var resume = false

    @Option(help: "Optimizer steps.")
    var steps = 3000

    @Option(help: "Minutes after which training ends, whatever the steps; such a run cannot be repeated exactly.")
    var minutes: Double?

    @Option(help: "Networks per step.")
    var batch = 32

    @Option(help: "The highest learning rate.")
    var learningRate = 4e-3

    @Option(help: "Steps in which the learning rate rises.")
    var warmUp = 50

    @Option(help: "Steps between validations.")
    var validationInterval = 200

    @Option(help: "Validations without a better result after which training stops.")
    var patience: Int?

    @Option(help: "Which neurons count as permutable: hiddenNeurons or allNeurons.")
    var symmetry = NeuronSymmetry.hiddenNeurons

    @Option(help: "Equivariant layers.")
    var depth = 3

    @Option(help: "Channels of the neurons' vectors.")
    var channels = 32

    @Option(help: "Channels of the weight matrices.")
    var matrixChannels = 16

    @Option(help: "Random Fourier features, 0 for none.")
    var frequencies = 8

    @Option(help: "The deviation of their frequencies.")
    var frequencyScale = 0.5

    @Option(help: "The probability that a channel is dropped.")
    var dropout = 0.0

    @Option(help: "The part of the images to validate on.")
    var validation = 0.05

    @Option(help: "The part of the images to test on.")
    var test = 0.1

    @Flag(help: "Test on the source's last images instead of random ones.")
    var testLast = false

    @Option(help: "The starting point of every random number.")
    var seed: UInt64 = 0

    func validate() throws {
        let counts = [
            ("steps", steps), ("batch", batch), ("validation-interval", validationInterval),
            ("patience", patience ?? 1),
        ]
        for (name, value) in counts where !(1...1_000_000_000).contains(value) {
            throw ValidationError("--\(name): expected 1 or more, got \(value)")
        }
        if warmUp < 0 { throw ValidationError("--warm-up: expected 0 or more, got \(warmUp)") }
        try FunctionalSizes.check([("channels", channels), ("matrix-channels", matrixChannels)], depth: depth)
        if !(0...FunctionalSizes.largest).contains(frequencies) {
            throw ValidationError("--frequencies: expected 0 to \(FunctionalSizes.largest), got \(frequencies)")
        }
        for (name, value) in [("validation", validation), ("test", test), ("dropout", dropout)]
        where !(0..<1).contains(value) {
            throw ValidationError("--\(name): expected a part in 0..<1, got \(value)")
        }
        let rates = [
            ("minutes", minutes), ("learning-rate", learningRate), ("frequency-scale", frequencyScale),
        ]
        for case (let name, let value?) in rates where !(value > 0 && value.isFinite) {
            throw ValidationError("--\(name): expected a positive number, got \(value)")
        }
    }

    /// What is asked for.
    func run(_ kind: Run.Kind) -> Run {
        let options = TrainingOptions(
            steps: steps, batch: batch, learningRate: learningRate, warmUp: warmUp,
            validationInterval: validationInterval, patience: patience, secondsLimit: minutes.map { $0 * 60 },
            seed: seed)
        let trunk = Run.TrunkOptions(
            depth: depth, channels: channels, matrixChannels: matrixChannels, frequencies: frequencies,
            frequencyScale: frequencyScale, dropout: dropout)
        return Run(
            kind, zoo: zoo, symmetry: symmetry,
            split: .init(validation: validation, test: test, testsLast: testLast, seed: seed), trunk: trunk,
            options: options)
    }

    /// Says what a run costs, and begins or takes up its folder.
    func folder(_ run: Run, _ cost: TrainingCost) throws -> RunFolder {
        try cost.announce()
        return try RunFolder(run, in: URL(filePath: out), resuming: resume)
    }

    /// Trains with a progress bar, printing each validation.
    func train<Task: TrainingTask>(_ task: Task, in folder: RunFolder) throws -> Trainer<Task>.Result {
        let bar = ProgressBar("training", total: 1000, unit: "‰")
        defer { bar.finish() }
        return try folder.train(task, checkpoint: Interruption.check) { fraction in
            try Interruption.check()
            bar.update(Int(fraction * 1000))
        } validated: { record in
            print(
                "step \(record.step), loss \(decimal(record.loss)), "
                    + "validation \(task.metric.name) \(decimal(record.validation))")
        }
    }
}

/// A number with four decimals.
func decimal(_ value: Double) -> String { String(format: "%.4f", value) }

/// A part of one in per cent.
func percent(_ value: Double) -> String { String(format: "%.1f %%", 100 * value) }
