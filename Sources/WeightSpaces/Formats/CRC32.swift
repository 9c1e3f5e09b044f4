internal import CZlib

/// A checksum that every change of up to 32 neighbouring bits alters.
package struct CRC32: Hashable, Sendable {
    /// The checksum of the bytes so far.
    package private(set) var value: UInt32 = 0

    package init() {}

    package init(of bytes: UnsafeRawBufferPointer) { append(bytes) }

    /// Goes on with further bytes.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        value = zlib_crc32(value, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
    }
}
