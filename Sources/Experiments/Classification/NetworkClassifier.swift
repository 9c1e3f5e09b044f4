internal import Foundation
internal import NeuralFunctionals
internal import Torch
public import WeightSpaces
internal import Zoo

/// What the model of a run takes networks in files of their own for.
public struct NetworkClassifier {
    private enum Model {
        case functional(InvariantFunctional)
        case flat(FlatPerceptron)
        case mixed(MixedFunctional)
    }

    private let model: Model
    private let classes: [String]?

    /// Reads the model of a run that classifies.
    ///
    /// - Throws: ``TrainingError/noRun(_:)`` when it does something else; what loading a functional throws.
    public init(of folder: RunFolder) throws {
        guard case .classify(let reader, _) = folder.run.kind else {
            throw TrainingError.noRun(folder.url.relativePath)
        }
        classes = folder.run.classes
        if reader == .flat {
            model = .flat(try FlatPerceptron(contentsOf: folder.model))
            return
        }
        do {
            model = .functional(try InvariantFunctional(contentsOf: folder.model))
        } catch FunctionalError.kind(_, _, MixedFunctional.kind) {
            model = .mixed(try MixedFunctional(contentsOf: folder.model))
        }
    }

    /// The likeliest class of a network, and its probability.
    ///
    /// - Throws: ``TrainingError`` when the network is not of the kind that is read; `WeightSpaceError`, `FunctionalError`
    ///   when something is not finite; what reading its file throws.
    public func judgement(of checkpoint: any Checkpoint) throws -> (name: String, probability: Double) {
        let file = checkpoint.url.relativePath
        let logits = try logits(of: checkpoint).to(.float64)
        guard logits.isFinite else { throw WeightSpaceError.notFinite(file) }
        let odds = exp(logits - logits.maximum([0]))
        let likely = Int(logits.argmax(0).item)
        let probability = (odds / odds.sum).elements(as: Double.self)[likely]
        let name = classes.flatMap { $0.indices.contains(likely) ? $0[likely] : nil }
        return (name ?? "\(likely)", probability)
    }

    private func logits(of checkpoint: any Checkpoint) throws -> Tensor {
        func row(_ model: some NetworkReader) throws -> Tensor {
            let network = try checkpoint.network(over: model.space).feature
            return withoutGradients { model(network) }.reshaped([-1])
        }
        switch model {
        case .functional(let model): return try row(model)
        case .flat(let model): return try row(model)
        case .mixed(let model):
            let space = try NetworkArchitecture(of: checkpoint).space
            if let role = model.configuration.unknownRoles(of: space).first {
                throw TrainingError.unreadable(checkpoint.url.relativePath, role: role)
            }
            let network = try checkpoint.network(over: space).feature
            return withoutGradients { model(network, of: space) }.reshaped([-1])
        }
    }
}
