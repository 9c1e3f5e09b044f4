/// Everything that decides which classifier comes out of a set of images, apart from the images.
public struct ClassifierHyperparameters: Hashable, Codable, Sendable {
    /// What is trained.
    public var architecture: ClassifierArchitecture
    /// How the parameters follow the gradient.
    public var optimizer: ClassifierOptimizer
    /// Where the weights start.
    public var initializer: ClassifierInitializer
    /// The standard deviation of normal and truncated normal initial weights.
    public var initializationDeviation: Double
    /// `λ` of the penalty `λ Σ w²` on all weights, not biases.
    public var l2: Double
    /// The step size, the same throughout.
    public var learningRate: Double
    /// The probability with which a hidden neuron, in a convolution a whole channel, is silent for one image of one step;
    /// the others grow by `1 / (1 − dropout)`.
    ///
    /// - Source: Srivastava et al. 2014, JMLR 15; whole channels as in Tompson et al., arXiv:1411.4280.
    public var dropout: Double
    /// The fraction of the training images that are seen, drawn once for the run.
    public var trainingFraction: Double
    /// Passes through those images, each in an order of its own.
    public var epochs: Int
    /// Images of a step; the last step of an epoch has what is left.
    public var batch: Int
    /// Decides which images are seen, and in which order; below 2³², so that every format stores it.
    public var imageSeed: UInt64
    /// Decides every other random number of the run; below 2³².
    public var seed: UInt64

    /// The nonlinearity of the network.
    public var activation: ClassifierArchitecture.Activation { architecture.activation }

    public init(
        architecture: ClassifierArchitecture, optimizer: ClassifierOptimizer = .adam,
        initializer: ClassifierInitializer = .he, initializationDeviation: Double = 0.1, l2: Double = 0,
        learningRate: Double = 1e-3, dropout: Double = 0, trainingFraction: Double = 1, epochs: Int, batch: Int = 64,
        imageSeed: UInt64 = 0, seed: UInt64 = 0
    ) {
        self.architecture = architecture
        self.optimizer = optimizer
        self.initializer = initializer
        self.initializationDeviation = initializationDeviation
        self.l2 = l2
        self.learningRate = learningRate
        self.dropout = dropout
        self.trainingFraction = trainingFraction
        self.epochs = epochs
        self.batch = batch
        self.imageSeed = imageSeed
        self.seed = seed
    }

    /// - Throws: ``ClassifierError/hyperparameter(_:expected:found:)`` when a value makes no sense.
    func validate() throws(ClassifierError) {
        for (name, value) in [
            ("initializationDeviation", initializationDeviation), ("l2", l2), ("learningRate", learningRate),
        ] { try ClassifierError.require(value >= 0 && value.isFinite, name, "a finite number of at least 0", value) }
        try ClassifierError.require(dropout >= 0 && dropout < 1, "dropout", "a number in 0..<1", dropout)
        try ClassifierError.require(
            trainingFraction > 0 && trainingFraction <= 1, "trainingFraction", "a number above 0, up to 1",
            trainingFraction)
        try ClassifierError.require((0...1_000_000).contains(epochs), "epochs", "a number in 0...1000000", epochs)
        try ClassifierError.require(batch > 0, "batch", "a positive number", batch)
    }
}
