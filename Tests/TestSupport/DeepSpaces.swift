import WeightSpaces

/// Deep networks in miniature, with the blocks and groups that their graphs would give.
extension SampleSpace {
    /// A residual network: `depth` blocks of two convolutions and their normalisations, ten parameters each, on one
    /// residual stream.
    public static func residual(depth: Int) throws -> SampleSpace {
        let stream = Axis.permuted(0)
        var groups = [PermutationGroup("stem", size: 3)]
        var blocks = [Block(parameter: "conv1.weight", shape: [3, 2, 2], axes: [stream, .fixed(2), .fixed(2)])]
        func normalization(_ name: String, _ axis: Axis, _ size: Int) -> [Block] {
            ["weight", "bias", "running_mean", "running_var"].map {
                Block(parameter: "\(name).\($0)", shape: [size], axes: [axis])
            }
        }
        blocks += normalization("bn1", stream, 3)
        for layer in 0..<depth {
            let name = "layer1.\(layer)"
            let inner = Axis.permuted(groups.count)
            groups.append(PermutationGroup("\(name).conv1", size: 2))
            blocks.append(
                Block(parameter: "\(name).conv1.weight", shape: [2, 3, 2], axes: [inner, stream, .fixed(2)]))
            blocks += normalization("\(name).bn1", inner, 2)
            blocks.append(
                Block(parameter: "\(name).conv2.weight", shape: [3, 2, 2], axes: [stream, inner, .fixed(2)]))
            blocks += normalization("\(name).bn2", stream, 3)
        }
        blocks.append(Block(parameter: "fc.weight", shape: [2, 3], axes: [.fixed(2), stream]))
        blocks.append(Block(parameter: "fc.bias", shape: [2], axes: [.fixed(2)]))
        return try SampleSpace("residual network of \(depth) blocks", WeightSpace(groups: groups, blocks: blocks))
    }

    /// A decoder: per layer 16 blocks, of which queries, keys and values are slices of one parameter; an embedding that
    /// is tied to the output, and a square matrix on the residual stream, a repeated label.
    public static func decoder(depth: Int, tokens: Int = 3) throws -> SampleSpace {
        let stream = Axis.permuted(0)
        var groups = [PermutationGroup("wte", size: 3)]
        var blocks = [
            Block(parameter: "wte.weight", shape: [tokens, 3], axes: [.fixed(tokens), stream]),
            Block(parameter: "wpe.weight", shape: [2, 3], axes: [.fixed(2), stream]),
        ]
        func vectors(_ name: String) -> [Block] {
            ["weight", "bias"].map { Block(parameter: "\(name).\($0)", shape: [3], axes: [stream]) }
        }
        for layer in 0..<depth {
            let name = "h.\(layer)"
            let first = groups.count
            groups += [("heads", 2), ("queries", 2), ("values", 2), ("mlp", 3)].map {
                PermutationGroup("\(name).\($0)", size: $1)
            }
            let (heads, queries, values) = (
                Axis.permuted(first), Axis.permuted(first + 1), Axis.permuted(first + 2)
            )
            let neurons = Axis.permuted(first + 3)
            blocks += vectors("\(name).ln_1")
            for (part, inner) in [queries, queries, values].enumerated() {
                let range = 4 * part..<4 * part + 4
                blocks.append(
                    Block(
                        parameter: "\(name).attn.c_attn.weight", shape: [3, 12],
                        slice: .init(shape: [3, 12], ranges: [0..<3, range]), axes: [stream, heads, inner]))
                blocks.append(
                    Block(
                        parameter: "\(name).attn.c_attn.bias", shape: [12],
                        slice: .init(shape: [12], ranges: [range]), axes: [heads, inner]))
            }
            blocks += [
                Block(parameter: "\(name).attn.c_proj.weight", shape: [4, 3], axes: [heads, values, stream]),
                Block(parameter: "\(name).attn.c_proj.bias", shape: [3], axes: [stream]),
            ]
            blocks += vectors("\(name).ln_2")
            blocks += [
                Block(parameter: "\(name).mlp.c_fc.weight", shape: [3, 3], axes: [stream, neurons]),
                Block(parameter: "\(name).mlp.c_fc.bias", shape: [3], axes: [neurons]),
                Block(parameter: "\(name).mlp.c_proj.weight", shape: [3, 3], axes: [neurons, stream]),
                Block(parameter: "\(name).mlp.c_proj.bias", shape: [3], axes: [stream]),
            ]
        }
        blocks += vectors("ln_f")
        blocks.append(Block(parameter: "mixer.weight", shape: [3, 3], axes: [stream, stream]))
        return try SampleSpace("decoder of \(depth) layers", WeightSpace(groups: groups, blocks: blocks))
    }
}
