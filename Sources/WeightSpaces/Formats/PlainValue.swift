/// A value that JSON can write: what files say beside their tensors.
public indirect enum PlainValue: Hashable, Sendable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([PlainValue])
    case object([String: PlainValue])
}

extension PlainValue: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let values = try? container.decode([PlainValue].self) {
            self = .list(values)
        } else {
            self = .object(try container.decode([String: PlainValue].self))
        }
    }
}
