internal import CTorch

/// The first result of an operator of libtorch, called by name: `try aten("conv2d", x, weight, bias)`.
///
/// - Throws: ``DispatchError`` when libtorch refuses the arguments.
package func aten(_ operation: String, _ arguments: (any DispatchArgument)?...) throws(DispatchError) -> Tensor {
    let results = try call(operation, arguments)
    guard let first = results.first else { throw DispatchError(operation: operation, message: "no result") }
    return first
}

/// All results of an operator of libtorch, called by name: `try atenResults("topk", x, 5)`.
///
/// - Parameters:
///   - operation: the operator's name in the namespace `aten`, with its overload after a dot: `add.Tensor`.
///   - arguments: in the operator's order; those left out at the end take the operator's own defaults.
/// - Throws: ``DispatchError`` when libtorch refuses the arguments.
package func atenResults(
    _ operation: String, _ arguments: (any DispatchArgument)?...
) throws(DispatchError) -> [Tensor] { try call(operation, arguments) }

/// What libtorch says when it refuses to compute.
package struct DispatchError: Error, Equatable, CustomStringConvertible {
    /// The operator's name.
    package let operation: String
    /// What is wrong.
    package let message: String

    package var description: String { "\(operation): \(message)" }
}

func call(_ operation: String, _ arguments: [(any DispatchArgument)?]) throws(DispatchError) -> [Tensor] {
    let parts = operation.split(separator: ".", maxSplits: 1)
    let (name, overload) = ("aten::\(parts[0])", parts.count > 1 ? String(parts[1]) : "")
    var message: ErrorMessage?
    var count = 0
    let handles = withRawArguments(arguments[...], []) {
        libtorch.call(name, overload, $0, $0.count, &count, &message)
    }
    if let message {
        defer { ct_free(message) }
        throw DispatchError(operation: operation, message: String(cString: message))
    }
    defer { ct_free(handles) }
    return (0..<count).compactMap { handles?[$0].map(Tensor.init(owning:)) }
}

/// Lends all arguments to a C call: each value is lent while those after it are.
private func withRawArguments<Result>(
    _ rest: ArraySlice<(any DispatchArgument)?>, _ lent: [ct_argument], _ body: ([ct_argument]) -> Result
) -> Result {
    guard let next = rest.first else { return body(lent) }
    guard let next else { return withRawArguments(rest.dropFirst(), lent + [ct_argument()], body) }
    return next.argument.withRaw { withRawArguments(rest.dropFirst(), lent + [$0], body) }
}
