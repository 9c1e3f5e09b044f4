import Foundation
import SwiftProtobuf
import TestSupport

@testable import Graphs

extension ONNXModelProto {
    /// A model whose graph holds `nodes` and `initializers`, and takes and gives float matrices [batch, 3].
    init(
        _ nodes: [ONNXNodeProto], _ initializers: [ONNXTensorProto] = [], inputs: [String] = ["x"],
        outputs: [String] = ["y"], functions: [ONNXFunctionProto] = []
    ) {
        self.init()
        opsetImport = [.init("", 20), .init("com.example", 3)]
        graph = ONNXGraphProto(nodes, initializers, inputs: inputs, outputs: outputs)
        self.functions = functions
    }

    /// The model as a file `NAME.onnx` in `folder`.
    func write(to folder: URL, _ name: String = "m") throws -> URL {
        let url = folder.appending(path: "\(name).onnx")
        let bytes: Data = try serializedBytes(partial: true)
        try bytes.write(to: url)
        return url
    }

    /// The model after it was a file.
    func opened() throws -> ONNXFile {
        try withTemporaryFolder { try ONNXFile(write(to: $0)) }
    }

    /// `y = x·wᵀ + b`, and a positional table of integers that it adds.
    static var linear: ONNXModelProto {
        ONNXModelProto(
            [
                .init("Gemm", ["x", "w", "b"], ["h"], [.init("transB", integer: 1)]),
                .init("Reshape", ["h", "shape"], ["y"]),
            ],
            [
                .init("w", [2, 3], floats: [1, 2, 3, 4, 5, 6]), .init("b", [2], floats: [-1, 1]),
                .init("shape", [2], integers: [-1, 2]),
            ])
    }
}

extension ONNXOperatorSetIdProto {
    init(_ domain: String, _ version: Int64) {
        self.init()
        self.domain = domain
        self.version = version
    }
}

extension ONNXGraphProto {
    init(
        _ nodes: [ONNXNodeProto], _ initializers: [ONNXTensorProto] = [], inputs: [String] = [], outputs: [String]
    ) {
        self.init()
        node = nodes
        initializer = initializers
        input = inputs.map { ONNXValueInfoProto($0, [nil, 3]) }
        output = outputs.map { ONNXValueInfoProto($0, [nil, 3]) }
    }
}

extension ONNXValueInfoProto {
    init(_ name: String, _ shape: [Int64?], type code: Int32 = 1) {
        self.init()
        self.name = name
        type.tensorType.elemType = code
        type.tensorType.shape.dim = shape.map { extent in
            var dimension = ONNXTensorShapeProto.Dimension()
            if let extent { dimension.dimValue = extent }
            return dimension
        }
    }
}

extension ONNXNodeProto {
    init(
        _ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [ONNXAttributeProto] = [],
        domain: String = ""
    ) {
        self.init()
        opType = operation
        input = inputs
        output = outputs
        attribute = attributes
        if !domain.isEmpty { self.domain = domain }
    }
}

extension ONNXAttributeProto {
    init(_ name: String, type code: Int32, _ fill: (inout ONNXAttributeProto) -> Void) {
        self.init()
        self.name = name
        type = code
        fill(&self)
    }

    init(_ name: String, integer: Int64) { self.init(name, type: 2) { $0.i = integer } }

    init(_ name: String, tensor: ONNXTensorProto) { self.init(name, type: 4) { $0.t = tensor } }

    init(_ name: String, graph: ONNXGraphProto) { self.init(name, type: 5) { $0.g = graph } }

    /// A setting that a function takes over from its call, where it is called `other`.
    init(_ name: String, from other: String) { self.init(name, type: 2) { $0.refAttrName = other } }
}

extension ONNXTensorProto {
    init(_ name: String, _ dims: [Int64], type code: Int32) {
        self.init()
        self.name = name
        self.dims = dims
        dataType = code
    }

    init(_ name: String, _ dims: [Int64], floats: [Float]) {
        self.init(name, dims, type: 1)
        rawData = floats.withUnsafeBytes { Data($0) }
    }

    init(_ name: String, _ dims: [Int64], integers: [Int64]) {
        self.init(name, dims, type: 7)
        int64Data = integers
    }

    /// A tensor of floats in another file.
    init(_ name: String, _ dims: [Int64], external: [String: String]) {
        self.init(name, dims, type: 1)
        dataLocation = 1
        externalData = external.sorted { $0.key < $1.key }.map { key, value in
            var entry = ONNXStringStringEntryProto()
            entry.key = key
            entry.value = value
            return entry
        }
    }
}

extension ONNXFunctionProto {
    init(_ name: String, _ inputs: [String], _ outputs: [String], _ nodes: [ONNXNodeProto]) {
        self.init()
        self.name = name
        domain = "com.example"
        input = inputs
        output = outputs
        node = nodes
        opsetImport = [.init("", 18)]
    }
}

extension ONNXFile {
    /// The elements of an initializer, as floats.
    func floats(_ name: String) throws -> [Float] {
        guard let entry = self[name] else { return [] }
        return try withBytes(of: entry) { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }
}
