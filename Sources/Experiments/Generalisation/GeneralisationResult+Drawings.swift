extension GeneralisationResult {
    var trainingSection: Markup {
        let trained = methods.filter { !$0.records.isEmpty }
        let others = trained.filter { $0.name != main?.name }
        func stroke(_ method: Method) -> LineChart.Series.Stroke {
            if method.name == main?.name { return .ours }
            return others.firstIndex { $0.name == method.name } == 0 ? .dotted : .dashed
        }
        func chart(_ title: String, top: Double?, _ value: (TrainingRecord) -> Double) -> Markup {
            LineChart(
                title: title, abscissa: .steps,
                series: trained.map { method in
                    let points = method.records.map { (x: Double($0.step), y: value($0)) }
                    return .init(name: method.name, points: points, stroke: stroke(method))
                }, top: top, startsAtZero: top != nil, label: Numeral.short
            ).svg
        }
        let legend: String = trained.map { method in
            switch stroke(method) {
            case .ours: "\(method.name) in colour"
            case .dotted: "\(method.name) dotted"
            case .dashed: "\(method.name) dashed"
            }
        }.joined(separator: ", ")
        return .section(
            "training", title: "Learning curves",
            [
                .tag(
                    "div", ["class": "charts"],
                    [
                        .figure(
                            chart("Loss on training networks", top: nil, \.loss),
                            caption: [
                                .text("Loss on training networks: \(legend). That of the ensemble is its functional’s.")
                            ]),
                        .figure(
                            chart("τ on validation networks", top: 1, \.validation),
                            caption: ["τ on validation networks, by which the reported model was chosen."]),
                    ])
            ])
    }

    var predictionSection: Markup {
        let range = ChartFrame.range(around: targets + (main?.predictions ?? []))
        let rows = methods.map { method in
            Markup.tag(
                "div", ["class": "charts"],
                [
                    .figure(
                        ScatterPlot(
                            title: "Predicted over true \(subject.target): \(method.name)",
                            points: zip(targets, method.predictions).map { (target: $0, prediction: $1) },
                            range: range, isAccented: !method.isBaseline
                        ).svg, caption: [.tag(method.isBaseline ? "strong" : "b", [.text(method.name)])]),
                    .figure(
                        CalibrationPlot(
                            title: "Mean true \(subject.target) in tenths of predictions: \(method.name)",
                            calibration: Calibration(predictions: method.predictions, targets: targets),
                            range: range, isAccented: !method.isBaseline
                        ).svg, caption: ["Means over each tenth of the networks, ordered by prediction."]),
                ])
        }
        let shown = min(targets.count, ScatterPlot.mostDots)
        return .section(
            "predictions", title: "Predicted and true",
            [
                .tag(
                    "p",
                    [
                        .text(
                            """
                            Left, a dot for each of \(Numeral.count(shown)) test networks; right, whether predictions \
                            can be taken at their word. On the diagonal both numbers agree. What lies outside a plot \
                            is drawn at its edge.
                            """)
                    ])
            ] + rows)
    }

    var errorSection: Markup {
        let predictions = main?.predictions ?? []
        let errors = zip(targets, predictions).map { $1 - $0 }
        let largest = errors.indices.sorted { abs(errors[$0]) > abs(errors[$1]) }.prefix(20)
        return .section(
            "errors", title: "The largest errors",
            [
                .tag(
                    "p",
                    [.text("The \(largest.count) test networks that the \(main?.name ?? "") is most wrong about.")]),
                .facts(
                    ["network", "true", "predicted", "error", ""],
                    rows: largest.map { place in
                        let belongs = subsets.filter { $0.value.contains(place) }.keys.sorted()
                        let cells = [
                            Numeral.significant(targets[place]), Numeral.significant(predictions[place]),
                            Numeral.significant(errors[place]), belongs.joined(separator: ", "),
                        ]
                        return ("\(networks[place])", cells.map(Markup.text))
                    }),
            ])
    }
}
