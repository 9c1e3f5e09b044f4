package import Torch

/// One number for each neuron that its factor multiplies, `f(s · U) = s · f(U)`, and that moves with its neuron,
/// `f(g · U) = g · f(U)`.
///
/// It follows from the numbers of the neurons that a layer reads, which are 1 without a factor:
///
/// - positive factors: `fᵢ² = Σⱼ (Wᵢⱼ fⱼ)² + bᵢ²`, the norm of all paths that end in the neuron;
/// - signs: `fᵢ = Σⱼ Σₖ cos(k) Wᵢⱼₖ fⱼ + bᵢ` over fixed positions `k`, divided by the layer's root mean square: what a
///   network without activations computes at a fixed input. It is odd, and vanishes for hardly any neuron.
///
/// - Source: the norm is the path norm of Neyshabur et al. 2015, arXiv:1506.02617, of the part up to a neuron.
package struct NeuronStatistics: Sendable {
    package let structure: ScalingStructure
    /// `f` in float64, `[networks, neurons]`, by the number of the group.
    package private(set) var forward: [Int: Tensor] = [:]

    /// - Parameter blocks: the weights of a batch of networks, `[networks, permuted axes…, F]`.
    package init(of blocks: [Tensor], in structure: ScalingStructure) {
        self.structure = structure
        for layer in structure.layers {
            let weight = structure.multiplying(
                blocks[layer.weight].to(.float64), ofBlock: layer.weight, read: forward)
            let (rows, positions) = (Array(weight.shape.prefix(2)), weight.size(-1))
            let bias = layer.bias.map { [blocks[$0].to(.float64)] } ?? []
            switch layer.scaling {
            case .positive:
                let incoming = concatenate([weight.reshaped(rows + [-1])] + bias, axis: 2)
                forward[layer.group] = sqrt(incoming.squared.sum([2]))
            case .sign:
                let probe = cos(Tensor((0..<positions).map(Double.init)).to(weight.device))
                let sums = weight.reshaped(rows + [-1, positions]).sum([2])
                let incoming = concatenate([sums * probe] + bias, axis: 2).sum([2])
                forward[layer.group] = incoming / Self.scale(of: incoming)
            }
        }
    }

    /// One number for each neuron that its factor divides, `h(s · U) = h(U) / s`.
    ///
    /// - positive factors: `hⱼ² ∝ Σᵢ (hᵢ Wᵢⱼ)²`, the norm of all paths that start in the neuron, in proportion such that
    ///   the root mean square of `h · f` is 1;
    /// - signs: `f` itself.
    package func backward(of blocks: [Tensor]) -> [Int: Tensor] {
        var result: [Int: Tensor] = [:]
        for layer in structure.layers.reversed() {
            guard let forward = forward[layer.group] else { continue }
            if layer.scaling == .sign {
                result[layer.group] = forward
                continue
            }
            var squares = Tensor.zeros(forward.shape, dtype: .float64, on: forward.device)
            for (index, block) in structure.space.blocks.enumerated() {
                for (axis, group) in block.groups.enumerated()
                where group == layer.group && structure.exponents[index][axis] < 0 {
                    let weight = structure.multiplying(
                        blocks[index].to(.float64), ofBlock: index, written: result)
                    squares = squares + weight.squared.sum((1..<weight.rank).filter { $0 != axis + 1 })
                }
            }
            let norms = sqrt(squares)
            result[layer.group] = norms / Self.scale(of: norms * forward)
        }
        return result
    }

    /// `1 / f` of groups with positive factors; 1 where `f` vanishes.
    package var normalizers: [Int: Tensor] {
        norms.mapValues { ($0 + $0.isBelow(Self.smallestNorm)).reciprocal }
    }

    /// `f` of groups with positive factors.
    package var norms: [Int: Tensor] { forward.filter { structure.scalings[$0.key] == .positive } }

    /// The sign of `f` in groups with signs; 1 where `f` vanishes up to rounding.
    package var signs: [Int: Tensor] {
        forward.filter { structure.scalings[$0.key] == .sign }.mapValues { $0.signs(negativeBelow: -1e-12) }
    }

    /// A norm whose reciprocal float32 can still hold.
    private static let smallestNorm = Double(Float.leastNormalMagnitude)

    /// The root mean square over the neurons, `[networks, 1]`.
    private static func scale(of numbers: Tensor) -> Tensor {
        sqrt(numbers.squared.mean([1], keepingAxes: true) + .leastNormalMagnitude)
    }
}
