@testable import WeightSpaces

/// The parts of a safetensors file before they are put together, so that each can be wrong on its own.
struct SafetensorsBytes {
    /// The length in front of the header; the true one where this is `nil`.
    var statedLength: UInt64?
    var header: [UInt8]
    var data: [UInt8]

    init(_ header: String, data: Int = 0, statedLength: UInt64? = nil) {
        self.init(header: Array(header.utf8), data: (0..<data).map { UInt8(truncatingIfNeeded: $0) })
        self.statedLength = statedLength
    }

    init(header: [UInt8], data: [UInt8]) {
        self.header = header
        self.data = data
    }

    /// The whole file.
    var joined: [UInt8] {
        withUnsafeBytes(of: (statedLength ?? UInt64(header.count)).littleEndian) { Array($0) } + header + data
    }
}

extension SafetensorsHeader {
    /// Reads the header of a file that is in memory and goes by the name `f`.
    init(of contents: [UInt8]) throws {
        self = try contents.withUnsafeBytes { try SafetensorsHeader(of: $0, file: "f") }
    }

    init(of parts: SafetensorsBytes) throws {
        try self.init(of: parts.joined)
    }
}
