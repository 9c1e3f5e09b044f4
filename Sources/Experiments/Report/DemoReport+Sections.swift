internal import Foundation

extension DemoReport {
    var editingSection: Markup {
        let share = Numeral.fixed(editing.mse / editing.identityMSE, digits: 2)
        return .section(
            "editing", title: "Redrawn by rewriting weights",
            [
                .tag(
                    "p",
                    [
                        """
                        The edit is \(editing.editName). The functional sees a network’s weights, never its picture, \
                        and returns new weights; the target is the same edit made on the pixels. All of these \
                        networks are from the test set.
                        """
                    ]),
                .tag(
                    "figure", ["class": "pictures"],
                    editing.samples.map { sample in
                        .tag(
                            "div", ["class": "strip"],
                            [
                                .picture(sample.inr, "INR"), .picture(sample.edited, "edited"),
                                .picture(sample.target, "target"),
                            ])
                    }),
                .tag(
                    "figure",
                    [
                        LineChart(
                            title: "Mean squared error of the edit on validation networks",
                            abscissa: editing.curve.abscissa,
                            series: [.init(name: "edit", points: editing.curve.points, stroke: .ours)],
                            label: Numeral.short
                        ).svg,
                        .tag(
                            "figcaption",
                            [
                                "Mean squared error on validation networks. On test networks: ",
                                .tag("b", [.text(Numeral.significant(editing.mse))]),
                                .text(
                                    """
                                    , which is \(share) of the \(Numeral.significant(editing.identityMSE)) that \
                                    unchanged weights have.
                                    """),
                            ]),
                    ]),
            ])
    }

    var fittingSection: Markup {
        .section(
            "fitting", title: "Images held in weights",
            [
                .tag(
                    "p",
                    [
                        """
                        An implicit neural representation (INR) takes a position and answers with a brightness. Each \
                        has widths \(architecture), \(Numeral.count(space.parameterCount)) weights. The median PSNR \
                        is \(Numeral.decibels(fitting.psnrMedian)); 95 of 100 networks reach \
                        \(Numeral.decibels(fitting.psnrFifthPercentile)).
                        """
                    ]),
                .tag(
                    "figure", ["class": "pictures pairs"],
                    fitting.samples.map { sample in
                        .tag(
                            "div", ["class": "strip"],
                            [
                                .picture(sample.original, "image"),
                                .picture(sample.rendered, Numeral.decibels(sample.psnr)),
                            ])
                    }),
            ])
    }

    var classificationSection: Markup {
        let (ours, mlp) = (classification.accuracy, classification.mlpAccuracy)
        return .section(
            "classification", title: "Read from weights alone",
            [
                .tag(
                    "p",
                    [
                        """
                        Which class does a network draw? The functional respects that hidden neurons have no order. \
                        The MLP reads the same weights as one long list, and trains for the same time on as many threads.
                        """
                    ]),
                .tag(
                    "div", ["class": "bars"],
                    Markup.bar("Functional", share: ours, text: Numeral.percent(ours), isOurs: true)
                        + Markup.bar("MLP", share: mlp, text: Numeral.percent(mlp), isOurs: false)),
                .tag(
                    "div", ["class": "charts"],
                    [
                        .tag(
                            "figure",
                            [
                                LineChart(
                                    title: "Accuracy on validation networks",
                                    abscissa: classification.curve.abscissa,
                                    series: [
                                        .init(name: "MLP", points: classification.mlpCurve.points, stroke: .dotted),
                                        .init(
                                            name: "Functional", points: classification.curve.points, stroke: .ours),
                                    ],
                                    top: 1, label: { Numeral.short(100 * $0) + "\u{A0}%" }
                                ).svg,
                                .tag(
                                    "figcaption",
                                    [
                                        "Accuracy on validation networks while training: ",
                                        .tag("b", ["functional"]), ", and the MLP dotted.",
                                    ]),
                            ]),
                        .tag(
                            "figure",
                            [
                                .confusion(classification.confusion, names: classification.classNames),
                                .tag(
                                    "figcaption",
                                    ["Test networks: what they draw down the side, what was read across the top."]),
                            ]),
                    ]),
            ])
    }
}
