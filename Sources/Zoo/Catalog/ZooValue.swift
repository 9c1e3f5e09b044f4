internal import GRDB

/// A fact about a network.
public enum ZooValue: Hashable, Sendable {
    case none
    case integer(Int)
    case real(Double)
    case text(String)

    /// The fact as a number, if it is one.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .none, .text: nil
        }
    }

    /// The fact as a whole number, if it is one.
    public var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }
}

extension ZooValue: CustomStringConvertible {
    /// As in a table; empty for none.
    public var description: String {
        switch self {
        case .none: ""
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }
}

extension ZooValue: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .none: try container.encodeNil()
        case .integer(let value): try container.encode(value)
        case .real(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}

extension ZooValue {
    init(_ stored: DatabaseValue) {
        self =
            switch stored.storage {
            case .null, .blob: .none
            case .int64(let value): .integer(Int(value))
            case .double(let value): .real(value)
            case .string(let value): .text(value)
            }
    }

    var stored: DatabaseValue {
        switch self {
        case .none: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        }
    }

    /// The type that a column of such values is declared with.
    var columnType: String? {
        switch self {
        case .none: nil
        case .integer: "INTEGER"
        case .real: "REAL"
        case .text: "TEXT"
        }
    }
}
