/// What names mean in the place that is being read: in the graph of a model, or in a function that is put in for its call.
struct Scope {
    /// The versions of the operator sets, by domain.
    let versions: [String: Int]
    /// The settings of the call, to which settings of the function's nodes may refer.
    let settings: [String: ONNXAttributeProto]
    /// The functions that are being put in, from the outermost one inwards.
    let calls: [FunctionKey]
    /// Where the nodes stand in the file.
    private(set) var place: TensorPlace
    /// The same in words; empty in the model's graph.
    private(set) var path: String

    /// What the function's values are called outside; `nil` in the graph itself, where every value keeps its name.
    private var names: [String: String?]?
    /// Stands before the names of values that only the function knows.
    private let prefix: String
    /// The names under which tensors are stored that stand here, or around here.
    private var stored: [String: String] = [:]

    /// The scope of a model's graph.
    init(_ sets: [ONNXOperatorSetIdProto]) {
        versions = Self.versions(sets)
        settings = [:]
        calls = []
        place = .graph
        path = ""
        names = nil
        prefix = ""
    }

    /// The scope of a function that is called from `caller`.
    ///
    /// - Parameters:
    ///   - number: which of the model's functions it is.
    ///   - names: what its inputs and outputs are called outside; `nil` for an input that is left out.
    init(
        of function: ONNXFunctionProto, number: Int, settings: [String: ONNXAttributeProto], names: [String: String?],
        prefix: String, in caller: Scope
    ) {
        versions = Self.versions(function.opsetImport).merging(caller.versions) { own, _ in own }
        self.settings = settings
        calls = caller.calls + [FunctionKey(function)]
        place = TensorPlace.graph.appending(.function(number))
        path = function.name.isEmpty ? "function" : function.name
        self.names = names
        self.prefix = prefix
    }

    /// The scope of the graph in a node's setting.
    func inside(_ setting: String, of node: ONNXNodeProto, number: Int) -> Scope {
        var scope = self
        scope.place = place.appending(.setting(node: number, name: setting))
        let label = node.name.isEmpty ? node.output.first ?? node.opType : node.name
        scope.path = "\(path.isEmpty ? "" : "\(path)/")\(label).\(setting)"
        return scope
    }

    /// Lets `name` stand for a tensor that is stored as `storedName`.
    mutating func hold(_ name: String, as storedName: String) { stored[name] = storedName }

    /// Lets names that are given here anew stand for no tensor that is stored around here.
    mutating func forget(_ names: [String]) {
        if stored.isEmpty { return }
        for name in names { stored[name] = nil }
    }

    /// Whether the name stands for a stored tensor.
    func holds(_ name: String) -> Bool { stored[name] != nil }

    /// The name of a value outside; `nil` where it is left out.
    func name(_ name: String) -> String? { stored[name] ?? ownName(name) }

    /// The name of a value outside, were it no stored tensor.
    func ownName(_ name: String) -> String? {
        if name.isEmpty { return nil }
        guard let names else { return name }
        return if let known = names[name] { known } else { prefix + name }
    }

    /// The name of a value that cannot be left out.
    func required(_ name: String, file: String) throws(ONNXError) -> String {
        guard let name = self.name(name) else {
            throw .unsupported("a value without a name", file: file)
        }
        return name
    }

    private static func versions(_ sets: [ONNXOperatorSetIdProto]) -> [String: Int] {
        sets.reduce(into: [:]) { $0[canonicalDomain($1.domain)] = Int($1.version) }
    }
}

/// What a call and its function have in common.
struct FunctionKey: Hashable {
    let domain: String
    let name: String
    let overload: String

    init(_ function: ONNXFunctionProto) {
        domain = canonicalDomain(function.domain)
        name = function.name
        overload = function.overload
    }

    init(calledBy node: ONNXNodeProto) {
        domain = canonicalDomain(node.domain)
        name = node.opType
        overload = node.overload
    }
}

/// The domain under one name: ONNX's own has two.
func canonicalDomain(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }

extension ONNXNodeProto {
    /// The operator, behind its domain unless that is ONNX's own.
    var operation: String {
        let domain = canonicalDomain(domain)
        return domain.isEmpty ? opType : "\(domain)::\(opType)"
    }
}
