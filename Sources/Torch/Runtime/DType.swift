internal import CTorch

/// The type of a tensor's elements.
public enum DType: String, Sendable, Codable, CaseIterable {
    case float32, float64, bfloat16, int64, bool

    /// Bytes per element.
    public var byteCount: Int {
        switch self {
        case .float32: 4
        case .float64, .int64: 8
        case .bfloat16: 2
        case .bool: 1
        }
    }

    /// Whether gradients can flow through elements of this type.
    public var isFloatingPoint: Bool { self == .float32 || self == .float64 || self == .bfloat16 }

    var raw: ct_dtype {
        switch self {
        case .float32: CT_FLOAT32
        case .float64: CT_FLOAT64
        case .bfloat16: CT_BFLOAT16
        case .int64: CT_INT64
        case .bool: CT_BOOL
        }
    }

    init(_ raw: ct_dtype) {
        switch raw {
        case CT_FLOAT32: self = .float32
        case CT_FLOAT64: self = .float64
        case CT_BFLOAT16: self = .bfloat16
        case CT_BOOL: self = .bool
        default: self = .int64
        }
    }
}

/// A Swift number type whose arrays turn into tensors and back without conversion.
public protocol TensorScalar: Sendable {
    /// The element type of a tensor made from these numbers.
    static var dtype: DType { get }
}

extension Float: TensorScalar {
    public static var dtype: DType { .float32 }
}

extension Double: TensorScalar {
    public static var dtype: DType { .float64 }
}

extension Int64: TensorScalar {
    public static var dtype: DType { .int64 }
}
