public import FoundationEssentials
import SwiftProtobuf
public import WeightSpaces

extension ONNXFile {
    /// Writes the same graph with other elements; what this reader does not know of the format is kept.
    ///
    /// Tensors whose elements lie in other files get one new file beside the new model, which is complete before the
    /// model appears and replaces no file. The files of elements of a model that was replaced are removed afterwards,
    /// unless another file beside it mentions them.
    ///
    /// - Throws: `FormatError` when a tensor gets more or fewer bytes than it has; `FileError`; what `elements` throws.
    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        var model = model
        let replaced = DataFiles(ofModelAt: url, asReadBy: self)
        var data = ExternalData(named: externalName(beside: url))
        var old = ExternalFiles(beside: self.url)
        try model.updateTensors { place, proto in
            if let position = positionsByPlace[place] {
                let tensor = stored[position]
                if tensor.isExternal {
                    data.place(tensor, isWeight: true, &proto)
                } else {
                    proto.embed(try checked(elements, tensor))
                }
            } else if proto.dataLocation == 1 {
                let tensor = try ONNXTensor(proto, in: &old, file: self.url.relativePath)
                data.place(tensor, isWeight: false, &proto)
            }
        }
        let message: Data = try model.serializedBytes(partial: true)
        let dataURL = data.isEmpty ? nil : url.deletingLastPathComponent().appending(path: data.name)
        if let dataURL { try data.write(to: dataURL) { try checked(elements, $0) } }
        do {
            try AtomicFile.write(message, to: url)
        } catch {
            if let dataURL { try? FileManager.default.removeItem(at: dataURL) }
            throw error
        }
        replaced.removeUnused(besides: dataURL)
    }

    private func checked(
        _ elements: (CheckpointEntry) throws -> [UInt8], _ tensor: ONNXTensor
    ) throws -> [UInt8] {
        let bytes = try elements(tensor.entry)
        guard bytes.count == tensor.byteCount else {
            throw FormatError.byteCount(
                file: url.relativePath, tensor: tensor.entry.name, expected: tensor.byteCount, found: bytes.count)
        }
        return bytes
    }

    /// A name for the file of elements beside `url` that no file has: until the new model is there, the old one, if any,
    /// needs its own.
    private func externalName(beside url: URL) -> String {
        let folder = url.deletingLastPathComponent()
        func isTaken(_ name: String) -> Bool {
            (try? FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)) != nil
        }
        var name = "\(url.lastPathComponent).data"
        var number = 1
        while isTaken(name) {
            number += 1
            name = "\(url.lastPathComponent).\(number).data"
        }
        return name
    }
}

extension ONNXTensorProto {
    /// Puts `bytes` into the message in place of the elements that it has.
    fileprivate mutating func embed(_ bytes: [UInt8]) {
        floatData = []
        doubleData = []
        int32Data = []
        int64Data = []
        uint64Data = []
        rawData = Data(bytes)
    }
}
