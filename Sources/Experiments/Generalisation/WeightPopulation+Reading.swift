internal import NeuralFunctionals
internal import Torch

extension WeightPopulation {
    /// What a model says of some networks, one at least, `[networks, outputs]`.
    ///
    /// - Parameter checkpoint: is called before every few networks, on any thread, and may throw to stop.
    func outputs<Failure: Error>(
        of model: some PopulationReader, networks: [Int], checkpoint: @Sendable () throws(Failure) -> Void
    ) throws(Failure) -> Tensor {
        let parts = networks.parts(of: 4 * model.networksPerPart)
        let outputs = try Runtime.concurrentMap(parts.count) { index throws(Failure) in
            try checkpoint()
            let groups = groups(at: parts[index])
            return withoutGradients { groups.ordered(groups.map { model($0.networks, of: $0.space) }) }
        }
        return concatenate(outputs, axis: 0)
    }

    /// What a model says of some networks, one at least, `[networks, outputs]`.
    func outputs(of model: some PopulationReader, networks: [Int]) -> Tensor {
        outputs(of: model, networks: networks) { () throws(Never) in }
    }

    /// What a model predicts of some networks, in the unit of the targets.
    func predictions(of model: some PopulationReader, networks: [Int]) -> [Double] {
        let scale = TargetScale(of: self)
        let outputs = outputs(of: model, networks: networks).to(.float64)
        return outputs.elements(as: Double.self).map { scale.prediction($0) }
    }
}
