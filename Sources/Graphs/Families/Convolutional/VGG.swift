/// Chains of 3×3 convolutions with poolings between, then dense layers.
///
/// Gaps in the numbers of the convolutions say where the poolings are. The input is as large as the first dense layer
/// asks for, so that no further pooling stands before it.
///
/// - Source: Simonyan and Zisserman, arXiv:1409.1556; names as in torchvision.
enum VGG: Family {
    static let name = "a VGG"

    /// The largest side of the input.
    private static let largestSide = 1 << 12

    /// Widths of the published convolutions.
    private static let widths: Set<Int> = [64, 128, 256, 512]

    /// The least number of convolutions of the published networks.
    private static let leastDepth = 8

    /// Others call their layers so too, and may flatten in another order: the published widths and numbers tell.
    static func isFamily(_ shapes: [String: [Int]]) -> Bool {
        guard shapes["features.0.weight"] == [64, 3, 3, 3], let numbers = numbers("features", in: shapes.keys),
            self.numbers("classifier", in: shapes.keys) == [0, 3, 6]
        else { return false }
        let weights = numbers.map { shapes["features.\($0).weight"] ?? [] }
        return weights.count { $0.count == 4 } >= leastDepth
            && weights.allSatisfy { shape in
                shape.count == 1 || shape.count == 4 && shape[2...] == [3, 3] && widths.contains(shape[0])
            }
    }

    /// The numbers of the layers whose weights are called `stem.N.weight`, unless others of the stem go deeper.
    private static func numbers(_ stem: String, in names: some Sequence<String>) -> [Int]? {
        var numbers: Set<Int> = []
        for name in names where name.hasPrefix("\(stem).") {
            let words = name.split(separator: ".")
            guard words.count == 3, let number = Int(words[1]), (0..<1000).contains(number) else { return nil }
            numbers.insert(number)
        }
        return numbers.sorted()
    }

    static func graph(_ given: GraphBuilder) throws -> Graph {
        var build = given
        let names = build.names
        let isNormalized = build.has("features.1.running_mean")
        let numbers = numbers("features", in: names) ?? []
        let layers = numbers.filter { !build.has("features.\($0).running_mean") }
        let channels = try build.shape("features.0.weight", rank: 4)[1]
        var (x, width, poolings) = ("input", channels, 0)
        for (index, layer) in layers.enumerated() {
            (x, width) = try build.convolution(x, "features.\(layer)", inputs: width)
            if isNormalized { x = try build.batchNormalization(x, "features.\(layer + 1)", width) }
            x = build("Relu", x)
            let gap = index + 1 < layers.count ? layers[index + 1] - layer - (isNormalized ? 3 : 2) : 1
            guard gap == 0 || gap == 1 else {
                throw build.unrecognized("it looks like \(name), but what comes after 'features.\(layer)' is not known")
            }
            if gap == 1 {
                poolings += 1
                x = build(
                    "MaxPool", x, attributes: ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
            }
        }
        let inputs = try build.shape("classifier.0.weight", rank: 2)[1]
        let side = Int((Double(inputs) / Double(width)).squareRoot().rounded())
        guard inputs.isMultiple(of: width), side <= largestSide, side * side == inputs / width, poolings < 12,
            side << poolings <= largestSide
        else {
            throw build.unrecognized(
                "it looks like \(name), but \(inputs) inputs of 'classifier.0' are no squares of \(width) channels")
        }
        x = build("Flatten", x)
        width = inputs
        let classifier = Self.numbers("classifier", in: names) ?? []
        for layer in classifier {
            let outputs = try build.outputs("classifier.\(layer)")
            x = try build.dense(x, "classifier.\(layer)", inputs: width, outputs: outputs)
            if layer != classifier.last { x = build("Relu", x) }
            width = outputs
        }
        let input = Graph.Input(
            name: "input", shape: [nil, channels, side << poolings, side << poolings], dtype: .float32)
        return try build.graph([input], outputs: [x], buffers: [".num_batches_tracked"])
    }
}
