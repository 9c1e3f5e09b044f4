import Foundation
import Graphs

extension NetworkComparison {
    /// The findings for people to read.
    ///
    /// - Parameters:
    ///   - byLayer: whether the distance of every layer is listed.
    ///   - isGiven: whether the first file says how its network computes.
    func lines(tolerance: Double, byLayer: Bool, files: (String, String), isGiven: Bool) -> [String] {
        var lines = graphs?.differences.map { "graph: \($0)" } ?? []
        lines += tensors.filter { !$0.isSame(within: tolerance) || ($0.distance ?? 0) > 0 }.map(\.line)
        if byLayer {
            let width = layers.map(\.name.count).max() ?? 0
            lines += layers.map { layer in
                let name = layer.name.padding(toLength: width, withPad: " ", startingAt: 0)
                return "layer \(name)  \(layer.distance.scientific)"
            }
        }
        if let unmatched {
            lines.append(
                "neurons were not matched, for the elements of '\(unmatched.name.oneLine(limit: 100))' are of type "
                    + "\(unmatched.dtype.rawValue): tensors were compared as they are stored")
        }
        let largest = tensors.compactMap(\.distance).max() ?? 0
        lines.append(
            "\(movedNeurons) neurons are in other places; largest relative difference \(largest.scientific)")
        if graphs == nil {
            lines.append(
                isGiven
                    ? "\(files.1) holds no graph: tensors alone were compared"
                    : "\(files.0) holds no graph: tensors alone were compared")
        }
        guard isSame(within: tolerance) else {
            let count = tensors.count { !$0.isSame(within: tolerance) }
            let parts = [
                graphs?.differences.isEmpty == false ? "the graphs" : nil,
                count > 0 ? "\(count) of \(tensors.count) tensors" : nil,
            ]
            return lines + ["different: \(parts.compactMap(\.self).joined(separator: " and "))"]
        }
        let what = graphs == nil ? "weights" : "network"
        let equality = largest > 0 ? " within \(tolerance.scientific)" : ""
        return lines + [
            movedNeurons == 0
                ? "the same \(what)\(equality)" : "the same \(what) up to a permutation of neurons\(equality)"
        ]
    }

    /// The findings as a JSON document; its format is described in `Documentation/inspection-format.md`.
    func json(tolerance: Double, files: (String, String)) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = ComparisonDocument(
            files: [files.0, files.1], isSame: isSame(within: tolerance), tolerance: tolerance,
            movedNeurons: movedNeurons, graphDifferences: graphs?.differences,
            tensors: tensors.map { tensor in
                .init(
                    name: tensor.name, isSame: tensor.isSame(within: tolerance), mismatch: tensor.mismatch,
                    distance: tensor.distance.flatMap { $0.isFinite ? $0 : nil },
                    distanceAsStored: tensor.distanceAsStored.flatMap { $0.isFinite ? $0 : nil },
                    nanCount: tensor.nanCount)
            },
            layers: layers.map { .init(name: $0.name, distance: $0.distance.isFinite ? $0.distance : nil) })
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}

extension TensorDifference {
    /// What differs, on one line.
    fileprivate var line: String {
        var parts: [String] = []
        if let mismatch { parts.append(mismatch) }
        if hasEqualBytes == false { parts.append("other elements") }
        if nanCount > 0 { parts.append("\(nanCount) NaN, equal to nothing") }
        if let distance, distance > 0 {
            parts.append("\(distance.scientific)  (\((distanceAsStored ?? distance).scientific) as they are)")
        }
        return "\(name)  \(parts.joined(separator: "; "))"
    }
}

/// What `nfn diff --json` prints.
private struct ComparisonDocument: Encodable {
    struct Tensor: Encodable {
        var name: String
        var isSame: Bool
        var mismatch: String?
        var distance: Double?
        var distanceAsStored: Double?
        var nanCount: Int
    }

    struct Layer: Encodable {
        var name: String
        var distance: Double?
    }

    var version = 1
    var files: [String]
    var isSame: Bool
    var tolerance: Double
    var movedNeurons: Int
    var graphDifferences: [String]?
    var tensors: [Tensor]
    var layers: [Layer]
}
