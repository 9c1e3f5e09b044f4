import ArgumentParser
import Foundation
import Graphs
import Synchronization
import WeightSpaces

struct Certify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove in float64 that a network's permutation groups leave its outputs alone.",
        discussion: """
            The network is evaluated on random inputs before and after a random permutation of each group. Permutations \
            that belong to no group are tried as well: they must change the outputs.
            """)

    @OptionGroup var network: SpecifiedNetwork

    @Option(help: "What random numbers begin with.")
    var seed: UInt64 = 0

    func run() throws {
        let (network, symmetries) = try network.open()
        let bar = Mutex<ProgressBar?>(nil)
        let certificate = try Certificate(of: network, symmetries, seed: seed) { done, all in
            bar.withLock { bar in
                if bar == nil { bar = ProgressBar("certify", total: all, unit: "evaluations") }
                bar?.update(done)
            }
        }
        let groups = symmetries.space.groups
        let width = groups.map(\.name.count).max() ?? 0
        for (group, finding) in zip(groups, certificate.groups) {
            let name = group.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let verdict = finding.error <= Certificate.tolerance ? "" : "  NOT A SYMMETRY"
            print("\(name)  \(group.size) neurons  error \(finding.error.scientific)\(verdict)")
        }
        for control in certificate.controls {
            print("control: \(control.subject): the outputs change by \(control.error.scientific)")
        }
        for (operation, reason) in symmetries.unknownOperators.sorted(by: { $0.key < $1.key }) {
            print("no rule for \(operation): \(reason)")
        }
        guard certificate.holds else { throw NotCertified(certificate, groups) }
        let worst = certificate.groups.map(\.error).max() ?? 0
        print("certified: \(groups.count) groups, largest error \(worst.scientific)")
    }
}

/// Why a network's groups are not certified.
struct NotCertified: Error, CustomStringConvertible {
    let description: String

    init(_ certificate: Certificate, _ groups: [PermutationGroup]) {
        let failed = certificate.failures.map { "'\(groups[$0].name)'" }
        description =
            failed.isEmpty
            ? "not certified: permutations outside of the groups do not change the outputs"
            : """
            not certified: \(failed.joined(separator: ", ")) change the outputs. If the groups come from the file, \
            this is a defect of nfn, which we would like to hear of
            """
    }
}

extension Double {
    /// The number with two digits and an exponent.
    var scientific: String { String(format: "%.1e", self) }
}
