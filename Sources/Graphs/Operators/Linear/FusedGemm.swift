import Torch

/// ``Gemm``, and a function of each element.
struct FusedGemm: Operator {
    static let names = ["com.microsoft::FusedGemm"]

    let gemm: Gemm
    let activation: FusedActivation

    init(_ node: Node) throws(GraphError) {
        gemm = try Gemm(node)
        activation = try FusedActivation(node, named: "activation") { node, _ throws(GraphError) in
            var settings: [String: Attribute] = [:]
            for name in ["alpha", "beta", "gamma"] { settings[name] = node.attributes["activation_\(name)"] }
            return settings
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] { try gemm.evaluate(inputs).map { try activation($0) } }
}

extension FusedGemm {
    /// What ``Gemm`` does.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try gemm.label(inputs, in: &labelling)
    }
}
