internal import Foundation
public import NeuralFunctionals
internal import Torch
internal import WeightSpaces
internal import Zoo

/// The page about one training run over implicit neural representations: what was trained on what, learning curves, what came
/// out on the test networks, the largest errors, the certificate, and the command that makes it again.
public struct RunReport: Sendable {
    private let title: String
    private let lead: String
    private let numbers: [(value: String, meaning: String)]
    private let curves: Markup
    private let findings: [Markup]
    private let certificate: Certificate?
    private let making: [Markup]

    /// A classifier's run.
    ///
    /// - Throws: ``TrainingError/noRun(_:)`` when the folder has no validations.
    public init<Model>(_ task: INRClassification<Model>, _ model: Model, in folder: RunFolder) throws {
        let population = task.population
        let test = population.split.test
        let judgements = task.judgements(of: model, networks: test)
        let accuracy = Double(judgements.count { $0.taken == $0.label }) / Double(max(judgements.count, 1))
        let names = (0..<task.classCount).map(String.init)
        title = "Classes read from weights"
        lead = Self.words(population, folder)
        numbers = [(Numeral.percent(accuracy), "of \(Numeral.count(test.count)) test networks are read right")]
        curves = try Self.curves(folder, metric: task.metric, isShare: true)
        let wrong = judgements.filter { $0.taken != $0.label }.sorted { $0.probability > $1.probability }.prefix(21)
        findings = [
            .section(
                "confusion", title: "What was taken for what",
                [
                    .confusion(task.confusion(of: model, networks: test), names: names),
                    .tag("p", ["True classes down the side, read ones across the top."]),
                ]),
            .section(
                "errors", title: "The surest mistakes",
                [
                    .tag(
                        "figure", ["class": "pictures"],
                        stride(from: 0, to: wrong.count, by: 3).map { first in
                            .tag(
                                "div", ["class": "strip"],
                                wrong[first..<min(first + 3, wrong.count)].map { judgement in
                                    .picture(
                                        population.zoo[judgement.network].image(),
                                        "\(judgement.label) as \(judgement.taken)")
                                })
                        })
                ]),
        ]
        var random = RandomSource(seed: folder.run.options.seed)
        certificate = (model as? InvariantFunctional).map {
            Certificate($0, on: population.networks(at: Array(test.prefix(8))), trials: 3, using: &random)
        }
        making = Self.making(population, folder)
    }

    /// An editor's run.
    ///
    /// - Throws: ``TrainingError/noRun(_:)`` when the folder has no validations; `ZooError`.
    public init(_ task: INREditing, _ model: EquivariantFunctional, in folder: RunFolder) throws {
        let population = task.population
        let test = population.split.test
        let errors = Runtime.concurrentMap(test.count) { task.measure(model, networks: [test[$0]]) }
        let mean = errors.reduce(0, +) / Double(max(errors.count, 1))
        title = "Pictures edited by rewriting weights: \(task.edit.rawValue)"
        lead = Self.words(population, folder)
        numbers = [
            (Numeral.significant(mean), "mean squared error on \(Numeral.count(test.count)) test networks"),
            (Numeral.significant(task.identityError(networks: test)), "when weights are left as they are"),
        ]
        curves = try Self.curves(folder, metric: task.metric, isShare: false)
        let largest = zip(test, errors).sorted { $0.1 > $1.1 }.prefix(20)
        findings = [
            .section(
                "errors", title: "The largest errors",
                [
                    .tag(
                        "figure", ["class": "pictures"],
                        try largest.map { network, error in
                            let edited = withoutGradients { model(population.networks(at: [network])) }
                                .stored(in: population.space)
                            let parameters = zip(edited, population.zoo.siren.parameterShapes).map { $0.reshaped($1) }
                            let zoo = population.zoo
                            return .tag(
                                "div", ["class": "strip"],
                                [
                                    .picture(zoo[network].image(), "\(network)"),
                                    .picture(
                                        INR(siren: zoo.siren, grid: zoo.grid, parameters: parameters).image(),
                                        Numeral.significant(error)),
                                    .picture(task.edit(try zoo.pictures(at: [network]))[0], "target"),
                                ])
                        })
                ])
        ]
        var random = RandomSource(seed: folder.run.options.seed)
        certificate = Certificate(model, on: population.networks(at: Array(test.prefix(8))), trials: 3, using: &random)
        making = Self.making(population, folder)
    }

    /// One page with its style and drawings inside; it needs no network and no script.
    public func html() -> String {
        let headline = Markup.tag(
            "header", ["id": "headline"],
            [
                .tag("p", ["class": "kicker"], ["Neural functionals"]), .tag("h1", [.text(title)]),
                .tag("p", ["class": "lead"], [.text(lead)]),
                .tag("dl", ["class": "numbers"], numbers.map { .number($0.value, $0.meaning) }),
            ])
        let symmetry = certificate.map { certificate in
            Markup.section(
                "certificate", title: "Certified",
                [
                    .facts(
                        ["", "relative error in float64"],
                        rows: [
                            ("neurons permuted, three times", [.text(Numeral.power(certificate.error))]),
                            (
                                "control: one axis alone, which no symmetry does",
                                [.text(Numeral.power(certificate.negativeControlError))]
                            ),
                        ])
                ])
        }
        return Markup.page(
            title: title,
            [headline, curves] + findings + [symmetry].compactMap(\.self) + [
                .section("making", title: "How it was made", making)
            ])
    }

    private static func words(_ population: INRPopulation, _ folder: RunFolder) -> String {
        let (zoo, split) = (population.zoo, population.split)
        return """
            \(Numeral.count(zoo.count)) implicit neural representations of widths \
            \(zoo.siren.widths.map(String.init).joined(separator: "-")): \(Numeral.count(split.train.count)) to learn from, \
            \(Numeral.count(split.validation.count)) to choose by, \(Numeral.count(split.test.count)) to report on, those of one \
            picture all on one side.
            """
    }

    private static func curves(_ folder: RunFolder, metric: Metric, isShare: Bool) throws -> Markup {
        let records = try folder.records
        func chart(_ title: String, top: Double?, _ value: (TrainingRecord) -> Double) -> Markup {
            .figure(
                LineChart(
                    title: title, abscissa: .steps,
                    series: [.init(name: title, points: records.map { (Double($0.step), value($0)) }, stroke: .ours)],
                    top: top, label: Numeral.short
                ).svg, caption: [.text("\(title).")])
        }
        return .section(
            "training", title: "Learning curves",
            [
                .tag(
                    "div", ["class": "charts"],
                    [
                        chart("Training networks: loss", top: nil, \.loss),
                        chart("Validation networks: \(metric.name)", top: isShare ? 1 : nil, \.validation),
                    ])
            ])
    }

    private static func making(_ population: INRPopulation, _ folder: RunFolder) -> [Markup] {
        let origins = population.zoo.zoo.origins.map { "\($0.kind): \($0.settings)" }
        return [
            .tag("p", [.text("The networks were made by \(origins.joined(separator: "; ")).")]),
            .tag("p", ["class": "note"], ["To make the run again:"]),
            .tag("pre", [.tag("code", [.text(folder.run.command(writingTo: folder.url.relativePath))])]),
        ]
    }
}
