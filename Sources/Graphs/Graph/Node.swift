public import Torch

/// One use of an operator in a graph.
public struct Node: Sendable {
    /// A name for messages; may be empty.
    public var name: String
    /// The operator's name, such as `Conv`; operators outside ONNX's own set carry their domain, `com.microsoft::Gelu`.
    public var operation: String
    /// The names of the values that it reads; an optional one that is left out is `nil`.
    public var inputs: [String?]
    /// The names of its results; one that nobody reads may be `nil`.
    public var outputs: [String?]
    /// The settings of the operator, by name.
    public var attributes: [String: Attribute]
    /// The version of the operator set that gives the operator its meaning.
    public var version: Int

    /// One use of an operator in a graph.
    public init(
        _ operation: String, name: String = "", inputs: [String?], outputs: [String?],
        attributes: [String: Attribute] = [:], version: Int = 20
    ) {
        self.operation = operation
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.version = version
    }
}

/// The value of an operator's setting.
public enum Attribute: Sendable {
    case integer(Int)
    case number(Double)
    case text(String)
    case integers([Int])
    case numbers([Double])
    case texts([String])
    case tensor(Tensor)
    case graph(Graph)
}

extension Node {
    /// An integer setting, or `absent` where it is left out.
    ///
    /// - Throws: ``GraphError/attribute(_:node:expected:)`` when it has another kind.
    func integer(_ name: String, default absent: Int) throws(GraphError) -> Int { try integer(name) ?? absent }

    /// An integer setting, if it is there.
    func integer(_ name: String) throws(GraphError) -> Int? {
        switch attributes[name] {
        case nil: return nil
        case .integer(let value): return value
        default: throw GraphError.attribute(name, node: label, expected: "an integer")
        }
    }

    /// A setting of several integers, if it is there.
    func integers(_ name: String) throws(GraphError) -> [Int]? {
        switch attributes[name] {
        case nil: return nil
        case .integers(let values): return values
        default: throw GraphError.attribute(name, node: label, expected: "integers")
        }
    }

    /// A numeric setting, or `absent` where it is left out.
    func number(_ name: String, default absent: Double) throws(GraphError) -> Double {
        switch attributes[name] {
        case nil: return absent
        case .number(let value): return value
        default: throw GraphError.attribute(name, node: label, expected: "a number")
        }
    }

    /// A textual setting, or `absent` where it is left out.
    func text(_ name: String, default absent: String) throws(GraphError) -> String {
        switch attributes[name] {
        case nil: return absent
        case .text(let value): return value
        default: throw GraphError.attribute(name, node: label, expected: "a text")
        }
    }

    /// The operator and the node's name, for messages.
    var label: String { name.isEmpty ? operation : "\(operation) '\(name)'" }
}
