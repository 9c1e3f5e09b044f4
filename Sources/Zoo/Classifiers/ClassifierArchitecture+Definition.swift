extension ClassifierArchitecture: NetworkDefinition {
    public static let kind = "classifier"

    /// Convolutions as `channels×kernel/stride`, with `+` for a skip: `cnn 16×3/2 16×3/2 16×3/2, 10 relu`, or `…, flatten,
    /// 10 relu` where dense layers read every position.
    public var name: String {
        let last = "\(dense.map(String.init).joined(separator: "-")) \(activation.rawValue)"
        if convolutions.isEmpty { return "mlp \(imageShape[0])-\(last)" }
        let layers = convolutions.map { layer in
            "\(layer.channels)×\(layer.kernel)" + (layer.stride > 1 ? "/\(layer.stride)" : "")
                + (layer.hasSkip ? "+" : "")
        }
        return "cnn \(layers.joined(separator: " ")), \(head == .pool ? "" : "\(head.rawValue), ")\(last)"
    }
}
