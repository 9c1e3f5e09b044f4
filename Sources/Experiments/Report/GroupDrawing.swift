internal import Foundation
public import WeightSpaces

/// A weight space as a map of lines: a row for each block, and a line for each permutation group, from the first block
/// that it permutes to the last.
///
/// A disc on a line stands for the block's first axis, where neurons are mostly written, a ring for any other axis.
/// Lines that end make room for others, so that a deep network stays narrow.
public struct GroupDrawing {
    private let space: WeightSpace

    /// A drawing of a weight space.
    public init(_ space: WeightSpace) { self.space = space }

    private static let (pitch, lane) = (22.0, 18.0)

    /// The group of every line, the rows over which it runs, and the lane that it runs in.
    struct Line: Equatable {
        var group: Int
        var rows: ClosedRange<Int>
        var lane: Int
    }

    var lines: [Line] {
        var rows: [Int: ClosedRange<Int>] = [:]
        for (row, block) in space.blocks.enumerated() {
            for group in block.groups { rows[group] = min(rows[group]?.lowerBound ?? row, row)...row }
        }
        var ends: [Int] = []
        return rows.sorted { ($0.value.lowerBound, $0.key) < ($1.value.lowerBound, $1.key) }.map { group, rows in
            let lane = ends.firstIndex { $0 < rows.lowerBound } ?? ends.count
            if lane == ends.count { ends.append(0) }
            ends[lane] = rows.upperBound
            return Line(group: group, rows: rows, lane: lane)
        }
    }

    /// The drawing as an SVG document.
    public var svg: String {
        let lines = lines
        let lanes = Dictionary(lines.map { ($0.group, $0.lane) }) { first, _ in first }
        let left = 7.2 * Double(space.blocks.map { name($0).count }.max() ?? 0) + 24
        let right = left + Self.lane * Double((lines.map(\.lane).max() ?? 0) + 1) + 12
        let labels = lines.map { "\(space.groups[$0.group].name), \(space.groups[$0.group].size)" }
        let width = right + 7.2 * Double(labels.map(\.count).max() ?? 0) + 24
        let height = Self.pitch * Double(space.blocks.count) + 24
        func x(_ lane: Int) -> Double { left + Self.lane * (Double(lane) + 0.5) }
        func y(_ row: Int) -> Double { 12 + Self.pitch * (Double(row) + 0.5) }

        var children: [Markup] = [.tag("style", [.text(Self.style)])]
        for line in lines {
            let kind = "line \(Self.color(line.group))"
            let (top, bottom) = (y(line.rows.lowerBound), y(line.rows.upperBound))
            children.append(.line((x(line.lane), top), (x(line.lane), bottom), class: kind))
        }
        for (row, block) in space.blocks.enumerated() {
            children.append(.label(name(block), at: (left - 12, y(row) + 4), anchor: "end", class: "name"))
            for (axis, label) in block.axes.enumerated() {
                guard let group = label.group, let lane = lanes[group] else { continue }
                let kind = "\(axis == 0 ? "disc" : "ring") \(Self.color(group))"
                children.append(.dot(at: (x(lane), y(row)), class: kind))
            }
        }
        var labelled: Set<Int> = []
        for (line, label) in zip(lines, labels) {
            var row = line.rows.lowerBound
            while !labelled.insert(row).inserted { row += 1 }
            let kind = "label \(Self.color(line.group))"
            children.append(.label(label, at: (right, y(row) + 4), anchor: "start", class: kind))
        }
        let document = Markup.tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": "0 0 \(SVG.number(width)) \(SVG.number(height))", "width": SVG.number(width),
                "height": SVG.number(height), "role": "img", "aria-label": "Permutation groups over a network",
            ], children)
        return document.rendered
    }

    private func name(_ block: Block) -> String {
        "\(block.name)  \(space.axisSizes(of: block).map(String.init).joined(separator: "×"))"
    }

    private static func color(_ group: Int) -> String { "group\(group % ReportStyle.groupColors.count)" }

    private static let style =
        """
        svg { background: #fcfbf8; font: 12px ui-monospace, Menlo, Consolas, monospace; }
        .name { fill: #1c1c1e; }
        .line { stroke: currentColor; stroke-width: 2.5; }
        .disc { fill: currentColor; }
        .ring { fill: #fcfbf8; stroke: currentColor; stroke-width: 2.5; }
        .label { fill: currentColor; }

        """
        + ReportStyle.groupColors.enumerated().map { ".group\($0) { color: \($1); }\n" }.joined()
}
