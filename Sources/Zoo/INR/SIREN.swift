/// The architecture of a sinusoidal representation network: an MLP from coordinates to colours with sine activations.
///
/// `h₀ = x`, `hₗ = sin(ωₗ(Wₗ hₗ₋₁ + bₗ))` in every hidden layer, and a linear last layer; ``Convention`` says which pixel is
/// at `x`, and what colour a number is.
///
/// - Source: Sitzmann et al. 2020, arXiv:2006.09661.
public struct SIREN: Hashable, Sendable {
    /// Neurons per layer, from coordinates to colours; `[2, 32, 32, 1]` has two hidden layers.
    public let widths: [Int]
    /// The frequency ω of the first layer.
    public let firstOmega: Double
    /// The frequency ω of the other hidden layers.
    public let hiddenOmega: Double
    /// How coordinates and outputs stand for the pixels of a picture.
    public let convention: Convention
    /// What stands in front of `.weight` and `.bias`, layer by layer.
    public let layerNames: [String]

    /// An architecture with one frequency in every hidden layer, unless `hiddenOmega` says otherwise.
    ///
    /// - Traps: when there are fewer than two widths, a width or frequency is not positive, or there is not one name for
    ///   each layer.
    public init(
        widths: [Int] = [2, 32, 32, 1], omega: Double = 30, hiddenOmega: Double? = nil,
        convention: Convention = Convention(), layerNames: [String]? = nil
    ) {
        self.widths = widths
        firstOmega = omega
        self.hiddenOmega = hiddenOmega ?? omega
        self.convention = convention
        self.layerNames = layerNames ?? Self.usualNames(widths)
        if let flaw { preconditionFailure(flaw) }
    }

    /// `0`, `1`, …
    private static func usualNames(_ widths: [Int]) -> [String] { (0..<max(0, widths.count - 1)).map(String.init) }

    /// The number of weight matrices.
    public var layerCount: Int { widths.count - 1 }

    /// The names under which parameters are stored: `0.weight`, `0.bias`, `1.weight`, …
    public var parameterNames: [String] { layerNames.flatMap { ["\($0).weight", "\($0).bias"] } }

    /// The shape of each parameter in the order of ``parameterNames``: weights `[outputs, inputs]`, biases `[outputs]`.
    public var parameterShapes: [[Int]] { zip(widths, widths.dropFirst()).flatMap { [[$1, $0], [$1]] } }

    /// The number of weights and biases.
    public var parameterCount: Int { parameterShapes.reduce(0) { $0 + $1.reduce(1, *) } }

    /// The same network with its parameters under other names.
    func named(_ layerNames: [String]) -> SIREN {
        SIREN(
            widths: widths, omega: firstOmega, hiddenOmega: hiddenOmega, convention: convention, layerNames: layerNames)
    }

    /// The frequency of a hidden layer.
    func omega(ofLayer layer: Int) -> Double { layer == 0 ? firstOmega : hiddenOmega }

    /// What keeps the description from being a network, if anything.
    private var flaw: String? {
        if widths.count < 2 { return "expected at least two layer widths, got \(widths)" }
        if let width = widths.first(where: { $0 < 1 }) { return "expected positive layer widths, got \(width)" }
        if let omega = [firstOmega, hiddenOmega].first(where: { !($0 > 0 && $0.isFinite) }) {
            return "expected a positive, finite omega, got \(omega)"
        }
        if layerNames.count != layerCount || Set(layerNames).count != layerCount {
            return "expected \(layerCount) names of layers, got \(layerNames)"
        }
        if convention.isColumnFirst, widths[0] != 2 { return "expected 2 coordinates, got \(widths[0])" }
        return convention.flaw
    }
}

extension SIREN: Codable {
    private enum CodingKeys: String, CodingKey {
        case widths, hiddenOmega, convention
        case firstOmega = "omega"
        case layerNames = "layers"
    }

    /// - Throws: `DecodingError` also when the description is not a network.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        widths = try container.decode([Int].self, forKey: .widths)
        firstOmega = try container.decode(Double.self, forKey: .firstOmega)
        hiddenOmega = try container.decode(Double.self, forKey: .hiddenOmega)
        convention = try container.decodeIfPresent(Convention.self, forKey: .convention) ?? Convention()
        layerNames = try container.decodeIfPresent([String].self, forKey: .layerNames) ?? Self.usualNames(widths)
        if let flaw {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: flaw))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(widths, forKey: .widths)
        try container.encode(firstOmega, forKey: .firstOmega)
        try container.encode(hiddenOmega, forKey: .hiddenOmega)
        if convention != Convention() { try container.encode(convention, forKey: .convention) }
        if layerNames != Self.usualNames(widths) { try container.encode(layerNames, forKey: .layerNames) }
    }
}
