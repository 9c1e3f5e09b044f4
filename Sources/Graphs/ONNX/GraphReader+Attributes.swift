import FoundationEssentials
import Torch
import WeightSpaces

extension GraphReader {
    /// The value of the node `Constant` whose result is called `name`.
    mutating func constant(_ name: String, _ settings: [String: ONNXAttributeProto]) throws -> Tensor {
        guard settings.count == 1, let (kind, setting) = settings.first else {
            throw ONNXError.unsupported("the constant '\(name)' of \(settings.count) settings", file: file)
        }
        try spend(setting.listedByteCount)
        switch kind {
        case "value": return try tensor(setting.t)
        case "value_float": return Tensor([setting.f], shape: [])
        case "value_floats": return Tensor(setting.floats, shape: [setting.floats.count])
        case "value_int": return Tensor([setting.i], shape: [])
        case "value_ints": return Tensor(setting.ints, shape: [setting.ints.count])
        default: throw ONNXError.unsupported("the constant '\(name)' with the setting '\(kind)'", file: file)
        }
    }

    /// The value of a setting of a node.
    mutating func attribute(
        _ setting: ONNXAttributeProto, of node: ONNXNodeProto, number: Int, in scope: Scope
    ) throws -> Attribute {
        let operation = node.opType
        try spend(setting.listedByteCount)
        switch setting.kind {
        case 1: return .number(Double(setting.f))
        case 2: return .integer(Int(setting.i))
        case 3: return .text(try text(setting.s, of: setting, of: operation))
        case 4: return .tensor(try tensor(setting.t))
        case 5: return .graph(try graph(setting.g, in: scope.inside(setting.name, of: node, number: number)))
        case 6: return .numbers(setting.floats.map(Double.init))
        case 7: return .integers(setting.ints.map(Int.init))
        case 8: return .texts(try setting.strings.map { try text($0, of: setting, of: operation) })
        default:
            throw ONNXError.unsupported("the setting '\(setting.name)' of \(operation), by its kind", file: file)
        }
    }

    private mutating func tensor(_ proto: ONNXTensorProto) throws -> Tensor {
        try constant(ONNXTensor(proto, in: &external, file: file))
    }

    private func text(
        _ bytes: Data, of setting: ONNXAttributeProto, of operation: String
    ) throws(ONNXError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unsupported("the setting '\(setting.name)' of \(operation), which is not UTF-8,", file: file)
        }
        return text
    }
}

extension ONNXAttributeProto {
    /// How many bytes the values take, other than tensors and graphs.
    fileprivate var listedByteCount: Int {
        8 * (floats.count + ints.count) + strings.reduce(s.count) { $0 + 16 + $1.count }
    }

    /// The number of the kind of value; the first versions of the format leave it to be seen from the value.
    fileprivate var kind: Int32 {
        if type != 0 { return type }
        if hasF { return 1 }
        if hasI { return 2 }
        if hasS { return 3 }
        if hasT { return 4 }
        if hasG { return 5 }
        if !floats.isEmpty { return 6 }
        if !ints.isEmpty { return 7 }
        return strings.isEmpty ? 0 : 8
    }
}
