import Torch

/// A graph that is run for each slice of some values along an axis.
///
/// - Input: what one run gives to the next, then the values that are sliced.
/// - Output: what the last run gives, then what all of them give, along a new axis.
struct Scan: Iteration {
    static let name = "Scan"

    let body: Graph
    /// How many values one run gives to the next.
    private let carriedCount: Int
    private let inputAxes: [Int]
    private let outputAxes: [Int]
    /// Whether slices are taken from the end.
    private let inputsAreReversed: [Bool]
    /// Whether what the last run gives comes first.
    private let outputsAreReversed: [Bool]

    init(_ node: Node) throws(GraphError) {
        guard node.version >= 9 else { throw GraphError.unknownOperator("Scan of version \(node.version)") }
        body = try node.body()
        let count = try node.integer("num_scan_inputs", default: 0)
        guard (1...max(1, node.inputs.count)).contains(count), count <= node.inputs.count else {
            throw node.refused("num_scan_inputs", expected: "a number from 1 to \(node.inputs.count)")
        }
        try node.requireInputs(node.inputs.count...node.inputs.count)
        carriedCount = node.inputs.count - count
        guard body.inputs.count == node.inputs.count, body.outputs.count >= carriedCount,
            node.outputs.count <= body.outputs.count
        else {
            throw node.refused("body", expected: "a graph for \(carriedCount) values and \(count) slices")
        }
        let rows = body.outputs.count - carriedCount
        func settings(_ name: String, _ count: Int) throws(GraphError) -> [Int] {
            guard let values = try node.integers(name) else { return Array(repeating: 0, count: count) }
            guard values.count == count else { throw node.refused(name, expected: "\(count) integers") }
            return values
        }
        inputAxes = try settings("scan_input_axes", count)
        outputAxes = try settings("scan_output_axes", rows)
        inputsAreReversed = try settings("scan_input_directions", count).map { $0 != 0 }
        outputsAreReversed = try settings("scan_output_directions", rows).map { $0 != 0 }
    }

    func evaluate(_ inputs: [Tensor?], run: ([Tensor]) throws -> [Tensor]) throws -> [Tensor] {
        var carried: [Tensor] = try (0..<carriedCount).map { try inputs.required($0) }
        let sequences: [Tensor] = try inputAxes.indices.map { try inputs.required(carriedCount + $0) }
        let axes = try zip(sequences, inputAxes).map { try $0.axis($1) }
        let count = try runCount(zip(sequences, axes).map { $0.size($1) })
        var rows = Rows(outputs: outputAxes.count)
        for moment in 0..<count {
            let slices = try sequences.indices.map { index in
                let place = inputsAreReversed[index] ? count - 1 - moment : moment
                return try aten("select.int", sequences[index], axes[index], place)
            }
            let results = try run(carried + slices)
            carried = Array(results[..<carriedCount])
            try rows.append(results[carriedCount...])
        }
        return try carried
            + outputAxes.indices.map { index in
                try rows.stacked(index, axis: outputAxes[index], isReversed: outputsAreReversed[index])
            }
    }

    /// How many slices there are, as many of each value.
    private func runCount(_ counts: [Int]) throws(OperandError) -> Int {
        guard let count = counts.first, count <= RunBudget.most, counts.allSatisfy({ $0 == count }) else {
            throw OperandError(expected: "as many slices of each value, at most \(RunBudget.most)", found: "\(counts)")
        }
        return count
    }
}

extension Scan {
    func label(_ inputs: [Value?], in pass: inout SymmetryPass) throws -> [Value?] {
        let carried = try (0..<carriedCount).map { try pass.variable(inputs.required($0)) }
        var slices: [Value] = []
        var counts: [Int] = []
        for (index, axis) in inputAxes.enumerated() {
            var value = try pass.variable(inputs.required(carriedCount + index))
            let label = value.axes.remove(at: try Graphs.axis(axis, of: value.rank))
            pass.fix(Value([label]), because: "a scan reads slices in order")
            slices.append(value)
            counts.append(label.size)
        }
        let count = try runCount(counts)
        let results = try pass.walk(body, carried + slices)
        try pass.join(carried, results[..<carriedCount])
        let rows = try zip(results[carriedCount...], outputAxes).map { row, axis -> Value? in
            guard var value = try row.map({ try pass.variable($0) }) else { return nil }
            value.axes.insert(.fixed(count), at: try Graphs.axis(axis, of: value.rank + 1))
            return value
        }
        return carried.map { $0 } + rows
    }
}
