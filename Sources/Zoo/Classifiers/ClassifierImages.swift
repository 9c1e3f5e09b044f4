internal import Torch

/// Labelled images as classifiers read them: samples `x` in 0…255 become `x / 127.5 − 1`, as everywhere in the house.
public struct ClassifierImages: Sendable {
    /// What the images were read from.
    public let name: String
    /// The number of images.
    public let count: Int

    /// `[images, channels, height, width]`, a byte each until they are used.
    private let samples: Tensor
    /// int64 `[images]`
    private let labels: Tensor
    private let largestLabel: Int

    /// - Throws: ``ClassifierError/unlabelled(_:)``, ``ClassifierError/noImages(_:)``.
    public init(_ images: ImageSet) throws(ClassifierError) {
        guard let labels = images.labels else { throw .unlabelled(images.name) }
        guard let largestLabel = labels.max() else { throw .noImages(images.name) }
        let shape = [images.count, images.height, images.width, images.channels]
        name = images.name
        count = images.count
        samples = Tensor(images.pixels, shape: shape).permuted([0, 3, 1, 2])
        self.labels = Tensor(labels.map(Int64.init))
        self.largestLabel = largestLabel
    }

    /// - Throws: ``ClassifierError`` when a network of the architecture cannot read the images.
    func requireFit(_ architecture: ClassifierArchitecture) throws(ClassifierError) {
        let shape = Array(samples.shape.dropFirst())
        guard architecture.accepts(imagesOf: shape) else {
            throw .shape(images: name, expected: architecture.imageShape, found: shape)
        }
        guard largestLabel < architecture.classes else {
            throw .classes(images: name, expected: architecture.classes, found: largestLabel)
        }
    }

    /// Some images, float32 `[images, channels, height, width]`, and their labels, int64 `[images]`.
    func batch(at indices: some Collection<Int>) -> (images: Tensor, labels: Tensor) {
        let indices = Array(indices)
        let images = samples.gathered(0, at: indices).to(.float32) * (1 / 127.5) - 1
        return (images, labels.gathered(0, at: indices))
    }
}
