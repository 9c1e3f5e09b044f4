import NeuralFunctionals
import Torch

/// Training steps as `nfn train` takes them: loss and gradients over the parts of a batch, then AdamW.
struct ModelTraining<Model: Module>: Workload {
    private var model: Model
    private var optimizer: AdamW
    private let parts: [BatchPart]
    private let learningRate: Double
    private let loss: @Sendable (Model, BatchPart) -> Tensor

    /// - Parameter loss: the mean loss over the samples of one part.
    init(
        _ model: Model, parts: [BatchPart], learningRate: Double, loss: @escaping @Sendable (Model, BatchPart) -> Tensor
    ) {
        self.model = model
        self.parts = parts
        self.learningRate = learningRate
        self.loss = loss
        optimizer = AdamW(for: model)
    }

    var parameterCount: Int { model.parameterCount }

    mutating func step() {
        let (_, gradients) = meanLossWithGradients(of: model, over: parts, loss)
        optimizer.step(&model, gradients: gradients, learningRate: learningRate)
    }
}
