import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite(.oneThread) struct FunctionalFileTests {
    let space: WeightSpace
    let networks: Feature

    init() throws {
        space = try .mlp(widths: [2, 4, 3])
        var random = RandomSource(seed: 1)
        networks = SampleSpace("", space).feature(channels: 1, using: &random).map { $0.to(.float32) }
    }

    /// Stores a functional, changes the file's tensors and metadata, and hands over the file.
    private func withChangedFile(
        of model: some Functional, _ change: (inout [String: Tensor], inout [String: String]) throws -> Void,
        _ body: (URL) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            try model.write(to: url)
            let file = try SafetensorsFile(url)
            var (tensors, metadata) = ([String: Tensor](), file.metadata)
            for entry in file.entries { tensors[entry.name] = try file.tensor(entry) }
            try change(&tensors, &metadata)
            let changed = tensors.sorted { $0.key < $1.key }.map { StoredTensor(name: $0.key, $0.value) }
            try SafetensorsFile.write(changed, metadata: metadata, to: url)
            try body(url)
        }
    }

    @Test("an invariant functional read back predicts the same bits")
    func invariantRoundTrip() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            let model = SampleFunctional.invariant(space)
            try model.write(to: url)
            let read = try InvariantFunctional(contentsOf: url)
            #expect(read.configuration.trunk == model.configuration.trunk)
            #expect(read(networks).elements(as: Float.self) == model(networks).elements(as: Float.self))
        }
    }

    @Test("an equivariant functional read back edits to the same bits")
    func equivariantRoundTrip() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            let model = SampleFunctional.equivariant(space)
            try model.write(to: url)
            let read = try EquivariantFunctional(contentsOf: url)
            for (found, expected) in zip(read(networks).blocks, model(networks).blocks) {
                #expect(found.elements(as: Float.self) == expected.elements(as: Float.self))
            }
        }
    }

    @Test("a file whose tensors are in place is accepted after rewriting")
    func unchangedFile() throws {
        try withChangedFile(of: SampleFunctional.invariant(space)) { _, _ in
        } _: { url in
            #expect(throws: Never.self) { try InvariantFunctional(contentsOf: url) }
        }
    }

    @Test("another kind is refused")
    func otherKind() throws {
        try withChangedFile(of: SampleFunctional.invariant(space)) { _, _ in
        } _: { url in
            #expect(
                throws: FunctionalError.kind(file: url.relativePath, expected: "equivariant", found: "invariant")
            ) { try EquivariantFunctional(contentsOf: url) }
        }
    }

    @Test("a file without a kind is refused")
    func noKind() throws {
        try withChangedFile(of: SampleFunctional.invariant(space)) {
            $1["functional"] = nil
        } _: { url in
            #expect(throws: FunctionalError.kind(file: url.relativePath, expected: "invariant", found: nil)) {
                try InvariantFunctional(contentsOf: url)
            }
        }
    }

    @Test("a malformed configuration is refused", arguments: [nil, "{}", "not JSON"])
    func malformedConfiguration(text: String?) throws {
        try withChangedFile(of: SampleFunctional.invariant(space)) {
            $1["configuration"] = text
        } _: { url in
            #expect(throws: FunctionalError.configuration(file: url.relativePath, invalid: nil)) {
                try InvariantFunctional(contentsOf: url)
            }
        }
    }

    /// Stores a functional, replaces a setting, and hands over the file.
    private func withSetting(
        _ path: String, _ value: Any, in model: some Functional, _ body: (URL) throws -> Void
    ) throws {
        try withChangedFile(
            of: model,
            { _, metadata in
                let text = try replacing(path, by: value, in: Data(#require(metadata["configuration"]).utf8))
                metadata["configuration"] = String(decoding: text, as: UTF8.self)
            }, body)
    }

    private static let notSizes: [Int] = [0, -1, 1 << 17, 1 << 40, Int.max]

    @Test("a setting that no functional can have is refused by name")
    func invalidSettings() throws {
        for (path, values) in [
            ("trunk.depth", [-1, 1000, Int.max]), ("trunk.channels", Self.notSizes),
            ("trunk.matrixChannels", Self.notSizes),
            ("trunk.matrixType", ["float64"]), ("trunk.block.dropout", [-0.1, 1]),
            ("trunk.bottleneck.rank", Self.notSizes), ("trunk.bottleneck.views", [-1]),
            ("trunk.fourier.frequencies", Self.notSizes), ("trunk.positional.bands", [-1, 1 << 17, Int.max]),
            ("headWidths", [[0], [5, Int.max], [Int](repeating: 1, count: 1000)]), ("headDropout", [1, -1]),
            ("outputs", Self.notSizes),
        ] as [(String, [Any])] {
            for value in values {
                try withSetting(path, value, in: SampleFunctional.invariant(space)) { url in
                    let setting = path.split(separator: ".").last.map(String.init) ?? ""
                    #expect(
                        throws: FunctionalError.configuration(file: url.relativePath, invalid: InvalidSetting(setting)),
                        "\(path) = \(value)"
                    ) { try InvariantFunctional(contentsOf: url) }
                }
            }
        }
    }

    @Test("sizes that the file does not hold take no memory")
    func sizesWithoutElements() throws {
        try withSetting("trunk.channels", 10_000, in: SampleFunctional.equivariant(space)) { url in
            let (found, counts) = OperationCounts.counting {
                #expect(throws: FunctionalError.self) { try EquivariantFunctional(contentsOf: url) }
            }
            let error = try #require(found)
            #expect(error.description.contains("found F32"))
            #expect(counts.allocatedBytes < 20_000_000)
        }
    }

    @Test("a missing tensor is refused by name")
    func missingTensor() throws {
        try withChangedFile(of: SampleFunctional.invariant(space)) { tensors, _ in
            tensors["head.0.bias"] = nil
        } _: { url in
            let error = try #require(
                #expect(throws: FunctionalError.self) { try InvariantFunctional(contentsOf: url) })
            #expect(error.description.contains("'head.0.bias': expected"))
            #expect(error.description.hasSuffix("found nothing"))
        }
    }

    @Test("a tensor of another shape or type is refused", arguments: [[1], [5, 1]])
    func otherShape(shape: [Int]) throws {
        try withChangedFile(of: SampleFunctional.invariant(space)) { tensors, _ in
            tensors["head.0.bias"] = .zeros(shape)
        } _: { url in
            let error = try #require(
                #expect(throws: FunctionalError.self) { try InvariantFunctional(contentsOf: url) })
            #expect(error.description.hasSuffix("found F32 \(shape)"))
        }
        try withChangedFile(of: SampleFunctional.invariant(space)) { tensors, _ in
            tensors["head.0.bias"] = .zeros([5], dtype: .float64)
        } _: { url in
            let error = try #require(
                #expect(throws: FunctionalError.self) { try InvariantFunctional(contentsOf: url) })
            #expect(error.description.hasSuffix("found F64 [5]"))
        }
    }

    @Test("values that are not finite are refused", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) throws {
        try withChangedFile(of: SampleFunctional.invariant(space)) { tensors, _ in
            tensors["trunk.fourier.projection"] = Tensor([value, 0, 1], shape: [1, 3])
        } _: { url in
            #expect(
                throws: FunctionalError.notFinite(file: url.relativePath, name: "trunk.fourier.projection")
            ) { try InvariantFunctional(contentsOf: url) }
        }
    }
}
