public import Torch

/// The points at which a picture of a given size samples the plane.
public struct PixelGrid: Hashable, Codable, Sendable {
    /// Rows of the picture.
    public let height: Int
    /// Columns of the picture.
    public let width: Int

    /// How large a side may be.
    public static let sides = 1...8_192

    /// - Traps: when a side is outside ``sides``.
    public init(height: Int, width: Int) {
        precondition(
            Self.sides.contains(height) && Self.sides.contains(width),
            "expected sides in \(Self.sides), got \(height) × \(width)")
        self.height = height
        self.width = width
    }

    /// The number of points.
    public var count: Int { height * width }

    /// The coordinates of the rows, evenly spaced from −1 (top) to 1, or −1 alone; `[height]`.
    public func rows(dtype: DType = .float32) -> Tensor { .linearSpace(-1...1, count: height, dtype: dtype) }

    /// The coordinates of the columns, evenly spaced from −1 (left) to 1, or −1 alone; `[width]`.
    public func columns(dtype: DType = .float32) -> Tensor { .linearSpace(-1...1, count: width, dtype: dtype) }

    /// The points of all pixels, row by row.
    ///
    /// - Output: `[pixels, 2]`, of which coordinate 0 is the row and coordinate 1 the column.
    public func coordinates(dtype: DType = .float32) -> Tensor {
        let axes = [
            rows(dtype: dtype).reshaped([height, 1, 1]).expanded([height, width, 1]),
            columns(dtype: dtype).reshaped([1, width, 1]).expanded([height, width, 1]),
        ]
        return concatenate(axes, axis: 2).reshaped([count, 2])
    }
}
