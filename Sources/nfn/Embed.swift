import ArgumentParser
import Experiments
import Foundation
import Graphs
import NeuralFunctionals
import Torch
import WeightSpaces

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a vector for each network that does not depend on the order of its neurons.",
        discussion: """
            Without a run the vector holds random features: networks of one architecture can be compared by the \
            distance of theirs. With a run it is what the trained functional says.
            """)

    @Argument(help: "ONNX, safetensors, PyTorch or NumPy files, or Hugging Face folders.")
    var files: [String]

    @Option(name: .customLong("run"), help: ArgumentHelp("The folder of a run that classifies.", valueName: "folder"))
    var runFolder: String?

    @Option(
        help: ArgumentHelp(
            "A specification of the networks' weight space, as `nfn inspect --spec` writes it.", valueName: "file"))
    var spec: String?

    @OptionGroup(title: "What the files do not say") var stated: StatedOptions

    func run() throws {
        let trained = try runFolder.map {
            try InvariantFunctional(contentsOf: RunFolder(contentsOf: URL(filePath: $0)).model)
        }
        var embedding: (space: WeightSpace, map: NetworkEmbedding)?
        for file in files {
            let url = URL(filePath: file)
            let vector: Tensor
            if let trained {
                let network = try Network.checkpoint(at: url).parameters(of: trained.space)
                let batch = network.mapValues { $0.to(.float32).expandingAxis(0) }
                vector = try withoutGradients { trained(try Feature(networks: batch, of: trained.space)) }
            } else {
                let (checkpoint, space) = try Specification.space(of: url, stating: stated.facts, spec)
                do {
                    if embedding?.space != space { embedding = (space, try NetworkEmbedding(space)) }
                    guard let map = embedding?.map else { continue }
                    vector = try map(checkpoint)
                } catch let reason as WeightSpaceError { throw NotEmbedded(file: file, reason: reason) }
            }
            let numbers = vector.reshaped([-1]).elements(as: Float.self)
            print("\(file)\t" + numbers.map { String(format: "%.6g", Double($0)) }.joined(separator: "\t"))
        }
    }
}

/// A network whose weights give no vector.
struct NotEmbedded: Error, CustomStringConvertible {
    let file: String
    let reason: WeightSpaceError

    var description: String { "\(file): \(reason)" }
}
