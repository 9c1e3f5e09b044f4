import Torch

/// Channels moved into blocks of pixels.
struct DepthToSpace: Operator {
    static let names = ["DepthToSpace"]

    let blockSize: Int
    /// Whether the channels of the result run before the places in the block.
    let channelsComeFirst: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        blockSize = try node.blockSize()
        let mode = try node.text("mode", default: "DCR")
        guard ["DCR", "CRD"].contains(mode) else { throw node.refused("mode", expected: "DCR or CRD") }
        channelsComeFirst = mode == "CRD"
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let b = blockSize
        guard x.rank == 4, x.size(1) % (b * b) == 0 else {
            throw OperandError(expected: "pictures with a multiple of \(b * b) channels", found: "\(x)")
        }
        let (n, c, h, w) = (x.size(0), x.size(1) / (b * b), x.size(2), x.size(3))
        let split = try aten("reshape", x, channelsComeFirst ? [n, c, b, b, h, w] : [n, b, b, c, h, w])
        let moved = try aten("permute", split, channelsComeFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2])
        return [try aten("reshape", moved, [n, c, h * b, w * b])]
    }
}

/// Blocks of pixels moved into channels.
struct SpaceToDepth: Operator {
    static let names = ["SpaceToDepth"]

    let blockSize: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        blockSize = try node.blockSize()
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let b = blockSize
        guard x.rank == 4, x.size(2) % b == 0, x.size(3) % b == 0 else {
            throw OperandError(expected: "pictures of blocks of \(b)", found: "\(x)")
        }
        let (n, c, h, w) = (x.size(0), x.size(1), x.size(2) / b, x.size(3) / b)
        let moved = try aten("permute", aten("reshape", x, [n, c, h, b, w, b]), [0, 3, 5, 1, 2, 4])
        return [try aten("reshape", moved, [n, c * b * b, h, w])]
    }
}

extension Node {
    /// The extent of a block of pixels.
    func blockSize() throws(GraphError) -> Int {
        guard let size = try integer("blocksize"), (1...Window.largest).contains(size) else {
            throw refused("blocksize", expected: "an integer from 1 to \(Window.largest)")
        }
        return size
    }
}

extension DepthToSpace {
    /// Channels are taken apart into channels and places in a block.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let b = blockSize
        guard x.rank == 4, x.shape[1].isMultiple(of: b * b) else {
            throw OperandError(expected: "pictures with a multiple of \(b * b) channels", found: "\(x.shape)")
        }
        let (n, c, h, w) = (x.shape[0], x.shape[1] / (b * b), x.shape[2], x.shape[3])
        let split = try labelling.reshaped(x, to: channelsComeFirst ? [n, c, b, b, h, w] : [n, b, b, c, h, w])
        let moved = try labelling.merged(split).rearranged(
            channelsComeFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2])
        return [try labelling.reshaped(moved, to: [n, c, h * b, w * b])]
    }
}

extension SpaceToDepth {
    /// Places in a block are moved in front of the channels.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let b = blockSize
        guard x.rank == 4, x.shape[2].isMultiple(of: b), x.shape[3].isMultiple(of: b) else {
            throw OperandError(expected: "pictures of blocks of \(b)", found: "\(x.shape)")
        }
        let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2] / b, x.shape[3] / b)
        let split = try labelling.reshaped(x, to: [n, c, h, b, w, b])
        let moved = try labelling.merged(split).rearranged([0, 3, 5, 1, 2, 4])
        return [try labelling.reshaped(moved, to: [n, c * b * b, h, w])]
    }
}
