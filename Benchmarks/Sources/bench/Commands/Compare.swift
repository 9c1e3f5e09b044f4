import ArgumentParser
import Foundation

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure all cases, fitting and growth; writes out/bench/summary.json and out/bench/bench.svg.")

    @OptionGroup var setting: Setting

    @Option(help: "Only this case, or 'fitting'.")
    var `case`: String?

    func validate() throws {
        let known = Case.all.map(\.name) + ["fitting"]
        if let name = `case`, !known.contains(name) {
            throw ValidationError(BenchError.unknownCase(name, known: known).description)
        }
    }

    func run() throws {
        let workshop = try setting.workshop()
        let comparison = Comparison(workshop: workshop, alternation: setting.alternation)
        var summary = Summary()
        for benchmark in Case.all where `case` == nil || `case` == benchmark.name {
            for threads in Setting.threads {
                Setting.say("\(benchmark.title), \(threads) threads")
                summary.cases.append(try comparison.run(benchmark, threads: threads))
            }
        }
        if `case` == nil || `case` == "fitting" {
            let alternation = Alternation(blocks: 3)
            for threads in Setting.threads {
                Setting.say("fitting, \(threads) threads")
                summary.fitting.append(try .measured(threads: threads, in: workshop, alternation))
            }
        }
        if `case` == nil { summary.growth = try Grow.measured(in: workshop, setting.alternation) }
        try setting.report(summary)
    }
}
