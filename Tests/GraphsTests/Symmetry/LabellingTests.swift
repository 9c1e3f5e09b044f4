import Testing
import Torch

@testable import Graphs

@Suite("Labelling")
struct LabellingTests {
    private var labelling = Labelling()

    @Test("joined axes have one label")
    mutating func joining() throws {
        let (a, b, c) = (labelling.fresh(6), labelling.fresh(6), labelling.fresh(6))
        try labelling.unify(a, b)
        #expect(labelling.resolved(a) == labelling.resolved(b))
        #expect(labelling.resolved(a) != labelling.resolved(c))
        labelling.fix(b, because: "an input")
        #expect(labelling.resolved(a) == .fixed(6))
        #expect(labelling.reasons(of: a) == ["an input"])
        #expect(labelling.resolved(c) == c)
    }

    @Test("axes of different sizes cannot be joined")
    mutating func sizes() {
        labelling.place = "Add"
        let (a, b) = (labelling.fresh(6), labelling.fresh(7))
        #expect(throws: GraphError.sizes(node: "Add", expected: [6], found: [7])) { try labelling.unify(a, b) }
    }

    @Test("concatenations with other boundaries are cut at all of them")
    mutating func boundaries() throws {
        let (a, b, c, d) = (labelling.fresh(2), labelling.fresh(5), labelling.fresh(4), labelling.fresh(3))
        try labelling.unify(.concatenation([a, b]), .concatenation([c, d]))
        guard case .concatenation(let parts) = labelling.resolved(.concatenation([a, b])) else {
            Issue.record("expected parts")
            return
        }
        #expect(parts.map(\.size) == [2, 2, 3])
        #expect(labelling.resolved(c) == .concatenation(Array(parts[..<2])))
    }

    @Test("a slice amid positions that move together fixes them")
    mutating func tearing() throws {
        let heads = Label.product([labelling.fresh(4), labelling.fresh(6)])
        #expect(try labelling.split(heads, sizes: [10, 14]) == [.fixed(10), .fixed(14)])
        #expect(labelling.resolved(heads) == .fixed(24))
        let aligned = Label.product([labelling.fresh(4), labelling.fresh(6)])
        #expect(try labelling.split(aligned, sizes: [12, 12]).allSatisfy { $0.atoms.count == 2 })
    }

    @Test("neurons that would have to move in two ways are fixed")
    mutating func tangled() throws {
        let half = labelling.fresh(3)
        let whole = labelling.fresh(6)
        try labelling.unify(whole, .product([.fixed(2), half]))
        try labelling.unify(half, labelling.fresh(3))
        try labelling.unify(whole, .product([half, .fixed(2)]))
        #expect(labelling.resolved(whole) == .fixed(6))
    }

    @Test("a reshape multiplies axes and takes them apart")
    mutating func reshape() throws {
        let (channels, places) = (labelling.fresh(8), Label.fixed(9))
        let flat = try labelling.reshaped(Value([.fixed(2), channels, places]), to: [2, 72])
        #expect(flat.axes == [.fixed(2), .product([channels, places])])
        let heads = try labelling.reshaped(Value([labelling.fresh(12)]), to: [3, 1, 4])
        #expect(heads.shape == [3, 1, 4])
        #expect(heads.axes.flatMap(\.atoms).count == 2)
        let merged = try labelling.reshaped(heads, to: [12])
        #expect(merged.axes == [.product([heads.axes[0], heads.axes[2]])])
    }

    @Test("parts that become an axis of their own stay independent, until something merges them")
    mutating func stacks() throws {
        let parts = (0..<3).map { _ in labelling.fresh(8) }
        let stacked = try labelling.reshaped(Value([.fixed(5), .concatenation(parts)]), to: [5, 3, 2, 4])
        #expect(stacked.stack?.axis == 1)
        #expect(stacked.stack?.parts.map { $0.flatMap(\.atoms).count } == [2, 2, 2])
        #expect(Set(stacked.stack?.parts ?? []).count == 3)
        let merged = try labelling.merged(stacked)
        #expect(merged.stack == nil && merged.axes[1] == .fixed(3))
        #expect(Set(parts.map { labelling.resolved($0) }).count == 1)
    }

    @Test("an axis whose factor is told apart is wanted as independent parts")
    mutating func divisions() throws {
        let fused = labelling.fresh(24, path: "qkv/0")
        let axes = try labelling.factored(fused, sizes: [2, 3, 4])
        _ = try labelling.split(axes[1], sizes: [1, 2])
        #expect(labelling.wantedDivisions == ["qkv/0": .init(outer: 2, parts: 3, inner: 4)])
        var next = Labelling(divisions: labelling.wantedDivisions)
        #expect(next.fresh(24, path: "qkv/0").atoms.count == 4)
    }

    @Test("whatever is joined, cut and factored: sizes stay, joined labels are equal", arguments: 0..<200)
    mutating func anything(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var labels = (0..<6).map { _ in labelling.fresh(24) }
        for _ in 0..<12 {
            let (i, j) = (
                Int.random(in: labels.indices, using: &random), Int.random(in: labels.indices, using: &random)
            )
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                let cut = Int.random(in: 1..<24, using: &random)
                let parts = try labelling.split(labels[i], sizes: [cut, 24 - cut])
                #expect(parts.map(\.size) == [cut, 24 - cut])
                labels.append(.concatenation(parts.reversed()))
            case 1:
                let sizes = [[2, 12], [4, 6], [2, 3, 4], [8, 3], [24, 1]].randomElement(using: &random)!
                let factors = try labelling.factored(labels[i], sizes: sizes)
                #expect(factors.map(\.size) == sizes)
                labels.append(.product(factors.reversed()))
            default:
                try labelling.unify(labels[i], labels[j])
                #expect(labelling.resolved(labels[i]) == labelling.resolved(labels[j]))
            }
            #expect(labels.allSatisfy { labelling.resolved($0).size == 24 })
        }
    }
}
