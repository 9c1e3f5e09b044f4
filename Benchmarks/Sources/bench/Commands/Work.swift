import ArgumentParser
import Torch

/// A worker: sets a case up and takes steps as standard input says.
struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Argument var name: String
    @Option var threads: Int

    func run() throws {
        Runtime.threadCount = threads
        let bare = try ProcessMemory.resident()
        var workload = try workload()
        func step() throws -> Double {
            let clock = ContinuousClock()
            return try clock.measure { try workload.step() } / .seconds(1)
        }
        let warmUp = try (0..<workload.warmUp).map { _ in try step() }
        try Answer(parameters: workload.parameterCount, seconds: warmUp).print()
        while let words = readLine()?.split(separator: " "), words.first == "step", let count = Int(words[1]) {
            try Answer(seconds: try (0..<count).map { _ in try step() }).print()
        }
        try Answer(peakMB: try ProcessMemory.peak() - bare, psnr: workload.quality).print()
    }

    private func workload() throws -> any Workload {
        if name == "fitting" { return try Fitting(pictures: FittingResult.pictures) }
        if let benchmark = Case.all.first(where: { $0.name == name }) { return try benchmark.workload() }
        for curve in GrowthCurve.all {
            if let value = curve.values.first(where: { curve.workerName(of: $0) == name }) {
                return try curve.workload(value)
            }
        }
        throw BenchError.unknownCase(name, known: Case.all.map(\.name))
    }
}
