import Torch

/// The negative logarithms of the probabilities of the right classes: of the logarithms themselves, or of numbers that a
/// softmax makes into probabilities.
///
/// - Input: `[batch, classes, …]`, the right classes `[batch, …]`, and a weight of each class or none.
/// - Output: one number, or `[batch, …]`; the logarithms.
struct ClassificationLoss: Operator {
    static let names = ["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"]

    let takesLogits: Bool
    /// The class that does not count.
    let ignored: Int
    /// libtorch's number of what becomes of the single losses: they stay, or their mean or their sum is taken.
    let reduction: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...3)
        takesLogits = node.operation == "SoftmaxCrossEntropyLoss"
        ignored = try node.integer("ignore_index", default: -100)
        guard let reduction = ["none": 0, "mean": 1, "sum": 2][try node.text("reduction", default: "mean")] else {
            throw node.refused("reduction", expected: "none, mean or sum")
        }
        self.reduction = reduction
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0).requiringRank(atLeast: 2)
        let logarithms = takesLogits ? try aten("log_softmax.int", x, 1) : x
        let classes = try inputs.required(1)
        guard !classes.dtype.isFloatingPoint else { throw OperandError(expected: "classes", found: "\(classes)") }
        let loss = try aten("nll_loss_nd", logarithms, classes.to(.int64), inputs.optional(2), reduction, ignored)
        return takesLogits ? [loss, logarithms] : [loss]
    }
}

extension ClassificationLoss {
    /// Classes are told apart; the other axes are joined to those of the right classes.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, classes) = (try inputs.required(0), try inputs.required(1))
        guard x.rank >= 2, classes.rank == x.rank - 1 else {
            throw OperandError(expected: "\(x.rank - 1) axes", found: "\(classes.shape)")
        }
        labelling.fix([x.axes[1]] + (inputs.optional(2)?.axes ?? []))
        for (a, b) in zip([x.axes[0]] + x.axes.dropFirst(2), classes.axes) { try labelling.unify(a, b) }
        labelling.note(classes.origin, selectsFrom: x.shape[1])
        let loss = reduction == 0 ? Value(classes.axes) : Value([])
        return takesLogits ? [loss, Value(x.axes)] : [loss]
    }
}
