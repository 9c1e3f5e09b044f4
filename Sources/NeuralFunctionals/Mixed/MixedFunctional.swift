internal import Foundation
public import Torch
public import WeightSpaces

/// Predicts numbers from the weights of networks of many architectures: `f(g · U) = f(U)` in each.
///
/// Equivariant layers whose parameters are shared by role (``RoleLinear``), the first from weights to features, the others
/// with a layer norm before and a residual connection around; then, for each role, the mean over all its weights in all
/// layers, with the number of layers, and a perceptron as head. Since all layers take means, and weights come in times
/// √fan-in, nothing depends on depth or width by itself. Vocabularies and other roles of many positions are read into few
/// channels first.
///
/// A role is what an operator's parameter is in a network, by name and by axes (`WeightSpace.role(of:)`): a first
/// convolution reads pixels, a hidden one channels; one with a skip has the same channels on both sides. Networks may have
/// any number of layers of any width, but only roles that those of the configuration have.
public struct MixedFunctional: Functional {
    /// The roles that are read, and the layers that read them.
    public struct Configuration: Hashable, FunctionalDescription {
        /// From weights to features.
        public let weights: RoleVocabulary
        /// From features to features.
        public let features: RoleVocabulary
        /// Roles whose positions are joined before the first layer; nil in files from before there were any.
        let joined: [RoleJoining.Role]?
        /// Where matrices between all roles are of low rank, so that the functional grows with the number of roles and not
        /// with its square; nil in files from before there was one.
        public let bottleneck: MixingMatrix.Bottleneck?
        /// Equivariant layers, at least one.
        public let depth: Int
        /// Channels of vectors: blocks of at most one permuted axis.
        public let channels: Int
        /// Channels of matrices.
        public let matrixChannels: Int
        /// The hidden layers of the head.
        public let headWidths: [Int]
        /// The probability that a hidden unit of the head is dropped in training.
        public let headDropout: Double
        /// How many numbers are predicted.
        public let outputs: Int

        /// A functional for networks with the roles that these spaces have.
        public init(
            spaces: [WeightSpace], depth: Int = 3, channels: Int = 32, matrixChannels: Int = 16,
            headWidths: [Int] = [128], headDropout: Double = 0,
            bottleneck: MixingMatrix.Bottleneck? = .init(rank: 64, views: 64), outputs: Int
        ) {
            precondition(depth > 0 && !spaces.isEmpty, "expected at least one layer and one space")
            let features = spaces.map {
                ArchitecturePlan.spaces(
                    of: $0, channels: channels, matrixChannels: matrixChannels, joinsPositions: true)
            }
            joined = Set(features.flatMap(\.joined).compactMap(\.self)).sorted { $0.pattern < $1.pattern }
            weights = RoleVocabulary(features.map { EquivariantBasis(from: $0.input, to: $0.hidden) })
            self.features = RoleVocabulary(features.map { EquivariantBasis(from: $0.hidden, to: $0.hidden) })
            self.bottleneck = bottleneck
            self.depth = depth
            self.channels = channels
            self.matrixChannels = matrixChannels
            self.headWidths = headWidths
            self.headDropout = headDropout
            self.outputs = outputs
        }

        public func check(against file: StoredNumbers) throws {
            if let bottleneck {
                try file.check(bottleneck.rank, "rank")
                try InvalidSetting.check(bottleneck.views >= 0, "views")
            }
            try weights.check(against: file, through: bottleneck)
            try features.check(against: file, through: bottleneck)
            for role in joined ?? [] {
                try file.check(role.positions, "joined")
                try file.check(role.channels, "joined")
            }
            try InvalidSetting.check((1...max(file.tensors, 1)).contains(depth), "depth")
            try file.check(channels, "channels")
            try file.check(matrixChannels, "matrixChannels")
            try file.check(hiddenWidths: headWidths, "headWidths")
            try InvalidSetting.check(rate: headDropout, "headDropout")
            try file.check(outputs, "outputs")
        }

        /// The roles of a space that the functional cannot read.
        public func unknownRoles(of space: WeightSpace) -> [String] {
            let (input, hidden, roles) = spaces(of: space)
            let unknown = roles.compactMap(\.self).filter { joined?.contains($0) != true }.map(\.pattern)
            return weights.unknownRoles(of: EquivariantBasis(from: input, to: hidden)).union(unknown)
                .union(features.unknownRoles(of: EquivariantBasis(from: hidden, to: hidden))).sorted()
        }

        /// The spaces of features of an architecture, and its joined roles.
        func spaces(
            of space: WeightSpace
        ) -> (input: FeatureSpace, hidden: FeatureSpace, joined: [RoleJoining.Role?]) {
            ArchitecturePlan.spaces(
                of: space, channels: channels, matrixChannels: matrixChannels, joinsPositions: joined != nil)
        }

