import NeuralFunctionals
import Torch

/// Training steps as `nfn train` takes them: loss and gradients over the parts of a batch, then AdamW.
struct ModelTraining<Model: Module>: Workload {
    private var model: Model
    private var optimizer: AdamW
    private let batch: Int
    private let learningRate: Double
    private let loss: @Sendable (Model, BatchPart) -> Tensor

    /// - Parameter loss: the mean loss over the samples of one part.
    init(
        _ model: Model, batch: Int, learningRate: Double, loss: @escaping @Sendable (Model, BatchPart) -> Tensor
    ) {
        self.model = model
        self.batch = batch
        self.learningRate = learningRate
        self.loss = loss
        optimizer = AdamW(for: model)
    }

    var parameterCount: Int { model.parameterCount }

    mutating func step() {
        let (_, gradients) = meanLossWithGradients(of: model, over: BatchPart.parts(of: batch, largest: 16), loss)
        optimizer.step(&model, summing: gradients, learningRate: learningRate)
    }
}
