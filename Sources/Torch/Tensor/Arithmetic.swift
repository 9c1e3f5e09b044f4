internal import CTorch

// Elementwise operations; operands of different shapes broadcast from the last axis. Operands of different types take
// the wider one; a number does not change a floating-point type, and makes float32 of a tensor of whole numbers.
extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor { Tensor { ct_add(a.raw, b.raw, $0) } }
    public static func - (a: Tensor, b: Tensor) -> Tensor { Tensor { ct_subtract(a.raw, b.raw, $0) } }
    public static func * (a: Tensor, b: Tensor) -> Tensor { Tensor { ct_multiply(a.raw, b.raw, $0) } }
    public static func / (a: Tensor, b: Tensor) -> Tensor { Tensor { ct_divide(a.raw, b.raw, $0) } }

    public static func + (a: Tensor, b: Double) -> Tensor { Tensor { ct_add_scalar(a.raw, b, $0) } }
    public static func - (a: Tensor, b: Double) -> Tensor { a + (-b) }
    public static func * (a: Tensor, b: Double) -> Tensor { Tensor { ct_multiply_scalar(a.raw, b, $0) } }
    public static func / (a: Tensor, b: Double) -> Tensor { a * (1 / b) }
    public static prefix func - (a: Tensor) -> Tensor { Tensor { ct_negate(a.raw, $0) } }

    /// `xᵢ²`
    public var squared: Tensor { self * self }
    /// `|xᵢ|`
    public var magnitude: Tensor { Tensor { ct_abs(raw, $0) } }
}

/// `eˣ`, elementwise.
public func exp(_ x: Tensor) -> Tensor { Tensor { ct_exp(x.raw, $0) } }
/// The natural logarithm, elementwise.
public func log(_ x: Tensor) -> Tensor { Tensor { ct_log(x.raw, $0) } }
/// The square root, elementwise.
public func sqrt(_ x: Tensor) -> Tensor { Tensor { ct_sqrt(x.raw, $0) } }
/// The sine, elementwise.
public func sin(_ x: Tensor) -> Tensor { Tensor { ct_sin(x.raw, $0) } }
/// The cosine, elementwise.
public func cos(_ x: Tensor) -> Tensor { Tensor { ct_cos(x.raw, $0) } }
/// The hyperbolic tangent, elementwise.
public func tanh(_ x: Tensor) -> Tensor { Tensor { ct_tanh(x.raw, $0) } }
/// `max(x, 0)`, elementwise.
public func relu(_ x: Tensor) -> Tensor { Tensor { ct_relu(x.raw, $0) } }
/// `x · Φ(x)` with the normal distribution function Φ, elementwise (Hendrycks and Gimpel, arXiv:1606.08415).
public func gelu(_ x: Tensor) -> Tensor { Tensor { ct_gelu(x.raw, $0) } }
/// `x · σ(x)` with the logistic function σ, elementwise.
public func silu(_ x: Tensor) -> Tensor { Tensor { ct_silu(x.raw, $0) } }
