import Torch
import WeightSpaces

/// Turns the messages of a model into a graph.
struct GraphReader {
    /// Functions that call functions can stand for any number of nodes.
    static let mostNodes = 131_072
    /// Constants are copied when the file is opened, and may come from another file or out of a function that is called
    /// often.
    static let mostConstantBytes = 1 << 28

    let file: String
    let functions: [FunctionKey: ONNXFunctionProto]
    var external: ExternalFiles
    var nodeCount = 0
    var callCount = 0
    /// Begins the names of values inside functions, and no other name.
    let functionPrefix: String
    private var constantBytesLeft: Int

    /// A reader for the model called `file`, which has `byteCount` bytes.
    init(_ model: ONNXModelProto, external: ExternalFiles, file: String, byteCount: Int) throws(FormatError) {
        self.file = file
        self.external = external
        constantBytesLeft = Self.mostConstantBytes + 8 * byteCount
        var functions: [FunctionKey: ONNXFunctionProto] = [:]
        for function in model.functions {
            guard functions.updateValue(function, forKey: FunctionKey(function)) == nil else {
                throw .duplicateName(file: file, name: function.name)
            }
        }
        self.functions = functions
        functionPrefix = functions.isEmpty ? "" : model.graph.unusedPrefix
    }

    /// The graph of the whole model.
    ///
    /// - Parameter stored: its initializers.
    mutating func graph(of model: ONNXModelProto, stored: [ONNXTensor]) throws -> Graph {
        let graph = try graph(model.graph, stored: stored, in: Scope(model.opsetImport))
        if let name = graph.captured.min() {
            let reader = graph.nodes.first { $0.reads.contains(name) }?.label ?? "the graph's output"
            throw ONNXError.missingValue(name, file: file, reader: reader)
        }
        return graph
    }

    /// A graph, or a branch or body within one, whose initializers then are constants.
    mutating func graph(
        _ proto: ONNXGraphProto, stored: [ONNXTensor]? = nil, in scope: Scope
    ) throws -> Graph {
        guard proto.sparseInitializer.isEmpty else {
            throw ONNXError.unsupported("a sparse initializer", file: file)
        }
        var names = UniqueNames(file: file)
        var tensors: [String: ONNXTensor] = [:]
        for tensor in try stored ?? initializers(of: proto) {
            let name = try scope.required(tensor.entry.name, file: file)
            try names.insert(name)
            tensors[name] = tensor
        }
        var inputs: [Graph.Input] = []
        for value in proto.input {
            let input = try input(value, isInner: stored == nil, in: scope)
            if tensors[input.name] != nil { continue }
            try names.insert(input.name)
            inputs.append(input)
        }
        var body = Body()
        for node in proto.node { try append(node, to: &body, in: scope) }
        for name in body.names { try names.insert(name) }
        let outputs = try proto.output.map { try scope.required($0.name, file: file) }
        do {
            body.nodes = try TopologicalOrder.sorted(body.nodes)
        } catch {
            throw ONNXError.cycle(file: file, node: error.node.label)
        }

        let read = body.nodes.reduce(into: Set(outputs)) { $0.formUnion($1.reads) }
        let quantized = body.nodes.reduce(into: Set<String>()) { names, node in
            if OperatorCatalog.readsWeightsAsIntegers(node) { names.formUnion(node.inputs.compactMap(\.self)) }
        }
        var parameters: [CheckpointEntry] = []
        for (name, tensor) in tensors where read.contains(name) {
            if stored != nil, tensor.isParameter || quantized.contains(name) { continue }
            body.constants[name] = try constant(tensor)
        }
        for tensor in stored ?? [] where read.contains(tensor.entry.name) {
            if tensor.isParameter || quantized.contains(tensor.entry.name) { parameters.append(tensor.entry) }
        }
        return Graph(
            inputs: inputs, outputs: outputs, nodes: body.nodes, parameters: parameters, constants: body.constants)
    }

    /// The elements of `tensor`, copied.
    mutating func constant(_ tensor: ONNXTensor) throws(ONNXError) -> Tensor {
        try spend(tensor.byteCount)
        return try tensor.constant(file: file)
    }

    /// Takes `count` bytes from what constants and settings may use together.
    mutating func spend(_ count: Int) throws(ONNXError) {
        guard count <= constantBytesLeft else {
            throw .tooLarge(file: file, what: "bytes of constants", limit: Self.mostConstantBytes)
        }
        constantBytesLeft -= count
    }

    private mutating func initializers(of proto: ONNXGraphProto) throws -> [ONNXTensor] {
        try proto.initializer.map { try ONNXTensor($0, in: &external, file: file) }
    }

    /// An input of the model, or of a graph within it, whose inputs are described by what they are bound to.
    private func input(_ value: ONNXValueInfoProto, isInner: Bool, in scope: Scope) throws -> Graph.Input {
        let name = try scope.required(value.name, file: file)
        if isInner { return Graph.Input(name: name, shape: [], dtype: .float32) }
        let type = value.type.tensorType
        guard value.type.hasTensorType, let dtype = StoredDType(onnx: type.elemType) else {
            throw ONNXError.unsupported("the input '\(name)', which is no tensor of a known element type", file: file)
        }
        let shape = type.shape.dim.map { $0.hasDimValue && $0.dimValue >= 0 ? Int($0.dimValue) : nil }
        return Graph.Input(name: name, shape: shape, dtype: dtype)
    }
}

/// What the nodes of one graph come to.
struct Body {
    var nodes: [Node] = []
    var constants: [String: Tensor] = [:]
    /// Every name that a node or a constant gives to a result, as often as it does.
    var names: [String] = []
}

/// The names of a graph's values, each written once.
private struct UniqueNames {
    let file: String
    private var names: Set<String> = []

    init(file: String) { self.file = file }

    mutating func insert(_ name: String) throws(FormatError) {
        guard names.insert(name).inserted else { throw .duplicateName(file: file, name: name) }
    }
}

extension ONNXGraphProto {
    /// A beginning that no value's name has, here or in the graphs among the nodes' settings.
    fileprivate var unusedPrefix: String {
        let names = valueNames.map(\.utf8)
        var prefix = "function"
        while names.contains(where: { $0.starts(with: prefix.utf8) }) { prefix += "_" }
        return prefix
    }

    private var valueNames: Set<String> {
        var names = Set(initializer.map(\.name)).union(input.map(\.name))
        for node in node {
            names.formUnion(node.input)
            names.formUnion(node.output)
            for attribute in node.attribute where attribute.hasG { names.formUnion(attribute.g.valueNames) }
        }
        return names
    }
}
