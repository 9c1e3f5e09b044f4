import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct DocumentationTests {
    @Test("the README's example learns, and its predictions stay when neurons trade places")
    func libraryExampleHolds() throws {
        let result = try libraryExample()
        #expect(result.losses[99] < result.losses[0] / 10)
        expectClose(result.after, result.before, relativeError: 1e-4)
    }

    @Test("the article's MLP is the preset, and the equivariant layer on a residual space is equivariant")
    func weightSpacesHold() throws {
        let spaces = try weightSpaceExamples()
        let preset = try WeightSpace.mlp(widths: [2, 32, 16, 1])
        #expect(spaces[0].blocks == preset.blocks)
        let sample = SampleSpace("residual", spaces[1])
        var random = RandomSource(seed: 2)
        let features = FeatureSpace(spaces[1], channels: 2)
        let layer = EquivariantLinear(from: features, to: features, using: &random).to(.float64)
        expectEquivariant(layer.callAsFunction, on: sample, channels: 2)
    }

    @Test(
        "Swift code in the documentation is code that the tests run",
        arguments: [
            "README.md",
            "Sources/WeightSpaces/WeightSpaces.docc/WeightSpaces.md",
            "Sources/NeuralFunctionals/NeuralFunctionals.docc/WritingALayer.md",
        ])
    func codeIsTested(document: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let sources = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .map { try comparable(String(contentsOf: $0, encoding: .utf8)) }
        let root = folder.appending(path: "../../..")
        let text = try String(contentsOf: root.appending(path: document), encoding: .utf8)
        let blocks = text.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(!blocks.isEmpty)
        for block in blocks {
            #expect(sources.contains { $0.contains(comparable(block)) }, "not in \(folder.lastPathComponent): \(block)")
        }
    }

    /// The lines without indentation, blank lines and imports.
    private func comparable(_ text: String) -> String {
        text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("import ") }
            .joined(separator: "\n")
    }
}
