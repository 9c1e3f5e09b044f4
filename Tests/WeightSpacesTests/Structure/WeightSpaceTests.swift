import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite struct WeightSpaceTests {
    private let groups = [PermutationGroup("h", size: 3)]

    private func block(_ parameter: String, _ shape: [Int], _ axes: [Axis]) -> Block {
        Block(parameter: parameter, shape: shape, axes: axes)
    }

    @Test("a stored axis may be split, and axes of size one may follow")
    func acceptsSplits() throws {
        let axes: [Axis] = [.fixed(2), .permuted(0), .fixed(4), .fixed(1)]
        let space = try WeightSpace(groups: groups, blocks: [block("w", [2, 12], axes)])
        #expect(space.axisSizes(of: space.blocks[0]) == [2, 3, 4, 1])
        #expect(space.parameterCount == 24)
    }

    @Test(
        "axes that do not make up the shape are refused",
        arguments: [
            ([3], [.fixed(2)]), ([3], []), ([], [.permuted(0)]), ([3, 2], [.fixed(2), .permuted(0)]),
            ([6], [.permuted(0)]), ([6], [.fixed(4), .fixed(2)]), ([0], [.fixed(0)]), ([-3], [.fixed(-3)]),
            ([3], [.permuted(0), .fixed(2)]), ([.max], [.fixed(.max - 1), .fixed(.max)]),
        ] as [([Int], [Axis])])
    func refusesAxes(shape: [Int], axes: [Axis]) {
        let sizes = axes.map { axis in
            if case .fixed(let size) = axis { size } else { 3 }
        }
        #expect(throws: WeightSpaceError.axes("w", axes: sizes, shape: shape)) {
            try WeightSpace(groups: groups, blocks: [block("w", shape, axes)])
        }
    }

    @Test("inconsistent groups and parameters are refused")
    func refusesGroups() {
        #expect(throws: WeightSpaceError.duplicateGroup("h")) { try WeightSpace(groups: groups + groups, blocks: []) }
        let vast = [1 << 40, 1 << 20].map {
            Block(parameter: "\($0)", shape: [$0, 1 << 42], axes: [.fixed($0), .fixed(1 << 42)])
        }
        for blocks in [[vast[0]], [vast[1], Block(parameter: "v", shape: [1 << 62], axes: [.fixed(1 << 62)])]] {
            #expect(throws: WeightSpaceError.tooLarge(blocks.last?.parameter ?? "")) {
                try WeightSpace(groups: [], blocks: blocks)
            }
        }
        #expect(throws: WeightSpaceError.emptyGroup("e")) {
            try WeightSpace(groups: [PermutationGroup("e", size: 0)], blocks: [])
        }
        for group in [1, -1] {
            #expect(throws: WeightSpaceError.unknownGroup("w", group: group, count: 1)) {
                try WeightSpace(groups: groups, blocks: [block("w", [3], [.permuted(group)])])
            }
        }
        let bias = block("b", [3], [.permuted(0)])
        #expect(throws: WeightSpaceError.duplicateParameter("b")) {
            try WeightSpace(groups: groups, blocks: [bias, bias])
        }
    }

    @Test("a coded space is the same space", arguments: SampleSpace.all)
    func isCodable(sample: SampleSpace) throws {
        let data = try JSONEncoder().encode(sample.space)
        #expect(try JSONDecoder().decode(WeightSpace.self, from: data) == sample.space)
    }

    @Test("decoding checks the space")
    func decodingChecks() throws {
        let data = try JSONEncoder().encode(WeightSpace.mlp(widths: [2, 3, 1]))
        let text = String(decoding: data, as: UTF8.self)
        let malformed = text.replacingOccurrences(of: "\"shape\":[3]", with: "\"shape\":[4]")
        #expect(malformed != text)
        #expect(throws: WeightSpaceError.axes("0.bias", axes: [3], shape: [4])) {
            try JSONDecoder().decode(WeightSpace.self, from: Data(malformed.utf8))
        }
    }
}