        /// About how many bytes the features of one network take in training (``FunctionalConfiguration/bytesPerNetwork``).
        public func bytesPerNetwork(of space: WeightSpace) -> Int {
            let (input, hidden, _) = spaces(of: space)
            func numbers(_ features: FeatureSpace) -> Double {
                features.blocks.reduce(0) { sum, block in
                    sum + block.groups.reduce(Double(block.width)) { $0 * Double(space.groups[$1].size) }
                }
            }
            return Int(min(4 * (2 * numbers(input) + Double(4 * depth) * numbers(hidden)), 1e18))
        }
    }

    public static let kind = "mixed"

    public let configuration: Configuration
    private let plans = ArchitecturePlans()
    private var normalization: RoleNormalization
    private var joining: RoleJoining
    private var first: RoleLinear
    private var inner: [RoleLinear]
    private var head: Perceptron

    public var networksPerPart: Int { 4 }

    public init(_ configuration: Configuration, using random: inout RandomSource) {
        self.configuration = configuration
        let scalars = configuration.features.tables[0].sources
        normalization = RoleNormalization(roles: configuration.features.patterns.count)
        joining = RoleJoining(configuration.joined ?? [], using: &random)
        first = RoleLinear(configuration.weights, bottleneck: configuration.bottleneck, using: &random)
        inner = []
        for _ in 1..<configuration.depth {
            inner.append(RoleLinear(configuration.features, bottleneck: configuration.bottleneck, using: &random))
        }
        head = Perceptron(
            widths: [scalars.reduce(0) { $0 + $1.width + 1 }] + configuration.headWidths + [configuration.outputs],
            dropout: configuration.headDropout, using: &random)
    }

    /// Measures the networks that are trained on, groups of one architecture each.
    public mutating func fitNormalization(to groups: [(networks: Feature, space: WeightSpace)]) {
        normalization.fit(to: groups.map { ($0.networks, plan(for: $0.space)) })
    }

    /// - Input: weights, a feature with one channel, of networks of one architecture.
    /// - Output: `[batch, outputs]`.
    /// - Traps: when the architecture has roles that the functional does not know (`Configuration.unknownRoles(of:)`).
    public func callAsFunction(_ networks: Feature, of space: WeightSpace) -> Tensor {
        var none: RandomSource?
        return self(networks, of: space, dropping: &none)
    }

    /// The functional with dropout drawn from `random`, as in training.
    public func callAsFunction(_ networks: Feature, of space: WeightSpace, dropping random: inout RandomSource?)
        -> Tensor
    {
        let plan = plan(for: space)
        let layer = first.layer(from: plan.input, to: plan.hidden, at: plan.first)
        var feature = rectified(layer, of: joining(normalization(networks, plan), plan))
        for parameters in inner {
            let layer = parameters.layer(from: plan.hidden, to: plan.hidden, at: plan.inner)
            feature = feature + rectified(layer, of: feature.map { layerNorm($0) })
        }
        return head(pooled(feature, plan), dropping: &random)
    }

    private func plan(for space: WeightSpace) -> ArchitecturePlan {
        plans.plan(for: space) { ArchitecturePlan(space, configuration) }
    }

    private func rectified(_ layer: EquivariantLinear, of feature: Feature) -> Feature {
        Feature(
            layer.sums(of: feature).map { $0.total(activation: .relu, averages: false).values }, over: layer.outputSpace
        )
    }

    /// For every role of the configuration its mean, zero where the architecture has none, and how often it is there.
    ///
    /// - Output: `[batch, Σ (channels + 1)]`.
    private func pooled(_ feature: Feature, _ plan: ArchitecturePlan) -> Tensor {
        var projectors = feature.projectors
        let like = feature.blocks[0]
        let parts = configuration.features.tables[0].sources.flatMap { role in
            let views = plan.scalars[role.name]?.views ?? []
            let count = Tensor(
                repeating: log1p(Double(views.count)), shape: [feature.batch, 1], dtype: like.dtype, on: like.device)
            if views.isEmpty {
                return [Tensor.zeros([feature.batch, role.width], dtype: like.dtype, on: like.device), count]
            }
            return [mean(views.map { projectors[$0.block]($0) }), count]
        }
        return concatenate(parts, axis: 1)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try joining.visitParameters(in: "joining", visit)
        try first.visitParameters(in: "first", visit)
        for index in inner.indices {
            try inner[index].visitParameters(in: "inner.\(index)", visit)
        }
        try head.visitParameters(in: "head", visit)
    }

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try normalization.visitBuffers(in: "normalization", visit)
    }
}
