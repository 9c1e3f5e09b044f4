extension Graph {
    /// The names of the values that the graph reads but does not hold: a branch or a loop's body takes them from the
    /// graph around it.
    public var captured: Set<String> {
        var read = Set(outputs)
        var held = Set(inputs.map(\.name))
        held.formUnion(constants.keys)
        held.formUnion(parameters.map(\.name))
        for node in nodes {
            held.formUnion(node.outputs.compactMap { $0 })
            read.formUnion(node.reads)
        }
        return read.subtracting(held)
    }
}

extension Node {
    /// The names of the values that the node reads, in its own inputs and in the graphs among its settings.
    public var reads: Set<String> {
        var names = Set(inputs.compactMap { $0 })
        for case .graph(let graph) in attributes.values { names.formUnion(graph.captured) }
        return names
    }
}
