/// What names mean in the place that is being read: in the graph of a model, or in a function that is put in for its call.
struct Scope {
    /// The versions of the operator sets, by domain.
    let versions: [String: Int]
    /// The settings of the call, to which settings of the function's nodes may refer.
    let settings: [String: ONNXAttributeProto]
    /// The functions that are being put in, from the outermost one inwards.
    let calls: [FunctionKey]

    /// What the function's values are called outside; `nil` in the graph itself, where every value keeps its name.
    private var names: [String: String?]?
    /// Stands before the names of values that only the function knows.
    private let prefix: String

    /// The scope of a model's graph.
    init(_ sets: [ONNXOperatorSetIdProto]) {
        versions = Self.versions(sets)
        settings = [:]
        calls = []
        names = nil
        prefix = ""
    }

    /// The scope of a function that is called from `caller`.
    ///
    /// - Parameter names: what its inputs and outputs are called outside; `nil` for an input that is left out.
    init(
        of function: ONNXFunctionProto, settings: [String: ONNXAttributeProto], names: [String: String?],
        prefix: String, in caller: Scope
    ) {
        versions = Self.versions(function.opsetImport).merging(caller.versions) { own, _ in own }
        self.settings = settings
        calls = caller.calls + [FunctionKey(function)]
        self.names = names
        self.prefix = prefix
    }

    /// The name of a value outside; `nil` where it is left out.
    func name(_ name: String) -> String? {
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
