internal import CTorch

/// The type of a tensor's elements.
public enum DType: String, Sendable, Codable, CaseIterable {
    case float32, float64, float16, bfloat16
    case int64, int32, int16, int8, uint8
    case bool

    /// Bytes per element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Whether gradients can flow through elements of this type.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        case .int64, .int32, .int16, .int8, .uint8, .bool: false
        }
    }

    var raw: ct_dtype {
        switch self {
        case .float32: CT_FLOAT32
        case .float64: CT_FLOAT64
        case .float16: CT_FLOAT16
        case .bfloat16: CT_BFLOAT16
        case .int64: CT_INT64
        case .int32: CT_INT32
        case .int16: CT_INT16
        case .int8: CT_INT8
        case .uint8: CT_UINT8
        case .bool: CT_BOOL
        }
    }

    init(_ raw: ct_dtype) {
        switch raw {
        case CT_FLOAT32: self = .float32
        case CT_FLOAT64: self = .float64
        case CT_FLOAT16: self = .float16
        case CT_BFLOAT16: self = .bfloat16
        case CT_INT32: self = .int32
        case CT_INT16: self = .int16
        case CT_INT8: self = .int8
        case CT_UINT8: self = .uint8
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

extension Int32: TensorScalar {
    public static var dtype: DType { .int32 }
}

extension Int16: TensorScalar {
    public static var dtype: DType { .int16 }
}

extension Int8: TensorScalar {
    public static var dtype: DType { .int8 }
}

extension UInt8: TensorScalar {
    public static var dtype: DType { .uint8 }
}
