import ArgumentParser
import Foundation
import Graphs
import Synchronization
import Torch
import WeightSpaces

struct Certify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove in float64 that a network's permutation groups leave its outputs alone.",
        discussion: """
            The network is evaluated on random inputs before and after a random permutation of each group. Permutations \
            that belong to no group are tried as well: they must change the outputs.

            Where the file holds weights alone, how the network computes is assumed unless it is stated: the groups then \
            hold if the assumptions are true, and are certified for what was given only. A specification of such a file \
            is taken as stated.
            """)

    @OptionGroup var network: SpecifiedNetwork

    @Option(help: "What random numbers begin with.")
    var seed: UInt64 = 0

    func run() throws {
        guard let (network, symmetries) = try opened() else { return }
        let bar = Mutex<ProgressBar?>(nil)
        let certificate = try Certificate(of: network, symmetries, seed: seed) { evaluation, count in
            let seconds = evaluation / .seconds(1) * Double(count) / Double(Runtime.threadCount)
            if seconds > 5 {
                let notice = "certify: \(count) evaluations of \(evaluation.inSeconds) each, about \(Int(seconds)) s\n"
                FileHandle.standardError.write(Data(notice.utf8))
            }
        } progress: { done, all in
            bar.withLock { bar in
                if bar == nil { bar = ProgressBar("certify", total: all, unit: "evaluations") }
                bar?.update(done)
            }
        }
        let groups = symmetries.space.groups
        let width = groups.map(\.name.count).max() ?? 0
        let idle = Set(certificate.idleGroups)
        for (number, (group, finding)) in zip(groups, certificate.groups).enumerated() {
            let name = group.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let remark = idle.contains(number) ? "  no output depends on its weights for these inputs" : ""
            let verdict = finding.error <= Certificate.tolerance ? remark : "  NOT A SYMMETRY"
            print("\(name)  \(group.size) neurons  error \(finding.error.scientific)\(verdict)")
        }
        for control in certificate.controls {
            print("control: \(control.subject): the outputs change by \(control.error.scientific)")
        }
        for (operation, reason) in symmetries.unknownOperators.sorted(by: { $0.key < $1.key }) {
            print("no rule for \(operation): \(reason)")
        }
        for (node, reason) in symmetries.refusals.sorted(by: { $0.key < $1.key }) {
            print("the rule for \(node) could not be followed: \(reason)")
        }
        for (input, shape) in certificate.inputShapes.sorted(by: { $0.key < $1.key })
        where shape != network.inputShapes[input] {
            print("evaluated with '\(input)' cut to \(shape), where the groups are the same")
        }
        if groups.isEmpty {
            for assumption in network.assumptions { print(assumption.remark) }
            return print("nothing to certify: no permutation of neurons was found")
        }
        guard certificate.holds else { throw NotCertified(certificate, groups) }
        let worst = certificate.groups.map(\.error).max() ?? 0
        let finding = "\(groups.count) \(groups.count == 1 ? "group" : "groups"), largest error \(worst.scientific)"
        for assumption in network.assumptions where assumption.isOpen { print(assumption.remark) }
        if case .family(let name) = network.source {
            print("computes as \(name), whose names and shapes the file has")
        }
        let supposed = network.assumptions.filter { !$0.isOpen }
        if supposed.isEmpty {
            print("certified: \(finding)")
        } else {
            let conditions = supposed.map { "\($0.statement) (\($0.place); state it with \($0.option))" }
            print("holds if \(conditions.joined(separator: ", and if ")): \(finding)")
        }
    }

    /// The network and the groups to put to the test; `nil` where a specification is all that is known.
    private func opened() throws -> (Network, NetworkSymmetries)? {
        guard let (checkpoint, space) = try network.specifiedSpace() else {
            let given = try network.network.open()
            try given.requireWeights()
            return (given, try given.symmetries())
        }
        do {
            let given = try network.network.open()
            if given.assumptions.isEmpty { return (given, try given.symmetries().replacing(space: space)) }
        } catch is FamilyError {}
        let file = checkpoint.url.relativePath
        print(
            "taken as stated, and not put to the test: \(space.groups.count) groups; \(file) does not say how the network "
                + "computes")
        return nil
    }
}

/// Why a network's groups are not certified.
struct NotCertified: Error, CustomStringConvertible {
    let description: String

    init(_ certificate: Certificate, _ groups: [PermutationGroup]) {
        let failed = certificate.failures.map { "'\(groups[$0].name)'" }
        description =
            failed.isEmpty
            ? "not certified: nothing that was done to the weights changes the outputs, so nothing is proved"
            : """
            not certified: \(failed.joined(separator: ", ")) change the outputs. If the groups come from the file, \
            this is a defect of nfn, which we would like to hear of
            """
    }
}

extension Duration {
    /// Seconds with two digits.
    fileprivate var inSeconds: String { String(format: "%.2g s", self / .seconds(1)) }
}

extension Double {
    /// The number with two digits and an exponent.
    var scientific: String { String(format: "%.1e", self) }
}
