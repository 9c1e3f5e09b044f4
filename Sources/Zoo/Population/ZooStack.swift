internal import Foundation
internal import Torch
internal import WeightSpaces

/// Networks of one architecture in a shard: one array per parameter, a row per network.
struct ZooStack: Sendable {
    let architecture: NetworkArchitecture
    let rows: Int
    let file: SafetensorsFile
    /// In front of the names of the stack's tensors.
    private let prefix: String
    private let parameters: [CheckpointEntry]

    /// - Throws: ``ZooError`` when a parameter is missing, or has another shape or type.
    init(_ architecture: NetworkArchitecture, rows: Int, in file: SafetensorsFile, prefix: String) throws {
        self.architecture = architecture
        self.rows = rows
        self.file = file
        self.prefix = prefix
        parameters = try architecture.parameters.map { name, shape in
            let (found, expected) = (file[prefix + name], [rows] + shape)
            guard let found, found.dtype == .float32, found.shape == expected else {
                throw ZooError.tensor(
                    file: file.url.relativePath, name: prefix + name, expected: "F32 \(expected)",
                    found: found.map { "\($0.dtype.rawValue) \($0.shape)" })
            }
            return found
        }
    }

    /// Copies one network's row of a parameter.
    func copyRow(_ row: Int, ofParameter parameter: Int, to buffer: UnsafeMutableRawBufferPointer) {
        file.withBytes(of: parameters[parameter]) { copyRow(row, of: $0, to: buffer) }
    }

    /// Copies one network's row of a companion; `false` where there is none of that type and shape.
    func copyRow(
        _ row: Int, ofCompanion name: String, _ dtype: StoredDType, _ shape: [Int],
        to buffer: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard let entry = file[prefix + name], entry.dtype == dtype, entry.shape == [rows] + shape else { return false }
        file.withBytes(of: entry) { copyRow(row, of: $0, to: buffer) }
        return true
    }

    /// Whether an array of this name belongs to the networks.
    func hasCompanion(_ name: String) -> Bool { file[prefix + name] != nil }

    /// The first parameter with a weight that is NaN or infinite, and the row where it is.
    func firstFlaw() throws -> (parameter: String, row: Int)? {
        for entry in parameters {
            guard let stacked = try file.tensor(entry), !stacked.isFinite else { continue }
            let row = (0..<rows).first { !stacked.narrowed(0, to: $0..<$0 + 1).isFinite } ?? 0
            return (String(entry.name.dropFirst(prefix.count)), row)
        }
        return nil
    }

    /// The checksum of every network's weights.
    func checksums() -> [UInt32] {
        (0..<rows).map { row in
            var checksum = CRC32()
            for entry in parameters {
                let count = entry.byteCount / rows
                file.withBytes(of: entry) {
                    checksum.append(UnsafeRawBufferPointer(rebasing: $0[row * count..<(row + 1) * count]))
                }
            }
            return checksum.value
        }
    }

    private func copyRow(_ row: Int, of bytes: UnsafeRawBufferPointer, to buffer: UnsafeMutableRawBufferPointer) {
        let start = row * buffer.count
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + buffer.count]))
    }
}
