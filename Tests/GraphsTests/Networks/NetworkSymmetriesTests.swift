import Foundation
import Testing
import TestSupport
import Torch
import WeightSpaces

@testable import Graphs

@Suite("Symmetries of exported networks", .oneThread)
struct NetworkSymmetriesTests {
    static let files = ExpectedGroups.all.flatMap { expected in
        ["", ".legacy"].map { (expected.network + $0, expected.sizes) }
    }

    @Test("groups are as large as they should be, and certified", arguments: files)
    func groups(file: (name: String, sizes: [Int])) throws {
        try SampleNetwork.with(file.name) { network in
            let symmetries = try network.symmetries()
            #expect(symmetries.space.groups.map(\.size).sorted() == file.sizes.sorted())
            #expect(symmetries.unknownOperators.isEmpty)
            let viewed = Set(symmetries.space.blocks.map(\.parameter))
            #expect(viewed.isSubset(of: Set(network.graph.parameters.map(\.name))))
            let certificate = try Certificate(of: network, symmetries, seed: 3)
            for (group, finding) in zip(symmetries.space.groups, certificate.groups) {
                #expect(finding.error <= Certificate.tolerance, "\(group.name)")
            }
            #expect(certificate.controls.count >= 2)
            for control in certificate.controls { #expect(control.error > 1e-3, "\(control.subject)") }
        }
    }

    @Test("a group that is none is caught")
    func wrongGroup() throws {
        try SampleNetwork.with("lenet") { network in
            let symmetries = try network.symmetries()
            var blocks = symmetries.space.blocks
            let broken = try #require(blocks.firstIndex { $0.axes.count > 1 && $0.axes[1].group != nil })
            let group = try #require(blocks[broken].axes[1].group)
            blocks[broken].axes[1] = .fixed(symmetries.space.groups[group].size)
            let wrong = symmetries.replacing(space: try WeightSpace(groups: symmetries.space.groups, blocks: blocks))
            let certificate = try Certificate(of: network, wrong)
            #expect(certificate.failures == [group])
            #expect(!certificate.holds)
        }
    }

    @Test("a network whose outputs are not finite is not certified, but refused")
    func notFinite() throws {
        try SampleNetwork.with("mlp") { network in
            let symmetries = try network.symmetries()
            var graph = network.graph
            let log = Node("Log", inputs: [graph.outputs[0]], outputs: ["logarithm"])
            graph.nodes.append(log)
            graph.outputs = ["logarithm"]
            let broken = Network(checkpoint: network.checkpoint, graph: graph)
            #expect(throws: GraphError.self) { try Certificate(of: broken, symmetries) }
        }
    }

    @Test("the specification of a space gives the space back", arguments: ["gpt2_mini", "vit_torchvision", "bilstm"])
    func specification(name: String) throws {
        try SampleNetwork.with(name) { network in
            let space = try network.symmetries().space
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "spec.yaml")
                try Data(Specification.text(of: space).utf8).write(to: url)
                let read = try Specification(contentsOf: url).space(of: network.checkpoint)
                let labels = { (space: WeightSpace) in
                    Dictionary(
                        space.blocks.map { block in
                            (block.name, block.axes.map { $0.group.map { space.groups[$0].name } ?? "\($0)" })
                        }, uniquingKeysWith: { first, _ in first })
                }
                let original = labels(space)
                #expect(labels(read).filter { original[$0.key] != nil } == original)
                #expect(Set(read.groups) == Set(space.groups))
            }
        }
    }
}
