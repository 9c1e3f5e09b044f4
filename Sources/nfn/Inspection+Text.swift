import Experiments
import Foundation
import Graphs
import WeightSpaces

extension Inspection {
    /// The findings for people to read.
    var text: String {
        var lines = [summary, ""]
        if case .family(let name) = source { lines += ["computes as \(name), whose names and shapes it has", ""] }
        if !assumptions.isEmpty {
            lines.append("not in the file")
            lines += assumptions.map { "  \(remark($0.assumption, $0.groupsIfStated))" }
            lines.append("")
        }
        if !space.groups.isEmpty {
            lines.append("permutation groups")
            lines += table(
                zip(space.groups, carriers).map { group, carriers in
                    let axes = carriers.map { "\(space.blocks[$0.block].name) axis \($0.axis)" }
                    let rest = axes.count > 2 ? " and \(axes.count - 2) more" : ""
                    return [group.name, "\(group.size)", axes.prefix(2).joined(separator: ", ") + rest]
                })
            lines.append("")
        }
        if let fixed = symmetries?.fixedAxes, !fixed.isEmpty {
            lines.append("fixed")
            lines += table(
                Self.alike(fixed).map { axes in
                    let rest = axes.count > 1 ? " and \(axes.count - 1) more alike" : ""
                    return ["\(axes[0].parameter) axis \(axes[0].axis)\(rest)", "\(axes[0].range)", axes[0].reason]
                })
            lines.append("")
        }
        lines.append("parameters")
        lines += table(
            space.blocks.map { block in
                let axes = zip(block.axes, space.axisSizes(of: block)).map { axis, size in
                    axis.group.map { space.groups[$0].name } ?? "\(size)"
                }
                return [
                    block.name, checkpoint[block.parameter]?.dtype.rawValue ?? "", "\(block.viewShape)",
                    "(\(axes.joined(separator: ", ")))",
                ]
            })
        let viewed = Set(space.blocks.map(\.parameter))
        let others = checkpoint.entries.filter { !viewed.contains($0.name) }
        if !others.isEmpty {
            lines += ["", "other tensors"]
            lines += table(others.map { [$0.name, $0.dtype.rawValue, "\($0.shape)"] })
        }
        if !checkpoint.passedOver.isEmpty {
            lines += ["", "passed over"]
            lines += table(
                checkpoint.passedOver.sorted { $0.key < $1.key }.map { [$0.key.oneLine(), $0.value.oneLine()] })
        }
        for (operation, reason) in (symmetries?.unknownOperators ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines += ["", "no rule for \(operation), so what it touches is fixed: \(reason)"]
        }
        for (node, reason) in (symmetries?.refusals ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines += ["", "the rule for \(node) could not be followed, so what it touches is fixed: \(reason)"]
        }
        if let problem { lines += ["", "no permutation groups: \(problem)"] }
        return lines.joined(separator: "\n")
    }

    /// An assumption, and what stating it would change.
    private func remark(_ assumption: Assumption, _ groups: Int) -> String {
        let change = groups - space.groups.count
        return assumption.remark + (change > 0 ? ", for \(change) more \(change == 1 ? "group" : "groups")" : "")
    }

    /// Fixed axes of one length with one reason, whatever node it names, in order of appearance.
    private static func alike(_ fixed: [NetworkSymmetries.FixedAxis]) -> [[NetworkSymmetries.FixedAxis]] {
        func kind(_ axis: NetworkSymmetries.FixedAxis) -> String {
            "\(axis.range.count) \(axis.reason.prefix { $0 != "'" })"
        }
        let all = Dictionary(grouping: fixed, by: kind)
        var seen = Set<String>()
        return fixed.map(kind).filter { seen.insert($0).inserted }.compactMap { all[$0] }
    }

    private var summary: String {
        let name = checkpoint.url.lastPathComponent
        if space.blocks.isEmpty { return "\(name): the network holds no weights" }
        let weights = "\(name): \(Numeral.count(space.parameterCount)) weights in \(checkpoint.entries.count) tensors"
        if space.groups.isEmpty { return weights }
        let share = String(format: "%.1f", 100 * space.permutedShare)
        let order = String(format: "%.0f", space.logarithmicOrder)
        let groups = "\(space.groups.count) permutation \(space.groups.count == 1 ? "group" : "groups")"
        return "\(weights)\n\(groups), 10^\(order) permutations in all; "
            + "\(share) % of the weights lie along a permuted axis"
    }

    /// Rows with their columns aligned.
    private func table(_ rows: [[String]]) -> [String] {
        let widths = rows.reduce(into: [Int]()) { widths, row in
            for (column, text) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], text.count)
            }
        }
        return rows.map { row in
            let cells = zip(row, widths).map { $0.padding(toLength: max($1, 1), withPad: " ", startingAt: 0) }
            return "  " + cells.dropLast().joined(separator: "  ") + "  " + (row.last ?? "")
        }
    }
}
