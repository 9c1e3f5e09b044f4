internal import Foundation
internal import Graphs
internal import Torch
internal import WeightSpaces

/// An architecture that networks of some files have.
struct RecognizedArchitecture {
    let value: NetworkArchitecture
    /// What draws pictures, if the networks do.
    let siren: SIREN?
    /// What stands in front of all parameters' names, up to a dot.
    let prefix: String
    /// The structure without that, and without names of groups.
    private let bare: WeightSpace

    init(_ value: NetworkArchitecture, siren: SIREN?) throws {
        self.value = value
        self.siren = siren
        prefix = Self.commonPrefix(of: value.parameters.map(\.name))
        let length = prefix.count
        bare = try WeightSpace(
            groups: value.space.groups.enumerated().map { number, group in
                var group = group
                group.name = "\(number)"
                return group
            },
            blocks: value.space.blocks.map { block in
                var block = block
                block.parameter = String(block.parameter.dropFirst(length))
                return block
            })
    }

    /// Whether networks of another architecture compute the same from parameters under other names.
    func isLike(_ other: RecognizedArchitecture) -> Bool {
        if value == other.value { return true }
        guard bare == other.bare else { return false }
        if let siren, let others = other.siren { return siren.named(others.layerNames) == others }
        // What was assumed of imported networks names no parameter.
        return value.definition == other.value.definition
            && (value.definition.isEmpty || !value.assumptions.isEmpty)
    }

    /// What all names begin with, up to a dot: wrappers' words such as `module.`, or a model's place in a larger one.
    private static func commonPrefix(of names: [String]) -> String {
        guard var common = names.first else { return "" }
        for name in names.dropFirst() { common = String(zip(common, name).prefix { $0 == $1 }.map(\.0)) }
        return common.lastIndex(of: ".").map { String(common[...$0]) } ?? ""
    }

    /// The parameters of a network of this architecture, in float32.
    ///
    /// - Parameter prefix: what stands in front of the names in this file.
    /// - Throws: `FormatError`.
    func parameters(of checkpoint: any Checkpoint, prefix: String) throws -> [Tensor] {
        try value.parameters.map { name, shape in
            let stored = prefix + name.dropFirst(self.prefix.count)
            guard let entry = checkpoint[stored], let tensor = try checkpoint.tensor(entry), tensor.shape == shape
            else {
                throw ImportError.malformed(
                    file: checkpoint.url.relativePath, expected: "\(stored.oneLine(limit: 100)) \(shape)",
                    found: checkpoint[stored].map { "\($0.dtype.rawValue) \($0.shape)" } ?? "none")
            }
            return tensor.to(.float32)
        }
    }
}
