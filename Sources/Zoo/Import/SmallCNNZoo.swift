internal import Foundation
internal import Torch
internal import WeightSpaces

/// The published layout of the Small CNN Zoo: a folder with `weights.npy`, `[checkpoints, parameters]` in float32,
/// `metrics.csv` or `metrics.csv.gz` with a row for each checkpoint, and `layout.csv`.
///
/// Checkpoints belong to one run when their `modelfile` is in one folder; where there is no such column, when all columns
/// that begin with `config.` agree. The weights stay on disk until a piece is read.
///
/// - Source: Unterthiner et al. 2020, arXiv:2002.11448.
struct SmallCNNZoo: ImportSource {
    static let weightsName = "weights.npy"

    let form = ImportPlan.Form.smallCNNZoo
    let count: Int
    let fingerprint: String
    let passedOver: [String] = []
    let unreadable: [String] = []
    private let width: Int
    private let weights: NumPyFile
    private let layout: TensorFlowLayout
    private let facts: ImportedFacts
    private let runs: [Int]
    private let architectures: [NetworkArchitecture]
    /// The number of each checkpoint's architecture.
    private let architectureNumbers: [Int]

    var largestNetwork: Int { 4 * width }

    /// - Throws: `FileError`, `FormatError`, ``ImportError``.
    init(contentsOf folder: URL) throws {
        let weightsURL = folder.appending(path: Self.weightsName)
        weights = try NumPyFile(weightsURL)
        let entry = weights.entries[0]
        guard entry.dtype == .float32, entry.shape.count == 2, entry.shape.allSatisfy({ $0 > 0 }),
            !weights.isColumnMajor
        else {
            throw ImportError.malformed(
                file: weightsURL.relativePath, expected: "float32 [checkpoints, parameters] in row-major order",
                found: "\(entry.dtype.rawValue) \(entry.shape)\(weights.isColumnMajor ? " in column-major order" : "")")
        }
        (count, width) = (entry.shape[0], entry.shape[1])
        let layoutURL = folder.appending(path: "layout.csv")
        layout = try TensorFlowLayout(contentsOf: layoutURL, width: width, weights: weightsURL.relativePath)
        let names = try Folder.contents(of: folder)
        let metricsURL = folder.appending(path: names.contains("metrics.csv") ? "metrics.csv" : "metrics.csv.gz")
        let metrics = try CSVTable(contentsOf: metricsURL)
        guard metrics.rowCount == count else {
            throw ImportError.contradiction(
                file: metrics.file, other: weightsURL.relativePath, expected: "\(count) checkpoints",
                found: "\(metrics.rowCount)")
        }
        facts = try ImportedFacts(metrics, reserved: ["run"])
        runs = Self.runs(of: metrics)
        let layout = layout
        let activation = metrics.columns.firstIndex(of: "config.activation")
        let activations = (0..<count).map { row in
            activation.flatMap { ClassifierArchitecture.Activation(rawValue: metrics[row, $0]) }
        }
        let distinct = activations.distinct
        architectures = try distinct.values.map { try layout.architecture(activation: $0) }
        architectureNumbers = distinct.numbers
        var fingerprint = SourceFingerprint()
        for url in [weightsURL, metricsURL, layoutURL] { try fingerprint.absorb(url, called: url.lastPathComponent) }
        self.fingerprint = fingerprint.text
    }

    private static func runs(of metrics: CSVTable) -> [Int] {
        if let file = metrics.columns.firstIndex(of: "modelfile") {
            let folders = (0..<metrics.rowCount).map { metrics[$0, file].split(separator: "/").dropLast() }
            if folders.allSatisfy({ !$0.isEmpty }) { return folders.distinct.numbers }
        }
        let settings = metrics.columns.indices.filter { metrics.columns[$0].hasPrefix("config.") }
        if settings.isEmpty { return Array(0..<metrics.rowCount) }
        return (0..<metrics.rowCount).map { row in settings.map { metrics[row, $0] } }.distinct.numbers
    }

    func piece(_ networks: Range<Int>, checkpoint: (Int) throws -> Void) throws -> ZooPiece {
        try checkpoint(0)
        let rowBytes = 4 * width
        let values = try weights.withBytes(of: weights.entries[0]) { bytes in
            let part = bytes[networks.lowerBound * rowBytes..<networks.upperBound * rowBytes]
            return Tensor(
                bytes: UnsafeRawBufferPointer(rebasing: part), shape: [networks.count, width], dtype: .float32)
        }
        let isFinite = values.isFinite
        let sound = (0..<networks.count).filter { isFinite || values.narrowed(0, to: $0..<$0 + 1).isFinite }
        let numbers = sound.map { architectureNumbers[networks.lowerBound + $0] }.distinct
        return ZooPiece(
            try numbers.values.enumerated().map { stack, number in
                try checkpoint(0)
                let rows = zip(sound, numbers.numbers).filter { $1 == stack }.map(\.0)
                return .init(
                    architectures[number], parameters: layout.parameters(of: values.gathered(0, at: rows)),
                    facts: ZooTable(
                        columns: ["run"] + facts.columns,
                        rows: rows.map { row in
                            let network = networks.lowerBound + row
                            return [.integer(runs[network])] + facts[network]
                        }))
            })
    }
}

extension Sequence where Element: Hashable {
    /// The values in the order of their first appearance, and for each element the number of its value.
    var distinct: (values: [Element], numbers: [Int]) {
        var (known, values): ([Element: Int], [Element]) = ([:], [])
        let numbers = map { element in
            if let number = known[element] { return number }
            known[element] = values.count
            values.append(element)
            return values.count - 1
        }
        return (values, numbers)
    }
}
