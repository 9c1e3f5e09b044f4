internal import Foundation
internal import NeuralFunctionals
internal import Torch

extension GeneralisationStudy {
    /// Fits what the ensemble is compared with.
    func fitBaselines(_ result: inout GeneralisationResult) throws {
        let statistics = try described(seenAs: [.weights])
        try fitLinear(statistics, &result)
        try trainPerceptron("perceptron on statistics", on: statistics).add(to: &result, isBaseline: true)
        if population.isUniform {
            if let model = Self.perceptron(over: population.space) {
                try trainPerceptron(
                    Self.perceptronName,
                    GeneralisationTask(population, augmentation: plan.augmentation, model: model),
                    reading: "\(Numeral.count(population.space.parameterCount)) weights in a row"
                ).add(to: &result, isBaseline: true)
            }
        } else {
            try fitLinearByArchitecture(&result)
        }
    }

    /// Fits ridge regressions with penalties from a millionth to a hundred, and keeps the one with the best validation.
    private func fitLinear(_ statistics: DescribedPopulation, _ result: inout GeneralisationResult) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let best = try ridge(statistics.values, for: population)
        let seconds = (clock.now - start) / .seconds(1)
        result.add(
            "linear on statistics",
            summary: """
                ridge regression on \(statistics.values.size(1)) statistics of the weights, penalty \
                \(Numeral.short(best.penalty)) of nine
                """,
            isBaseline: true, predictions: best.regression(statistics.values.gathered(0, at: population.split.test)),
            seconds: statistics.seconds + seconds)
    }

    /// Fits a ridge regression on the statistics of every parameter to each set of architectures with the same parameters,
    /// whatever their sizes; where a set has less than ten networks to learn from, the mean of all training targets is
    /// predicted.
    private func fitLinearByArchitecture(_ result: inout GeneralisationResult) throws {
        let (clock, split) = (ContinuousClock(), population.split)
        let start = clock.now
        let mean = split.train.reduce(0) { $0 + population.targets[$1] } / Double(split.train.count)
        var predictions: [Int: Double] = [:]
        var models = 0
        for stacks in Dictionary(grouping: population.stacks, by: { $0.space.blocks.map(\.name) }).values {
            let (part, networks) = population.restricted(to: stacks)
            let tested = part.split.test
            if tested.isEmpty { continue }
            if part.split.train.count < 10 {
                for network in tested { predictions[networks[network]] = mean }
                continue
            }
            let statistics = try WeightStatistics(of: part.stacks.map(\.space), by: .parameters)(part)
            let regression = try ridge(statistics, for: part).regression
            for (network, prediction) in zip(tested, regression(statistics.gathered(0, at: tested))) {
                predictions[networks[network]] = prediction
            }
            models += 1
        }
        result.add(
            "linear, by architecture",
            summary: """
                \(models) ridge regressions on the statistics of every parameter, one for each list of parameters, such as \
                those of all networks of one depth
                """,
            isBaseline: true, predictions: split.test.compactMap { predictions[$0] },
            seconds: (clock.now - start) / .seconds(1))
    }

    /// The ridge regression with the best validation, of penalties from a millionth to a hundred.
    private func ridge(
        _ statistics: Tensor, for population: WeightPopulation
    ) throws -> (penalty: Double, regression: RidgeRegression) {
        func part(_ numbers: [Int]) -> (inputs: Tensor, targets: [Double]) {
            (statistics.gathered(0, at: numbers), numbers.map { population.targets[$0] })
        }
        let (train, validation) = (part(population.split.train), part(population.split.validation))
        let candidates = try (-6...2).map { exponent in
            let penalty = pow(10, Double(exponent))
            let regression = try RidgeRegression(train.inputs, targets: train.targets, penalty: penalty)
            let tau = kendallTau(regression(validation.inputs), validation.targets) ?? 0
            return (penalty: penalty, regression: regression, tau: tau)
        }
        let best = candidates.reduce(candidates[0]) { $1.tau > $0.tau ? $1 : $0 }
        return (best.penalty, best.regression)
    }
}
