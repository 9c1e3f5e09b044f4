import Torch

/// An operator that runs a graph among its settings again and again.
protocol Iteration: Sendable {
    /// The operator's name.
    static var name: String { get }

    /// The graph that is run.
    var body: Graph { get }

    /// Reads the settings.
    ///
    /// - Throws: `GraphError` when there is no graph, or its values are not as many as the node's.
    init(_ node: Node) throws(GraphError)

    /// Computes the results.
    ///
    /// - Parameter run: the results of the graph for the values of its inputs.
    /// - Throws: `OperandError` when the values do not fit together, or there is no end.
    func evaluate(_ inputs: [Tensor?], run: ([Tensor]) throws -> [Tensor]) throws -> [Tensor]

    /// The symmetry rule: one walk through the graph, after which what it is given again and again moves like what it gives.
    ///
    /// If the graph takes inputs that are permuted in one way to results that are, and both ways are the same, then so does
    /// every number of runs.
    ///
    /// - Returns: one value per output of the node; `nil` where its shape depends on data.
    func label(_ inputs: [Value?], in pass: inout SymmetryPass) throws -> [Value?]
}

/// How often graphs may still be run while one network is evaluated, loops within loops included.
final class RunBudget {
    /// The largest number of runs.
    static let most = 1 << 16

    private var left = most

    /// Takes one run.
    ///
    /// - Throws: `OperandError` when there is none left.
    func spend() throws(OperandError) {
        guard left > 0 else { throw OperandError(expected: "at most \(Self.most) runs", found: "more") }
        left -= 1
    }
}

extension Node {
    /// The graph that is run again and again.
    func body() throws(GraphError) -> Graph {
        guard case .graph(let graph)? = attributes["body"] else { throw refused("body", expected: "a graph") }
        return graph
    }
}

extension OperatorCatalog {
    private static let iterations: [any Iteration.Type] = [Loop.self, Scan.self]

    /// What a node runs again and again, if it does.
    ///
    /// - Throws: what is wrong with the settings.
    static func iteration(for node: Node) throws(GraphError) -> (any Iteration)? {
        for type in iterations where type.name == node.operation { return try type.init(node) }
        return nil
    }
}

/// The rows that runs give back one after the other.
struct Rows {
    private var rows: [[Tensor]]
    private var count = 0

    init(outputs: Int) { rows = Array(repeating: [], count: outputs) }

    /// Appends what one run gives back.
    ///
    /// - Throws: `OperandError` when there are more elements than a tensor may have.
    mutating func append(_ results: ArraySlice<Tensor>) throws(OperandError) {
        count += 1
        for (index, row) in results.enumerated() {
            try checkedShape([count] + row.shape)
            rows[index].append(row)
        }
    }

    /// All rows along a new axis.
    ///
    /// - Throws: `OperandError` when there are none, so that their shape is not known.
    func stacked(_ index: Int, axis: Int = 0, isReversed: Bool = false) throws -> Tensor {
        let all = isReversed ? rows[index].reversed() : rows[index]
        guard let first = all.first else { throw OperandError(expected: "at least one run", found: "none") }
        return try aten("stack", all, Graphs.axis(axis, of: first.rank + 1))
    }
}
