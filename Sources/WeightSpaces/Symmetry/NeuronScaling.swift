/// The factors that an activation passes on, `φ(a · x) = a · φ(x)`: what a neuron receives may be multiplied by one of
/// them if what it sends is divided by it.
///
/// - Source: Kalogeropoulos et al. 2024, arXiv:2406.10685.
public enum NeuronScaling: String, Sendable, Codable, CaseIterable {
    /// `a = ±1`: activations are odd (sine, tanh), and whatever follows them, too; maxima over positions are not.
    case sign
    /// `a > 0`: activations are linear on either side of zero (ReLU, leaky ReLU).
    case positive
}
