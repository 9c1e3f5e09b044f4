import WeightSpaces

extension GraphReader {
    /// Appends what a node comes to: itself, a constant, or the nodes of the function that it calls.
    ///
    /// - Parameter number: which node of its graph or function it is.
    mutating func append(_ proto: ONNXNodeProto, number: Int, to body: inout Body, in scope: Scope) throws {
        if let function = functions[FunctionKey(calledBy: proto)] {
            return try append(function, calledBy: proto, to: &body, in: scope)
        }
        if !scope.calls.isEmpty {
            nodeCount += 1
            guard nodeCount <= Self.mostNodes else {
                throw ONNXError.tooLarge(file: file, what: "nodes in calls of functions", limit: Self.mostNodes)
            }
        }
        body.names += proto.output.compactMap { scope.ownName($0) }
        if proto.isConstant, let name = proto.output.first, scope.holds(name) { return }
        let settings = try settings(of: proto, in: scope)
        let outputs = proto.output.map { scope.name($0) }
        if proto.isConstant {
            guard let name = outputs.first ?? nil else { return }
            body.constants[name] = try constant(name, settings)
            return
        }
        var attributes: [String: Attribute] = [:]
        for name in proto.attribute.map(\.name) {
            guard let setting = settings[name] else { continue }
            attributes[name] = try attribute(setting, of: proto, number: number, in: scope)
        }
        body.nodes.append(
            Node(
                proto.operation, name: proto.name, inputs: proto.input.map { scope.name($0) }, outputs: outputs,
                attributes: attributes, version: scope.versions[canonicalDomain(proto.domain)] ?? 1))
    }

    /// The messages of a node's settings, those of the call put in for references.
    private func settings(
        of node: ONNXNodeProto, in scope: Scope
    ) throws -> [String: ONNXAttributeProto] {
        var settings: [String: ONNXAttributeProto] = [:]
        for setting in node.attribute {
            var setting = setting
            if !setting.refAttrName.isEmpty {
                guard let given = scope.settings[setting.refAttrName] else { continue }
                guard !given.hasG else {
                    throw ONNXError.unsupported("a graph as the setting of a function's call", file: file)
                }
                let name = setting.name
                setting = given
                setting.name = name
            }
            guard settings.updateValue(setting, forKey: setting.name) == nil else {
                throw FormatError.duplicateName(file: file, name: setting.name)
            }
        }
        return settings
    }

    /// Appends the nodes of `function`, with the names of the call.
    private mutating func append(
        _ function: ONNXFunctionProto, calledBy call: ONNXNodeProto, to body: inout Body, in caller: Scope
    ) throws {
        let key = FunctionKey(function)
        guard !caller.calls.contains(key), caller.calls.count < 32 else {
            throw ONNXError.recursion(file: file, function: function.name)
        }
        guard call.input.count <= function.input.count, call.output.count <= function.output.count else {
            throw ONNXError.unsupported(
                "a call of \(function.name) with more values than it takes or gives", file: file)
        }
        let defaults = function.attributeProto.map { ($0.name, $0) }
        var settings = Dictionary(defaults) { first, _ in first }
        settings.merge(try self.settings(of: call, in: caller)) { _, given in given }
        callCount += 1
        let prefix = "\(functionPrefix).\(callCount).\(function.name)/"
        var names: [String: String?] = [:]
        for (position, name) in function.input.enumerated() {
            let given = position < call.input.count ? caller.name(call.input[position]) : nil
            guard names.updateValue(given, forKey: name) == nil else {
                throw FormatError.duplicateName(file: file, name: name)
            }
        }
        for (inner, outer) in zip(function.output, call.output) {
            guard let outer = caller.name(outer) else { continue }
            if let given = names[inner] {
                body.names.append(outer)
                body.nodes.append(Node("Identity", name: call.name, inputs: [given], outputs: [outer]))
            } else {
                names[inner] = .some(outer)
            }
        }
        let scope = try storing(
            function,
            in: Scope(
                of: function, number: functionNumbers[key] ?? 0, settings: settings, names: names, prefix: prefix,
                in: caller))
        for (number, node) in function.node.enumerated() { try append(node, number: number, to: &body, in: scope) }
    }
}
