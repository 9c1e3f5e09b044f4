import Foundation
import Torch

/// The weights with which frequencies enter into bands that are equally wide on the mel scale, `2595 lg(1 + f / 700)`.
///
/// - Input: the number of bands, the length of the transform, the samples a second, the edges of the bands in hertz.
/// - Output: `[frequencies, bands]`.
struct MelWeights: Operator {
    static let names = ["MelWeightMatrix"]

    let kind: NumberKind

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(5...5)
        kind = try node.numberKind("output_datatype") ?? .real
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try shape(inputs.required(0), inputs.required(1))
        let (frequencies, bands) = (shape[0], shape[1])
        let length = try inputs.required(1).integer()
        let rate = try inputs.required(2).scalar()
        let edges = try [3, 4].map { 2595 * log10(1 + (try inputs.required($0).scalar()) / 700) }
        let places = try (0..<bands + 2).map { index in
            let mel = edges[0] + Double(index) * (edges[1] - edges[0]) / Double(bands + 2)
            let place = (Double(length + 1) * 700 * (pow(10, mel / 2595) - 1) / rate).rounded(.down)
            guard place >= 0, place < Double(frequencies) else {
                throw OperandError(expected: "edges below half of the samples a second", found: "\(place)")
            }
            return Int(place)
        }
        var weights = [Double](repeating: 0, count: frequencies * bands)
        for band in 0..<bands {
            let (low, middle, high) = (places[band], places[band + 1], places[band + 2])
            guard low <= middle, middle <= high else {
                throw OperandError(expected: "edges in ascending order", found: "\(edges)")
            }
            for place in low..<middle {
                weights[place * bands + band] = Double(place - low) / Double(middle - low)
            }
            weights[middle * bands + band] = 1
            for place in middle..<high {
                weights[place * bands + band] = Double(high - place) / Double(high - middle)
            }
        }
        return [kind.convert(Tensor(weights, shape: shape))]
    }

    private func shape(_ bands: Tensor, _ length: Tensor) throws(OperandError) -> [Int] {
        let (bands, length) = (try bands.integer(), try length.integer())
        guard bands >= 0, length >= 0, bands <= Window.largest, length <= Window.largest else {
            throw OperandError(expected: "numbers of bands and elements", found: "\(bands), \(length)")
        }
        return try checkedShape([length / 2 + 1, bands])
    }
}

extension MelWeights {
    /// Frequencies and bands are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try shape(inputs.required(0).known(), inputs.required(1).known()).map(Label.fixed))]
    }
}
