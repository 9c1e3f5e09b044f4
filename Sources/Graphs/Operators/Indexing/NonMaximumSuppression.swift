import Torch

/// The boxes that are kept of each class, best first, when those that overlap a better one too much are dropped.
///
/// - Input: boxes `[batch, boxes, 4]`, scores `[batch, classes, boxes]`; how many boxes of a class are kept, from which
///   overlap on they are dropped, and which scores are too low.
/// - Output: samples, classes and boxes `[kept, 3]`.
struct NonMaximumSuppression: Operator {
    static let names = ["NonMaxSuppression"]

    /// Whether boxes are their middles and extents, instead of two corners.
    let areCentred: Bool

    /// The most pairs of boxes that are compared.
    private static let mostPairs = 1 << 26

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...5)
        areCentred = try node.truth("center_point_box", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (boxes, scores) = (try inputs.required(0), try inputs.required(1))
        guard boxes.rank == 3, boxes.size(2) == 4, scores.rank == 3, scores.size(0) == boxes.size(0),
            scores.size(2) == boxes.size(1)
        else { throw OperandError(expected: "boxes, and scores of each class", found: "\(boxes), \(scores)") }
        let (samples, classes, count) = (scores.size(0), scores.size(1), scores.size(2))
        let most = try min(inputs.optional(2)?.integer() ?? 0, count)
        guard (elementCount([samples, classes, count, max(most, 0)]) ?? Int.max) <= Self.mostPairs else {
            throw OperandError(expected: "at most \(Self.mostPairs) pairs of boxes", found: "\(scores)")
        }
        let overlap = try inputs.optional(3)?.scalar() ?? 0
        let lowest = try inputs.optional(4)?.scalar()
        let corners: [Double] = boxes.to(.float64).elements()
        let values: [Double] = scores.to(.float64).elements()
        var kept: [Int64] = []
        for sample in 0..<samples {
            let all = (0..<count).map {
                Box(corners[4 * (sample * count + $0)..<4 * (sample * count + $0 + 1)], areCentred)
            }
            for kind in 0..<classes {
                let first = (sample * classes + kind) * count
                let order = (0..<count).filter { lowest == nil || values[first + $0] > lowest ?? 0 }
                    .sorted { (-values[first + $0], $0) < (-values[first + $1], $1) }
                var chosen: [Int] = []
                for box in order where chosen.count < most {
                    if chosen.allSatisfy({ !(all[$0].overlap(with: all[box]) > overlap) }) { chosen.append(box) }
                }
                kept += chosen.flatMap { [Int64(sample), Int64(kind), Int64($0)] }
            }
        }
        return [Tensor(kept, shape: [kept.count / 3, 3])]
    }

    private struct Box {
        let rows: (Double, Double)
        let columns: (Double, Double)

        init(_ numbers: ArraySlice<Double>, _ isCentred: Bool) {
            let given = Array(numbers)
            if isCentred {
                columns = (given[0] - given[2] / 2, given[0] + given[2] / 2)
                rows = (given[1] - given[3] / 2, given[1] + given[3] / 2)
            } else {
                rows = (min(given[0], given[2]), max(given[0], given[2]))
                columns = (min(given[1], given[3]), max(given[1], given[3]))
            }
        }

        var area: Double { (rows.1 - rows.0) * (columns.1 - columns.0) }

        /// The common area, relative to that of both.
        func overlap(with other: Box) -> Double {
            let height = min(rows.1, other.rows.1) - max(rows.0, other.rows.0)
            let width = min(columns.1, other.columns.1) - max(columns.0, other.columns.0)
            guard height > 0, width > 0, area > 0, other.area > 0 else { return 0 }
            return height * width / (area + other.area - height * width)
        }
    }
}

extension NonMaximumSuppression {
    /// How many boxes are kept depends on data, unless the inputs are known.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        try evaluate(inputs.map { try $0?.known() }).map(Value.init(constant:))
    }
}
