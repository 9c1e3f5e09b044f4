internal import Torch

/// Reads the positions of wide roles, such as vocabularies, into as many channels as features have: `y = x M + b`, with a
/// matrix for each such role.
struct RoleJoining: Module {
    /// A role of so many fixed positions that they are joined.
    struct Role: Hashable, Sendable, Codable {
        /// What the role is called where sizes are told apart.
        var pattern: String
        /// The fixed positions.
        var positions: Int
        /// The channels that they are joined to.
        var channels: Int
    }

    /// `[positions, channels]` for each role.
    private var matrices: [Tensor]
    /// `[channels]` for each role.
    private var biases: [Tensor]

    /// Weights and biases from U(±1/√positions).
    init(_ roles: [Role], using random: inout RandomSource) {
        matrices = []
        biases = []
        for role in roles {
            let bound = 1 / Double(role.positions).squareRoot()
            matrices.append(.uniform(-bound...bound, shape: [role.positions, role.channels], using: &random))
            biases.append(.uniform(-bound...bound, shape: [role.channels], using: &random))
        }
    }

    /// - Input: one array per block, `[batch, permuted axes…, F]`.
    func callAsFunction(_ blocks: [Tensor], _ plan: ArchitecturePlan) -> Feature {
        let read = zip(blocks, plan.joined).map { block, role in
            role.map { affine(block, weight: matrices[$0], bias: biases[$0]) } ?? block
        }
        return Feature(read, over: plan.input)
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in matrices.indices {
            try visit("\(index).weight", &matrices[index])
            try visit("\(index).bias", &biases[index])
        }
    }
}
