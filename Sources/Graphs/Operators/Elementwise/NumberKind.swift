import Torch

/// The kinds of numbers that evaluation tells apart.
enum NumberKind: Sendable {
    case real, integer, truth

    /// The kind of an element type.
    init(_ dtype: DType) { self = dtype.isFloatingPoint ? .real : dtype == .bool ? .truth : .integer }

    /// The type of numbers of this kind that an operator makes.
    var dtype: DType {
        switch self {
        case .real: .float64
        case .integer: .int64
        case .truth: .bool
        }
    }

    /// The elements as numbers of this kind.
    func convert(_ x: Tensor) -> Tensor { NumberKind(x.dtype) == self && self != .integer ? x : x.to(dtype) }
}

extension Node {
    /// A setting that names an element type by ONNX's number for it, if it is there.
    ///
    /// - Throws: ``GraphError/attribute(_:node:expected:)`` for texts, complex numbers and unknown types.
    func numberKind(_ name: String) throws(GraphError) -> NumberKind? {
        guard let number = try integer(name) else { return nil }
        switch number {
        case 1, 10, 11, 16...20, 23, 24: return .real
        case 2...7, 12, 13, 21, 22, 25, 26: return .integer
        case 9: return .truth
        default: throw refused(name, expected: "a type of real numbers, integers or truths")
        }
    }
}
