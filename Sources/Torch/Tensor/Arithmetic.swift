internal import CTorch

// Elementwise operations; operands of different shapes broadcast from the last axis. Operands of different types take
// the wider one; a number does not change a floating-point type, and makes float32 of a tensor of whole numbers.
extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor { Tensor { libtorch.add(a.raw, b.raw, $0) } }
    public static func - (a: Tensor, b: Tensor) -> Tensor { Tensor { libtorch.subtract(a.raw, b.raw, $0) } }
    public static func * (a: Tensor, b: Tensor) -> Tensor { Tensor { libtorch.multiply(a.raw, b.raw, $0) } }
    public static func / (a: Tensor, b: Tensor) -> Tensor { Tensor { libtorch.divide(a.raw, b.raw, $0) } }

    public static func + (a: Tensor, b: Double) -> Tensor { Tensor { libtorch.add_scalar(a.raw, b, $0) } }
    public static func - (a: Tensor, b: Double) -> Tensor { a + (-b) }
    public static func * (a: Tensor, b: Double) -> Tensor { Tensor { libtorch.multiply_scalar(a.raw, b, $0) } }
    public static func / (a: Tensor, b: Double) -> Tensor { a * (1 / b) }
    public static prefix func - (a: Tensor) -> Tensor { Tensor { libtorch.negate(a.raw, $0) } }

    /// `xᵢ²`
    public var squared: Tensor { self * self }
    /// `|xᵢ|`
    public var magnitude: Tensor { Tensor { libtorch.abs(raw, $0) } }
}

/// `eˣ`, elementwise.
public func exp(_ x: Tensor) -> Tensor { Tensor { libtorch.exp(x.raw, $0) } }
/// The natural logarithm, elementwise.
public func log(_ x: Tensor) -> Tensor { Tensor { libtorch.log(x.raw, $0) } }
/// The square root, elementwise.
public func sqrt(_ x: Tensor) -> Tensor { Tensor { libtorch.sqrt(x.raw, $0) } }
/// The sine, elementwise.
public func sin(_ x: Tensor) -> Tensor { Tensor { libtorch.sin(x.raw, $0) } }
/// The cosine, elementwise.
public func cos(_ x: Tensor) -> Tensor { Tensor { libtorch.cos(x.raw, $0) } }
/// The hyperbolic tangent, elementwise.
public func tanh(_ x: Tensor) -> Tensor { Tensor { libtorch.tanh(x.raw, $0) } }
/// `max(x, 0)`, elementwise.
public func relu(_ x: Tensor) -> Tensor { Tensor { libtorch.relu(x.raw, $0) } }
/// `x · Φ(x)` with the normal distribution function Φ, elementwise (Hendrycks and Gimpel, arXiv:1606.08415).
public func gelu(_ x: Tensor) -> Tensor { Tensor { libtorch.gelu(x.raw, $0) } }
/// `x · σ(x)` with the logistic function σ, elementwise.
public func silu(_ x: Tensor) -> Tensor { Tensor { libtorch.silu(x.raw, $0) } }
