import Torch
import WeightSpaces

/// A graph that is written down operator by operator, while the parameters of a checkpoint are taken one by one.
struct GraphBuilder {
    /// Where the parameters are.
    let checkpoint: any Checkpoint
    /// What kind of network the parameters look like, with an article.
    let family: String
    /// What a wrapper put in front of all names; families leave it out.
    let prefix: String

    private let entries: [String: CheckpointEntry]
    private var nodes: [Node] = []
    private var parameters: [CheckpointEntry] = []
    private var constants: [String: Tensor] = [:]
    private var taken: Set<String> = []

    /// The largest number of elements of an input that is made up to fit the weights.
    private static let largestInput = 1 << 24

    init(_ checkpoint: any Checkpoint, family: String, prefix: String = "") {
        (self.checkpoint, self.family, self.prefix) = (checkpoint, family, prefix)
        entries = Dictionary(
            checkpoint.entries.map { (String($0.name.dropFirst(prefix.count)), $0) }
        ) { first, _ in first }
    }

    /// The names of all parameters, as families know them.
    var names: [String] { Array(entries.keys) }

    // MARK: Parameters

    /// Whether there is a parameter of this name.
    func has(_ name: String) -> Bool { entries[name] != nil }

    /// How many things of a numbered name have a parameter, from 0 on.
    func count(_ name: (Int) -> String) -> Int {
        var count = 0
        while has(name(count)) { count += 1 }
        return count
    }

    /// The extents of a parameter, all of them at least one.
    func shape(_ name: String, rank: Int) throws -> [Int] {
        guard let entry = entries[name] else {
            throw unrecognized("it looks like \(family), but has no '\(prefix + name)'")
        }
        guard entry.shape.count == rank, entry.shape.allSatisfy({ $0 > 0 }) else {
            throw unfit(entry, expected: "\(rank) axes")
        }
        return entry.shape
    }

    /// The name in the file of a parameter that is read from here on.
    ///
    /// - Throws: ``FamilyError`` where it is missing or has another shape.
    mutating func parameter(_ name: String, _ expected: [Int]) throws -> String {
        let found = try shape(name, rank: expected.count)
        guard let entry = entries[name], found == expected else {
            throw unrecognized(
                "it looks like \(family), but '\(prefix + name)' has the shape \(found), not \(expected)")
        }
        guard entry.dtype.isReal else { throw unfit(entry, expected: "floating-point numbers") }
        if taken.insert(entry.name).inserted { parameters.append(entry) }
        return entry.name
    }

    // MARK: Operators

    /// A value that is written into the graph.
    mutating func constant(_ tensor: Tensor) -> String {
        let name = "constant \(constants.count)"
        constants[name] = tensor
        return name
    }

    /// The only result of an operator.
    mutating func callAsFunction(
        _ operation: String, _ inputs: String?..., attributes: [String: Attribute] = [:]
    ) -> String {
        results(operation, inputs, count: 1, attributes: attributes)[0]
    }

    /// The results of an operator.
    mutating func results(
        _ operation: String, _ inputs: [String?], count: Int, attributes: [String: Attribute] = [:]
    ) -> [String] {
        let name = "\(operation) \(nodes.count)"
        let outputs = count == 1 ? [name] : (0..<count).map { "\(name), \($0)" }
        nodes.append(Node(operation, name: name, inputs: inputs, outputs: outputs, attributes: attributes, version: 24))
        return outputs
    }

    // MARK: The end

    /// The graph, once all parameters have found their places.
    ///
    /// - Parameter buffers: how names of stored tensors end that are no weights: counters, tables of indices, masks.
    /// - Throws: ``FamilyError`` where parameters are left over, or an input would be too large.
    func graph(_ inputs: [Graph.Input], outputs: [String], buffers: [String] = []) throws -> Graph {
        let left = checkpoint.entries.filter { entry in
            !taken.contains(entry.name) && !buffers.contains { entry.name.hasSuffix($0) }
        }
        guard left.isEmpty else {
            let names = left.prefix(3).map { "'\($0.name.oneLine(limit: 100))' \($0.shape)" }.joined(separator: ", ")
            throw unrecognized(
                "it looks like \(family), but \(left.count) of its tensors have no place there: \(names)"
                    + (left.count > 3 ? ", …" : ""))
        }
        for input in inputs {
            guard let count = elementCount(input.shape.map { $0 ?? 1 }), count <= Self.largestInput else {
                throw unrecognized("its input would have the shape \(input.shape.map { $0 ?? 1 })")
            }
        }
        return Graph(inputs: inputs, outputs: outputs, nodes: nodes, parameters: parameters, constants: constants)
    }

    /// The error for parameters that do not fit.
    func unrecognized(_ reason: String) -> FamilyError {
        .unrecognized(file: checkpoint.url.relativePath, reason: reason.oneLine(limit: 1000))
    }

    private func unfit(_ entry: CheckpointEntry, expected: String) -> FamilyError {
        unrecognized(
            "it looks like \(family), but '\(entry.name)' has the shape \(entry.shape) and elements "
                + "\(entry.dtype.rawValue), expected \(expected)")
    }
}

extension StoredDType {
    /// Whether the elements are floating-point numbers.
    var isReal: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ: true
        case .float8E8M0, .complex64, .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: false
        }
    }
}
