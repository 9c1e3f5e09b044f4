package import Torch

/// Computes the results of a network, operator by operator, on the thread that calls it.
package struct GraphEvaluator: Sendable {
    /// What is done for one node.
    private enum Work: Sendable {
        case operation(any Operator)
        /// The branch that is taken where the only input is true, then the other.
        case branch(GraphEvaluator, GraphEvaluator)
        /// The graph that is run again and again.
        case iteration(any Iteration, GraphEvaluator)
    }

    private struct Step: Sendable {
        let node: Node
        let work: Work
        /// Values that no later step reads.
        let finished: [String]
    }

    private let graph: Graph
    private let steps: [Step]

    /// Reads the settings of all operators.
    ///
    /// - Throws: `GraphError` when an operator is not known, or has settings that it does not allow.
    package init(_ graph: Graph) throws(GraphError) {
        var works: [Work] = []
        for node in graph.nodes { works.append(try Self.work(for: node)) }
        var later = Set(graph.outputs)
        var steps: [Step] = []
        for (node, work) in zip(graph.nodes, works).reversed() {
            let names = node.reads
            let unread = node.outputs.compactMap(\.self)
            steps.append(Step(node: node, work: work, finished: Array(names.union(unread).subtracting(later))))
            later.formUnion(names)
        }
        self.graph = graph
        self.steps = steps.reversed()
    }

    /// The network's results, in the order of its outputs.
    ///
    /// Values are forgotten after their last use.
    ///
    /// - Parameters:
    ///   - parameters: the elements of the graph's parameters, by name.
    ///   - inputs: the values that the network is given, by name.
    ///   - dtype: the floating-point type in which everything is computed.
    /// - Throws: `GraphError` when a value is missing, or values do not fit together.
    package func evaluate(
        parameters: [String: Tensor], inputs: [String: Tensor], dtype: DType
    ) throws(GraphError) -> [Tensor] {
        var peak = 0
        return try evaluate(parameters: parameters, inputs: inputs, dtype: dtype, peak: &peak)
    }

    /// The network's results, and the most bytes that values which operators computed took at a time.
    func evaluate(
        parameters: [String: Tensor], inputs: [String: Tensor], dtype: DType, peak: inout Int
    ) throws(GraphError) -> [Tensor] {
        try evaluate(dtype: dtype, runs: RunBudget(), peak: &peak) { parameters[$0] ?? inputs[$0] }
    }

    /// - Parameters:
    ///   - runs: how often graphs within the graph may still be run.
    ///   - peak: is raised to the most bytes that values took.
    ///   - outside: the values that are written outside of the graph.
    private func evaluate(
        dtype: DType, runs: RunBudget, peak: inout Int, outside: (String) -> Tensor?
    ) throws(GraphError) -> [Tensor] {
        var values: [String: Tensor] = [:]
        var held: [String: Int] = [:]
        var size = 0
        for step in steps {
            var inputs: [Tensor?] = []
            for name in step.node.inputs {
                guard let name else {
                    inputs.append(nil)
                    continue
                }
                let value = values[name] ?? given(name, in: dtype, outside)
                guard let value else { throw GraphError.missingValue(name, node: step.node.label) }
                values[name] = value
                inputs.append(value)
            }
            let results: [Tensor]
            var inner = 0
            switch step.work {
            case .operation(let operation): results = try computing(step.node) { try operation.evaluate(inputs) }
            case .branch(let first, let second):
                guard let condition = inputs.first??.only else {
                    throw GraphError.inputs(node: step.node.label, expected: "one truth", found: "\(inputs)")
                }
                let branch = condition != 0 ? first : second
                results = try branch.evaluate(dtype: dtype, runs: runs, peak: &inner) {
                    values[$0] ?? given($0, in: dtype, outside)
                }
            case .iteration(let iteration, let body):
                results = try computing(step.node) {
                    try iteration.evaluate(inputs) { arguments in
                        try runs.spend()
                        let names = iteration.body.inputs.map(\.name)
                        let bound = Dictionary(zip(names, arguments)) { first, _ in first }
                        return try body.evaluate(dtype: dtype, runs: runs, peak: &inner) {
                            bound[$0] ?? values[$0] ?? given($0, in: dtype, outside)
                        }
                    }
                }
            }
            peak = max(peak, size + inner)
            for (index, name) in step.node.outputs.enumerated() {
                guard let name else { continue }
                guard index < results.count else {
                    throw GraphError.computation(
                        node: step.node.label, reason: "it has \(results.count) results, not \(index + 1)")
                }
                let result = results[index].normalized(to: dtype)
                values[name] = result
                held[name] = result.count * (dtype == .float64 ? 8 : 4)
                size += held[name] ?? 0
            }
            peak = max(peak, size)
            for name in step.finished {
                values[name] = nil
                size -= held.removeValue(forKey: name) ?? 0
            }
        }
        var results: [Tensor] = []
        for name in graph.outputs {
            guard let value = values[name] ?? given(name, in: dtype, outside) else {
                throw GraphError.missingValue(name, node: "the graph")
            }
            results.append(value)
        }
        return results
    }

    /// A value that no step writes.
    private func given(_ name: String, in dtype: DType, _ outside: (String) -> Tensor?) -> Tensor? {
        (graph.constants[name] ?? outside(name))?.normalized(to: dtype)
    }

    private func computing(_ node: Node, _ results: () throws -> [Tensor]) throws(GraphError) -> [Tensor] {
        do {
            return try results()
        } catch let error as GraphError {
            throw error
        } catch {
            throw GraphError.computation(node: node.label, reason: "\(error)")
        }
    }

    private static func work(for node: Node) throws(GraphError) -> Work {
        if let iteration = try OperatorCatalog.iteration(for: node) {
            return .iteration(iteration, try GraphEvaluator(iteration.body))
        }
        guard node.operation == "If" else { return .operation(try OperatorCatalog.operation(for: node)) }
        try node.requireInputs(1...1)
        return .branch(try branch("then_branch", of: node), try branch("else_branch", of: node))
    }

    private static func branch(_ name: String, of node: Node) throws(GraphError) -> GraphEvaluator {
        guard case .graph(let graph) = node.attributes[name] else { throw node.refused(name, expected: "a graph") }
        return try GraphEvaluator(graph)
    }
}

extension Tensor {
    /// The only element, if there is one.
    fileprivate var only: Double? { count == 1 ? item : nil }

    /// The same numbers in the type of computation: floating-point numbers in `dtype`, integers of more than 8 bits as
    /// `int64`.
    fileprivate func normalized(to dtype: DType) -> Tensor {
        switch self.dtype {
        case .float32, .float64, .float16, .bfloat16: to(dtype)
        case .int64, .int32, .int16: to(.int64)
        case .int8, .uint8, .bool: self
        }
    }
}
