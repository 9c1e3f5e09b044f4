import Torch

/// Averages of a picture, interpolated, over the cells into which regions are cut.
///
/// - Input: `x` `[batch, channels, height, width]`, the corners `(x₁, y₁, x₂, y₂)` of regions `[regions, 4]`, and which
///   sample each is of, `[regions]`.
/// - Output: `[regions, channels, cells down, cells across]`.
/// - Source: He et al., arXiv:1703.06870, section 3.
struct RoiAlign: Operator {
    static let names = ["RoiAlign"]

    /// How many cells a region has, down and across.
    let cells: [Int]
    /// How many points of a cell are averaged along each axis; 0 for as many as elements lie in it.
    let points: Int
    /// The extent of the picture in units of the corners' own.
    let scale: Double
    /// Whether elements have their middles at halves, and regions may be smaller than one of them.
    let isHalfPixel: Bool

    /// The most points along an axis of a region.
    private static let mostPoints = 1 << 14

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...3)
        guard try node.text("mode", default: "avg") == "avg" else { throw node.refused("mode", expected: "avg") }
        cells = [try node.integer("output_height", default: 1), try node.integer("output_width", default: 1)]
        guard cells.allSatisfy((1...Self.mostPoints).contains) else {
            throw node.refused("output_height", expected: "a size from 1 to \(Self.mostPoints), like 'output_width'")
        }
        points = try node.integer("sampling_ratio", default: 0)
        guard (0...Self.mostPoints).contains(points) else {
            throw node.refused("sampling_ratio", expected: "an integer from 0 to \(Self.mostPoints)")
        }
        scale = try node.number("spatial_scale", default: 1)
        let coordinates = try node.text(
            "coordinate_transformation_mode", default: node.version < 16 ? "output_half_pixel" : "half_pixel")
        guard ["half_pixel", "output_half_pixel"].contains(coordinates) else {
            throw node.refused("coordinate_transformation_mode", expected: "half_pixel or output_half_pixel")
        }
        isHalfPixel = coordinates == "half_pixel"
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, regions) = (try inputs.required(0), try inputs.required(1))
        guard x.rank == 4, regions.rank == 2, regions.size(1) == 4, x.size(2) > 0, x.size(3) > 0 else {
            throw OperandError(expected: "pictures, and regions of four corners", found: "\(x), \(regions)")
        }
        try checkedShape([regions.size(0), x.size(1)] + cells)
        let samples = try inputs.required(2).indices(into: x.size(0))
        guard samples.shape == [regions.size(0)] else {
            throw OperandError(expected: "a sample for each of \(regions.size(0)) regions", found: "\(samples)")
        }
        let corners: [Double] = regions.to(.float64).elements()
        let averages = try samples.elements(as: Int64.self).enumerated().map { region, sample in
            let picture = try aten("select.int", x, 0, Int(sample))
            let edges = Array(corners[4 * region..<4 * region + 4])
            let rows = try averaging(of: x.size(2), from: edges[1], to: edges[3], cells: cells[0])
            let columns = try averaging(of: x.size(3), from: edges[0], to: edges[2], cells: cells[1])
            let across = try aten("matmul", picture, aten("t", columns.to(x.dtype)))
            return try aten("matmul", rows.to(x.dtype), across)
        }
        if averages.isEmpty { return [try aten("zeros", [0, x.size(1)] + cells, x.dtype)] }
        return [try aten("stack", averages)]
    }

    /// The weights `[cells, size]` with which elements of an axis enter into each cell between two corners.
    private func averaging(of size: Int, from start: Double, to end: Double, cells: Int) throws -> Tensor {
        let offset = isHalfPixel ? 0.5 : 0
        let begin = start * scale - offset
        let extent = isHalfPixel ? end * scale - offset - begin : max(end * scale - begin, 1)
        let natural = max(0, (extent / Double(cells)).rounded(.up))
        guard begin.isFinite, natural <= Double(Self.mostPoints / cells) else {
            throw OperandError(expected: "a region of at most \(Self.mostPoints) elements", found: "\(start)…\(end)")
        }
        let count = points > 0 ? points : Int(natural)
        try checkedShape([cells, count, size])
        var weights = [Double](repeating: 0, count: cells * size)
        for cell in 0..<cells {
            for point in 0..<count {
                let place = begin + extent / Double(cells) * (Double(cell) + (Double(point) + 0.5) / Double(count))
                guard place >= -1, place <= Double(size) else { continue }
                let inside = min(max(place, 0), Double(size - 1))
                let (low, rest) = (Int(inside), inside - inside.rounded(.down))
                weights[cell * size + low] += (1 - rest) / Double(count)
                if rest > 0 { weights[cell * size + low + 1] += rest / Double(count) }
            }
        }
        return Tensor(weights, shape: [cells, size])
    }
}

extension RoiAlign {
    /// Channels and regions pass through; places, samples and corners are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, regions, samples) = (try inputs.required(0), try inputs.required(1), try inputs.required(2))
        guard x.rank == 4, regions.rank == 2, samples.rank == 1 else {
            throw OperandError(expected: "pictures and regions", found: "\(x.shape), \(regions.shape)")
        }
        labelling.fix([x.axes[0], x.axes[2], x.axes[3], regions.axes[1]])
        labelling.note(samples.origin, selectsFrom: x.shape[0])
        try labelling.unify(regions.axes[0], samples.axes[0])
        return [Value([regions.axes[0], x.axes[1]] + cells.map(Label.fixed))]
    }
}
