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
    /// How well a network does on some of the images; `checkpoint` is called before every few hundred of them.
    func metrics(
        _ parameters: [Tensor], on images: ClassifierImages, at indices: some RandomAccessCollection<Int>,
        checkpoint: () throws -> Void
    ) throws -> ClassifierMetrics {
        var (loss, correct, rest) = (0.0, 0.0, indices[...])
        while !rest.isEmpty {
            try checkpoint()
            let (images, labels) = images.batch(at: rest.prefix(Self.imagesPerChunk))
            rest = rest.dropFirst(Self.imagesPerChunk)
            withoutGradients {
                let logits = logits(parameters: parameters, images: images)
                loss += crossEntropy(logits, labels).item * Double(labels.count)
                correct += (logits.argmax(1) .== labels).to(.float32).sum.item
            }
        }
        return ClassifierMetrics(loss: loss / Double(indices.count), accuracy: correct / Double(indices.count))
    }

    /// Few enough for what the layers compute to lie in a core's cache.
    private static let imagesPerChunk = 128
}
