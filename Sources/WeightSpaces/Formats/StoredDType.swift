/// The type of a stored tensor's elements, named as in a safetensors header.
///
/// Every type of whole bytes that the format knows is listed, also those that no computation here uses, so that files
/// from elsewhere can be inspected.
public enum StoredDType: String, CaseIterable, Sendable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case float8E4M3 = "F8_E4M3"
    case float8E5M2 = "F8_E5M2"
    case float8E8M0 = "F8_E8M0"
    case float8E4M3FNUZ = "F8_E4M3FNUZ"
    case float8E5M2FNUZ = "F8_E5M2FNUZ"
    case complex64 = "C64"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
    case bool = "BOOL"

    /// Bytes per element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64, .uint64, .complex64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ, .int8, .uint8, .bool: 1
        }
    }

    /// Whether the elements are real numbers with an exponent.
    public var isFloatingPoint: Bool { rawValue.hasPrefix("F") || self == .bfloat16 }

    /// The bytes of a tensor of this type, `∏ shape · byteCount`, or `nil` where that exceeds `Int`.
    public func byteCount(shape: [Int]) -> Int? {
        var total = 1
        for factor in shape + [byteCount] {
            let (product, overflow) = total.multipliedReportingOverflow(by: factor)
            guard !overflow, factor >= 0 else { return nil }
            total = product
        }
        return total
    }
}
