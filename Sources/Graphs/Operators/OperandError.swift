/// Why an operator cannot compute with the values that it is given.
struct OperandError: Error, Equatable, CustomStringConvertible {
    let expected: String
    let found: String

    var description: String { "expected \(expected), found \(found)" }
}
