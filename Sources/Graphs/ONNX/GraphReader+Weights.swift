import Torch
import WeightSpaces

/// A tensor of an ONNX file that may be a weight.
struct PlacedTensor {
    let tensor: ONNXTensor
    /// Where the file holds it.
    let place: TensorPlace
    /// Whether its type and its size are those of a weight.
    let mayBeWeight: Bool
}

extension GraphReader {
    /// Stores a graph's initializers and the tensors of its constants, as far as they may be weights.
    ///
    /// - Returns: the scope, in which the names of what is stored are known.
    mutating func storing(_ graph: ONNXGraphProto, in outer: Scope) throws -> Scope {
        var scope = outer
        scope.forget(graph.initializer.map(\.name) + graph.input.map(\.name) + graph.node.flatMap(\.output))
        let dequantized = graph.node.dequantizedNames
        for (number, proto) in graph.initializer.enumerated() {
            let tensor = try ONNXTensor(proto, in: &external, file: file)
            let mayBeWeight = tensor.isParameter || dequantized.contains(proto.name)
            // The model's own initializers are entries of the file, whatever they are.
            guard scope.path.isEmpty || mayBeWeight && tensor.entry.isArray else { continue }
            let place = scope.place.appending(.initializer(number))
            try store(tensor, called: proto.name, at: place, mayBeWeight: mayBeWeight, in: &scope)
        }
        try store(constantsOf: graph.node, dequantized: dequantized, in: &scope)
        return scope
    }

    /// Stores the tensors of a function's constants, as far as they may be weights.
    ///
    /// - Returns: the scope of the call, in which the names of what is stored are known.
    mutating func storing(_ function: ONNXFunctionProto, in call: Scope) throws -> Scope {
        var scope = call
        let results = Set(function.output)
        try store(
            constantsOf: function.node, except: results, dequantized: function.node.dequantizedNames, in: &scope)
        return scope
    }

    private mutating func store(
        constantsOf nodes: [ONNXNodeProto], except results: Set<String> = [], dequantized: Set<String>,
        in scope: inout Scope
    ) throws {
        for (number, node) in nodes.enumerated() {
            guard let (setting, proto) = node.constantTensor, let name = node.output.first, !name.isEmpty,
                !results.contains(name)
            else { continue }
            let tensor = try ONNXTensor(proto, in: &external, file: file)
            guard tensor.isParameter || dequantized.contains(name), tensor.entry.isArray else { continue }
            let place = scope.place.appending(.setting(node: number, name: setting))
            try store(tensor, called: name, at: place, mayBeWeight: true, in: &scope)
        }
    }

    /// Stores a tensor once, also where a function that is called often holds it.
    private mutating func store(
        _ tensor: ONNXTensor, called local: String, at place: TensorPlace, mayBeWeight: Bool, in scope: inout Scope
    ) throws {
        if let name = storedNames[place] { return scope.hold(local, as: name) }
        _ = try scope.required(local, file: file)
        let name = scope.path.isEmpty ? local : unique("\(scope.path)/\(local)")
        storedNames[place] = name
        stored.append(PlacedTensor(tensor: tensor.renamed(name), place: place, mayBeWeight: mayBeWeight))
        scope.hold(local, as: name)
    }

    /// A name that no value has, begun as `name`.
    private mutating func unique(_ name: String) -> String {
        var begin = name
        while !functionPrefix.isEmpty, begin.utf8.starts(with: functionPrefix.utf8) { begin = "_\(begin)" }
        var (candidate, number) = (begin, 1)
        while !takenNames.insert(candidate).inserted {
            number += 1
            candidate = "\(begin)#\(number)"
        }
        return candidate
    }
}

extension Graph {
    /// The graph with each stored tensor that it reads among its weights or, where `constant` gives elements, its
    /// constants.
    func holding(_ stored: [PlacedTensor], constant: (ONNXTensor) throws -> Tensor) throws -> Graph {
        var graph = self
        let read = nodes.reduce(into: Set(outputs)) { $0.formUnion($1.reads) }
        let constants = StoredConstants(readIn: self)
        for each in stored where read.contains(each.tensor.entry.name) {
            let name = each.tensor.entry.name
            if each.mayBeWeight, !constants.contains(each.tensor.entry, isMask: { each.tensor.isMask }) {
                graph.parameters.append(each.tensor.entry)
            } else {
                graph.constants[name] = try constant(each.tensor)
            }
        }
        return graph
    }
}

extension [ONNXNodeProto] {
    /// The names of values that a node reads as real numbers, whether they are or not.
    fileprivate var dequantizedNames: Set<String> {
        reduce(into: []) { if OperatorCatalog.readsWeightsAsIntegers($1.operation) { $0.formUnion($1.input) } }
    }
}

extension CheckpointEntry {
    /// Whether there are several elements: single numbers in the midst of a graph are constants.
    fileprivate var isArray: Bool { shape.contains { $0 > 1 } && !shape.contains(0) }
}
