public import FoundationEssentials

extension PyTorchFile {
    /// Writes a state dictionary of new tensors, as `torch.save` does: an ordered dictionary from names to tensors.
    ///
    /// - Throws: `FormatError` for types that PyTorch has no storage of; `FileError`; what the tensors' closures throw.
    public static func write(_ tensors: [StoredTensor], to url: URL) throws {
        var pickle = PickleWriter()
        pickle.begin()
        var members: [(name: String, bytes: [UInt8])] = []
        for (key, tensor) in tensors.enumerated() {
            guard let storage = storageNames[tensor.dtype],
                tensor.shape.allSatisfy({ (0...Int(Int32.max)).contains($0) })
            else {
                throw FormatError.unknownDType(
                    file: url.relativePath, tensor: tensor.name, found: tensor.dtype.rawValue)
            }
            pickle.tensor(tensor.name, storage: storage, key: key, shape: tensor.shape)
            var bytes: [UInt8] = []
            try tensor.emit { bytes += $0 }
            members.append(("archive/data/\(key)", bytes))
        }
        pickle.end()
        let front: [(name: String, bytes: [UInt8])] = [
            ("archive/data.pkl", pickle.bytes), ("archive/byteorder", Array("little".utf8)),
        ]
        try ZipArchive.write(front + members + [("archive/version", Array("3\n".utf8))], to: url)
    }

    private static let storageNames: [StoredDType: String] = [
        .float32: "FloatStorage", .float64: "DoubleStorage", .float16: "HalfStorage", .bfloat16: "BFloat16Storage",
        .int64: "LongStorage", .int32: "IntStorage", .int16: "ShortStorage", .int8: "CharStorage",
        .uint8: "ByteStorage", .bool: "BoolStorage",
    ]
}

/// Writes the pickle of a state dictionary, protocol 2.
private struct PickleWriter {
    private(set) var bytes: [UInt8] = []

    private mutating func emit(_ text: String) { bytes += Array(text.utf8) }

    private mutating func integer(_ value: Int) {
        bytes.append(UInt8(ascii: "J"))
        withUnsafeBytes(of: Int32(value).littleEndian) { bytes += $0 }
    }

    private mutating func text(_ value: String) {
        bytes.append(UInt8(ascii: "X"))
        withUnsafeBytes(of: UInt32(value.utf8.count).littleEndian) { bytes += $0 }
        bytes += Array(value.utf8)
    }

    private mutating func tuple(_ values: [Int]) {
        emit("(")
        for value in values { integer(value) }
        emit("t")
    }

    /// An empty ordered dictionary, and a mark for its items.
    mutating func begin() {
        bytes += [0x80, 2]
        emit("ccollections\nOrderedDict\n)R(")
    }

    /// `name: torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`
    mutating func tensor(_ name: String, storage: String, key: Int, shape: [Int]) {
        text(name)
        emit("ctorch._utils\n_rebuild_tensor_v2\n((")
        text("storage")
        emit("ctorch\n\(storage)\n")
        text("\(key)")
        text("cpu")
        integer(shape.reduce(1, *))
        emit("tQ")
        integer(0)
        tuple(shape)
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * max(1, shape[axis + 1]) }
        tuple(strides)
        bytes += [0x89]
        emit("ccollections\nOrderedDict\n)RtR")
    }

    mutating func end() { emit("u.") }
}
