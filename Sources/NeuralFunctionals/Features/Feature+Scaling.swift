public import WeightSpaces

extension ScalingElement {
    /// Scales a feature, all channels alike: `(s · x)[b, i, j, c] = aᵢ · x[b, i, j, c] / aⱼ` where neurons `i` are written
    /// and neurons `j` read.
    ///
    /// - Traps: when the feature is not over the structure's weight space.
    public func acting(on feature: Feature) -> Feature {
        structure.requireLabels(of: feature.space)
        return Feature(acting(on: feature.blocks), over: feature.space)
    }

    /// The elements that bring the networks of a feature with one channel to their canonical form.
    ///
    /// - Traps: when the feature is not over the structure's weight space, or has more channels.
    public init(canonicalizing feature: Feature, in structure: ScalingStructure) {
        structure.requireLabels(of: feature.space)
        precondition(feature.space.blocks.allSatisfy { $0.channels == 1 }, "expected a feature with one channel")
        self.init(canonicalizing: feature.blocks, in: structure)
    }
}

extension ScalingStructure {
    /// Traps when features have blocks with other axes than the weight space.
    func requireLabels(of features: FeatureSpace) {
        precondition(
            features.groups == space.groups && features.blocks.map(\.groups) == space.blocks.map(\.groups),
            "expected features over the structure's weight space")
    }
}
