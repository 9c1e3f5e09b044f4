/// Residual networks of convolutions, of basic blocks or bottlenecks, wide or with grouped convolutions.
///
/// A first kernel of 7×7 moves in steps of two and is followed by a pooling, as for large pictures; a smaller one moves
/// in steps of one. Later stages halve the picture in their first block.
///
/// - Source: He et al., arXiv:1512.03385; Xie et al., arXiv:1611.05431; names as in torchvision.
enum ResNet: Family {
    static let name = "a ResNet"

    /// Where a later stage begins with other channels than it reads, its first normalization tells by its width that it
    /// comes after the convolution; where none does, it may as well stand before.
    static func isFamily(_ shapes: [String: [Int]]) -> Bool {
        guard ["conv1.weight", "layer1.0.conv1.weight", "layer1.0.conv2.weight"].allSatisfy({ shapes[$0] != nil })
        else { return false }
        let telling = (2...9).map { "layer\($0).0" }.filter { block in
            guard let convolution = shapes["\(block).conv1.weight"], convolution.count == 4 else { return false }
            return convolution[0] != convolution[1]
        }
        return !telling.isEmpty
            && telling.allSatisfy { shapes["\($0).bn1.weight"] == shapes["\($0).conv1.weight"].map { [$0[0]] } }
    }

    static func graph(_ given: GraphBuilder) throws -> Graph {
        var build = given
        let stem = try build.shape("conv1.weight", rank: 4)
        let isLarge = stem[2] == 7
        var (x, width) = try build.convolution("input", "conv1", inputs: stem[1], stride: isLarge ? 2 : 1)
        x = build("Relu", try build.batchNormalization(x, "bn1", width))
        if isLarge {
            x = build(
                "MaxPool", x,
                attributes: [
                    "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1]),
                ])
        }
        for stage in 1...max(1, build.count { "layer\($0 + 1).0.conv1.weight" }) {
            for index in 0..<build.count({ "layer\(stage).\($0).conv1.weight" }) {
                let block = "layer\(stage).\(index)"
                (x, width) = try add(block, to: x, width, halves: stage > 1 && index == 0, &build)
            }
        }
        x = build("Flatten", build("GlobalAveragePool", x))
        if build.has("fc.weight") { x = try build.dense(x, "fc", inputs: width, outputs: build.outputs("fc")) }
        let input = Graph.Input(name: "input", shape: [nil, stem[1], 64, 64], dtype: .float32)
        return try build.graph([input], outputs: [x], buffers: [".num_batches_tracked"])
    }

    private static func add(
        _ block: String, to x: String, _ inputs: Int, halves: Bool, _ build: inout GraphBuilder
    ) throws -> (String, Int) {
        let isBottleneck = build.has("\(block).conv3.weight")
        let isProjected = build.has("\(block).downsample.0.weight")
        let stride = halves && isProjected ? 2 : 1
        var (y, width) = (x, inputs)
        for layer in 1...(isBottleneck ? 3 : 2) {
            (y, width) = try build.convolution(
                y, "\(block).conv\(layer)", inputs: width, stride: layer == (isBottleneck ? 2 : 1) ? stride : 1)
            y = try build.batchNormalization(y, "\(block).bn\(layer)", width)
            if layer < (isBottleneck ? 3 : 2) { y = build("Relu", y) }
        }
        var (skip, skipWidth) = (x, inputs)
        if isProjected {
            (skip, skipWidth) = try build.convolution(skip, "\(block).downsample.0", inputs: inputs, stride: stride)
            skip = try build.batchNormalization(skip, "\(block).downsample.1", skipWidth)
        }
        guard width == skipWidth else {
            throw build.unrecognized(
                "it looks like \(name), but '\(block)' adds \(width) channels to \(skipWidth)")
        }
        return (build("Relu", build("Add", y, skip)), width)
    }
}
