import FoundationEssentials
import WeightSpaces

/// A file of elements that is about to be written beside an ONNX file.
struct ExternalData {
    /// The file's name, which is where the model's tensors will look for their elements.
    let name: String
    /// Whether there is nothing to write.
    var isEmpty: Bool { parts.isEmpty }

    private var parts: [(tensor: ONNXTensor, isWeight: Bool, offset: Int)] = []
    private var end = 0

    /// A file called `name`, with nothing in it yet.
    init(named name: String) { self.name = name }

    /// Gives `tensor` a place behind the others, aligned as it was, and writes the place into its message.
    ///
    /// - Parameter isWeight: whether its elements will be replaced, and not only copied.
    mutating func place(_ tensor: ONNXTensor, isWeight: Bool, _ proto: inout ONNXTensorProto) {
        let old = proto.externalData.first { $0.key == "offset" }.flatMap { Int($0.value) } ?? 0
        let alignment = 1 << min(old.trailingZeroBitCount, 16)
        let offset = (end + alignment - 1) / alignment * alignment
        parts.append((tensor, isWeight, offset))
        end = offset + tensor.byteCount

        let settings = [("location", name), ("offset", "\(offset)"), ("length", "\(tensor.byteCount)")]
        proto.externalData.removeAll { entry in
            // A checksum would be that of the old elements.
            entry.key == "checksum" || settings.contains { $0.0 == entry.key }
        }
        proto.externalData += settings.map { key, value in
            var entry = ONNXStringStringEntryProto()
            entry.key = key
            entry.value = value
            return entry
        }
    }

    /// Writes the file; `elements` gives those of the weights.
    func write(to url: URL, elements: (ONNXTensor) throws -> [UInt8]) throws {
        try AtomicFile.write(to: url) { file in
            var position = 0
            for (tensor, isWeight, offset) in parts {
                try Array(repeating: UInt8(0), count: offset - position).withUnsafeBytes { try file.write($0) }
                if isWeight {
                    try elements(tensor).withUnsafeBytes { try file.write($0) }
                } else {
                    try tensor.withBytes { try file.write($0) }
                }
                position = offset + tensor.byteCount
            }
        }
    }
}
