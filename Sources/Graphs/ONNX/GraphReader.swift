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
    let functionNumbers: [FunctionKey: Int]
    var external: ExternalFiles
    var nodeCount = 0
    var callCount = 0
    /// Begins the names of values inside functions, and no other name.
    let functionPrefix: String
    /// The initializers of the model's graph, and tensors elsewhere that may be weights.
    var stored: [PlacedTensor] = []
    /// The names of the stored tensors by place.
    var storedNames: [TensorPlace: String] = [:]
    /// Names that a tensor inside a branch or a function cannot be stored under.
    var takenNames: Set<String>
    private var constantBytesLeft: Int

    /// A reader for the model called `file`, which has `byteCount` bytes.
    init(_ model: ONNXModelProto, external: ExternalFiles, file: String, byteCount: Int) throws(FormatError) {
        self.file = file
        self.external = external
        constantBytesLeft = Self.mostConstantBytes + 8 * byteCount
        var functions: [FunctionKey: ONNXFunctionProto] = [:]
        var numbers: [FunctionKey: Int] = [:]
        for (number, function) in model.functions.enumerated() {
            numbers[FunctionKey(function)] = number
            guard functions.updateValue(function, forKey: FunctionKey(function)) == nil else {
                throw .duplicateName(file: file, name: function.name)
            }
        }
        self.functions = functions
        functionNumbers = numbers
        takenNames = model.graph.valueNames
        functionPrefix = functions.isEmpty ? "" : Self.prefix(unusedBy: takenNames)
    }

    /// The graph of the whole model.
    mutating func graph(of model: ONNXModelProto) throws -> Graph {
        let bare = try graph(model.graph, in: Scope(model.opsetImport))
        let graph = try bare.holding(stored) { try constant($0) }
        if let name = graph.captured.min() {
            let reader = graph.nodes.first { $0.reads.contains(name) }?.label ?? "the graph's output"
            throw ONNXError.missingValue(name, file: file, reader: reader)
        }
        return graph
    }

    /// A graph, or a branch or body within one, without weights: those are the whole model's, wherever they stand.
    mutating func graph(_ proto: ONNXGraphProto, in outer: Scope) throws -> Graph {
        guard proto.sparseInitializer.isEmpty else {
            throw ONNXError.unsupported("a sparse initializer", file: file)
        }
        let scope = try storing(proto, in: outer)
        var names = UniqueNames(file: file)
        var tensors: [String: ONNXTensor] = [:]
        for tensor in proto.initializer {
            let name = try scope.required(tensor.name, file: file)
            try names.insert(name)
            if !scope.holds(tensor.name) { tensors[name] = try ONNXTensor(tensor, in: &external, file: file) }
        }
        var inputs: [Graph.Input] = []
        for value in proto.input {
            let input = try input(value, in: scope)
            if scope.holds(value.name) || tensors[input.name] != nil { continue }
            try names.insert(input.name)
            inputs.append(input)
        }
        var body = Body()
        for (number, node) in proto.node.enumerated() { try append(node, number: number, to: &body, in: scope) }
        for name in body.names { try names.insert(name) }
        let outputs = try proto.output.map { try scope.required($0.name, file: file) }
        do {
            body.nodes = try TopologicalOrder.sorted(body.nodes)
        } catch {
            throw ONNXError.cycle(file: file, node: error.node.label)
        }

        let read = body.nodes.reduce(into: Set(outputs)) { $0.formUnion($1.reads) }
        for (name, tensor) in tensors where read.contains(name) { body.constants[name] = try constant(tensor) }
        return Graph(inputs: inputs, outputs: outputs, nodes: body.nodes, parameters: [], constants: body.constants)
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

    /// An input of the model, or of a graph within it, whose inputs are described by what they are bound to.
    private func input(_ value: ONNXValueInfoProto, in scope: Scope) throws -> Graph.Input {
        let name = try scope.required(value.name, file: file)
        if !scope.path.isEmpty { return Graph.Input(name: name, shape: [], dtype: .float32) }
        let type = value.type.tensorType
        guard value.type.hasTensorType, let dtype = StoredDType(onnx: type.elemType) else {
            throw ONNXError.unsupported("the input '\(name)', which is no tensor of a known element type", file: file)
        }
        let shape = type.shape.dim.map { $0.hasDimValue && $0.dimValue > 0 ? Int($0.dimValue) : nil }
        let named = type.shape.dim.enumerated().filter { shape[$0.offset] == nil && !$0.element.dimParam.isEmpty }
        return Graph.Input(
            name: name, shape: shape, dtype: dtype,
            openExtents: Dictionary(uniqueKeysWithValues: named.map { ($0.offset, $0.element.dimParam) }))
    }

    /// A beginning that none of the names has.
    private static func prefix(unusedBy names: Set<String>) -> String {
        var prefix = "function"
        while names.contains(where: { $0.utf8.starts(with: prefix.utf8) }) { prefix += "_" }
        return prefix
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
    /// The names of all values, here and in the graphs among the nodes' settings.
    fileprivate var valueNames: Set<String> {
        var names = Set(initializer.map(\.name)).union(input.map(\.name))
        for node in node {
            names.formUnion(node.input)
            names.formUnion(node.output)
            for attribute in node.attribute where attribute.hasG { names.formUnion(attribute.g.valueNames) }
        }
        return names
    }
}
