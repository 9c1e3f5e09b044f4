internal import CPictures

/// zlib's gzip inflation, a piece at a time.
final class Inflater {
    private let inflater: OpaquePointer
    /// True after a whole member: the file may end here, or start another.
    private(set) var isBetweenMembers = false

    private static let pieceCount = 1 << 16

    init() {
        guard let inflater = pictures_inflater_create() else { fatalError("out of memory for gzip") }
        self.inflater = inflater
    }

    deinit {
        pictures_inflater_destroy(inflater)
    }

    /// Inflates the front of `input`.
    ///
    /// - Returns: how many bytes of `input` are used up and at most 64 KiB of output; nil when the data is damaged.
    func inflate(_ input: ArraySlice<UInt8>) -> (consumed: Int, output: [UInt8])? {
        let piece = input.prefix(Int(UInt32.max))
        var consumed = 0
        var status = PICTURES_INFLATE_MORE
        let output = [UInt8](unsafeUninitializedCapacity: Self.pieceCount) { room, produced in
            let result = piece.withUnsafeBufferPointer {
                pictures_inflate(inflater, $0.baseAddress, UInt32($0.count), room.baseAddress, UInt32(room.count))
            }
            (consumed, produced, status) = (result.consumed, result.produced, result.status)
        }
        isBetweenMembers = status == PICTURES_INFLATE_END
        return status == PICTURES_INFLATE_DAMAGED ? nil : (consumed, output)
    }
}
