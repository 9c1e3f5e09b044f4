internal import Foundation
public import Torch

/// The uniform distributions that a SIREN's weights and biases start from, layer by layer.
///
/// They decide how alike the networks of one picture are, and so how hard a zoo is to read; the recipe is data, so that
/// every zoo says what it was made with.
public struct SIRENInitialization: Hashable, Codable, Sendable {
    /// Where one layer starts; a range of one number is a constant.
    public struct Layer: Hashable, Codable, Sendable {
        /// The range of the weights.
        public var weight: ClosedRange<Double>
        /// The range of the biases.
        public var bias: ClosedRange<Double>

        public init(weight: ClosedRange<Double>, bias: ClosedRange<Double> = 0...0) {
            self.weight = weight
            self.bias = bias
        }
    }

    /// One for each layer.
    public var layers: [Layer]
    /// Whether the first layer's neurons share its range of weights out among themselves: each draws from a rectangle of
    /// its own, in random order, so that every network has waves of all directions and lengths.
    public var isStratified: Bool

    public init(layers: [Layer], isStratified: Bool = false) {
        self.layers = layers
        self.isStratified = isStratified
    }

    /// The SIREN paper's: weights `U(±1/inputs)` in the first layer and `U(±√(6/inputs)/ω)` in the others, biases
    /// `U(±1/√inputs)`.
    ///
    /// - Source: Sitzmann et al. 2020, arXiv:2006.09661, section 3.2; biases as in the authors' code.
    public static func paper(for siren: SIREN) -> SIRENInitialization {
        let layers = siren.widths.dropLast().enumerated().map { layer, inputs in
            let inputs = Double(inputs)
            let weight = layer == 0 ? 1 / inputs : (6 / inputs).squareRoot() / siren.hiddenOmega
            let bias = 1 / inputs.squareRoot()
            return Layer(weight: -weight...weight, bias: -bias...bias)
        }
        return SIRENInitialization(layers: layers)
    }

    /// One network's parameters in the order of ``SIREN/parameterNames``, without a batch axis.
    ///
    /// - Traps: when there is not one range for each layer, or neurons with other than 2 inputs are to be stratified.
    public func parameters(
        of siren: SIREN, dtype: DType = .float32, using random: inout RandomSource
    ) -> [Tensor] {
        precondition(layers.count == siren.layerCount, "expected \(siren.layerCount) layers, got \(layers.count)")
        return layers.enumerated().flatMap { index, layer in
            let (inputs, outputs) = (siren.widths[index], siren.widths[index + 1])
            let weight =
                index == 0 && isStratified
                ? Self.stratified(layer.weight, neurons: outputs, inputs, using: &random).to(dtype)
                : Tensor.uniform(layer.weight, shape: [outputs, inputs], dtype: dtype, using: &random)
            return [weight, Tensor.uniform(layer.bias, shape: [outputs], dtype: dtype, using: &random)]
        }
    }

    /// The square of a range, cut into as many rectangles as there are neurons; `[neurons, 2]`.
    private static func stratified(
        _ range: ClosedRange<Double>, neurons: Int, _ inputs: Int, using random: inout RandomSource
    ) -> Tensor {
        precondition(inputs == 2, "expected 2 inputs to stratify, got \(inputs)")
        let columns = (1...neurons).last { neurons.isMultiple(of: $0) && $0 * $0 <= neurons } ?? 1
        let rows = neurons / columns
        func place(_ cell: Int, of cells: Int) -> Double {
            let share = (Double(cell) + .random(in: 0..<1, using: &random)) / Double(cells)
            return range.lowerBound + share * (range.upperBound - range.lowerBound)
        }
        let cells = (0..<neurons).shuffled(using: &random)
        return Tensor(
            cells.flatMap { [place($0 / columns, of: rows), place($0 % columns, of: columns)] }, shape: [neurons, 2])
    }
}
