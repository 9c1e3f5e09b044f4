import Foundation

/// Measures one case: all competitors side by side.
struct Comparison {
    let workshop: Workshop
    let alternation: Alternation

    /// - Throws: ``BenchError``.
    func run(_ benchmark: Case, threads: Int) throws -> CaseResult {
        var result = CaseResult(name: benchmark.name, title: benchmark.title, threads: threads, outcomes: [:])
        var seconds: [Competitor: [Double]] = [:]
        for company in companies(of: benchmark) {
            var workers: [(competitor: Competitor, worker: Worker)] = []
            for competitor in company {
                do {
                    workers.append(
                        (competitor, try competitor.worker(for: benchmark, threads: threads, from: workshop)))
                } catch BenchError.worker(_, let reason) where competitor.isOptional {
                    result.outcomes[competitor] = .init(failure: reason)
                }
            }
            let measured = try alternation.run(workers.map(\.worker), of: "\(benchmark.name), \(threads) threads")
            for (index, (competitor, worker)) in workers.enumerated() {
                seconds[competitor, default: []] += measured[index]
                result.outcomes[competitor] = .init(peakMB: try worker.end().peakMB, parameters: worker.parameters)
            }
        }
        for (competitor, seconds) in seconds { result.outcomes[competitor]?.time = Spread(of: seconds) * 1000 }
        return result
    }

    /// Who is in memory at the same time: all, or one peer after the other beside ours.
    private func companies(of benchmark: Case) -> [[Competitor]] {
        guard benchmark.isLarge else { return [Competitor.allCases] }
        return [Competitor.reference, .referenceTuned, .torchCompile].map { [.ours, .gemmBound, $0] }
    }
}
