import Torch
import WeightSpaces

/// Convolutions one after the other whose stored configuration says which results are added to which later ones.
///
/// Where numbers of channels differ, the first channels are added. The mean over all positions is read by a dense layer.
///
/// - Source: the CNN Wild Park of Kofinas et al., arXiv:2403.12143; settings are named as in its checkpoints.
enum WildParkCNN: DescribedFamily {
    static let name = "a CNN of the Wild Park"

    private static let keys = ["n_layers", "channels", "kernel_size", "stride", "padding", "residual", "activation"]
    /// The side of the pictures that the published networks see.
    private static let side = 32
    private static let sizes = 1...4096

    static func configuration(in checkpoint: any Checkpoint) throws -> Configuration? {
        guard let file = checkpoint as? PyTorchFile, case .object(let values)? = try file.metadata["config"],
            keys.allSatisfy({ values[$0] != nil })
        else { return nil }
        return Configuration(file: file.url.relativePath, values: values)
    }

    static func names(_ builder: GraphBuilder, fit configuration: Configuration) -> Bool {
        builder.has("layers.0.weight")
    }

    static func graph(_ given: GraphBuilder, _ configuration: Configuration) throws -> Graph {
        var build = given
        let count = try configuration.requiredInteger("n_layers", in: 1...1000)
        let channels = try configuration.integers("channels", count: count + 1, in: sizes)
        let kernels = try configuration.integers("kernel_size", count: count, in: sizes)
        let strides = try configuration.integers("stride", count: count, in: sizes)
        let paddings = try configuration.integers("padding", count: count, in: 0...sizes.upperBound)
        let residuals = try configuration.integers("residual", count: count, in: -1...count)
        let activations = try configuration.texts("activation", count: count)
        var (x, extent) = ("input", side)
        var results: [(value: String, extent: Int)] = []
        for layer in 0..<count {
            let padded = extent + 2 * paddings[layer]
            guard padded >= kernels[layer] else {
                throw configuration.refused("kernel_size", "kernels no larger than the \(padded) padded positions")
            }
            x = try build.convolution(
                x, "layers.\(layer)", inputs: channels[layer], kernel: kernels[layer], outputs: channels[layer + 1],
                stride: strides[layer], padding: paddings[layer])
            extent = (padded - kernels[layer]) / strides[layer] + 1
            if case let source = residuals[layer], source >= 0 {
                guard source < layer, results[source].extent == extent else {
                    throw configuration.refused("residual", "numbers of earlier layers with results of the same size")
                }
                x = added(x, channels[layer + 1], results[source].value, channels[source + 1], &build)
            }
            guard let activation = activation(activations[layer]) else {
                throw configuration.refused("activation", "relu, gelu, tanh, sigmoid, leaky_relu or none")
            }
            if let operation = activation.operation { x = build(operation, x, attributes: activation.attributes) }
            results.append((x, extent))
        }
        x = build("Flatten", build("GlobalAveragePool", x))
        x = try build.dense(x, "fc", inputs: channels[count], outputs: build.outputs("fc"))
        let input = Graph.Input(name: "input", shape: [nil, channels[0], side, side], dtype: .float32)
        return try build.graph([input], outputs: [x])
    }

    /// `x` with the channels that both have replaced by their sums.
    private static func added(
        _ x: String, _ width: Int, _ other: String, _ otherWidth: Int, _ build: inout GraphBuilder
    ) -> String {
        func slice(_ value: String, _ range: Range<Int>) -> String {
            let bounds = [range.lowerBound, range.upperBound, 1].map { build.constant(Tensor([Int64($0)])) }
            return build("Slice", value, bounds[0], bounds[1], bounds[2])
        }
        let shared = min(width, otherWidth)
        let term = otherWidth > shared ? slice(other, 0..<shared) : other
        guard width > shared else { return build("Add", x, term) }
        let sum = build("Add", slice(x, 0..<shared), term)
        return build("Concat", sum, slice(x, shared..<width), attributes: ["axis": .integer(1)])
    }

    private static func activation(_ name: String) -> (operation: String?, attributes: [String: Attribute])? {
        switch name {
        case "relu": ("Relu", [:])
        case "gelu": ("Gelu", [:])
        case "tanh": ("Tanh", [:])
        case "sigmoid": ("Sigmoid", [:])
        case "leaky_relu": ("LeakyRelu", ["alpha": .number(0.01)])
        case "none": (nil, [:])
        default: nil
        }
    }
}

extension GraphBuilder {
    /// A convolution of square kernels over pictures, of all channels at once.
    fileprivate mutating func convolution(
        _ x: String, _ layer: String, inputs: Int, kernel: Int, outputs: Int, stride: Int, padding: Int
    ) throws -> String {
        let weight = try parameter("\(layer).weight", [outputs, inputs, kernel, kernel])
        let bias = has("\(layer).bias") ? try parameter("\(layer).bias", [outputs]) : nil
        return self(
            "Conv", x, weight, bias,
            attributes: [
                "kernel_shape": .integers([kernel, kernel]), "pads": .integers([padding, padding, padding, padding]),
                "strides": .integers([stride, stride]),
            ])
    }
}
