/// The architecture of a sinusoidal representation network: an MLP from coordinates to colours with sine activations.
///
/// `h₀ = x`, `hₗ = sin(ωₗ(Wₗ hₗ₋₁ + bₗ))` in every hidden layer, and a linear last layer.
///
/// - Source: Sitzmann et al. 2020, arXiv:2006.09661.
public struct SIREN: Hashable, Sendable {
    /// Neurons per layer, from coordinates to colours; `[2, 32, 32, 1]` has two hidden layers.
    public let widths: [Int]
    /// The frequency ω of the first layer.
    public let firstOmega: Double
    /// The frequency ω of the other hidden layers.
    public let hiddenOmega: Double

    /// An architecture with one frequency in every hidden layer, unless `hiddenOmega` says otherwise.
    ///
    /// - Traps: when there are fewer than two widths, or a width or frequency is not positive.
    public init(widths: [Int] = [2, 32, 32, 1], omega: Double = 30, hiddenOmega: Double? = nil) {
        self.widths = widths
        firstOmega = omega
        self.hiddenOmega = hiddenOmega ?? omega
        if let flaw { preconditionFailure(flaw) }
    }

    /// The number of weight matrices.
    public var layerCount: Int { widths.count - 1 }

    /// The names under which parameters are stored: `0.weight`, `0.bias`, `1.weight`, …
    public var parameterNames: [String] { (0..<layerCount).flatMap { ["\($0).weight", "\($0).bias"] } }

    /// The shape of each parameter in the order of ``parameterNames``: weights `[outputs, inputs]`, biases `[outputs]`.
    public var parameterShapes: [[Int]] { zip(widths, widths.dropFirst()).flatMap { [[$1, $0], [$1]] } }

    /// The number of weights and biases.
    public var parameterCount: Int { parameterShapes.reduce(0) { $0 + $1.reduce(1, *) } }

    /// The frequency of a hidden layer.
    func omega(ofLayer layer: Int) -> Double { layer == 0 ? firstOmega : hiddenOmega }

    /// What keeps the description from being a network, if anything.
    private var flaw: String? {
        if widths.count < 2 { return "expected at least two layer widths, got \(widths)" }
        if let width = widths.first(where: { $0 < 1 }) { return "expected positive layer widths, got \(width)" }
        if let omega = [firstOmega, hiddenOmega].first(where: { !($0 > 0 && $0.isFinite) }) {
            return "expected a positive, finite omega, got \(omega)"
        }
        return nil
    }
}

extension SIREN: Codable {
    private enum CodingKeys: String, CodingKey {
        case widths, hiddenOmega
        case firstOmega = "omega"
    }

    /// - Throws: `DecodingError` also when the description is not a network.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        widths = try container.decode([Int].self, forKey: .widths)
        firstOmega = try container.decode(Double.self, forKey: .firstOmega)
        hiddenOmega = try container.decode(Double.self, forKey: .hiddenOmega)
        if let flaw {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: flaw))
        }
    }
}
