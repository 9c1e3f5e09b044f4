public import ArgumentParser
import Foundation
public import Graphs

/// What people say about a network whose file does not say how it computes.
struct StatedOptions: ParsableArguments {
    @Flag(help: "State that the layers of a file of weights run one after the other, with nothing beside them.")
    var chain = false

    @Option(help: "State in which order a file of weights has what its first dense layer reads.")
    var flatten: StatedFacts.FlattenOrder?

    @Flag(help: "State that normalizations in a file of weights are over whole layers, not over groups of neurons.")
    var layerNorm = false

    /// What is stated.
    var facts: StatedFacts {
        var facts = StatedFacts()
        (facts.isChain, facts.flatten, facts.normalizesLayers) = (chain, flatten, layerNorm)
        return facts
    }
}

extension StatedFacts.FlattenOrder: ExpressibleByArgument {}

extension Assumption {
    /// The option that states what is true.
    var option: String {
        switch subject {
        case .chain: "--chain"
        case .flatten: "--flatten \(StatedFacts.FlattenOrder.allCases.map(\.rawValue).joined(separator: "|"))"
        case .normalization: "--layer-norm"
        }
    }

    /// The layers, a few by name.
    var place: String {
        layers.count > 4
            ? layers.prefix(3).joined(separator: ", ") + ", … \(layers[layers.count - 1])"
            : layers.joined(separator: ", ")
    }

    /// A sentence about the assumption and how to be rid of it.
    var remark: String {
        isOpen
            ? "left open: \(statement) (\(place)); state it with \(option)"
            : "assumed: \(statement) (\(place)); state it with \(option)"
    }
}

extension Network {
    /// Says on standard error what is assumed of the network.
    func warnOfAssumptions() {
        for assumption in assumptions {
            let line = "nfn: \(checkpoint.url.relativePath): \(assumption.remark)\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
    }
}
