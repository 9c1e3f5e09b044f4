import Torch

/// A graph that is run as often as a number says, or as long as a condition holds.
///
/// - Input: the number of runs, or none; the condition before the first run, or none; then what one run gives to the next.
/// - Output: what the last run gives, then what all of them give, along a new first axis.
struct Loop: Iteration {
    static let name = "Loop"

    let body: Graph
    /// How many values one run gives to the next.
    private let carriedCount: Int
    /// Whether what all runs give is read, for each such value.
    private let rowsAreRead: [Bool]

    init(_ node: Node) throws(GraphError) {
        body = try node.body()
        carriedCount = max(0, node.inputs.count - 2)
        guard node.inputs.count >= 2, body.inputs.count == carriedCount + 2, body.outputs.count > carriedCount,
            node.outputs.count <= body.outputs.count - 1
        else {
            throw node.refused("body", expected: "a graph for \(carriedCount) values from run to run")
        }
        rowsAreRead = (carriedCount..<body.outputs.count - 1).map {
            $0 < node.outputs.count && node.outputs[$0] != nil
        }
    }

    func evaluate(_ inputs: [Tensor?], run: ([Tensor]) throws -> [Tensor]) throws -> [Tensor] {
        let limit = try inputs.optional(0)?.integer() ?? Int.max
        let condition = inputs.optional(1)
        var goesOn = try condition.map { try $0.scalar() != 0 } ?? true
        var carried: [Tensor] = try (0..<carriedCount).map { try inputs.required($0 + 2) }
        var rows = Rows(outputs: rowsAreRead.count)
        var count = 0
        while goesOn, count < limit {
            let results = try run([Tensor([Int64(count)], shape: []), .ones([], dtype: .bool)] + carried)
            if condition != nil { goesOn = try results[0].scalar() != 0 }
            carried = Array(results[1..<carriedCount + 1])
            try rows.append(results[(carriedCount + 1)...])
            count += 1
        }
        return try carried + rowsAreRead.indices.map { rowsAreRead[$0] ? try rows.stacked($0) : Tensor([] as [Int64]) }
    }
}

extension Loop {
    func label(_ inputs: [Value?], in pass: inout SymmetryPass) throws -> [Value?] {
        let carried = try (0..<carriedCount).map { try pass.variable(inputs.required($0 + 2)) }
        // The graph is run only where the condition holds.
        let given = [pass.variable(ofShape: []), Value(constant: .ones([], dtype: .bool))] + carried
        let results = try pass.walk(body, given)
        try pass.join(carried, results[1..<carriedCount + 1])
        let count = try runCount(inputs, condition: results[0])
        let rows = try zip(results[(carriedCount + 1)...], rowsAreRead).map { row, isRead -> Value? in
            guard isRead, let row = try row.map({ try pass.variable($0) }) else { return nil }
            guard let count else {
                pass.fix(row, because: "a loop runs as often as data say")
                return nil
            }
            return Value([.fixed(count)] + row.axes)
        }
        return carried.map { $0 } + rows
    }

    /// How often the graph is run, where that follows from the graph alone.
    private func runCount(_ inputs: [Value?], condition: Value?) throws -> Int? {
        guard let count = try inputs.optional(0)?.constant?.integer(), (1...RunBudget.most).contains(count) else {
            return nil
        }
        guard let before = inputs.optional(1) else { return count }
        guard let first = before.constant, let next = condition?.constant else { return nil }
        return try first.scalar() != 0 && next.scalar() != 0 ? count : nil
    }
}
