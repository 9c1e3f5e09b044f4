internal import NeuralFunctionals
internal import Torch

extension WeightPopulation {
    /// What a model says of some networks, one at least, `[networks, outputs]`.
    func outputs(of model: some PopulationReader, networks: [Int]) -> Tensor {
        let parts = networks.parts(of: 4 * model.networksPerPart)
        let outputs = Runtime.concurrentMap(parts.count) { index in
            let groups = groups(at: parts[index])
            return withoutGradients { groups.ordered(groups.map { model($0.networks, of: $0.space) }) }
        }
        return concatenate(outputs, axis: 0)
    }

    /// What a model predicts of some networks, in the unit of the targets.
    func predictions(of model: some PopulationReader, networks: [Int]) -> [Double] {
        let scale = TargetScale(of: self)
        let outputs = outputs(of: model, networks: networks).to(.float64)
        return outputs.elements(as: Double.self).map { scale.prediction($0) }
    }
}
