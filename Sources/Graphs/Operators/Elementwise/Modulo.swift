import Torch

/// The rest of a division, with the sign of the divisor, or with that of the dividend where `fmod` is set.
struct Modulo: Operator {
    static let names = ["Mod"]

    let takesSignOfDividend: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        takesSignOfDividend = try node.truth("fmod", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [
            try aten(
                takesSignOfDividend ? "fmod.Tensor" : "remainder.Tensor", inputs.required(0), inputs.required(1))
        ]
    }
}

extension Modulo {
    /// Axes that are read together are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
