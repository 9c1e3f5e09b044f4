import Torch

extension Tensor {
    /// Indices into an axis of `size` elements, counted from the first.
    ///
    /// - Throws: `OperandError` when one of them is outside the axis.
    func indices(into size: Int) throws -> Tensor {
        guard !dtype.isFloatingPoint else { throw OperandError(expected: "integers", found: "\(self)") }
        let given = to(.int64)
        guard count > 0 else { return given }
        let (least, greatest) = (try aten("min", given).integer(), try aten("max", given).integer())
        guard least >= -size, greatest < size else {
            throw OperandError(expected: "indices into \(size) elements", found: "\(least < -size ? least : greatest)")
        }
        if least >= 0 { return given }
        return try aten("remainder.Scalar", given, size)
    }

    /// Positions among the elements of the first axes of `sizes`, from indices into each along the last axis.
    ///
    /// - Throws: `OperandError` when an index is outside its axis.
    func positions(in sizes: [Int]) throws -> Tensor {
        var result = try aten("zeros", Array(shape.dropLast()), DType.int64)
        for (axis, size) in sizes.enumerated() {
            let indices = try aten("select.int", self, -1, axis).indices(into: size)
            result = try aten("add.Tensor", aten("mul.Scalar", result, size), indices)
        }
        return result
    }
}
