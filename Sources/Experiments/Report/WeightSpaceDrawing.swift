internal import Foundation
internal import WeightSpaces

/// A weight space as a staircase of blocks, as SVG.
///
/// A weight's first axis runs down, its second across; other axes are named only. A coloured bar stands at every
/// permuted axis, and a ribbon leads from the rows of one weight to the columns of the next where one group permutes
/// both. Sides grow with the square root of the number of neurons.
struct WeightSpaceDrawing {
    let space: WeightSpace

    /// A weight with the biases that its rows share.
    struct Layer: Equatable {
        var weight: Block?
        var biases: [Block]

        var rows: Axis? { weight?.axes.first ?? biases.first?.axes.first }
        var columns: Axis? { weight?.axes.dropFirst().first }
    }

    /// Blocks in stored order; a block with one axis joins the layer before it where the axis is the same.
    var layers: [Layer] {
        space.blocks.reduce(into: []) { layers, block in
            if block.axes.count > 1 {
                layers.append(Layer(weight: block, biases: []))
            } else if let last = layers.indices.last, layers[last].rows == block.axes.first {
                layers[last].biases.append(block)
            } else {
                layers.append(Layer(weight: nil, biases: [block]))
            }
        }
    }

    private static let gap = 34.0
    private static let barWidth = 6.0
    private static let biasPitch = 14.0

    private struct Placed {
        var layer: Layer
        var x = 0.0
        var y = 0.0
        var width = 0.0
        var height = 0.0
        /// The left edge of the bar at the rows.
        var barX: Double { x + width + 6 + biasPitch * Double(layer.biases.count) }
        var right: Double { barX + barWidth }
        var columnBarY: Double { y - 6 - barWidth }

        /// The group that permutes the rows here and the columns of the next layer.
        func sharedGroup(with next: Placed) -> Int? {
            layer.rows?.group.flatMap { $0 == next.layer.columns?.group ? $0 : nil }
        }
    }

    var svg: Markup {
        let placed = place()
        let texts = placed.flatMap(names)
        let margin = 6.6 * Double(placed.first.map { names(of: $0).map(\.count).max() ?? 0 } ?? 0) + 24
        let width = (placed.map(\.right).max() ?? 0) + margin + 130
        let height = (placed.map { $0.y + $0.height }.max() ?? 0) + 24
        var ribbons: [Markup] = []
        var blocks: [Markup] = []
        var threads: [Markup] = []
        for (index, part) in placed.enumerated() {
            let next = placed.dropFirst(index + 1).first
            let group = next.flatMap { part.sharedGroup(with: $0) }
            if let next, let group {
                ribbons.append(ribbon(from: part, to: next, group: group))
                threads += thread(from: part, to: next, group: group)
            }
            let isLedTo = index > 0 && placed[index - 1].sharedGroup(with: part) != nil
            blocks += drawing(of: part, namesRows: group == nil, namesColumns: !isLedTo)
        }
        return .tag(
            "svg",
            [
                "viewBox": "\(SVG.number(-margin)) -34 \(SVG.number(width)) \(SVG.number(height + 34))",
                "style": "max-width:\(SVG.number(width * 1.5))px",
                "role": "img", "class": "space", "aria-label": texts.joined(separator: ", "),
            ], ribbons + blocks + threads)
    }

    private func place() -> [Placed] {
        var (x, y) = (0.0, 0.0)
        return layers.map { layer in
            var part = Placed(layer: layer)
            (part.x, part.y) = (x, y)
            part.width = layer.columns.map(length) ?? 0
            part.height = layer.rows.map(length) ?? 12
            (x, y) = (part.right + Self.gap, part.y + part.height + Self.gap)
            return part
        }
    }

    private func size(_ axis: Axis) -> Int {
        switch axis {
        case .permuted(let group): space.groups[group].size
        case .fixed(let size): size
        }
    }

    private func length(_ axis: Axis) -> Double {
        min(max(18 * Double(size(axis)).squareRoot(), 16), 180)
    }

    private func names(of part: Placed) -> [String] {
        ([part.layer.weight].compactMap(\.self) + part.layer.biases).flatMap { block in
            [block.parameter, space.axisSizes(of: block).map(String.init).joined(separator: " × ")]
        }
    }

    private func label(_ axis: Axis) -> String {
        guard let group = axis.group else { return "\(size(axis)) fixed" }
        return "group \(space.groups[group].name), \(size(axis)) neurons"
    }

