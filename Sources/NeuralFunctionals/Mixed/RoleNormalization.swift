internal import Torch
internal import WeightSpaces

/// Brings weights of any architecture to one scale: `x ↦ asinh(x · √fan-in / σ)`, one σ for each role.
///
/// With weights times √fan-in, layers of different width that keep the size of their signals look alike. σ is the geometric
/// mean, over the training networks, of their root mean squares, and asinh compresses what lies far above it: a few networks
/// that have grown without bound do not decide on the scale of the others.
struct RoleNormalization: Module {
    /// σ, one for each role.
    private var deviations: Tensor

    /// A normalization of blocks of so many roles; until ``fit(to:)`` σ is one.
    init(roles: Int) { deviations = .ones([roles]) }

    /// Measures the training networks.
    ///
    /// - Parameter groups: weights of one channel, and each architecture's plan.
    mutating func fit(to groups: [(networks: Feature, plan: ArchitecturePlan)]) {
        var sizes = [UsualSize](repeating: UsualSize(), count: deviations.count)
        for (networks, plan) in groups {
            for (index, block) in networks.blocks.enumerated() {
                sizes[plan.roles[index]].add(block * plan.scales[index])
            }
        }
        deviations = Tensor(sizes.map(\.value)).to(deviations.dtype)
    }

    /// - Output: one array per block, in its shape.
    func callAsFunction(_ networks: Feature, _ plan: ArchitecturePlan) -> [Tensor] {
        networks.blocks.enumerated().map { index, block in
            let role = plan.roles[index]
            return asinh(block * plan.scales[index] / deviations.narrowed(0, to: role..<role + 1))
        }
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {}

    mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try visit("deviations", &deviations)
    }
}
