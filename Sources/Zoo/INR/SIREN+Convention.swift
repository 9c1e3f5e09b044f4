internal import Torch

extension SIREN {
    /// How a network's coordinates stand for places in a picture, and its outputs for colours.
    ///
    /// A pixel is drawn as `scale · f(x) + shift`, where `x` goes from the lower to the upper end of ``coordinates`` along
    /// each side, and ``colours`` has the numbers for black and for white.
    public struct Convention: Hashable, Codable, Sendable {
        /// Whether coordinate 0 is the column and coordinate 1 the row, instead of the reverse.
        public var isColumnFirst: Bool
        /// The coordinate of the first pixel of a side, and of the last one.
        public var coordinates: ClosedRange<Double>
        /// What outputs are multiplied with.
        public var scale: Double
        /// What is added to them then.
        public var shift: Double
        /// Black and white.
        public var colours: ClosedRange<Double>

        /// By default that of networks that are fitted here: rows first, coordinates and colours in [−1, 1].
        public init(
            isColumnFirst: Bool = false, coordinates: ClosedRange<Double> = -1...1, scale: Double = 1,
            shift: Double = 0, colours: ClosedRange<Double> = -1...1
        ) {
            self.isColumnFirst = isColumnFirst
            self.coordinates = coordinates
            self.scale = scale
            self.shift = shift
            self.colours = colours
        }

        /// What makes no sense, if anything.
        var flaw: String? {
            let bounds = [coordinates, colours].flatMap { [$0.lowerBound, $0.upperBound] } + [scale, shift]
            if let wild = bounds.first(where: { !($0.magnitude <= 1e6) }) {
                return "expected ranges, a scale and a shift of at most 1000000, got \(wild)"
            }
            for range in [coordinates, colours] where range.upperBound - range.lowerBound < 1e-6 {
                return "expected a range with two ends, got \(range)"
            }
            return scale.magnitude < 1e-6 ? "expected a scale that is not 0, got \(scale)" : nil
        }

        /// The coordinates that a network is given for points in [−1, 1], rows first.
        ///
        /// - Input: `[points, 2]`.
        func points(_ grid: Tensor) -> Tensor {
            let placed =
                coordinates == -1...1
                ? grid : (grid + 1) * ((coordinates.upperBound - coordinates.lowerBound) / 2) + coordinates.lowerBound
            return isColumnFirst ? placed.gathered(1, at: [1, 0]) : placed
        }

        /// The colours in [−1, 1] that a network's outputs stand for.
        func signal(_ outputs: Tensor) -> Tensor {
            let factor = 2 / (colours.upperBound - colours.lowerBound)
            let offset = (shift - colours.lowerBound) * factor - 1
            if scale * factor == 1, offset == 0 { return outputs }
            return outputs * (scale * factor) + offset
        }
    }
}
