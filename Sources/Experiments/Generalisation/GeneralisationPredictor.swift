public import Foundation
internal import NeuralFunctionals
internal import Torch
public import WeightSpaces
internal import Zoo

/// What a finished study predicts of networks in files of their own.
public struct GeneralisationPredictor {
    private enum Model {
        case uniform(FunctionalWithStatistics<InvariantFunctional>)
        case mixed(FunctionalWithStatistics<MixedFunctional>)
    }

    private let model: Model
    private let scale: TargetScale
    private let isScaleAware: Bool

    /// Reads what a study has left in its folder.
    ///
    /// - Throws: ``TrainingError/noStudy(_:)``; what loading a functional throws.
    public init(of folder: URL) throws {
        let result = try GeneralisationResult(of: folder)
        scale = result.scale
        isScaleAware = result.isScaleAware
        let file = folder.appending(path: GeneralisationStudy.modelFileName)
        do {
            model = .uniform(try FunctionalWithStatistics(contentsOf: file))
        } catch FunctionalError.kind(_, _, FunctionalWithStatistics<MixedFunctional>.kind) {
            model = .mixed(try FunctionalWithStatistics(contentsOf: file))
        }
        let outputs =
            switch model {
            case .uniform(let model): model.configuration.base.outputs
            case .mixed(let model): model.configuration.base.outputs
            }
        guard outputs == 1 else {
            throw FunctionalError.configuration(file: file.relativePath, invalid: InvalidSetting("outputs"))
        }
    }

    /// What the ensemble predicts of a network, in the unit of the study's target.
    ///
    /// - Parameter activation: the name of the function after the hidden layers, for studies that are aware of scales and
    ///   files that do not state it.
    /// - Throws: ``TrainingError`` when the network is not of the kind that is read; what reading its file throws.
    public func prediction(of checkpoint: any Checkpoint, activation: String?) throws -> Double {
        let file = checkpoint.url.relativePath
        lazy var architecture = Result { try NetworkArchitecture(of: checkpoint) }
        let space =
            switch model {
            case .uniform(let model): model.base.space
            case .mixed: try architecture.get().space
            }
        if case .mixed(let model) = model, let role = model.configuration.base.unknownRoles(of: space).first {
            throw TrainingError.unreadable(file, role: role)
        }
        var network = try checkpoint.parameters(of: space).mapValues { $0.to(.float32).expandingAxis(0) }
        guard network.values.allSatisfy(\.isFinite) else { throw WeightSpaceError.notFinite(file) }
        if isScaleAware {
            guard let name = (try? architecture.get())?.hiddenActivation ?? activation else {
                throw TrainingError.unknownActivation(file)
            }
            if let scaling = NeuronScaling(activation: name),
                let structure = try? ScalingStructure(of: space, hiddenNeurons: scaling)
            {
                network = try ScalingElement(canonicalizing: network, in: structure).acting(on: network)
            }
        }
        let feature = try Feature(networks: network, of: space)
        let output = withoutGradients {
            switch model {
            case .uniform(let model): model(feature, of: space)
            case .mixed(let model): model(feature, of: space)
            }
        }.item
        guard output.isFinite else { throw WeightSpaceError.notFinite(file) }
        return scale.prediction(output)
    }
}
