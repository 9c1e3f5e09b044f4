import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Integers that count positions: where `MaxPool` found its elements, and where they go again.
@Suite("Symmetries and counted positions", .oneThread)
struct PositionSymmetryTests {
    private let pooling: [String: Attribute] = ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])]

    /// A convolution to 5 channels, pooling, another convolution, and `nodes` that put its elements `b` into `u` where the
    /// largest ones were found, at `i`.
    private func graph(_ nodes: [Node], batch: Int = 1, constants: [String: Tensor] = [:]) -> Graph {
        Graph(
            inputs: [Graph.Input(name: "x", shape: [batch, 2, 4, 6], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("Conv", inputs: ["x", "first"], outputs: ["h"]),
                Node("MaxPool", inputs: ["h"], outputs: ["p", "i"], attributes: pooling),
                Node("Conv", inputs: ["p", "second"], outputs: ["b"]),
            ] + nodes + [Node("Conv", inputs: ["u", "last"], outputs: ["y"])],
            parameters: [
                .weight("first", 5, 2, 1, 1), .weight("second", 5, 5, 1, 1), .weight("last", 3, 5, 1, 1),
            ], constants: constants)
    }

    @Test("channels of positions go with those of what they place", arguments: [1, 2]) func unpool(batch: Int) throws {
        try expectSymmetries(
            of: graph([Node("MaxUnpool", inputs: ["b", "i"], outputs: ["u"], attributes: pooling)], batch: batch), [5])
    }

    /// Writes `b` into zeros at the positions `j`, counted in all of `count` elements.
    private func scattering(_ count: Int) -> ([Node], [String: Tensor]) {
        (
            [
                Node("Reshape", inputs: ["j", "flat"], outputs: ["flatPositions"]),
                Node("Unsqueeze", inputs: ["flatPositions", "last axis"], outputs: ["rows"]),
                Node("Reshape", inputs: ["b", "flat"], outputs: ["elements"]),
                Node("ScatterND", inputs: ["zeros", "rows", "elements"], outputs: ["all"]),
                Node("Reshape", inputs: ["all", "shape"], outputs: ["u"]),
            ],
            [
                "flat": Tensor([-1] as [Int64]), "last axis": Tensor([-1] as [Int64]),
                "zeros": Tensor.zeros([count], dtype: .float64), "shape": Tensor([1, 5, 4, 6] as [Int64]),
            ]
        )
    }

    /// The positions `j` in each plane, from those in the whole input, plus `offsets`.
    private let inPlanes = [
        Node(
            "MaxPool", inputs: ["h"], outputs: ["same", "own"], attributes: ["kernel_shape": .integers([1, 1])]),
        Node("Slice", inputs: ["own", "begin", "end", "axes"], outputs: ["planes"]),
        Node("Sub", inputs: ["i", "planes"], outputs: ["inPlane"]),
        Node("Add", inputs: ["inPlane", "offsets"], outputs: ["j"]),
    ]

    private func bounds(_ offsets: [Int64]) -> [String: Tensor] {
        [
            "begin": Tensor([0, 0] as [Int64]), "end": Tensor([1, 1] as [Int64]), "axes": Tensor([2, 3] as [Int64]),
            "offsets": Tensor(offsets, shape: [1, 5, 1, 1]),
        ]
    }

    @Test("positions in planes, counted on by known offsets, place whole channels") func traced() throws {
        let (nodes, constants) = scattering(120)
        let offsets = (0..<5).map { Int64($0 * 24) }
        try expectSymmetries(
            of: graph(inPlanes + nodes, constants: constants.merging(bounds(offsets)) { $1 }), [5])
    }

    @Test("positions in the whole input place whole channels as they are") func whole() throws {
        let (nodes, constants) = scattering(120)
        let plain = graph([Node("Identity", inputs: ["i"], outputs: ["j"])] + nodes, constants: constants)
        try expectSymmetries(of: plain, [5])
    }

    @Test(
        "channels are told apart where planes overlap or come in another order",
        arguments: [[0, 12, 24, 36, 48], [0, 23, 46, 69, 92], [24, 0, 48, 72, 96]] as [[Int64]])
    func otherOffsets(offsets: [Int64]) throws {
        let (nodes, constants) = scattering(120)
        try expectSymmetries(
            of: graph(inPlanes + nodes, constants: constants.merging(bounds(offsets)) { $1 }), [])
    }

    @Test("positions that another operator reads tell channels apart") func otherUse() throws {
        let nodes = [
            Node("Cast", inputs: ["i"], outputs: ["real"], attributes: ["to": .integer(1)]),
            Node("Mul", inputs: ["real", "b"], outputs: ["u"]),
        ]
        try expectSymmetries(of: graph(nodes), [])
    }

    /// Writes 6 neurons of 3 heads into a part of rows that begins at `start`, and reads rows of `count` again.
    private func box(start: Int64, indexing: (Int64) -> Int64 = { $0 }) -> Graph {
        let places = (0..<2).flatMap { batch in
            (0..<3).flatMap { head in (0..<6).map { [Int64(batch), Int64(head), start + indexing($0)] } }
        }
        return Graph(
            inputs: [Graph.Input(name: "x", shape: [2, 4], dtype: .float32)], outputs: ["y"],
            nodes: [
                Node("MatMul", inputs: ["x", "w"], outputs: ["h"]),
                Node("Reshape", inputs: ["h", "heads"], outputs: ["parts"]),
                Node("ScatterND", inputs: ["empty", "places", "parts"], outputs: ["all"]),
                Node("Slice", inputs: ["all", "from", "to", "axis"], outputs: ["cut"]),
                Node("Tanh", inputs: ["cut"], outputs: ["t"]),
                Node("Reshape", inputs: ["t", "flat"], outputs: ["r"]),
                Node("MatMul", inputs: ["r", "v"], outputs: ["y"]),
            ], parameters: [.weight("w", 4, 18), .weight("v", 18, 2)],
            constants: [
                "heads": Tensor([2, 3, 6] as [Int64]), "flat": Tensor([2, 18] as [Int64]),
                "empty": .zeros([2, 3, 10], dtype: .float64), "axis": Tensor([2] as [Int64]),
                "from": Tensor([2] as [Int64]), "to": Tensor([8] as [Int64]),
                "places": Tensor(places.flatMap(\.self), shape: [2, 3, 6, 3]),
            ])
    }

    @Test("a slice that is written may be permuted with what is read there again") func slice() throws {
        try expectSymmetries(of: box(start: 2), [3, 6])
        try expectSymmetries(of: box(start: -8), [3, 6])
        // One place is never read again, and one is read before anything is written there.
        try expectSymmetries(of: box(start: 3), [3, 5])
        try expectSymmetries(of: box(start: 2, indexing: { 5 - $0 }), [])
    }

    @Test("integers are positions only where they grow evenly")
    func counting() {
        let rows = Positions(counting: Tensor([3, 5, 7, 9, 11, 13] as [Int64], shape: [3, 2]))
        #expect(rows?.axes.map { $0.map(\.slope) } == [[4], [2]])
        #expect(rows?.rest == 3...3)
        #expect(Positions(counting: Tensor([3, 5, 7, 9, 11, 14] as [Int64], shape: [3, 2])) == nil)
        #expect(Positions(counting: Tensor([0.0, 1], shape: [2])) == nil)
        #expect(Positions(counting: Tensor([Int64.max, .min], shape: [2])) == nil)
    }

    @Test("positions keep their factors in another shape, in slices and in sums")
    func factors() throws {
        let positions = Positions(axes: [[.init(size: 4, slope: 6)], [.init(size: 6, slope: 0)]], rest: 0...5)
        #expect(positions.reshaped(to: [24])?.axes == [[.init(size: 4, slope: 6), .init(size: 6, slope: 0)]])
        #expect(positions.reshaped(to: [2, 12])?.growing == [.init(size: 2, slope: 12), .init(size: 2, slope: 6)])
        #expect(positions.reshaped(to: [3, 8]) == nil)
        #expect(positions.reshaped(to: [24])?.places(in: 24) == [4, 6])
        #expect(positions.places(in: 48) == nil)
        #expect(Positions(axes: positions.axes, rest: 1...6).places(in: 24) == nil)
        let odd = try #require(positions.sliced(0, 1..<4, by: 2))
        #expect(odd.growing == [.init(size: 2, slope: 12)])
        #expect(odd.rest == 6...11)
        #expect(positions.combined(with: positions, subtracting: true)?.growing == [])
        #expect(positions.combined(with: positions, subtracting: true)?.rest == -5...5)
    }
}
