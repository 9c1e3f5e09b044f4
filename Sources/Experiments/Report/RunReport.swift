internal import Foundation
public import NeuralFunctionals
internal import Torch
internal import WeightSpaces
public import Zoo

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
    public init<Model>(_ task: Classification<Model>, _ model: Model, of zoo: Zoo, in folder: RunFolder) throws {
        let population = task.population
        let test = population.split.test
        let judgements = task.judgements(of: model, networks: test)
        let accuracy = Double(judgements.count { $0.taken == $0.label }) / Double(max(judgements.count, 1))
        let names = task.classNames
        title = "Classes read from weights"
        lead = Self.words(task.population, zoo, hasPictures: task.pictures != nil)
        numbers = [(Numeral.percent(accuracy), "of \(Numeral.count(test.count)) test networks are read right")]
        curves = try Self.curves(folder, metric: task.metric, isShare: true)
        let wrong = judgements.filter { $0.taken != $0.label }.sorted { $0.probability > $1.probability }.prefix(21)
        var findings: [Markup] = [
            .section(
                "confusion", title: "What was taken for what",
                [
                    .confusion(task.confusion(of: model, networks: test), names: names),
                    .tag("p", ["True classes down the side, read ones across the top."]),
                ])
        ]
        if let zoo = task.pictures?.zoo {
            let strips = stride(from: 0, to: wrong.count, by: 3).map { first -> Markup in
                .tag(
                    "div", ["class": "strip"],
                    wrong[first..<min(first + 3, wrong.count)].map { judgement in
                        .picture(
                            zoo[judgement.network].image(), "\(names[judgement.label]) as \(names[judgement.taken])")
                    })
            }
            findings.append(
                .section(
                    "errors", title: "The surest mistakes", [.tag("figure", ["class": "pictures"], strips)]))
        } else if !wrong.isEmpty {
            findings.append(
                .section(
                    "errors", title: "The surest mistakes",
                    [
                        .facts(
                            ["network", "class"],
                            rows: wrong.map { judgement in
                                (
                                    "\(population.origin(of: judgement.network))",
                                    [.text("\(names[judgement.label]) as \(names[judgement.taken])")]
                                )
                            })
                    ]))
        }
        self.findings = findings
        var random = RandomSource(seed: folder.run.options.seed)
        certificate = (model as? InvariantFunctional).map {
            Certificate($0, on: population.groups(at: Array(test.prefix(8)))[0].networks, trials: 3, using: &random)
        }
        making = Self.making(zoo, folder)
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
        lead =
            Self.words(population, population.zoo.zoo, hasPictures: true)
            + (population.zoo.hasOriginals ? "" : " What is edited are the pictures that they draw.")
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
        making = Self.making(population.zoo.zoo, folder)
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

    private static func words(_ population: any NetworkPopulation, _ zoo: Zoo, hasPictures: Bool) -> String {
        let split = population.split
        let count = split.train.count + split.validation.count + split.test.count
        let names = zoo.architectures.map(\.name)
        let architectures = names.count > 3 ? "\(names.count) architectures" : names.joined(separator: " and ")
        let left = zoo.count > count ? ", of \(Numeral.count(zoo.count)) in the zoo" : ""
        return """
            \(Numeral.count(count)) \(hasPictures ? "implicit neural representations" : "networks") (\(architectures)\(left)): \
            \(Numeral.count(split.train.count)) to learn from, \(Numeral.count(split.validation.count)) to choose by, \
            \(Numeral.count(split.test.count)) to report on, those of one \(hasPictures ? "picture" : "run") all on one side.
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

    private static func making(_ zoo: Zoo, _ folder: RunFolder) -> [Markup] {
        let origins = zoo.origins.map { "\($0.kind): \($0.settings)" }
        return [
            .tag("p", [.text("The networks were made by \(origins.joined(separator: "; ")).")]),
            .tag("p", ["class": "note"], ["To make the run again:"]),
            .tag("pre", [.tag("code", [.text(folder.run.command(writingTo: folder.url.relativePath))])]),
        ]
    }
}
