import Foundation

/// All that was measured in one run.
struct Summary: Encodable {
    var machine = Machine()
    var cases: [CaseResult] = []
    var fitting: [FittingResult] = []
    var growth: [GrowthResult] = []

    /// The geometric mean over the cases of how many times as long as ours a competitor takes.
    func geometricMean(_ competitor: Competitor, threads: Int) -> Double? {
        bench.geometricMean(cases.filter { $0.threads == threads }.compactMap { $0.ratio(competitor) })
    }

    /// The numbers of threads that cases were measured with.
    var threads: [Int] { Set(cases.map(\.threads)).sorted() }

    /// Writes it as JSON.
    func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: url, options: .atomic)
    }

    private struct Mean: Encodable {
        let threads: Int
        let competitor: String
        let timesOurs: Double?

        private enum CodingKeys: String, CodingKey {
            case threads, competitor
            case timesOurs = "times_ours"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case machine, cases, fitting, growth
        case means = "geometric_means"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(machine, forKey: .machine)
        try container.encode(cases, forKey: .cases)
        try container.encode(fitting, forKey: .fitting)
        try container.encode(growth, forKey: .growth)
        let means = threads.flatMap { threads in
            Competitor.allCases.dropFirst().map {
                Mean(threads: threads, competitor: $0.rawValue, timesOurs: geometricMean($0, threads: threads))
            }
        }
        try container.encode(means, forKey: .means)
    }
}
