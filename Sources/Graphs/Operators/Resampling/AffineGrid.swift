import Torch

/// The places in −1…1 to which an affine map takes the elements of a picture, as ``GridSample`` reads them.
///
/// - Input: maps `[batch, 2, 3]`, the shape `[batch, channels, height, width]`; the same with one axis more.
/// - Output: places `[batch, height, width, 2]`.
struct AffineGrid: Operator {
    static let names = ["AffineGrid"]

    /// Whether −1 and 1 are the middles of the outer elements, instead of their outer edges.
    let alignsCorners: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        alignsCorners = try node.truth("align_corners", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let maps = try inputs.required(0)
        let shape = try shape(inputs.required(1), of: maps.shape)
        return [try aten("affine_grid_generator", maps, shape, alignsCorners)]
    }

    /// The shape of the picture, provided that the maps fit it.
    private func shape(_ given: Tensor, of maps: [Int]) throws(OperandError) -> [Int] {
        let shape = try checkedShape(given.integers())
        guard shape.count == 4 || shape.count == 5, !shape.contains(0),
            maps == [shape[0], shape.count - 2, shape.count - 1]
        else { throw OperandError(expected: "maps for pictures of shape \(shape)", found: "\(maps)") }
        return shape
    }
}

extension AffineGrid {
    /// Samples pass through; the coefficients of a map are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let maps = try inputs.required(0)
        let shape = try shape(inputs.required(1).known(), of: maps.shape)
        labelling.fix(Array(maps.axes.dropFirst()))
        return [Value([maps.axes[0]] + (shape.dropFirst(2) + [shape.count - 2]).map(Label.fixed))]
    }
}
