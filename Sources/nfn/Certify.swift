import ArgumentParser
import Foundation
import Graphs
import Synchronization
import WeightSpaces

struct Certify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove in float64 that a network's permutation groups leave its outputs alone.")

    @Argument(help: "An ONNX file.")
    var file: String

    @Option(help: "What random numbers begin with.")
    var seed: UInt64 = 0

    func run() throws {
        let network = try Network(URL(filePath: file))
        let symmetries = try network.symmetries()
        let done = Atomic(0)
        let bar = ProgressBar("certify", total: symmetries.space.groups.count + 3, unit: "evaluations")
        let certificate = try Certificate(of: network, symmetries, seed: seed) { _ in
            bar.update(done.wrappingAdd(1, ordering: .relaxed).newValue)
        }
        for (group, finding) in zip(symmetries.space.groups, certificate.groups) {
            print("\(group.name)  \(group.size)  \(finding.error)")
        }
        for control in certificate.controls { print("control: \(control.subject)  \(control.error)") }
        for (name, reason) in symmetries.unknownOperators { print("unknown: \(name): \(reason)") }
        print(certificate.holds ? "certified" : "NOT CERTIFIED")
    }
}
