public import FoundationEssentials
import SwiftProtobuf
public import WeightSpaces

extension ONNXFile {
    /// Writes the same graph with other elements; what this reader does not know of the format is kept.
    ///
    /// Tensors whose elements lie in other files get one new file beside the new model, which is complete before the
    /// model appears and never replaces a file that this one reads.
    ///
    /// - Throws: `FormatError` when a tensor gets more or fewer bytes than it has; `FileError`; what `elements` throws.
    public func write(to url: URL, elements: (CheckpointEntry) throws -> [UInt8]) throws {
        var model = model
        var graph = model.graph
        model.clearGraph()
        var data = ExternalData(named: externalName(beside: url))
        for (position, tensor) in stored.enumerated() {
            if tensor.isExternal {
                data.place(tensor, isWeight: true, &graph.initializer[position])
            } else {
                graph.initializer[position].embed(try checked(elements, tensor))
            }
        }
        if !externalURLs.isEmpty {
            var old = ExternalFiles(beside: self.url)
            let place = { (proto: inout ONNXTensorProto) in
                if proto.dataLocation != 1 { return }
                data.place(
                    try ONNXTensor(proto, in: &old, file: self.url.relativePath), isWeight: false, &proto)
            }
            for position in graph.node.indices { try graph.node[position].updateTensors(place) }
            for position in model.functions.indices {
                for node in model.functions[position].node.indices {
                    try model.functions[position].node[node].updateTensors(place)
                }
            }
        }
        model.graph = graph
        let message: Data = try model.serializedBytes(partial: true)
        guard !data.isEmpty else { return try AtomicFile.write(message, to: url) }

        let dataURL = url.deletingLastPathComponent().appending(path: data.name)
        try data.write(to: dataURL) { try checked(elements, $0) }
        do {
            try AtomicFile.write(message, to: url)
        } catch {
            try? FileManager.default.removeItem(at: dataURL)
            throw error
        }
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

    /// A name for the file of elements beside `url`, other than those that this model uses.
    private func externalName(beside url: URL) -> String {
        let folder = url.deletingLastPathComponent()
        let used = Set((externalURLs + [self.url, url]).map { $0.resolvingSymlinksInPath().standardized.path })
        var name = "\(url.lastPathComponent).data"
        var number = 1
        while used.contains(folder.appending(path: name).resolvingSymlinksInPath().standardized.path) {
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

extension ONNXNodeProto {
    /// Lets `body` change every tensor in the settings, and in the graphs among them.
    fileprivate mutating func updateTensors(_ body: (inout ONNXTensorProto) throws -> Void) rethrows {
        for position in attribute.indices {
            if attribute[position].hasT { try body(&attribute[position].t) }
            guard attribute[position].hasG else { continue }
            var graph = attribute[position].g
            for tensor in graph.initializer.indices { try body(&graph.initializer[tensor]) }
            for node in graph.node.indices { try graph.node[node].updateTensors(body) }
            attribute[position].g = graph
        }
    }
}
