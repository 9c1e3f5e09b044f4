internal import CZlib

/// zlib's inflation, a piece at a time.
package final class Inflater {
    /// What lies around the compressed data.
    package enum Wrapper {
        /// Nothing, as inside zip archives.
        case none
        /// The headers and checksums of gzip members, one after another.
        case gzip
    }

    private let inflater: OpaquePointer
    /// True after a whole stream or member: the file may end here, or start another.
    package private(set) var isBetweenMembers = false

    private static let pieceCount = 1 << 16

    package init(_ wrapper: Wrapper) {
        guard let inflater = zlib_inflater_create(wrapper == .gzip ? ZLIB_WRAPPER_GZIP : ZLIB_WRAPPER_NONE) else {
            fatalError("out of memory for inflation")
        }
        self.inflater = inflater
    }

    deinit {
        zlib_inflater_destroy(inflater)
    }

    /// Inflates the front of `input`.
    ///
    /// - Returns: how many bytes of `input` are used up and at most 64 KiB of output; nil when the data is damaged.
    package func inflate(_ input: ArraySlice<UInt8>) -> (consumed: Int, output: [UInt8])? {
        var consumed: Int?
        let output = [UInt8](unsafeUninitializedCapacity: Self.pieceCount) { room, produced in
            let counts = input.withUnsafeBytes { inflate($0, into: UnsafeMutableRawBufferPointer(room)) }
            consumed = counts?.consumed
            produced = counts?.produced ?? 0
        }
        return consumed.map { ($0, output) }
    }

    /// Inflates the front of `input` into the front of `room`, until one of them is used up or a stream ends.
    ///
    /// - Returns: how many bytes were used up and written; nil when the data is damaged.
    func inflate(
        _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) -> (consumed: Int, produced: Int)? {
        let result = zlib_inflate(
            inflater, input.assumingMemoryBound(to: UInt8.self).baseAddress,
            UInt32(clamping: input.count), room.assumingMemoryBound(to: UInt8.self).baseAddress,
            UInt32(clamping: room.count))
        isBetweenMembers = result.status == ZLIB_INFLATE_END
        return result.status == ZLIB_INFLATE_DAMAGED ? nil : (result.consumed, result.produced)
    }
}

extension Inflater {
    /// The most bytes that `count` bytes of DEFLATE can stand for.
    static func largestCount(from count: UInt64) -> UInt64 {
        let (product, overflow) = count.multipliedReportingOverflow(by: 1_032)
        return overflow ? .max : product
    }
}
