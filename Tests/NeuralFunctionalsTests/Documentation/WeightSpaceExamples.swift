import WeightSpaces

/// The weight spaces that the article on `WeightSpaces` writes down.
func weightSpaceExamples() throws -> [WeightSpace] {
    let mlp = try WeightSpace(
        groups: [PermutationGroup("first", size: 32), PermutationGroup("second", size: 16)],
        blocks: [
            Block(parameter: "0.weight", shape: [32, 2], axes: [.permuted(0), .fixed(2)]),
            Block(parameter: "0.bias", shape: [32], axes: [.permuted(0)]),
            Block(parameter: "1.weight", shape: [16, 32], axes: [.permuted(1), .permuted(0)]),
            Block(parameter: "1.bias", shape: [16], axes: [.permuted(1)]),
            Block(parameter: "2.weight", shape: [1, 16], axes: [.fixed(1), .permuted(1)]),
            Block(parameter: "2.bias", shape: [1], axes: [.fixed(1)]),
        ])

    let (stream, inner, side) = (Axis.permuted(0), Axis.permuted(1), Axis.fixed(3))
    let residual = try WeightSpace(
        groups: [PermutationGroup("stream", size: 8), PermutationGroup("inner", size: 12)],
        blocks: [
            Block(parameter: "stem.weight", shape: [8, 3, 3, 3], axes: [stream, .fixed(3), side, side]),
            Block(parameter: "a.weight", shape: [12, 8, 3, 3], axes: [inner, stream, side, side]),
            Block(parameter: "b.weight", shape: [8, 12, 3, 3], axes: [stream, inner, side, side]),
            Block(parameter: "head.weight", shape: [10, 8], axes: [.fixed(10), stream]),
        ])

    return [mlp, residual]
}
