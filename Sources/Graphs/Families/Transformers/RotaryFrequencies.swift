import Foundation
import Torch

/// The angles per place by which the pairs of dimensions of a head are turned.
///
/// - Source: Su et al., arXiv:2104.09864; scaling as in Hugging Face's transformers: `linear` divides all angles, and
///   `llama3` those of waves that are longer than the texts of the first training, with a smooth passage.
struct RotaryFrequencies {
    /// For each pair, the angle of the second place.
    let values: [Double]

    /// - Throws: ``FamilyError`` for settings that are out of range, and for a scaling that is not known here.
    init(size: Int, _ config: Configuration) throws {
        let scaling = try config.object("rope_parameters") ?? config.object("rope_scaling") ?? config
        let isNested = try scaling.number("rope_theta", in: 1...1e12, default: 0) != 0
        let base = try (isNested ? scaling : config).number("rope_theta", in: 1...1e12, default: 1e4)
        let frequencies = (0..<size / 2).map { pow(base, -2 * Double($0) / Double(size)) }
        switch try scaling.text("rope_type") ?? scaling.text("type") ?? "default" {
        case "default":
            values = frequencies
        case "linear":
            let factor = try scaling.number("factor", in: 1e-3...1e6, default: 1)
            values = frequencies.map { $0 / factor }
        case "llama3":
            let factor = try scaling.number("factor", in: 1e-3...1e6, default: 8)
            let low = try scaling.number("low_freq_factor", in: 1e-3...1e6, default: 1)
            let high = try scaling.number("high_freq_factor", in: 1e-3...1e6, default: 4)
            let length = try scaling.number("original_max_position_embeddings", in: 1...1e12, default: 8192)
            guard high > low else { throw scaling.refused("high_freq_factor", "more than the low_freq_factor") }
            values = frequencies.map { frequency in
                let waves = length * frequency / (2 * .pi)
                let share = min(max((waves - low) / (high - low), 0), 1)
                return (1 - share) * frequency / factor + share * frequency
            }
        default:
            throw scaling.refused("rope_type", "default, linear or llama3")
        }
    }
}

extension GraphBuilder {
    /// Cosines and sines `[1, places, pairs]` of the angles at the given places.
    mutating func angles(_ frequencies: RotaryFrequencies, of places: String) -> (cosines: String, sines: String) {
        let column = self("Unsqueeze", places, constant(Tensor([Int64(0), 2])))
        let angles = self(
            "Mul", self("Cast", column, attributes: ["to": .integer(11)]), constant(Tensor(frequencies.values)))
        return (self("Cos", angles), self("Sin", angles))
    }
}
