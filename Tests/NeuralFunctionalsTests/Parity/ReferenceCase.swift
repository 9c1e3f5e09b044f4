import Foundation
import Testing
import Torch
import WeightSpaces

/// What the reference implementation computed with one layer: a file written by `Scripts/parity.py`.
struct ReferenceCase: Sendable {
    /// The reference's layers that ours are compared with.
    ///
    /// Its `SimpleLayerNorm` has no counterpart: it divides by the unbiased deviation plus ε, and runs over each fixed
    /// neuron alone; `ChannelNorm` is the usual layer norm, over all channels of a block.
    enum Kind: String, CaseIterable, Decodable, CustomTestStringConvertible {
        case hnpLinear = "HNPLinear"
        case npLinear = "NPLinear"
        case npLinearEmbedded = "NPLinearEmbedded"
        case pointwise = "Pointwise"
        case hnpPool = "HNPPool"
        case npPool = "NPPool"
        case gaussianFourier = "GaussianFourier"
        case ioSinusoidal = "IOSinusoidal"

        /// The symmetries under which ours computes the same; a pointwise map is the same under both.
        var symmetries: [NeuronSymmetry] {
            switch self {
            case .hnpLinear, .hnpPool: [.hiddenNeurons]
            case .npLinear, .npLinearEmbedded, .npPool, .ioSinusoidal: [.allNeurons]
            case .pointwise, .gaussianFourier: [.hiddenNeurons, .allNeurons]
            }
        }

        var testDescription: String { rawValue }
    }

    /// The file's description of itself.
    private struct Description: Decodable {
        let kind: Kind
        let widths: [Int]
        let kernels: [[Int]]
        let inputChannels: Int
        let outputChannels: Int
        let frequencies: Int?
        let bands: Int?
        let maximumFrequency: Double?
    }

    let name: String
    let chain: ReferenceChain
    let tensors: [String: Tensor]
    private let description: Description

    var kind: Kind { description.kind }
    var inputChannels: Int { description.inputChannels }
    var outputChannels: Int { description.outputChannels }
    var frequencies: Int? { description.frequencies }
    var bands: Int? { description.bands }
    var maximumFrequency: Double? { description.maximumFrequency }

    init(_ url: URL) throws {
        let file = try SafetensorsFile(url)
        let text = try #require(file.metadata["case"], "\(url.lastPathComponent) does not say what it is")
        description = try JSONDecoder().decode(Description.self, from: Data(text.utf8))
        name = url.deletingPathExtension().lastPathComponent
        chain = ReferenceChain(widths: description.widths, kernels: description.kernels)
        var tensors: [String: Tensor] = [:]
        for entry in file.entries { tensors[entry.name] = try file.tensor(entry) }
        self.tensors = tensors
    }

    /// The tensors whose names begin with `prefix`, under the rest of the name.
    func tensors(_ prefix: String) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for (name, tensor) in tensors where name.hasPrefix(prefix) {
            result[String(name.dropFirst(prefix.count))] = tensor
        }
        return result
    }

    /// The committed cases, and those in the folder that the environment variable `NFN_PARITY` names.
    static func all() throws -> [ReferenceCase] {
        let resources = try #require(Bundle.module.resourceURL)
        let folders =
            [resources.appending(path: "Fixtures/parity")]
            + (ProcessInfo.processInfo.environment["NFN_PARITY"].map { [URL(filePath: $0)] } ?? [])
        return try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "safetensors" }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
                .map(ReferenceCase.init)
        }
    }
}
