import ArgumentParser

struct Grow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth", abstract: "Measure how the time of a layer grows; writes as the whole benchmark does.")

    @OptionGroup var setting: Setting

    func run() throws {
        try setting.report(
            Summary(growth: try Self.measured(in: try setting.workshop(), setting.alternation)))
    }

    /// All curves, on as many threads as there are.
    static func measured(in workshop: Workshop, _ alternation: Alternation) throws -> [GrowthResult] {
        try GrowthCurve.all.map { curve in
            Setting.say("growth with \(curve.name)")
            return try .measured(curve, threads: Setting.threads.max() ?? 1, in: workshop, alternation)
        }
    }
}
