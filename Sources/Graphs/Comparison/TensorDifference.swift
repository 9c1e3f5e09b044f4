import Foundation
import Torch
public import WeightSpaces

/// How a tensor of one checkpoint compares with that of the same name in another.
public struct TensorDifference: Sendable {
    /// The tensor's name.
    public let name: String
    /// What the first checkpoint says about it, if it has it.
    public let here: CheckpointEntry?
    /// What the second says about it, if it has it.
    public let there: CheckpointEntry?
    /// `‖a − b‖ / ‖b‖` after neurons were moved, over the elements that are numbers; `nil` where nothing can be subtracted.
    public internal(set) var distance: Double?
    /// The same before neurons were moved.
    public internal(set) var distanceAsStored: Double?
    /// Elements that are NaN on either side; they are equal to nothing.
    public internal(set) var nanCount = 0
    /// Elements of types that are not computed with are compared byte by byte: whether they are equal.
    public internal(set) var hasEqualBytes: Bool?
    /// `‖a − b‖` after neurons were moved, and `‖b‖`.
    var norms = (difference: 0.0, size: 0.0)

    init(name: String, here: CheckpointEntry?, there: CheckpointEntry?) {
        (self.name, self.here, self.there) = (name, here, there)
    }

    /// Why the tensors cannot be equal, whatever their elements are.
    public var mismatch: String? {
        guard let here else { return "only there" }
        guard let there else { return "only here" }
        if here.shape != there.shape { return "\(here.shape) here, \(there.shape) there" }
        return here.dtype == there.dtype ? nil : "\(here.dtype.rawValue) here, \(there.dtype.rawValue) there"
    }

    /// Whether the tensors are equal up to a relative distance.
    public func isSame(within tolerance: Double) -> Bool {
        mismatch == nil && nanCount == 0 && hasEqualBytes != false && (distance.map { $0 <= tolerance } ?? true)
    }
}

extension TensorDifference {
    /// Compares elements; infinities are equal to infinities of the same sign.
    mutating func measure(_ moved: Tensor, asStored stored: Tensor, _ other: Tensor) {
        let (after, before) = (Gap(moved, other), Gap(stored, other))
        (distance, distanceAsStored, nanCount) = (after.relative, before.relative, after.nanCount)
        norms = (after.difference, after.size)
    }
}

/// How far one tensor is from another.
private struct Gap {
    /// `‖a − b‖`
    private(set) var difference = 0.0
    /// `‖b‖`
    private(set) var size = 0.0
    /// Elements that are NaN on either side.
    private(set) var nanCount = 0

    init(_ a: Tensor, _ b: Tensor) {
        guard a.count > 0 else { return }
        let (x, y) = (a.to(.float64), b.to(.float64))
        guard x.isFinite, y.isFinite else {
            addElements(x, y)
            return
        }
        let axes = Array(0..<x.rank)
        let largest = max(x.magnitude.maximum(axes).item, y.magnitude.maximum(axes).item)
        guard largest > 0 else { return }
        difference = ((x / largest) - (y / largest)).squared.sum.item.squareRoot() * largest
        size = (y / largest).squared.sum.item.squareRoot() * largest
    }

    private mutating func addElements(_ x: Tensor, _ y: Tensor) {
        for (a, b) in zip(x.elements(as: Double.self), y.elements(as: Double.self)) {
            if a.isNaN || b.isNaN {
                nanCount += 1
            } else if a.isFinite, b.isFinite {
                (difference, size) = (hypot(difference, a - b), hypot(size, b))
            } else if a != b {
                difference = .infinity
            }
        }
    }

    var relative: Double { difference.relative(to: size) }
}

extension Double {
    /// A difference as a share of a size: zero where there is none.
    func relative(to size: Double) -> Double {
        self == 0 ? 0 : size == 0 || self == .infinity ? .infinity : self / size
    }
}
