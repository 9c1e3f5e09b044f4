import WeightSpaces

extension StoredDType {
    /// The element type that ONNX gives the number `code`, if it is one of whole bytes.
    init?(onnx code: Int32) {
        guard let known = Self.codes[code] else { return nil }
        self = known
    }

    /// What ONNX calls the element type with the number `code`.
    static func onnxName(_ code: Int32) -> String {
        Self.codes[code]?.rawValue ?? Self.otherNames[code] ?? "type \(code)"
    }

    private static let codes: [Int32: StoredDType] = [
        1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool, 10: .float16,
        11: .float64, 12: .uint32, 13: .uint64, 14: .complex64, 16: .bfloat16, 17: .float8E4M3, 18: .float8E4M3FNUZ,
        19: .float8E5M2, 20: .float8E5M2FNUZ, 24: .float8E8M0,
    ]

    private static let otherNames: [Int32: String] = [
        0: "UNDEFINED", 8: "STRING", 15: "COMPLEX128", 21: "UINT4", 22: "INT4", 23: "FLOAT4E2M1",
    ]
}
