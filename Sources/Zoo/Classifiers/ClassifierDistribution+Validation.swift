internal import Torch

extension ClassifierDistribution {
    /// - Throws: ``ClassifierError/hyperparameter(_:expected:found:)`` when there is nothing to draw from, or what is drawn
    ///   may make no sense.
    func validate() throws(ClassifierError) {
        try ClassifierError.requireChoice(optimizers, "optimizers")
        try ClassifierError.requireChoice(initializers, "initializers")
        try ClassifierError.requireChoice(trainingFractions, "trainingFractions")
        try ClassifierError.requireChoice(batches, "batches")
        for (name, range) in [
            ("initializationDeviation", initializationDeviation), ("l2", l2), ("learningRate", learningRate),
        ] {
            try ClassifierError.require(
                range.lowerBound > 0 && range.upperBound.isFinite, name, "positive, finite bounds", range)
        }
        try ClassifierError.require(
            dropout.lowerBound >= 0 && dropout.upperBound < 1, "dropout", "bounds in 0..<1", dropout)
        try ClassifierError.require(
            trainingFractions.allSatisfy { $0 > 0 && $0 <= 1 }, "trainingFractions", "numbers above 0, up to 1",
            trainingFractions)
        try ClassifierError.require(batches.allSatisfy { $0 > 0 }, "batches", "positive numbers", batches)
        try ClassifierError.require(Self.counts.contains(cohort), "cohort", "a number in \(Self.counts)", cohort)
        let epochRange = 0...Self.counts.upperBound
        try ClassifierError.require(epochRange.contains(epochs), "epochs", "a number in \(epochRange)", epochs)
        try ClassifierError.require(
            recordedEpochs.allSatisfy((0...epochs).contains), "recordedEpochs", "numbers in \(0...epochs)",
            recordedEpochs)
        switch architectures {
        case .listed(let architectures, let activations):
            try ClassifierError.requireChoice(architectures, "architectures")
            try ClassifierError.requireChoice(activations, "activations")
        case .wildPark(let ranges): try ranges.validate()
        }
    }

    /// How many runs a cohort may have, and how many epochs a run.
    static let counts = 1...1_000_000
}

extension WildPark {
    private static let sizes = 1...1_024
    private static let depths = 1...64

    /// - Throws: ``ClassifierError/hyperparameter(_:expected:found:)`` when there is nothing to draw from, or hardly any
    ///   architecture is small enough.
    func validate() throws(ClassifierError) {
        try ClassifierError.requireChoice(channels, "channels")
        try ClassifierError.requireChoice(kernels, "kernels")
        try ClassifierError.requireChoice(activations, "activations")
        try ClassifierError.require(
            imageShape.count == 3 && imageShape.allSatisfy(Self.sizes.contains), "imageShape",
            "three numbers in \(Self.sizes)", imageShape)
        try ClassifierError.require(Self.sizes.contains(classes), "classes", "a number in \(Self.sizes)", classes)
        try ClassifierError.require(
            Self.depths.contains(depth.lowerBound) && Self.depths.contains(depth.upperBound), "depth",
            "bounds in \(Self.depths)", depth)
        try ClassifierError.require(
            channels.allSatisfy(Self.sizes.contains), "channels", "numbers in \(Self.sizes)", channels)
        try ClassifierError.require(
            kernels.allSatisfy { (1..<256).contains($0) && !$0.isMultiple(of: 2) }, "kernels",
            "odd numbers below 256", kernels)
        var random = RandomSource(seed: 0)
        try ClassifierError.require(
            (0..<100).contains { _ in candidate(using: &random).multiplicationCount <= largestMultiplicationCount },
            "largestMultiplicationCount", "as many products as small architectures take", largestMultiplicationCount)
    }
}

extension ClassifierError {
    fileprivate static func requireChoice(_ list: [some Any], _ name: String) throws(ClassifierError) {
        try require(!list.isEmpty, name, "something to draw from", "an empty list")
    }
}
