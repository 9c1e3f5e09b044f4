import Testing
import WeightSpaces

@Suite struct RoleTests {
    private let groups = [
        PermutationGroup("h", size: 2), PermutationGroup("k", size: 2),
        PermutationGroup("in", size: 2, isOrdered: true),
    ]

    private func role(_ name: String, _ axes: [Axis]) throws -> Role {
        let block = Block(parameter: name, shape: .init(repeating: 2, count: axes.count), axes: axes)
        return try WeightSpace(groups: groups, blocks: [block]).role(of: block)
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

    @Test("slices of one parameter have different roles, the same in networks of any width")
    func slices() throws {
        func patterns(_ width: Int) throws -> [String] {
            let blocks = [0..<width, width..<3 * width].map { range in
                Block(
                    parameter: "h.2.w", shape: [3 * width], slice: .init(shape: [3 * width], ranges: [range]),
                    axes: range.lowerBound == 0 ? [.permuted(0)] : [.permuted(0), .permuted(1)])
            }
            let groups = [PermutationGroup("h", size: width), PermutationGroup("k", size: 2)]
            let other = Block(parameter: "h.2.v", shape: [2], axes: [.permuted(1)])
            let space = try WeightSpace(groups: groups, blocks: blocks + [other])
            return space.blocks.map { space.role(of: $0).pattern }
        }
        let expected = ["h.*.w[0] (#0)", "h.*.w[1] (#0, #1)", "h.*.v (#0)"]
        #expect(try patterns(4) == expected)
        #expect(try patterns(5) == expected)
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
        #expect(try given.sharingFixedAxes(longerThan: 80, product: 6400) == given)
    }
    @Test("where a block has many positions together, the longest axes become ordered groups until few are left")
    func manyPositions() throws {
        let given = try space([
            [.fixed(10), .permuted(0), .fixed(64)], [.fixed(20), .permuted(0), .fixed(64)],
            [.permuted(0), .fixed(3), .fixed(32), .fixed(32)], [.fixed(60), .fixed(60)],
        ])
        let shared = try given.sharingFixedAxes()
        #expect(shared.groups.map(\.name) == ["h", "64 positions", "32 positions", "60 positions"])
        #expect(
            shared.blocks.map(\.axes) == [
                [.fixed(10), .permuted(0), .fixed(64)], [.fixed(20), .permuted(0), .permuted(1)],
                [.permuted(0), .fixed(3), .permuted(2), .fixed(32)], [.permuted(3), .fixed(60)],
            ])
        #expect(try shared.sharingFixedAxes() == shared)
        #expect(try given.sharingFixedAxes(product: 3600) == given)
        #expect(try given.sharingFixedAxes(product: 600).blocks[0].axes == [.fixed(10), .permuted(0), .permuted(1)])
    }
}
