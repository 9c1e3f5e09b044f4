import Testing
import WeightSpaces

@Suite struct RoleTests {
    private let groups = [
        PermutationGroup("h", size: 2), PermutationGroup("k", size: 2),
        PermutationGroup("in", size: 2, isOrdered: true),
    ]

    private func role(_ name: String, _ axes: [Axis], slice: Block.Slice? = nil) throws -> Role {
        let block = Block(
            parameter: name, shape: .init(repeating: 2, count: axes.count), slice: slice, axes: axes)
        return try WeightSpace(groups: groups, blocks: slice == nil ? [block] : []).role(of: block)
    }

    @Test(
        "numbers in a name count repetitions, but not operators inside a layer",
        arguments: [
            ("wte.weight", "wte.weight", ""), ("h.3.ln_1.weight", "h.*.ln_1.weight", "h.3"),
            ("4.weight", "*.weight", "4"), ("layer1.0.conv2.weight", "layer1.*.conv2.weight", "layer1.0"),
            ("h.11.mlp.0.weight", "h.*.mlp.0.weight", "h.11"),
            ("layers.1.blocks.5.norm.weight", "layers.*.blocks.*.norm.weight", "layers.1.blocks.5"),
        ])
    func names(name: String, pattern: String, repetition: String) throws {
        #expect(try role(name, [.permuted(0)]) == Role(pattern: "\(pattern) (#0)", repetition: repetition))
    }

    @Test("axes play a part by the places of equal labels, not by the groups' names")
    func axes() throws {
        let pattern = try role("w", [.permuted(0), .permuted(1)]).pattern
        #expect(try role("w", [.permuted(1), .permuted(0)]).pattern == pattern)
        for other in [[Axis.permuted(0), .permuted(0)], [.permuted(0), .fixed(2)], [.permuted(0), .permuted(2)]] {
            #expect(try role("w", other).pattern != pattern)
        }
    }

    @Test("slices of one parameter have different roles")
    func slices() throws {
        let roles = try [0..<1, 1..<2].map {
            try role("w", [.permuted(0)], slice: .init(shape: [2], ranges: [$0]))
        }
        #expect(roles[0] != roles[1])
    }
}

@Suite struct SharedFixedAxesTests {
    private func space(_ axes: [[Axis]]) throws -> WeightSpace {
        try WeightSpace(
            groups: [PermutationGroup("h", size: 3)],
            blocks: axes.enumerated().map { number, axes in
                Block(
                    parameter: "\(number)",
                    shape: axes.map { if case .fixed(let size) = $0 { size } else { 3 } }, axes: axes)
            })
    }

    @Test("long fixed axes become ordered groups, one for each length; short ones stay")
    func longAxes() throws {
        let given = try space([
            [.fixed(70), .permuted(0)], [.permuted(0), .fixed(70)], [.fixed(64)], [.fixed(80), .fixed(80)],
        ])
        let shared = try given.sharingFixedAxes()
        #expect(shared.groups.map(\.name) == ["h", "70 positions", "80 positions", "80 positions#2"])
        #expect(shared.groups.map(\.isOrdered) == [false, true, true, true])
        #expect(
            shared.blocks.map(\.axes) == [
                [.permuted(1), .permuted(0)], [.permuted(0), .permuted(1)], [.fixed(64)], [.permuted(2), .permuted(3)],
            ])
        #expect(try shared.sharingFixedAxes() == shared)
        #expect(try given.sharingFixedAxes(longerThan: 80) == given)
    }
}
