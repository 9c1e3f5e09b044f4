import Torch
import WeightSpaces

/// One walk through a graph that labels every value's axes.
struct SymmetryPass {
    var labelling: Labelling
    /// The labels of each parameter that a node reads.
    private(set) var parameters: [String: Value] = [:]
    /// The parameters and the first nodes that read them, in the order of the nodes.
    private(set) var order: [(entry: CheckpointEntry, node: Node)] = []
    /// Operators without a rule, with the reason.
    private(set) var unknown: [String: String] = [:]
    /// Operators whose rule could not be followed, by node, with the reason: shapes that do not fit or depend on data.
    private(set) var refusals: [String: String] = [:]
    /// The first node at which that was so.
    private(set) var misfit: Misfit?

    /// Labels of values that something other than a choice of positions reads.
    private var read: [Label] = []

    private let entries: [String: CheckpointEntry]
    private let literal: (CheckpointEntry) throws -> Tensor?
    private var values: [String: Value] = [:]
    /// How many nodes were labelled, here and in branches.
    private var position = 0
    /// Values of which not even the shape is known.
    private var shapeless: Set<String> = []

    /// Operators whose first result holds the elements of their first input and no others.
    private static let rearranging: Set<String> = [
        "Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Slice", "Expand", "Dropout",
        "Gather",
    ]

    /// Operators that choose positions, and read no others.
    private static let choosing: Set<String> = ["Gather", "Slice", "Split", "Shape", "Size"]

    /// Labels every value of a graph.
    ///
    /// - Parameters:
    ///   - shapes: the shapes of the graph's inputs.
    ///   - constraints: what is asked of permutations besides.
    ///   - stopsAtMisfit: whether nothing is labelled after the first misfit.
    ///   - literal: the elements of a stored parameter.
    init(
        _ graph: Graph, shapes: [String: [Int]], labelling: Labelling, constraints: [AxisConstraint] = [],
        stopsAtMisfit: Bool = false,
        literal: @escaping (CheckpointEntry) throws -> Tensor?
    ) throws {
        self.labelling = labelling
        self.literal = literal
        entries = Dictionary(graph.parameters.map { ($0.name, $0) }) { first, _ in first }
        add(constants: graph.constants)
        for input in graph.inputs {
            guard let shape = shapes[input.name] else {
                shapeless.insert(input.name)
                continue
            }
            var value = Value(shape.map { self.labelling.fresh($0) })
            fix(value, because: "input '\(input.name)' of the network")
            value.origin = input.name
            values[input.name] = value
        }
        for node in graph.nodes {
            try walk(node)
            if stopsAtMisfit, misfit != nil { return }
        }
        let end = Node("Output", inputs: graph.outputs, outputs: [])
        for output in graph.outputs where !shapeless.contains(output) {
            fix(try read(output, by: end), because: "output '\(output)' of the network")
        }
        self.labelling.place = "layers that may be connected"
        for constraint in constraints { try apply(constraint) }
        fixUnread()
    }

    mutating func add(constants: [String: Tensor]) {
        for (name, tensor) in constants {
            values[name] = Value(constant: tensor.dtype.isFloatingPoint ? tensor.to(.float64) : tensor)
        }
    }

    mutating func fix(_ value: Value, because reason: String) {
        for label in value.labels { labelling.fix(label, because: reason) }
    }

    /// Fixes neurons that no operator reads: they have no influence, and no permutation of them means anything.
    private mutating func fixUnread() {
        let atoms = Set(read.flatMap { labelling.resolved($0).atoms })
        for value in parameters.values {
            for label in value.labels {
                for atom in labelling.resolved(label).atoms where !atoms.contains(atom) {
                    labelling.fix(atom, because: "no operator reads these positions")
                }
            }
        }
    }

    /// What is known of a value; a parameter of equal elements that no module holds, such as an initial state of zeros
    /// that an exporter wrote once for all layers, is a constant.
    mutating func read(_ name: String, by node: Node) throws -> Value {
        if let value = values[name] { return value }
        guard let entry = entries[name] else { throw GraphError.missingValue(name, node: node.label) }
        if entry.isOutsideModules, let elements = try literal(entry), elements.isUniform {
            add(constants: [name: elements])
            return try read(name, by: node)
        }
        var value = labelling.parameter(entry)
        value.dependsOnInputs = false
        order.append((entry, node))
        parameters[name] = value
        values[name] = value
        return value
    }

