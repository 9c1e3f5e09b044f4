internal import Torch

/// How well a classifier does on some images.
public struct ClassifierMetrics: Hashable, Codable, Sendable {
    /// The mean of `−log p(label)`, without penalties.
    public let loss: Double
    /// The fraction of images whose label has the largest logit.
    public let accuracy: Double

    public init(loss: Double, accuracy: Double) {
        self.loss = loss
        self.accuracy = accuracy
    }
}

extension ClassifierArchitecture {
    /// How well each of several networks does on some of the images; `checkpoint` is called before every few of them.
    ///
    /// - Input: `rows` `[networks, parameters]`, weights and biases in the order of ``parameterNames``.
    func metrics(
        ofNetworks rows: Tensor, on images: ClassifierImages, at indices: some RandomAccessCollection<Int>,
        checkpoint: () throws -> Void
    ) throws -> [ClassifierMetrics] {
        let networks = rows.size(0)
        var (losses, correct) = (Array(repeating: 0.0, count: networks), Array(repeating: 0.0, count: networks))
        var rest = indices[...]
        while !rest.isEmpty {
            try checkpoint()
            let (images, labels) = images.batch(at: rest.prefix(Self.imagesPerChunk))
            rest = rest.dropFirst(Self.imagesPerChunk)
            let logits = fused.logits(parameters: rows, images: images)
            let hits = (logits.argmax(2) .== labels).to(.float64).sum([1])
            let loss = negativeLogLikelihoods(logits, labels).to(.float64).sum([1])
            losses = zip(losses, loss.elements(as: Double.self)).map { $0 + $1 }
            correct = zip(correct, hits.elements(as: Double.self)).map { $0 + $1 }
        }
        let count = Double(indices.count)
        return zip(losses, correct).map { ClassifierMetrics(loss: $0 / count, accuracy: $1 / count) }
    }

    private static let imagesPerChunk = 512
}

/// `−log softmax(logits)[label]` of each network for each image.
///
/// - Input: `logits` `[networks, images, classes]`, `labels` int64 `[images]`.
/// - Output: `[networks, images]`.
func negativeLogLikelihoods(_ logits: Tensor, _ labels: Tensor) -> Tensor {
    let shape = Array(logits.shape.prefix(2))
    let repeated = labels.expandingAxis(0).expanded(shape).reshaped([-1])
    let flat = logits.reshaped([-1, logits.size(2)])
    let withoutReduction = 0
    return fitting { () throws(DispatchError) in
        try aten("cross_entropy_loss", flat, repeated, nil, withoutReduction)
    }.reshaped(shape)
}
