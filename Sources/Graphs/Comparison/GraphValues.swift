import Torch
import WeightSpaces

/// Numbers for values of graphs: two have the same one where the same operators make them of the same inputs, weights and
/// constants, whatever they are called and in whichever order nodes stand.
struct GraphValues {
    /// What an operator is used with.
    struct Use: Hashable {
        var operation: String
        var version: Int
        var attributes: [String: Setting]
        var inputs: [Int?]
    }

    indirect enum Setting: Hashable {
        case integer(Int)
        case number(UInt64)
        case text(String)
        case integers([Int])
        case numbers([UInt64])
        case texts([String])
        case tensor(Elements)
        /// The numbers of a graph's results.
        case graph([Int])
    }

    struct Elements: Hashable {
        var dtype: DType
        var shape: [Int]
        var bytes: [UInt8]
    }

    private enum Value: Hashable {
        case input(Int, depth: Int)
        case parameter(String)
        case constant(Elements)
        case missing(String)
        case result(Use, Int)
    }

    private var numbers: [Value: Int] = [:]

    /// A node, what it makes its results of, and their numbers.
    struct Numbered {
        var node: Node
        var use: Use
        var results: [Int]
    }

    /// Numbers the values of a graph.
    ///
    /// - Returns: the nodes that outputs depend on, and the outputs' numbers.
    mutating func add(_ graph: Graph) -> (nodes: [Numbered], outputs: [Int]) {
        add(graph, outer: [:], depth: 0)
    }

    private mutating func add(_ graph: Graph, outer: [String: Int], depth: Int) -> (nodes: [Numbered], outputs: [Int]) {
        var names = outer
        for (index, input) in graph.inputs.enumerated() { names[input.name] = number(.input(index, depth: depth)) }
        for (name, tensor) in graph.constants { names[name] = number(.constant(Elements(tensor))) }
        for entry in graph.parameters { names[entry.name] = number(.parameter(entry.name)) }
        var nodes: [Numbered] = []
        for node in graph.nodes {
            let inputs = node.inputs.map { name in name.map { names[$0] ?? number(.missing($0)) } }
            var attributes: [String: Setting] = [:]
            for (name, attribute) in node.attributes {
                attributes[name] = setting(attribute, names: names, depth: depth)
            }
            let use = Use(operation: node.operation, version: node.version, attributes: attributes, inputs: inputs)
            let results = node.outputs.indices.map { number(.result(use, $0)) }
            for case (let name?, let result) in zip(node.outputs, results) { names[name] = result }
            nodes.append(Numbered(node: node, use: use, results: results))
        }
        let outputs = graph.outputs.map { names[$0] ?? number(.missing($0)) }
        return (Self.needed(nodes, for: outputs), outputs)
    }

    private static func needed(_ nodes: [Numbered], for outputs: [Int]) -> [Numbered] {
        var wanted = Set(outputs)
        var result: [Numbered] = []
        for node in nodes.reversed() where !wanted.isDisjoint(with: node.results) {
            result.append(node)
            wanted.formUnion(node.use.inputs.compactMap(\.self))
            for case .graph(let values) in node.use.attributes.values { wanted.formUnion(values) }
        }
        return result.reversed()
    }

    private mutating func number(_ value: Value) -> Int {
        if let number = numbers[value] { return number }
        numbers[value] = numbers.count
        return numbers.count - 1
    }

    private mutating func setting(_ attribute: Attribute, names: [String: Int], depth: Int) -> Setting {
        switch attribute {
        case .integer(let value): .integer(value)
        case .number(let value): .number(value.bitPattern)
        case .text(let value): .text(value)
        case .integers(let values): .integers(values)
        case .numbers(let values): .numbers(values.map(\.bitPattern))
        case .texts(let values): .texts(values)
        case .tensor(let tensor): .tensor(Elements(tensor))
        case .graph(let graph): .graph(add(graph, outer: names, depth: depth + 1).outputs)
        }
    }
}

extension GraphValues.Elements {
    init(_ tensor: Tensor) {
        (dtype, shape) = (tensor.dtype, tensor.shape)
        bytes = [UInt8](unsafeUninitializedCapacity: tensor.count * tensor.dtype.byteCount) { buffer, count in
            tensor.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            count = buffer.count
        }
    }
}
