internal import Foundation
internal import NeuralFunctionals
internal import Torch
internal import WeightSpaces
internal import Zoo

extension Demonstration {
    /// The page that shows what came out.
    func report(_ stages: Stages, _ metrics: Metrics) throws -> DemoReport {
        let population = stages.population
        let zoo = population.zoo
        let recipe = plan.recipe
        return DemoReport(
            images: images.name, networkCount: zoo.count,
            architecture: zoo.siren.widths.map(String.init).joined(separator: "-"),
            recipe: """
                Each network starts from an independent random initialisation: frequencies drawn at low range \
                (ω = \(recipe.siren.firstOmega), then \(recipe.siren.hiddenOmega)), hidden weights near zero, constant \
                phases and output weights. Then \(recipe.steps) steps of Adam at \(recipe.learningRate) with cosine decay. \
                Readers see training networks warped: stretched, sheared and moved by up to \(Int((plan.warp * 100).rounded())) %.
                """,
            command: "make demo", seed: plan.seed, space: population.space,
            fitting: .init(
                psnrMedian: metrics.inr.psnr, psnrFifthPercentile: metrics.inr.psnrFifthPercentile,
                samples: try fitted(stages)),
            classification: .init(
                accuracy: metrics.classify.accuracy, mlpAccuracy: metrics.classify.perceptronAccuracy,
                classNames: images.labelNames ?? (0..<stages.reading.classCount).map(String.init),
                confusion: stages.reading.confusion(of: stages.classifier.model, networks: population.split.test),
                curve: curve(stages.classifier.records), mlpCurve: curve(stages.perceptron.records)),
            editing: .init(
                editName: stages.editing.edit.rawValue, mse: metrics.edit.error,
                identityMSE: metrics.edit.identityError, curve: curve(stages.editor.records),
                samples: try edited(stages)),
            certificate: .init(
                equivarianceError: metrics.certificate.equivarianceError,
                invarianceError: metrics.certificate.invarianceError,
                negativeControlError: metrics.certificate.negativeControlError),
            timings: [
                .init(stage: "Fit \(zoo.count) networks", seconds: metrics.inr.seconds),
                .init(stage: "Train the classifier", seconds: metrics.classify.seconds),
                .init(stage: "Train the flat perceptron, beside it", seconds: metrics.classify.perceptronSeconds),
                .init(stage: "Train the editor", seconds: metrics.edit.seconds),
            ])
    }

    private func curve(_ records: [TrainingRecord]) -> DemoReport.Curve {
        .init(over: .seconds, records.map { (x: $0.seconds, y: $0.validation) })
    }

    private func fitted(_ stages: Stages) throws -> [(original: Image, rendered: Image, psnr: Double)] {
        let zoo = stages.population.zoo
        let test = Array(stages.population.split.test.prefix(12))
        let originals = try zoo.pictures(at: test)
        return test.enumerated().map { (originals[$0], zoo[$1].image(), zoo.psnr[$1]) }
    }

    private func edited(_ stages: Stages) throws -> [(inr: Image, edited: Image, target: Image)] {
        let (population, zoo) = (stages.population, stages.population.zoo)
        let test = Array(population.split.test.prefix(15))
        let changed = withoutGradients { stages.editor.model(population.networks(at: test)) }
            .stored(in: population.space)
        let targets = stages.editing.edit(try zoo.pictures(at: test))
        return test.enumerated().map { row, network in
            let parameters = zip(changed, zoo.siren.parameterShapes).map {
                $0.narrowed(0, to: row..<row + 1).reshaped($1)
            }
            return (
                zoo[network].image(), INR(siren: zoo.siren, grid: zoo.grid, parameters: parameters).image(),
                targets[row]
            )
        }
    }
}
