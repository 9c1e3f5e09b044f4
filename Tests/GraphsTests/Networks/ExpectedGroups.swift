/// The sizes of a network's permutation groups, worked out by hand from its architecture.
struct ExpectedGroups {
    let network: String
    let sizes: [Int]

    static let all: [ExpectedGroups] = [
        .init(network: "mlp", sizes: [48, 40]),
        .init(network: "lenet", sizes: [6, 16, 120, 84]),
        .init(network: "vgg11", sizes: [64, 128, 256, 256, 512, 512, 512, 512, 768, 640]),
        // A residual stream per stage, the first with the stem, and one group inside each of two blocks.
        .init(network: "resnet18", sizes: [64, 128, 256, 512].flatMap { [$0, $0, $0] }),
        // The stem, a residual stream per stage, and two groups inside each bottleneck.
        .init(
            network: "resnet50",
            sizes: [64]
                + zip([64, 128, 256, 512], [3, 4, 6, 3]).flatMap { width, blocks in
                    [4 * width] + Array(repeating: width, count: 2 * blocks)
                }),
        // The stem, a stream per stage, the expanded channels of all blocks but the first, and the last convolution.
        .init(
            network: "mobilenet_v2",
            sizes: [32, 16, 24, 32, 64, 96, 160, 320, 1280]
                + zip([16, 24, 32, 64, 96, 160], [1, 2, 3, 4, 3, 3]).flatMap { width, blocks in
                    Array(repeating: 6 * width, count: blocks)
                }),
        // The stem, two groups for each of 58 layers, and the three transitions.
        .init(
            network: "densenet121",
            sizes: [64, 128, 256, 512] + Array(repeating: 128, count: 58) + Array(repeating: 32, count: 58)),
        // The stem, a stream per stage, the last convolution; for each block the expanded channels, but for the first,
        // and the squeezed ones.
        .init(
            network: "efficientnet_b0",
            sizes: [32, 16, 24, 40, 80, 112, 192, 320, 1280, 8]
                + zip([16, 24, 40, 80, 112, 192], [1, 2, 2, 3, 3, 4]).flatMap { width, blocks in
                    Array(repeating: [6 * width, width / 4], count: blocks).flatMap(\.self)
                }),
        // Two convolutions at each level on the way down and, above the lowest, on the way up with its upsampling.
        .init(network: "unet", sizes: [12, 12, 20, 20, 36, 36, 20, 20, 20, 12, 12, 12]),
        transformer("vit", residual: 96, layers: 3, heads: [4], queries: 24, values: 24, hidden: 136),
        transformer("vit_torchvision", residual: 72, layers: 3, heads: [4], queries: 18, values: 18, hidden: 104),
        transformer(
            "bert_mini", residual: 80, layers: 3, heads: [5], queries: 16, values: 16, hidden: 112, others: [80]),
        transformer("gpt2_mini", residual: 72, layers: 3, heads: [6], queries: 12, values: 12, hidden: 104),
        // Rotary embeddings fix the dimensions of queries and keys; three heads of queries share each of two of keys.
        transformer("llama_mini", residual: 96, layers: 3, heads: [2, 3], queries: nil, values: 16, hidden: 136),
        .init(network: "lstm", sizes: [24]),
        .init(network: "gru", sizes: [28]),
        // Two layers, both directions of each on their own.
        .init(network: "bilstm", sizes: [18, 18, 18, 18]),
    ]

    private static func transformer(
        _ network: String, residual: Int, layers: Int, heads: [Int], queries: Int?, values: Int, hidden: Int,
        others: [Int] = []
    ) -> ExpectedGroups {
        let layer = heads + [queries].compactMap(\.self) + [values, hidden]
        return .init(
            network: network, sizes: [residual] + Array(repeating: layer, count: layers).flatMap(\.self) + others)
    }
}
