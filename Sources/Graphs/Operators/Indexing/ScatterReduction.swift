/// What becomes of an element and the update that meets it.
enum ScatterReduction: String, Sendable {
    case replace = "none"
    case add
    case multiply = "mul"
    case maximum = "max"
    case minimum = "min"

    /// libtorch's name for it, where the two are combined.
    var combination: String? {
        switch self {
        case .replace: nil
        case .add: "sum"
        case .multiply: "prod"
        case .maximum: "amax"
        case .minimum: "amin"
        }
    }
}

extension Node {
    /// The setting `reduction`.
    func scatterReduction() throws(GraphError) -> ScatterReduction {
        guard let reduction = ScatterReduction(rawValue: try text("reduction", default: "none")) else {
            throw refused("reduction", expected: "none, add, mul, max or min")
        }
        return reduction
    }
}
