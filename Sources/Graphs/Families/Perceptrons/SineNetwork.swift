import FoundationEssentials
import Torch
import WeightSpaces

/// Sinusoidal representation networks as `nfn` exports them: `hₗ = sin(ωₗ(Wₗ hₗ₋₁ + bₗ))`, and a linear last layer.
///
/// The metadata of a safetensors file have the `architecture` `siren`, and under `siren` the `widths`, `omega`,
/// `hiddenOmega` and, unless they are numbered, the names of the `layers`.
///
/// - Source: Sitzmann et al. 2020, arXiv:2006.09661.
enum SineNetwork: DescribedFamily {
    static let name = "a SIREN"

    private static let kind = "siren"
    private static let sizes = 1...1 << 24

    static func configuration(in checkpoint: any Checkpoint) throws -> Configuration? {
        guard let metadata = (checkpoint as? SafetensorsFile)?.metadata, metadata["architecture"] == kind,
            let description = metadata[kind]
        else { return nil }
        let file = checkpoint.url.relativePath
        guard let values = try? JSONDecoder().decode([String: PlainValue].self, from: Data(description.utf8)) else {
            throw FamilyError.configuration(file: file, reason: "what its metadata say of '\(kind)' is no JSON object")
        }
        return Configuration(file: file, values: values)
    }

    static func names(_ builder: GraphBuilder, fit configuration: Configuration) -> Bool {
        layerNames(configuration, count: 1).map { builder.has("\($0[0]).weight") } ?? false
    }

    static func graph(_ given: GraphBuilder, _ configuration: Configuration) throws -> Graph {
        var build = given
        let widths = try configuration.integers("widths", in: sizes)
        let largest = Double(Float.greatestFiniteMagnitude)
        let omegas = try ["omega", "hiddenOmega"].map {
            try configuration.number($0, in: Double.leastNormalMagnitude...largest, default: 1)
        }
        guard widths.count > 1, let layers = layerNames(configuration, count: widths.count - 1) else {
            throw configuration.refused("layers", "a name for each layer between two widths")
        }
        var x = "input"
        for (index, layer) in layers.enumerated() {
            x = try build.dense(x, layer, inputs: widths[index], outputs: widths[index + 1])
            if index + 1 < layers.count {
                x = build("Sin", build("Mul", x, build.constant(Tensor([omegas[min(index, 1)]], shape: []))))
            }
        }
        let input = Graph.Input(name: "input", shape: [nil, widths[0]], dtype: .float32)
        return try build.graph([input], outputs: [x])
    }

    /// The names of the first layers: `0`, `1`, … where there are none.
    private static func layerNames(_ configuration: Configuration, count: Int) -> [String]? {
        guard configuration.has("layers") else { return (0..<count).map(String.init) }
        guard let names = try? configuration.texts("layers"), names.count >= count else { return nil }
        return Array(names.prefix(count))
    }
}
