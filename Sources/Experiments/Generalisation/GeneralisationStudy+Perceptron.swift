internal import NeuralFunctionals
internal import Torch

extension GeneralisationStudy {
    /// The population with statistics as its weights.
    struct DescribedPopulation {
        let statistics: WeightStatistics
        /// `[networks, columns]`.
        let values: Tensor
        let population: WeightPopulation
        /// What computing them took.
        let seconds: Double
        /// What they are of, in words.
        let words: String
    }

    /// Computes the statistics of every network, whatever its architecture.
    func described(seenAs views: [WeightStatistics.View]) throws -> DescribedPopulation {
        let clock = ContinuousClock()
        let start = clock.now
        let statistics = try WeightStatistics(
            of: population.stacks.map(\.space), by: population.isUniform ? .parameters : .roles, seenAs: views)
        let values = try statistics(population, checkpoint: checkpoint)
        let spectra = views == [.weights] ? "" : " and of the singular values of their matrices"
        return DescribedPopulation(
            statistics: statistics, values: values,
            population: population.replacingWeights(by: statistics, values),
            seconds: (clock.now - start) / .seconds(1),
            words: "\(values.size(1)) statistics of the weights\(spectra)")
    }

    /// A perceptron over numbers in a row, trained.
    struct TrainedPerceptron {
        let name: String
        let population: WeightPopulation
        let model: FlatPerceptron
        let seconds: Double
        let records: [TrainingRecord]
        let inputs: String

        /// Adds what it predicts of the test networks.
        func add(to result: inout GeneralisationResult, isBaseline: Bool) {
            let widths = model.configuration.hiddenWidths.map(String.init).joined(separator: " and ")
            result.add(
                name,
                summary: """
                    hidden layers of \(widths) units over \(inputs); \(Numeral.count(model.parameterCount)) parameters
                    """,
                isBaseline: isBaseline,
                predictions: population.predictions(of: model, networks: population.split.test),
                seconds: seconds, records: records)
        }
    }

    /// Trains a perceptron on statistics.
    func trainPerceptron(_ name: String, on described: DescribedPopulation) throws -> TrainedPerceptron {
        try trainPerceptron(
            name,
            GeneralisationTask(described.population, model: .init(space: described.population.space, outputs: 1)),
            reading: described.words, after: described.seconds)
    }

    /// Trains a perceptron.
    ///
    /// - Parameter preparation: seconds that go before.
    func trainPerceptron(
        _ name: String, _ task: GeneralisationTask<FlatPerceptron>, reading inputs: String,
        after preparation: Double = 0
    ) throws -> TrainedPerceptron {
        let trained = try train(name, task, plan.perceptrons)
        return TrainedPerceptron(
            name: name, population: task.population, model: trained.model, seconds: preparation + trained.seconds,
            records: trained.records.map { $0.delayed(by: preparation) }, inputs: inputs)
    }
}
