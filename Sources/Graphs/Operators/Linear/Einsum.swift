import Torch

/// A sum of products over the axes that share a letter.
struct Einsum: Operator {
    static let names = ["Einsum"]

    let equation: String

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(max(1, node.inputs.count)...Int.max)
        equation = try node.text("equation", default: "")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [try aten("einsum", equation, inputs.indices.map(inputs.required))]
    }
}

extension Einsum {
    /// Axes with one letter are joined; those of the result keep their letters' labels.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let text = equation.filter { $0 != " " }
        let sides = text.split(separator: ">", omittingEmptySubsequences: false).map { $0.filter { $0 != "-" } }
        let operands = sides[0].split(separator: ",", omittingEmptySubsequences: false)
        guard !text.contains("."), operands.count == inputs.count else {
            throw OperandError(expected: "an equation of letters for \(inputs.count) values", found: equation)
        }
        var labels: [Character: Label] = [:]
        for (operand, index) in zip(operands, inputs.indices) {
            let axes = try inputs.required(index).axes
            guard operand.count == axes.count else {
                throw OperandError(expected: "\(axes.count) letters", found: String(operand))
            }
            for (letter, label) in zip(operand, axes) {
                if let known = labels[letter], known.size != 1, label.size != 1 {
                    try labelling.unify(known, label)
                } else if (labels[letter]?.size ?? 1) == 1 {
                    labels[letter] = label
                }
            }
        }
        let once = sides[0].filter { letter in letter != "," && sides[0].count(where: { $0 == letter }) == 1 }
        let result = sides.count > 1 ? String(sides[1]) : String(once.sorted())
        return [
            Value(
                try result.map { letter in
                    guard let label = labels[letter] else {
                        throw OperandError(expected: "a letter of the operands", found: "\(letter)")
                    }
                    return label
                })
        ]
    }
}
