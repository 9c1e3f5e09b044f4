public import WeightSpaces

/// What the demo found, as plain values; ``html()`` makes one self-contained page of it.
public struct DemoReport: Sendable {
    /// What the networks draw, such as `MNIST`.
    public var images: String
    /// How many networks were fitted.
    public var networkCount: Int
    /// The networks' widths, such as `2-32-32-1`.
    public var architecture: String
    /// How the networks were fitted, in sentences.
    public var recipe: String
    /// The command that makes the report again.
    public var command: String
    /// The seed of every random number.
    public var seed: UInt64
    /// The weight space of the fitted networks.
    public var space: WeightSpace
    /// How well the networks draw their images.
    public var fitting: Fitting
    /// How well the images' classes are read from the weights.
    public var classification: Classification
    /// How well the weights are rewritten.
    public var editing: Editing
    /// The measured symmetry.
    public var certificate: Certificate
    /// What each stage took, in order.
    public var timings: [Timing]

    /// A report of all parts.
    public init(
        images: String, networkCount: Int, architecture: String, recipe: String, command: String, seed: UInt64,
        space: WeightSpace, fitting: Fitting, classification: Classification, editing: Editing,
        certificate: Certificate, timings: [Timing]
    ) {
        self.images = images
        self.networkCount = networkCount
        self.architecture = architecture
        self.recipe = recipe
        self.command = command
        self.seed = seed
        self.space = space
        self.fitting = fitting
        self.classification = classification
        self.editing = editing
        self.certificate = certificate
        self.timings = timings
    }

    /// One stage of the run.
    public struct Timing: Sendable {
        /// What was done, such as `Fit 2,000 networks`.
        public var stage: String
        /// Wall time.
        public var seconds: Double

        /// A stage and its wall time.
        public init(stage: String, seconds: Double) {
            self.stage = stage
            self.seconds = seconds
        }
    }

    /// A quantity on validation data while training goes on.
    public struct Curve: Sendable {
        /// What a curve runs over.
        public enum Abscissa: String, Sendable { case seconds, steps }

        /// What the points' first numbers count.
        public var abscissa: Abscissa
        /// The points, in order.
        public var points: [(x: Double, y: Double)]

        /// A curve through `points`.
        public init(over abscissa: Abscissa, _ points: [(x: Double, y: Double)]) {
            self.abscissa = abscissa
            self.points = points
        }
    }
}