    mutating func walk(_ node: Node) throws {
        position += 1
        labelling.place = node.label
        let isKnown = node.inputs.allSatisfy { $0.map { !shapeless.contains($0) } ?? true }
        let inputs = try node.inputs.map { name in
            try name.flatMap { shapeless.contains($0) ? nil : try read($0, by: node) }
        }
        if !Self.choosing.contains(node.operation) { read += inputs.flatMap { $0?.labels ?? [] } }
        if node.operation == "If", let branch = node.branch(on: inputs[0]?.constant) {
            return try enter(branch, outputs: node.outputs)
        }
        if node.operation == "If", isKnown, let branches = node.branches {
            return try enter(branches, outputs: node.outputs)
        }
        do {
            if isKnown, let iteration = try OperatorCatalog.iteration(for: node) {
                return set(node.outputs, to: try iteration.label(inputs, in: &self))
            }
            if isKnown {
                let results = try results(of: node, inputs)
                for case (let name?, let value) in zip(node.outputs, results) { values[name] = value }
                return
            }
        } catch let error as GraphError where error.isLackOfRule {
            unknown[node.operation] = "\(error)"
        } catch {
            refusals[node.label] = "\(error)"
            misfit = misfit ?? Misfit(position: position, node: node.label, error: error)
        }
        // A branch or a loop's body reads values of the graph around it, too.
        for name in node.reads.sorted() where !shapeless.contains(name) {
            fix(try read(name, by: node), because: "no rule for \(node.label)")
        }
        shapeless.formUnion(node.outputs.compactMap { $0 })
    }

    private mutating func set(_ names: [String?], to results: [Value?]) {
        for case (let name?, let value) in zip(names, results) {
            if value == nil { shapeless.insert(name) }
            values[name] = value
        }
    }

    /// Gives a name to a value that a graph within the graph reads.
    mutating func bind(_ name: String, to value: Value) {
        shapeless.remove(name)
        values[name] = value
    }

    /// Whether not even the shape of a value is known.
    func isShapeless(_ name: String) -> Bool { shapeless.contains(name) }

    /// What a name stands for so far: a value, or one whose shape is not known.
    func known(_ name: String) -> (value: Value?, isShapeless: Bool) { (values[name], shapeless.contains(name)) }

    /// Gives a name the meaning back that it had.
    mutating func restore(_ name: String, to known: (value: Value?, isShapeless: Bool)) {
        values[name] = known.value
        if known.isShapeless { shapeless.insert(name) } else { shapeless.remove(name) }
    }

    private mutating func enter(_ branch: Graph, outputs: [String?]) throws {
        add(constants: branch.constants)
        for node in branch.nodes { try walk(node) }
        for case (let name?, let inner) in zip(outputs, branch.outputs) {
            if shapeless.contains(inner) {
                shapeless.insert(name)
            } else {
                values[name] = try read(inner, by: Node("If", inputs: [inner], outputs: [name]))
            }
        }
    }

    /// Labels both branches of a choice that data make: what leaves the function alone leaves each of them alone.
    private mutating func enter(_ branches: [Graph], outputs: [String?]) throws {
        let around = (values: values, shapeless: shapeless)
        var results: [[Value?]] = []
        for branch in branches {
            values = around.values.merging(parameters) { $1 }
            shapeless = around.shapeless
            add(constants: branch.constants)
            for node in branch.nodes { try walk(node) }
            results.append(
                try branch.outputs.map { name in
                    if shapeless.contains(name) { return nil }
                    return try read(name, by: Node("If", inputs: [name], outputs: []))
                })
        }
        values = around.values.merging(parameters) { $1 }
        shapeless = around.shapeless
        labelling.place = "If"
        for (number, name) in outputs.enumerated() {
            guard let name else { continue }
            let ends = results.map { number < $0.count ? $0[number] : nil }
            if let first = ends[0], let second = ends[1], first.shape == second.shape {
                values[name] = try joined(first, second)
            } else {
                for case let end? in ends { fix(end, because: "branches give different shapes") }
                shapeless.insert(name)
            }
        }
    }

