extension Summary {
    /// The tables that are printed.
    var text: String {
        var parts = threads.map(caseTable)
        if !fitting.isEmpty { parts.append(fittingTable) }
        parts += growth.map(growthTable)
        let failures = cases.flatMap { result in
            result.outcomes.compactMap { competitor, outcome in
                outcome.failure.map { "\(result.name), \(result.threads) threads, \(competitor.title): \($0)" }
            }
        }
        return (["\(machine.processor), \(machine.processors) processors"] + parts + failures).joined(separator: "\n\n")
    }

    private func caseTable(threads: Int) -> String {
        let titles = Competitor.allCases.map(\.title)
        var table = Table(
            header: ["ms per step, \(threads) threads"] + titles + titles.dropFirst().map { "\($0)÷ours" }
                + ["MB ours", "reference", "parameters", "reference"])
        for result in cases where result.threads == threads {
            let sides = [Competitor.ours, .reference].map { result.outcomes[$0] ?? .init() }
            table.append(
                [result.title] + Competitor.allCases.map { result.outcomes[$0]?.time.map(Self.described) ?? "–" }
                    + Competitor.allCases.dropFirst().map { result.ratio($0).short }
                    + sides.map { $0.peakMB.short } + sides.map { $0.parameters.map(String.init) ?? "–" })
        }
        let blank = Competitor.allCases.map { _ in "" }
        table.append(
            ["geometric mean"] + blank
                + Competitor.allCases.dropFirst().map { geometricMean($0, threads: threads).short }
                + ["", "", "", ""])
        return table.text
    }

    private var fittingTable: String {
        var table = Table(header: ["fitting SIRENs", "threads", "µs per network and step", "÷ours", "median dB"])
        for result in fitting {
            for fitter in result.fitters {
                table.append([
                    fitter.name, "\(result.threads)", (1000 * fitter.msPerStep).short,
                    (fitter.msPerStep / result.fitters[0].msPerStep).short, fitter.psnr.short,
                ])
            }
        }
        return table.text
    }

    private func growthTable(_ result: GrowthResult) -> String {
        var table = Table(header: [
            "\(result.name): \(result.title)", "ms", "quartiles", "MB", "time×", "\(result.name)×",
        ])
        for (index, point) in result.points.enumerated() {
            let before = index > 0 ? result.points[index - 1] : nil
            table.append([
                "\(point.value)", point.ms.short, point.quartilesMs.map(\.short).joined(separator: "–"),
                point.peakMb.short, before.map { point.ms / $0.ms }.short,
                before.map { Double(point.value) / Double($0.value) }.short,
            ])
        }
        return table.text
    }

    /// A median with half the distance of its quartiles.
    private static func described(_ time: Spread) -> String {
        "\(time.median.short) ±\(((time.upper - time.lower) / 2).short)"
    }
}
