import ArgumentParser
import Foundation
import Graphs
import WeightSpaces

/// The network that a command reads, and what its file does not say.
struct NetworkOptions: ParsableArguments {
    @Argument(help: "An ONNX, safetensors, PyTorch or NumPy file, or a Hugging Face folder.")
    var file: String

    @Option(
        name: .customLong("shape"),
        help: ArgumentHelp("The shape of an input whose extents the file leaves open.", valueName: "input=1,3,224,224"))
    var shapes: [InputShape] = []

    @OptionGroup(title: "What the file does not say") var stated: StatedOptions

    /// Where the network is.
    var url: URL { URL(filePath: file) }

    /// The shapes of inputs by name.
    var inputShapes: [String: [Int]] { Dictionary(shapes.map { ($0.input, $0.shape) }) { _, last in last } }

    /// The network with its graph.
    func open() throws -> Network { try Network(url, shapes: inputShapes, stating: stated.facts) }
}

/// The network that a command reads, and its weight space.
struct SpecifiedNetwork: ParsableArguments {
    @OptionGroup var network: NetworkOptions

    @Option(
        help: ArgumentHelp(
            "A file that says which axes of which parameters are permuted together, as `nfn inspect --spec` writes it.",
            valueName: "file"))
    var spec: String?

    /// The weights and their weight space, from the specification where there is one.
    ///
    /// What else is assumed is said on standard error.
    func space() throws -> (any Checkpoint, WeightSpace) {
        try Specification.space(of: network.url, shapes: network.inputShapes, stating: network.stated.facts, spec)
    }

    /// The space of the specification, if there is one.
    func specifiedSpace() throws -> (any Checkpoint, WeightSpace)? {
        guard let spec else { return nil }
        let checkpoint = try Network.checkpoint(at: network.url)
        return (checkpoint, try Specification(contentsOf: URL(filePath: spec)).space(of: checkpoint))
    }
}

extension Specification {
    /// The weights in a file and their weight space, from the specification in the file `spec` where there is one.
    ///
    /// What else is assumed is said on standard error.
    static func space(
        of url: URL, shapes: [String: [Int]] = [:], stating facts: StatedFacts, _ spec: String?
    ) throws -> (any Checkpoint, WeightSpace) {
        guard let spec else {
            let network = try Network(url, shapes: shapes, stating: facts)
            try network.requireWeights()
            network.warnOfAssumptions()
            return (network.checkpoint, try network.symmetries().space)
        }
        let checkpoint = try Network.checkpoint(at: url)
        return (checkpoint, try Specification(contentsOf: URL(filePath: spec)).space(of: checkpoint))
    }
}

/// `input=1,3,224,224`
struct InputShape: ExpressibleByArgument {
    let input: String
    let shape: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: "=")
        guard parts.count == 2 else { return nil }
        let sizes = parts[1].split(separator: ",").map { Int($0) }
        guard sizes.allSatisfy({ $0.map { $0 > 0 && $0 < 1 << 24 } ?? false }) else { return nil }
        (input, shape) = (String(parts[0]), sizes.compactMap(\.self))
    }
}
