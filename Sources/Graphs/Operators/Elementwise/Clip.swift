import Torch

/// Each element moved into a range whose bounds are settings before version 11, and inputs since.
struct Clip: Operator {
    static let names = ["Clip"]

    let minimum: Double?
    let maximum: Double?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...3)
        minimum = node.attributes["min"] == nil ? nil : try node.number("min", default: 0)
        maximum = node.attributes["max"] == nil ? nil : try node.number("max", default: 0)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var x = try inputs.required(0)
        if let lowest = inputs.optional(1) { x = try aten("maximum", x, lowest.to(x.dtype)) }
        if let highest = inputs.optional(2) { x = try aten("minimum", x, highest.to(x.dtype)) }
        if let minimum { x = try aten("clamp_min", x, minimum) }
        if let maximum { x = try aten("clamp_max", x, maximum) }
        return [x]
    }
}

extension Clip {
    /// Axes pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try inputs.required(0).axes)]
    }
}
