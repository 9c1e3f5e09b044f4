extension ImageSet {
    /// Sixteen hexadecimal digits that change with the pictures, their order, their size or their labels, and with nothing
    /// else: equal on every machine and in every run, so that a resumed job can tell that it has the same data.
    ///
    /// Guards against mistakes, not against an adversary.
    public var fingerprint: String {
        var state = FingerprintState()
        for number in [count, height, width, channels, labels == nil ? 0 : 1] { state.absorb(UInt64(number)) }
        pixels.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset += 8
            }
            var rest: UInt64 = 0
            for index in offset..<bytes.count { rest = rest << 8 | UInt64(bytes[index]) }
            state.absorb(rest)
        }
        for label in labels ?? [] { state.absorb(UInt64(bitPattern: Int64(label))) }
        let digits = String(state.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Absorbs words by `s ← mix(s ⊕ w)`, where `mix` is the finalizer of SplitMix64: a bijection, so that a single changed
/// word always shows, in which every bit reaches every other.
///
/// - Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
private struct FingerprintState {
    private(set) var value: UInt64 = 0

    mutating func absorb(_ word: UInt64) {
        value ^= word
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
    }
}
