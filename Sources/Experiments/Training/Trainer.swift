public import Foundation
internal import NeuralFunctionals
internal import Torch

/// Trains a functional on a task and keeps the model with the best validation.
///
/// Step `k` draws its networks and its dropout from the seed and `k` alone, so that a training which is taken up from
/// its last validation ends like one that was never interrupted. A batch is computed in parts beside each other, one
/// thread for each, so that no operator waits for a busy core and a step is the same on any number of cores.
public struct Trainer<Task: TrainingTask> {
    /// What came out.
    public struct Result {
        /// The model with the best validation.
        public let model: Task.Model
        /// The step after which that model was seen.
        public let bestStep: Int
        /// Every validation.
        public let records: [TrainingRecord]
        /// Seconds of training over all sittings, validations not counted.
        public let seconds: Double
    }

    private let task: Task
    private let options: TrainingOptions
    private let stateFile: URL?
    private let checkpoint: @Sendable () throws -> Void

    /// - Parameters:
    ///   - stateFile: where the state is stored at each validation, and taken up from if it exists.
    ///   - checkpoint: is called before each part of a step and of a validation, on any thread, and may throw to stop.
    public init(
        _ task: Task, options: TrainingOptions, stateFile: URL? = nil,
        checkpoint: @escaping @Sendable () throws -> Void = {}
    ) {
        self.task = task
        self.options = options
        self.stateFile = stateFile
        self.checkpoint = checkpoint
    }

    /// Trains to the end.
    ///
    /// - Parameters:
    ///   - stepped: is called after each step with the part that is done, and may throw to stop.
    ///   - validated: is called after each validation with all records so far, once its state is on disk.
    /// - Throws: ``TrainingError``, `FileError`, `FormatError`; what the closures throw.
    public func run(
        stepped: (Double) throws -> Void = { _ in },
        validated: ([TrainingRecord], _ best: Task.Model) throws -> Void = { _, _ in }
    ) throws -> Result {
        var random = RandomSource(seed: options.seed)
        var state = TrainingState(model: task.makeModel(using: &random), weightDecay: options.weightDecay)
        if let stateFile, FileManager.default.fileExists(atPath: stateFile.path) { try state.read(from: stateFile) }
        let clock = ContinuousClock()
        while !isFinished(state.progress) {
            let start = clock.now
            try step(&state)
            state.progress.seconds += (clock.now - start) / .seconds(1)
            try stepped(min(1, options.fraction(atStep: state.progress.step, seconds: state.progress.seconds)))
            if state.progress.step % options.validationInterval == 0 || isFinished(state.progress) {
                try validate(&state)
                try validated(state.progress.records, state.best)
            }
        }
        return Result(
            model: state.best, bestStep: state.progress.bestStep, records: state.progress.records,
            seconds: state.progress.seconds)
    }

    private func isFinished(_ progress: TrainingState<Task.Model>.Progress) -> Bool {
        if options.fraction(atStep: progress.step, seconds: progress.seconds) >= 1 { return true }
        guard let patience = options.patience, let last = progress.records.last else { return false }
        return last.step - progress.bestStep >= patience * options.validationInterval
    }

    private func step(_ state: inout TrainingState<Task.Model>) throws {
        let step = state.progress.step
        let (loss, gradients) = try lossWithGradients(of: state.model, atStep: step)
        guard loss.isFinite else { throw TrainingError.diverged(step: step, loss: loss) }
        state.optimizer.step(
            &state.model, gradients: gradients, clippedTo: options.gradientNorm,
            learningRate: options.learningRate(atStep: step, seconds: state.progress.seconds))
        state.progress.lossSum += loss
        state.progress.step += 1
        if let steps = options.averagedSteps { state.average(over: steps) }
    }

    private func lossWithGradients(of model: Task.Model, atStep step: Int) throws -> (Double, [Gradient]) {
        let batch = batch(atStep: step)
        var random = RandomSource(seed: options.seed &+ UInt64(step) &* 0x9E37_79B9)
        let parts = BatchPart.parts(of: batch.count, largest: model.networksPerPart)
        let sources = parts.map { _ in random.split() }
        return try meanLossWithGradients(of: model, over: parts) { [task, checkpoint] model, part in
            try checkpoint()
            var random = sources[part.number]
            return task.loss(model, networks: Array(batch[part.samples]), using: &random)
        }
    }

    /// Each pass over the training networks goes in an order of its own.
    private func batch(atStep step: Int) -> [Int] {
        let networks = task.split.train
        let size = min(options.batch, networks.count)
        let perPass = networks.count / size
        var random = RandomSource(seed: options.seed ^ 0xD1B5_4A32_D192_ED03 &+ UInt64(step / perPass))
        let order = networks.shuffled(using: &random)
        let first = step % perPass * size
        return Array(order[first..<first + size])
    }

    private func validate(_ state: inout TrainingState<Task.Model>) throws {
        let model = state.result
        let value = try task.measure(model, networks: task.split.validation, checkpoint: checkpoint)
        let steps = state.progress.step - (state.progress.records.last?.step ?? 0)
        let record = TrainingRecord(
            step: state.progress.step, seconds: state.progress.seconds, loss: state.progress.lossSum / Double(steps),
            validation: value)
        state.progress.records.append(record)
        state.progress.lossSum = 0
        if task.metric.isBetter(value, than: state.progress.bestValidation) {
            state.progress.bestValidation = value
            state.progress.bestStep = state.progress.step
            state.best = model
        }
        if let stateFile { try state.write(to: stateFile) }
    }
}
