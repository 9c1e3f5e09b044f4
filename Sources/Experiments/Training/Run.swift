internal import Foundation
internal import NeuralFunctionals
public import WeightSpaces
public import Zoo

/// What a training run was asked to do, stored as `run.json` in its folder beside the model and the metrics.
public struct Run: Hashable, Sendable, Codable {
    /// What is learned.
    public enum Kind: Hashable, Sendable, Codable {
        /// The class of a network's picture, by an invariant functional or by the flat baseline.
        case classify(Reader, warp: Double)
        /// A change of a network's picture.
        case edit(ImageEdit)
    }

    /// What reads classes from weights.
    public enum Reader: String, Hashable, Sendable, Codable, CaseIterable {
        /// An ``InvariantFunctional``.
        case functional
        /// A ``FlatPerceptron``.
        case flat
    }

    /// What is learned.
    public var kind: Kind
    /// The folder of the zoo.
    public var zoo: String
    /// Which neurons count as permutable.
    public var symmetry: NeuronSymmetry
    /// Which networks are for what.
    public var split: Split.Description
    /// How the functional computes features.
    public var trunk: TrunkOptions
    /// How it is trained.
    public var options: TrainingOptions
    /// The fact that says a network's class; `label` where it does not stand here.
    public var target: String?
    /// What the classes are called, in the order of the model's outputs; `0`, `1`, … where they do not stand here.
    public var classes: [String]?
    /// Whether a split that the zoo stores holds.
    public var usesStoredSplit: Bool?

    /// The sizes of a functional's trunk, apart from the weight space that it reads.
    public struct TrunkOptions: Hashable, Sendable, Codable {
        public var depth: Int
        public var channels: Int
        public var matrixChannels: Int
        public var frequencies: Int
        public var frequencyScale: Double
        public var dropout: Double

        public init(
            depth: Int = 3, channels: Int = 32, matrixChannels: Int = 16, frequencies: Int = 8,
            frequencyScale: Double = 0.5, dropout: Double = 0
        ) {
            self.depth = depth
            self.channels = channels
            self.matrixChannels = matrixChannels
            self.frequencies = frequencies
            self.frequencyScale = frequencyScale
            self.dropout = dropout
        }

        /// The trunk for networks of a space.
        func configuration(over space: WeightSpace) -> FunctionalConfiguration {
            FunctionalConfiguration(
                space: space,
                fourier: frequencies > 0 ? .init(frequencies: frequencies, scale: frequencyScale) : nil, depth: depth,
                channels: channels, matrixChannels: matrixChannels, block: .init(dropout: dropout))
        }
    }

    public init(
        _ kind: Kind, zoo: String, symmetry: NeuronSymmetry = .hiddenNeurons, split: Split.Description = .init(),
        trunk: TrunkOptions = TrunkOptions(), options: TrainingOptions = TrainingOptions()
    ) {
        self.kind = kind
        self.zoo = zoo
        self.symmetry = symmetry
        self.split = split
        self.trunk = trunk
        self.options = options
    }

    /// The networks of the run's zoo, or of another, split as the run says.
    ///
    /// - Throws: what opening the zoo throws; `SplitError`.
    public func population(of other: String? = nil) throws -> INRPopulation {
        let zoo = try INRZoo(contentsOf: URL(filePath: other ?? self.zoo))
        return try INRPopulation(zoo, symmetry: symmetry, split: split(of: zoo))
    }

    /// Which networks are for what.
    func split(of zoo: INRZoo) throws -> Split {
        guard usesStoredSplit == true else { return try split.split(of: zoo) }
        return try split.split(groups: zoo.images, stored: zoo.zoo.values(of: "split"))
    }

    /// What a run that edits costs with these networks.
    public func editingCost(_ population: INRPopulation) -> TrainingCost {
        let zoo = population.zoo
        // The edited pictures, and what they are edited from.
        let pictures = zoo.count * zoo.grid.count * (zoo.siren.widths.last ?? 1)
        return TrainingCost(
            EquivariantFunctional.self, editor(of: population), of: population.structures, options: options,
            copies: population.heldCopies, companions: 8 * pictures)
    }

    private func editor(of population: INRPopulation) -> EquivariantFunctional.Configuration {
        .init(trunk: trunk.configuration(over: population.space))
    }

    /// The task of a run that edits.
    public func editing(_ population: INRPopulation, edit: ImageEdit) throws -> INREditing {
        try INREditing(population, edit: edit, model: editor(of: population))
    }
}

extension Split {
    /// How networks are split, before it is known which there are.
    public struct Description: Hashable, Sendable, Codable {
        /// The part of the images to validate on.
        public var validation: Double
        /// The part of the images to test on.
        public var test: Double
        /// Whether the test images are the last of the source instead of random ones.
        public var testsLast: Bool
        public var seed: UInt64

        public init(validation: Double = 0.05, test: Double = 0.1, testsLast: Bool = false, seed: UInt64 = 0) {
            self.validation = validation
            self.test = test
            self.testsLast = testsLast
            self.seed = seed
        }

        func split(of zoo: INRZoo) throws -> Split {
            try Split(
                groups: zoo.images, validation: .fraction(validation), test: .fraction(test),
                testGroups: testsLast ? .last : .random, seed: seed)
        }
    }
}
