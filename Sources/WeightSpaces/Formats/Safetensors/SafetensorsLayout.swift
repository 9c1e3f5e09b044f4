/// The bytes of a safetensors file that is about to be written.
struct SafetensorsLayout {
    private let tensors: [StoredTensor]
    private let byteCounts: [Int]
    private let prologue: [UInt8]
    private let file: String

    /// Arranges `tensors` by falling element size and composes the header.
    init(_ tensors: [StoredTensor], metadata: [String: String], file: String) throws(FormatError) {
        self.file = file
        self.tensors = tensors.sorted { $0.dtype.byteCount > $1.dtype.byteCount }
        try Self.checkNames(tensors.map(\.name), file)
        byteCounts = try self.tensors.map { tensor throws(FormatError) in
            let (rank, highest) = (tensor.shape.count, HeaderScanner.highestRank)
            guard rank <= highest else { throw .rank(file: file, tensor: tensor.name, expected: highest, found: rank) }
            guard let count = tensor.dtype.byteCount(shape: tensor.shape) else {
                throw .shapeOverflow(file: file, tensor: tensor.name, shape: tensor.shape)
            }
            return count
        }
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
            let text = pairs.map { "\(JSONEscape.write($0.key)):\(JSONEscape.write($0.value))" }
            members.append("\(JSONEscape.write(SafetensorsHeader.metadataKey)):{\(text.joined(separator: ","))}")
        }
        var begin = 0
        for (tensor, byteCount) in zip(self.tensors, byteCounts) {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(JSONEscape.write(tensor.name)):{\"dtype\":\"\(tensor.dtype.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(begin),\(begin + byteCount)]}")
            begin += byteCount
        }
        prologue = try Self.prologue("{\(members.joined(separator: ","))}", file)
    }

    /// Passes the whole file to `sink`, piece by piece.
    func emit(_ sink: StoredTensor.Sink) throws {
        try prologue.withUnsafeBytes { try sink($0) }
        for (tensor, expected) in zip(tensors, byteCounts) {
            var found = 0
            try tensor.emit { bytes in
                found += bytes.count
                guard found <= expected else {
                    throw FormatError.byteCount(file: file, tensor: tensor.name, expected: expected, found: found)
                }
                try sink(bytes)
            }
            guard found == expected else {
                throw FormatError.byteCount(file: file, tensor: tensor.name, expected: expected, found: found)
            }
        }
    }

    private static func checkNames(_ names: [String], _ file: String) throws(FormatError) {
        var seen: Set<String> = []
        for name in names {
            let length = name.utf8.count
            guard length <= HeaderScanner.longestName else {
                throw .nameLength(file: file, name: name, expected: HeaderScanner.longestName, found: length)
            }
            guard name != SafetensorsHeader.metadataKey else { throw .reservedName(file: file, name: name) }
            guard seen.insert(name).inserted else { throw .duplicateName(file: file, name: name) }
        }
    }

    /// The header's length and the header, padded so that the data begins at a multiple of 8 bytes.
    private static func prologue(_ header: String, _ file: String) throws(FormatError) -> [UInt8] {
        var text = Array(header.utf8)
        text += Array(repeating: UInt8(ascii: " "), count: -text.count & 7)
        guard text.count <= SafetensorsHeader.longest else {
            throw .headerLength(file: file, expected: 2...SafetensorsHeader.longest, found: UInt64(text.count))
        }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }
}
