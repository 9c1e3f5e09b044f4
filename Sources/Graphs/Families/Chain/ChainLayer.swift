import WeightSpaces

/// One layer of a chain, as its parameters show it.
struct ChainLayer: Hashable {
    enum Kind {
        case convolution, dense, batchNormalization, layerNormalization
    }

    /// What stands before `.weight`.
    let name: String
    let kind: Kind
    /// The shape of the weight.
    let shape: [Int]
    /// The name without its numbers.
    let stem: String
    /// The numbers in the name, from left to right.
    let numbers: [Int]

    /// How many values it writes, or channels.
    var outputs: Int { shape[0] }
    /// How many values it reads, or channels.
    var inputs: Int { isMatrix ? shape[1] : shape[0] }
    /// Whether it mixes values.
    var isMatrix: Bool { kind == .dense || kind == .convolution }

    private static let endings: Set<String> = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]

    /// The layers that parameters belong to.
    ///
    /// - Throws: ``ChainError`` when a parameter belongs to none.
    static func layers(of entries: [CheckpointEntry]) throws(ChainError) -> [ChainLayer] {
        var parts: [String: [String: [Int]]] = [:]
        for entry in entries {
            guard let dot = entry.name.lastIndex(of: "."), entry.shape.allSatisfy({ $0 > 0 }),
                endings.contains(String(entry.name[entry.name.index(after: dot)...]))
            else {
                throw ChainError(
                    reason: "'\(entry.name.oneLine(limit: 100))' \(entry.shape) is no weight or bias of a layer")
            }
            parts[String(entry.name[..<dot]), default: [:]][String(entry.name[entry.name.index(after: dot)...])] =
                entry.shape
        }
        var layers: [ChainLayer] = []
        for (name, part) in parts { layers.append(try ChainLayer(name: name, part)) }
        return layers
    }

    private init(name: String, _ part: [String: [Int]]) throws(ChainError) {
        func refused(_ reason: String) -> ChainError { ChainError(reason: "'\(name.oneLine(limit: 100))' \(reason)") }
        guard let weight = part["weight"] else { throw refused("has no weight") }
        switch weight.count {
        case 2: kind = .dense
        case 3...5: kind = .convolution
        case 1 where part["running_mean"] != nil: kind = .batchNormalization
        case 1 where part["bias"] != nil: kind = .layerNormalization
        case 1: throw refused("may be a normalization or an activation: it has \(weight) scales and nothing else")
        default: throw refused("has a weight of shape \(weight)")
        }
        (self.name, shape) = (name, weight)
        var (stem, numbers): (String, [Int]) = ("", [])
        var rest = name[...]
        while let character = rest.first {
            if character.isASCII, character.isNumber {
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let number = Int(digits) else { throw refused("has too large a number") }
                numbers.append(number)
                stem += "#"
                rest = rest[digits.endIndex...]
            } else {
                stem.append(character)
                rest.removeFirst()
            }
        }
        (self.stem, self.numbers) = (stem, numbers)
    }
}
