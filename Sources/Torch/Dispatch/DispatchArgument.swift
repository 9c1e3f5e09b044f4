internal import CTorch

/// A value that an operator of libtorch takes: a tensor, a number, a text, an element type, or several of one kind.
package protocol DispatchArgument {
    /// The value as one of the kinds that cross to C.
    var argument: DispatchValue { get }
}

/// The kinds of values that cross to C.
package enum DispatchValue {
    case tensor(Tensor), integer(Int), number(Double), truth(Bool), text(String), dtype(DType)
    case integers([Int]), tensors([Tensor])

    /// Lends the value to a C call.
    func withRaw<Result>(_ body: (ct_argument) -> Result) -> Result {
        var result = ct_argument()
        switch self {
        case .tensor(let tensor):
            result.kind = CT_TENSOR
            result.tensor = tensor.raw
            return withExtendedLifetime(tensor) { body(result) }
        case .integer(let value):
            result.kind = CT_INTEGER
            result.integer = Int64(value)
        case .number(let value):
            result.kind = CT_NUMBER
            result.number = value
        case .truth(let value):
            result.kind = CT_TRUTH
            result.integer = value ? 1 : 0
        case .dtype(let value):
            result.kind = CT_DTYPE
            result.integer = Int64(value.raw.rawValue)
        case .text(let text):
            result.kind = CT_TEXT
            return text.withCString {
                result.text = $0
                return body(result)
            }
        case .integers(let values):
            result.kind = CT_INTEGERS
            return withSizes(values) {
                result.integers = $0
                return body(result)
            }
        case .tensors(let tensors):
            result.kind = CT_TENSORS
            return withTensors(tensors) {
                result.tensors = $0
                return body(result)
            }
        }
        return body(result)
    }
}

extension Tensor: DispatchArgument {
    package var argument: DispatchValue { .tensor(self) }
}

extension Int: DispatchArgument {
    package var argument: DispatchValue { .integer(self) }
}

extension Double: DispatchArgument {
    package var argument: DispatchValue { .number(self) }
}

extension Bool: DispatchArgument {
    package var argument: DispatchValue { .truth(self) }
}

extension String: DispatchArgument {
    package var argument: DispatchValue { .text(self) }
}

extension DType: DispatchArgument {
    package var argument: DispatchValue { .dtype(self) }
}

/// A value that operators of libtorch take several of.
package protocol DispatchElement: DispatchArgument {
    /// Several values as one argument.
    static func argument(_ values: [Self]) -> DispatchValue
}

extension Array: DispatchArgument where Element: DispatchElement {
    package var argument: DispatchValue { Element.argument(self) }
}

extension Int: DispatchElement {
    package static func argument(_ values: [Int]) -> DispatchValue { .integers(values) }
}

extension Tensor: DispatchElement {
    package static func argument(_ values: [Tensor]) -> DispatchValue { .tensors(values) }
}
