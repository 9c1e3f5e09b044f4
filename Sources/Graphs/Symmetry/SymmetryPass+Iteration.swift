extension SymmetryPass {
    /// What is known of a value whose elements are others in each run of a graph.
    mutating func variable(_ value: Value) throws -> Value {
        let plain = try labelling.merged(labelling.settled(value))
        return Value(plain.constant.map { labelling.labels(ofConstant: $0) } ?? plain.axes)
    }

    /// A number, or another value without neurons, that is another one in each run.
    func variable(ofShape shape: [Int]) -> Value { Value(shape.map(Label.fixed)) }

    /// Joins what a graph is given to what it gives to its next run.
    ///
    /// - Throws: `OperandError` or `GraphError` when shapes differ, or one is not known.
    mutating func join(_ given: [Value], _ results: ArraySlice<Value?>) throws {
        for (value, result) in zip(given, results) {
            guard let result = try result.map({ try variable($0) }), result.rank == value.rank else {
                throw OperandError(expected: "a shape that stays \(value.shape)", found: "another")
            }
            for (a, b) in zip(value.axes, result.axes) { try labelling.unify(a, b) }
        }
    }

    /// Labels the values of a graph within the graph.
    ///
    /// - Returns: one value per output; `nil` where its shape is not known.
    mutating func walk(_ body: Graph, _ given: [Value]) throws -> [Value?] {
        let place = labelling.place
        defer { labelling.place = place }
        // What a graph within the graph calls by a name of the graph around it is its own.
        let names = Set(
            body.inputs.map(\.name) + body.constants.keys + body.nodes.flatMap(\.outputs).compactMap(\.self))
        let hidden = names.map { ($0, known($0)) }
        defer { for (name, value) in hidden { restore(name, to: value) } }
        add(constants: body.constants)
        for (input, value) in zip(body.inputs, given) { bind(input.name, to: value) }
        for node in body.nodes { try walk(node) }
        return try body.outputs.map { name in
            isShapeless(name) ? nil : try read(name, by: Node("Output", inputs: [name], outputs: []))
        }
    }
}
