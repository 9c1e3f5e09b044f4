import FoundationEssentials

extension ONNXNodeProto {
    /// The setting in which a constant lists numbers without a shape.
    static let listSetting = "value_floats"

    /// Whether the node stands for a tensor that it holds.
    var isConstant: Bool { opType == "Constant" && canonicalDomain(domain).isEmpty }

    /// The tensor of a constant, or its list of numbers, with the name of the setting that holds it; `nil` for other
    /// constants, which are single numbers, integers and what the call of a function gives.
    var constantTensor: (setting: String, tensor: ONNXTensorProto)? {
        guard isConstant, attribute.count == 1, attribute[0].refAttrName.isEmpty else { return nil }
        switch attribute[0].name {
        case "value": return attribute[0].hasT ? ("value", attribute[0].t) : nil
        case Self.listSetting: return (Self.listSetting, ONNXTensorProto(listing: attribute[0].floats))
        default: return nil
        }
    }
}

extension ONNXTensorProto {
    /// A vector of single precision.
    init(listing numbers: [Float]) {
        self.init()
        dims = [Int64(numbers.count)]
        dataType = 1
        floatData = numbers
    }
}

extension Data {
    /// The bytes as numbers of single precision.
    var floats: [Float] {
        withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }
}