    private static func color(_ axis: Axis) -> String {
        axis.group.map { "group\($0 % ReportStyle.groupColors.count)" } ?? "fixed"
    }

    private func drawing(of part: Placed, namesRows: Bool, namesColumns: Bool) -> [Markup] {
        var children: [Markup] = []
        if let columns = part.layer.columns, let rows = part.layer.rows {
            let corner = (part.x, part.y)
            children.append(.rectangle(at: corner, width: part.width, height: part.height, class: "block"))
            children.append(cells(of: part, rows: size(rows), columns: size(columns)))
            children.append(
                .rectangle(
                    at: (part.x, part.columnBarY), width: part.width, height: Self.barWidth,
                    class: Self.color(columns)))
            if namesColumns {
                let at = (part.x, part.columnBarY - 8)
                children.append(.label(label(columns), at: at, anchor: "start", class: "label \(Self.color(columns))"))
            }
        }
        for index in part.layer.biases.indices {
            let at = (part.x + part.width + 6 + Self.biasPitch * Double(index), part.y)
            children.append(.rectangle(at: at, width: 8, height: part.height, class: "block"))
        }
        if let rows = part.layer.rows {
            let bar = (part.barX, part.y)
            children.append(
                .rectangle(at: bar, width: Self.barWidth, height: part.height, class: Self.color(rows)))
            if namesRows {
                let at = (part.right + 8, part.y + part.height / 2 + 4)
                children.append(.label(label(rows), at: at, anchor: "start", class: "label \(Self.color(rows))"))
            }
        }
        let names = names(of: part)
        for (line, name) in names.enumerated() {
            let y = part.y + part.height / 2 + 15 * (Double(line) - Double(names.count) / 2) + 11
            children.append(
                .label(name, at: (part.x - 12, y), anchor: "end", class: line % 2 == 0 ? "name" : "name shape"))
        }
        return children
    }

    /// A line between any two neurons where they are not too many to see.
    private func cells(of part: Placed, rows: Int, columns: Int) -> Markup {
        var path = ""
        for row in 1..<max(rows, 1) where rows <= 48 {
            let y = part.y + part.height * Double(row) / Double(rows)
            path += "M\(SVG.number(part.x)) \(SVG.number(y))h\(SVG.number(part.width))"
        }
        for column in 1..<max(columns, 1) where columns <= 48 {
            let x = part.x + part.width * Double(column) / Double(columns)
            path += "M\(SVG.number(x)) \(SVG.number(part.y))v\(SVG.number(part.height))"
        }
        return .path(path, class: "cells")
    }

    /// From the rows of one layer to the columns of the next.
    private func ribbon(from part: Placed, to next: Placed, group: Int) -> Markup {
        let (outer, end) = (next.x + next.width, next.columnBarY)
        return .path(
            "M\(SVG.number(part.right)) \(SVG.number(part.y))"
                + arc(from: (part.right, part.y), to: (outer, end), clockwise: true) + "H\(SVG.number(next.x))"
                + arc(from: (next.x, end), to: (part.right, part.y + part.height), clockwise: false) + "Z",
            class: "ribbon \(Self.color(.permuted(group)))")
    }

    /// One neuron's row and column, drawn in full, and the group's name.
    private func thread(from part: Placed, to next: Placed, group: Int) -> [Markup] {
        let count = Double(space.groups[group].size)
        let place = ((count * 0.4).rounded(.down) + 0.5) / count
        let (x, y) = (next.x + (1 - place) * next.width, part.y + place * part.height)
        let color = Self.color(.permuted(group))
        let path =
            "M\(SVG.number(part.x)) \(SVG.number(y))H\(SVG.number(part.right))"
            + arc(from: (part.right, y), to: (x, next.columnBarY), clockwise: true)
            + "V\(SVG.number(next.y + next.height))"
        let name = (part.right + 8, part.y - 8)
        return [
            .path(path, class: "thread \(color)"),
            .label(label(.permuted(group)), at: name, anchor: "start", class: "label \(color)"),
        ]
    }

    private func arc(from start: Markup.Point, to end: Markup.Point, clockwise: Bool) -> String {
        let radii = "\(SVG.number(abs(end.x - start.x))) \(SVG.number(abs(end.y - start.y)))"
        return "A\(radii) 0 0 \(clockwise ? 1 : 0) \(SVG.number(end.x)) \(SVG.number(end.y))"
    }
}
