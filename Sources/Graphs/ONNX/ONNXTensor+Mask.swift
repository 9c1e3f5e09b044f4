import WeightSpaces

extension ONNXTensor {
    /// Whether the elements are those of a mask: some are infinite, or they are zeros and ones, or zeros and one number
    /// that lets nothing through a softmax.
    var isMask: Bool {
        guard let number = entry.dtype.number else { return false }
        return withBytes { bytes in
            var (hasZero, isInfinite, isTwofold) = (false, false, true)
            var mark: Double?
            for offset in stride(from: 0, to: bytes.count, by: entry.dtype.byteCount) {
                let element = number(bytes, offset)
                if element.isNaN { return false }
                if element.isInfinite {
                    isInfinite = true
                } else if element == 0 {
                    hasZero = true
                } else {
                    if let mark, mark != element { isTwofold = false }
                    mark = element
                }
            }
            guard let mark else { return isInfinite }
            return isInfinite || hasZero && isTwofold && (mark == 1 || mark <= -1_000)
        }
    }
}

extension StoredDType {
    /// Reads a number at an offset; `nil` for types whose elements no mask has.
    fileprivate var number: ((UnsafeRawBufferPointer, Int) -> Double)? {
        switch self {
        case .float64: { $0.loadUnaligned(fromByteOffset: $1, as: Double.self) }
        case .float32: { Double($0.loadUnaligned(fromByteOffset: $1, as: Float.self)) }
        case .bfloat16:
            { bytes, offset in
                let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
                return Double(Float(bitPattern: UInt32(bits) << 16))
            }
        case .float16:
            { bytes, offset in
                let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
                return Self.half(bits)
            }
        default: nil
        }
    }

    /// The number of half precision with these bits.
    private static func half(_ bits: UInt16) -> Double {
        let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 0x3FF))
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1_024)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }
}
