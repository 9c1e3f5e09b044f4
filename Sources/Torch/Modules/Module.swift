/// A value with trainable parameters.
///
/// Counting, saving, loading, gradients and optimizers all go through ``visitParameters(_:)``; names are dotted
/// property paths, such as `stack.0.mixing`.
public protocol Module: Sendable {
    /// Calls `visit` with the name and the place of every parameter, always in the same order.
    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows

    /// Calls `visit` for every tensor that belongs to the module's state but is not trained; none unless implemented.
    mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows
}

extension Module {
    /// Visits the parameters with `scope.` in front of their names.
    public mutating func visitParameters(
        in scope: String, _ visit: (String, inout Tensor) throws -> Void
    ) rethrows {
        try visitParameters { name, parameter in try visit("\(scope).\(name)", &parameter) }
    }

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {}

    /// Visits the buffers with `scope.` in front of their names.
    public mutating func visitBuffers(in scope: String, _ visit: (String, inout Tensor) throws -> Void) rethrows {
        try visitBuffers { name, buffer in try visit("\(scope).\(name)", &buffer) }
    }

    /// Visits the parameters, then the buffers: all that a stored module consists of.
    public mutating func visitState(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try visitParameters(visit)
        try visitBuffers(visit)
    }

    /// The same module with its parameters and buffers in another element type.
    public func to(_ dtype: DType) -> Self {
        var copy = self
        copy.visitState { _, tensor in tensor = tensor.to(dtype) }
        return copy
    }

    /// The same module on another device.
    public func to(_ device: Device) -> Self {
        var copy = self
        copy.visitState { _, tensor in tensor = tensor.to(device) }
        return copy
    }

    /// The parameters with their names, in visiting order.
    public var parameters: [(name: String, value: Tensor)] {
        var (copy, result) = (self, [(name: String, value: Tensor)]())
        copy.visitParameters { name, parameter in result.append((name, parameter)) }
        return result
    }

    /// The parameters and buffers with their names, in visiting order.
    public var state: [(name: String, value: Tensor)] {
        var (copy, result) = (self, [(name: String, value: Tensor)]())
        copy.visitState { name, tensor in result.append((name, tensor)) }
        return result
    }

    /// The number of trainable numbers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

    /// Replaces the parameters, given in visiting order.
    ///
    /// - Traps: when their number or a shape differs.
    public mutating func setParameters(_ values: [Tensor]) {
        var remaining = values[...]
        visitParameters { name, parameter in
            guard let value = remaining.popFirst() else { preconditionFailure("no value for \(name)") }
            precondition(value.shape == parameter.shape, "\(name): expected \(parameter.shape), got \(value.shape)")
            parameter = value
        }
        precondition(remaining.isEmpty, "\(remaining.count) values too many")
    }

    /// The same module with every parameter changed by `transform`.
    public func mapParameters(_ transform: (Tensor) throws -> Tensor) rethrows -> Self {
        var copy = self
        try copy.visitParameters { _, parameter in parameter = try transform(parameter) }
        return copy
    }
}

/// The value of a scalar function of a module, and its gradient for every parameter in visiting order.
public func valueWithGradients<Model: Module>(
    of model: Model, _ loss: (Model) throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor]) {
    let variable = model.mapParameters(\.asVariable)
    let value = try loss(variable)
    return (value.detached, gradients(of: value, withRespectTo: variable.parameters.map(\.value)))
}
