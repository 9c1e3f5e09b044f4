internal import Graphs
public import WeightSpaces

extension SIREN {
    /// The network that a checkpoint's weights make under a description.
    ///
    /// - Throws: ``INRError`` when they are not those of dense layers, one after the other, from the plane to colours.
    public init(of checkpoint: any Checkpoint, describedBy description: SIRENDescription) throws {
        let layers = try Self.layers(of: checkpoint)
        self.init(
            widths: [layers[0].inputs] + layers.map(\.outputs), omega: description.omega,
            hiddenOmega: description.hiddenOmega, convention: description.convention, layerNames: layers.map(\.name))
    }

    /// A dense layer, as its parameters show it.
    private struct Layer {
        /// What stands before `.weight`.
        let name: String
        let inputs: Int
        let outputs: Int

        /// Numbers in the name compare as numbers.
        var place: [NamePart] { NamePart.parts(of: name) }
        /// Whether only letters tell which of two layers of one shape comes first.
        func isAmbiguous(before next: Layer) -> Bool {
            (inputs, outputs) == (next.inputs, next.outputs)
                && NamePart.words(in: name) != NamePart.words(in: next.name)
        }
    }

    private static func layers(of checkpoint: any Checkpoint) throws -> [Layer] {
        let file = checkpoint.url.relativePath
        func refused(_ expected: String, _ found: String) -> INRError {
            .layers(file: file, expected: expected, found: found)
        }
        if checkpoint is ONNXFile {
            throw refused("a file of weights alone", "ONNX, which says itself how it computes")
        }
        let entries = checkpoint.entries
        let stems = try entries.map { entry in
            guard entry.name.hasSuffix(".weight") || entry.name.hasSuffix(".bias"),
                entry.dtype.tensorDType?.isFloatingPoint == true
            else { throw refused("weights and biases alone", "'\(entry.name.oneLine(limit: 100))' \(entry.shape)") }
            return String(entry.name.dropLast(entry.name.hasSuffix(".weight") ? 7 : 5))
        }
        let found = try stems.distinct.values.map { stem in
            guard let weight = checkpoint[stem + ".weight"]?.shape, let bias = checkpoint[stem + ".bias"]?.shape,
                weight.count == 2, weight.allSatisfy({ $0 > 0 }), bias == [weight[0]]
            else {
                throw refused("dense layers with biases", "others in '\(stem.oneLine(limit: 100))'")
            }
            return Layer(name: stem, inputs: weight[1], outputs: weight[0])
        }
        let sorted = found.sorted { $0.place.lexicographicallyPrecedes($1.place) }
        let keepsOrder = checkpoint is PyTorchFile
        guard let layers = [keepsOrder ? found : sorted, sorted].first(where: isChain) else {
            let shapes = sorted.map { "\($0.inputs)→\($0.outputs)" }.prefix(8).joined(separator: ", ")
            throw refused(
                "dense layers, one after the other, from 2 coordinates to 1 or 3 colours",
                sorted.isEmpty ? "none" : shapes)
        }
        if !keepsOrder, let pair = zip(layers, layers.dropFirst()).first(where: { $0.isAmbiguous(before: $1) }) {
            throw refused(
                "layers whose order their numbers tell", "'\(pair.0.name.oneLine())' and '\(pair.1.name.oneLine())'")
        }
        return layers
    }

    private static func isChain(_ layers: [Layer]) -> Bool {
        layers.first?.inputs == 2 && (layers.last?.outputs == 1 || layers.last?.outputs == 3)
            && zip(layers, layers.dropFirst()).allSatisfy { $0.outputs == $1.inputs }
    }
}

/// A part of a parameter's name: digits, or what stands between them.
enum NamePart: Comparable, Hashable {
    case number(Int)
    case word(String)

    static func parts(of name: String) -> [NamePart] {
        var parts: [NamePart] = []
        for character in name {
            let digit = character.isASCII ? character.wholeNumberValue : nil
            switch (parts.last, digit) {
            case (.number(let number)?, let digit?) where number < Int.max / 16:
                parts[parts.count - 1] = .number(10 * number + digit)
            case (_, let digit?): parts.append(.number(digit))
            case (.word(let word)?, nil): parts[parts.count - 1] = .word(word + String(character))
            case (_, nil): parts.append(.word(String(character)))
            }
        }
        return parts
    }

    /// The parts that are no numbers.
    static func words(in name: String) -> [NamePart] {
        parts(of: name).filter { if case .word = $0 { true } else { false } }
    }
}
