public import Foundation
internal import NeuralFunctionals
internal import Torch
internal import WeightSpaces

/// The folder of a training run: `run.json`, `metrics.jsonl`, `model.safetensors` (the best one), `report.html` and, to
/// resume, `state.safetensors`.
public struct RunFolder: Sendable {
    /// Where the run is.
    public let url: URL
    /// What it was asked to do.
    public let run: Run

    /// The model with the best validation.
    public var model: URL { url.appending(path: "model.safetensors") }
    var state: URL { url.appending(path: "state.safetensors") }
    private var metrics: URL { url.appending(path: "metrics.jsonl") }

    /// Opens the folder of a run.
    ///
    /// - Throws: ``TrainingError/noRun(_:)``.
    public init(contentsOf url: URL) throws {
        run = try RunDescription.read(Run.self, in: url)
        self.url = url
    }

    /// Begins a run in a new folder, or takes one up that was begun with the same settings.
    ///
    /// - Throws: ``TrainingError``; `FileError`.
    public init(_ run: Run, in url: URL, resuming: Bool) throws {
        self.url = url
        self.run = run
        try RunDescription.begin(run, in: url, resuming: resuming)
    }

    /// Every validation so far.
    ///
    /// - Throws: ``TrainingError/noRun(_:)`` when there is none.
    public var records: [TrainingRecord] {
        get throws {
            guard let lines = try? Data(contentsOf: metrics).split(separator: UInt8(ascii: "\n")),
                let records = try? lines.map({ try JSONDecoder().decode(TrainingRecord.self, from: $0) }),
                !records.isEmpty
            else { throw TrainingError.noRun(url.relativePath) }
            return records
        }
    }

    /// Trains the run's task to its end, storing what is needed to resume at each validation.
    ///
    /// - Parameter checkpoint: is called before each part of a step and of a validation, and may throw to stop.
    /// - Throws: what ``Trainer/run(stepped:validated:)`` throws.
    public func train<Task: TrainingTask>(
        _ task: Task, checkpoint: @escaping @Sendable () throws -> Void = {}, stepped: (Double) throws -> Void,
        validated: (TrainingRecord) -> Void
    ) throws -> Trainer<Task>.Result {
        let trainer = Trainer(task, options: run.options, stateFile: state, checkpoint: checkpoint)
        let result = try trainer.run(stepped: stepped) { records, best in
            try write(best, records)
            if let last = records.last { validated(last) }
        }
        try write(result.model, result.records)
        return result
    }

    /// Where the run's page is.
    public var report: URL { url.appending(path: "report.html") }

    /// Writes the run's page.
    ///
    /// - Throws: `FileError`.
    public func write(_ page: RunReport) throws { try AtomicFile.write(Data(page.html().utf8), to: report) }

    private func write(_ best: some Functional, _ records: [TrainingRecord]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let lines = try records.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
        try best.write(to: model)
        try AtomicFile.write(Data(lines.joined().utf8), to: metrics)
    }
}
