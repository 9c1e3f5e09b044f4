import NeuralFunctionals
import Torch

/// A matrix product `[rows, read] × [read, written]` of a training step, and with it those of its two gradients.
struct Product: Encodable, Hashable {
    let rows: Int
    let read: Int
    let written: Int
    /// False for the first layer of a model, whose input is not trained.
    let needsInputGradient: Bool

    private enum CodingKeys: String, CodingKey {
        case rows, read, written
        case needsInputGradient = "needs_input_gradient"
    }

    /// The products of complete equivariant layers between spaces: one for each view type, with as many rows as the view
    /// has entries.
    static func ofLayers(between spaces: [FeatureSpace], batch: Int, needsInputGradient: Bool) -> [Product] {
        zip(spaces, spaces.dropFirst()).enumerated().flatMap { layer, pair in
            EquivariantBasis(from: pair.0, to: pair.1).mixings.map { mixing in
                Product(
                    rows: mixing.type.groups.reduce(batch) { $0 * pair.0.groups[$1].size }, read: mixing.inputWidth,
                    written: mixing.outputWidth, needsInputGradient: needsInputGradient || layer > 0)
            }
        }
    }

    /// The products of a perceptron on top of a trained layer.
    static func ofPerceptron(widths: [Int], batch: Int) -> [Product] {
        zip(widths, widths.dropFirst()).map {
            Product(rows: batch, read: $0, written: $1, needsInputGradient: true)
        }
    }
}