    private mutating func joined(_ first: Value, _ second: Value) throws -> Value {
        let first = try labelling.merged(labelling.settled(first))
        let second = try labelling.merged(labelling.settled(second))
        let axes = [first, second].map { value in value.constant.map { labelling.labels(ofConstant: $0) } ?? value.axes
        }
        for (a, b) in zip(axes[0], axes[1]) { try labelling.unify(a, b) }
        return Value(axes[0].map { labelling.resolved($0) })
    }

    private mutating func results(of node: Node, _ inputs: [Value?]) throws -> [Value] {
        let operation = try OperatorCatalog.operation(for: node)
        let folds = inputs.allSatisfy { $0.map { $0.constant != nil } ?? true }
        let prepared = try inputs.enumerated().map { index, value -> Value? in
            guard var value else { return nil }
            if !operation.understandsPositions { value = labelling.settled(value) }
            if !operation.understandsStacks { value = try labelling.merged(value) }
            if let constant = value.constant {
                if !folds { value.axes = labelling.labels(ofConstant: constant) }
            } else if operation.literalInputs.contains(index), let entry = node.inputs[index].flatMap({ entries[$0] }) {
                value.constant = try literal(entry)
            }
            return value
        }
        var results = try operation.label(prepared, in: &labelling)
        for result in results where elementCount(result.shape) == nil {
            throw GraphError.sizes(node: node.label, expected: [], found: result.shape)
        }
        if folds, results.contains(where: { $0.constant == nil }),
            results.allSatisfy({ elementCount($0.shape)! <= 1 << 24 })
        {
            return try operation.evaluate(inputs.map { $0?.constant }).map(Value.init(constant:))
        }
        let dependsOnInputs = inputs.contains { $0?.dependsOnInputs ?? false }
        for index in results.indices { results[index].dependsOnInputs = dependsOnInputs }
        if Self.rearranging.contains(node.operation), !results.isEmpty { results[0].origin = inputs.first??.origin }
        return results
    }
}

/// Where shapes stop fitting together.
struct Misfit: Equatable {
    /// Which node it is, in the order in which they are labelled.
    let position: Int
    /// The node, for messages.
    let node: String
    /// Why, in a few words.
    let reason: String
    /// How many elements, or positions, there are too many; negative where there are too few, `nil` where that is not
    /// what is wrong.
    let excess: Int?

    init(position: Int, node: String, error: any Error) {
        self.position = position
        self.node = node
        reason = "\(error)"
        guard case .sizes(_, let expected, let found)? = error as? GraphError, let wanted = elementCount(expected),
            let count = elementCount(found), wanted != count
        else {
            excess = nil
            return
        }
        excess = count - wanted
    }
}

extension GraphError {
    /// Whether an operator is not known, or not in the way in which it is used.
    fileprivate var isLackOfRule: Bool {
        switch self {
        case .unknownOperator, .attribute, .inputs: true
        default: false
        }
    }
}

extension Node {
    /// The branch of an `If` that a known condition chooses.
    fileprivate func branch(on condition: Tensor?) -> Graph? {
        guard let condition, condition.count == 1 else { return nil }
        let isTrue = condition.item != 0
        guard case .graph(let graph)? = attributes[isTrue ? "then_branch" : "else_branch"] else { return nil }
        return graph
    }
}

extension Node {
    /// Both branches of an `If`.
    fileprivate var branches: [Graph]? {
        guard case .graph(let first)? = attributes["then_branch"], case .graph(let second)? = attributes["else_branch"]
        else { return nil }
        return [first, second]
    }
}

extension CheckpointEntry {
    /// Whether an exporter numbered the tensor instead of naming it.
    var isNumbered: Bool { name.hasPrefix("onnx::") || name.hasPrefix("val_") }

    /// Whether the tensor is none of a module's: an exporter numbered it, or calls it after an operator, and it has more
    /// axes than a weight of that name would.
    fileprivate var isOutsideModules: Bool { isNumbered || shape.count > 2 && !name.contains(".") }
}

extension Tensor {
    /// Whether all elements are equal.
    fileprivate var isUniform: Bool {
        guard count > 0, dtype.isFloatingPoint else { return false }
        let flat = reshaped([count])
        return [min(count, 64), count].allSatisfy { flat.isConstant(along: 0, in: 0..<$0) }
    }
}
