internal import Foundation
internal import NeuralFunctionals
internal import Torch
internal import WeightSpaces

/// Everything that a training needs to go on as if it had never stopped.
struct TrainingState<Model: Functional> {
    /// What is counted and measured, apart from tensors.
    struct Progress: Codable {
        var step = 0
        var seconds = 0.0
        var lossSum = 0.0
        var records: [TrainingRecord] = []
        var bestValidation: Double?
        var bestStep = 0
    }

    var model: Model
    /// The running mean of the models so far, where there is one.
    private(set) var average: Model?
    var best: Model
    var optimizer: AdamW
    var progress = Progress()

    init(model: Model, weightDecay: Double) {
        self.model = model
        best = model
        optimizer = AdamW(for: model, weightDecay: weightDecay)
    }

    /// Moves the average towards the model of the last step: at first it is the mean over all steps, then one that forgets.
    mutating func average(over steps: Int) {
        let part = 1 / Double(min(progress.step, steps))
        var mean = average ?? model
        average = nil
        var latest = model.parameters[...]
        mean.visitParameters { _, parameter in
            if let latest = latest.popFirst() { parameter = parameter + (latest.value - parameter) * part }
        }
        average = mean
    }

    /// What is validated: the average, or else the model of the last step.
    var result: Model { average ?? model }

    func write(to url: URL) throws {
        let tensors =
            model.state.map { StoredTensor(name: "model.\($0.name)", $0.value) }
            + (average?.state ?? []).map { StoredTensor(name: "average.\($0.name)", $0.value) }
            + best.state.map { StoredTensor(name: "best.\($0.name)", $0.value) }
            + [
                StoredTensor(name: "optimizer.first", optimizer.firstMoment),
                StoredTensor(name: "optimizer.second", optimizer.secondMoment),
            ]
        let progress = String(decoding: try JSONEncoder().encode(progress), as: UTF8.self)
        try SafetensorsFile.write(tensors, metadata: ["progress": progress], to: url)
    }

    /// Takes up a stored state in place of a fresh one with the same shapes.
    mutating func read(from url: URL) throws {
        let file = try SafetensorsFile(url)
        func stored(_ name: String, like tensor: Tensor) throws -> Tensor {
            guard let entry = file[name], entry.shape == tensor.shape, let value = try file.tensor(entry),
                value.dtype == tensor.dtype
            else { throw TrainingError.state(file: url.relativePath, tensor: name) }
            return value
        }
        guard let text = file.metadata["progress"],
            let progress = try? JSONDecoder().decode(Progress.self, from: Data(text.utf8))
        else { throw TrainingError.state(file: url.relativePath, tensor: "progress") }
        try model.visitState { name, tensor in tensor = try stored("model.\(name)", like: tensor) }
        if file.entries.contains(where: { $0.name.hasPrefix("average.") }) {
            var mean = model
            try mean.visitState { name, tensor in tensor = try stored("average.\(name)", like: tensor) }
            average = mean
        }
        try best.visitState { name, tensor in tensor = try stored("best.\(name)", like: tensor) }
        optimizer = AdamW(
            weightDecay: optimizer.weightDecay, stepCount: progress.step,
            firstMoment: try stored("optimizer.first", like: optimizer.firstMoment),
            secondMoment: try stored("optimizer.second", like: optimizer.secondMoment))
        self.progress = progress
    }
}
