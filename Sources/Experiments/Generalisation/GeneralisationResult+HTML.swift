extension GeneralisationResult {
    /// One page with its style and drawings inside; it needs no network and no script.
    ///
    /// - Output: XHTML that is also HTML, in UTF-8.
    public func html() -> String {
        Markup.page(
            title: "\(subject.target), read from weights",
            [headline, comparisonSection] + [subsetSection].compactMap(\.self) + [
                trainingSection, predictionSection, errorSection, makingSection,
            ])
    }

    private var headline: Markup {
        var numbers = [
            Markup.number(Numeral.count(test.networks), "test networks of \(Numeral.count(test.runs)) runs")
        ]
        if let main {
            let best = methods.filter { $0.isBaseline && $0.name != main.name }.compactMap(\.agreement.tau).max()
            numbers =
                [
                    .number(
                        Self.figure(main.agreement.tau),
                        "Kendall’s τ, \(Self.interval(main)); the best baseline: \(Self.figure(best))"),
                    .number(Self.figure(main.agreement.determination), "R²"),
                    .number(Numeral.significant(main.agreement.meanAbsoluteError), "mean absolute error"),
                ] + numbers
        }
        return .tag(
            "header", ["id": "headline"],
            [
                .tag("p", ["class": "kicker"], ["Neural functionals"]),
                .tag("h1", [.text("What weights tell about \(subject.target)")]),
                .tag(
                    "p", ["class": "lead"],
                    [
                        .text(
                            """
                            From the \(weights) weights of each network alone, its \
                            \(subject.target) is predicted. The networks are \(subject.networks): \
                            \(Self.words(train)) to learn from, \(Self.words(validation)) to choose by, and \
                            \(Self.words(test)), all from other runs, to report on.
                            """)
                    ]),
                .tag("dl", ["class": "numbers"], numbers),
            ])
    }

    private var weights: String {
        Set([parameterCounts.lowerBound, parameterCounts.upperBound]).sorted().map(Numeral.count).joined(
            separator: " to ")
    }

    private static func words(_ side: Side) -> String {
        "\(Numeral.count(side.networks)) networks of \(Numeral.count(side.runs)) runs"
    }

    private var comparisonSection: Markup {
        .section(
            "methods", title: "Methods, compared",
            [
                .tag(
                    "p",
                    [
                        """
                        All methods learned from the same networks, and each was chosen at its best τ on the validation \
                        networks, the functional at that of the ensemble. τ counts how many pairs of test networks are \
                        put in the right order: 1 for all, 0 for as many as by chance. Intervals hold 95 of 100 resamples of the test runs.
                        """
                    ]),
                .tag(
                    "div", ["class": "bars"],
                    methods.flatMap { method in
                        Markup.bar(
                            method.name, share: method.agreement.tau ?? 0,
                            text: "τ\u{A0}" + Self.figure(method.agreement.tau), isOurs: !method.isBaseline)
                    }),
                .facts(
                    ["", "τ", "95 %", "R²", "L₁", "trained in"],
                    rows: methods.map { method in
                        let agreement = method.agreement
                        let cells = [
                            Self.figure(agreement.tau), Self.interval(method), Self.figure(agreement.determination),
                            Numeral.significant(agreement.meanAbsoluteError),
                            method.seconds.map(Numeral.duration) ?? "–",
                        ]
                        return (method.name, cells.map(Markup.text))
                    }),
                .tag("ul", ["class": "note"], methods.map { .tag("li", [.text("\($0.name): \($0.summary).")]) }),
            ])
    }

    /// τ over every subset; nil where there are none.
    private var subsetSection: Markup? {
        if subsets.isEmpty { return nil }
        return .section(
            "subsets", title: "Among networks alike",
            [
                .tag("p", ["τ over the test networks that have one thing in common."]),
                .facts(
                    ["", "networks"] + methods.map(\.name),
                    rows: subsets.sorted { $0.key < $1.key }.map { subset in
                        let taus = methods.map { Self.figure($0.subsets[subset.key]?.tau) }
                        return (subset.key, ([Numeral.count(subset.value.count)] + taus).map(Markup.text))
                    }),
            ])
    }

    private var makingSection: Markup {
        .section(
            "making", title: "How it was made",
            [
                .tag("p", [.text(subject.recipe)]),
                .tag("p", ["class": "note"], ["To make it again:"]),
                .tag("pre", [.tag("code", [.text(subject.command)])]),
            ])
    }
}
