import Torch
import WeightSpaces

extension [String: Tensor] {
    /// A network with random weights in float64.
    static func random(of space: WeightSpace, using random: inout RandomSource) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for block in space.blocks {
            result[block.parameter] = .normal(shape: block.shape, dtype: .float64, using: &random)
        }
        return result
    }
}

/// `W x + b`, with plain loops.
private func dense(_ network: [String: Tensor], _ weight: String, _ bias: String, _ x: [Double]) -> [Double] {
    let rows: [Double] = network[weight]?.elements() ?? []
    let shifts: [Double]? = network[bias]?.elements()
    var result: [Double] = []
    for row in 0..<rows.count / x.count {
        var sum = shifts?[row] ?? 0
        for column in x.indices { sum += rows[row * x.count + column] * x[column] }
        result.append(sum)
    }
    return result
}

func rectified(_ x: Double) -> Double { max(0, x) }

/// What an MLP with `depth` layers computes.
func evaluateMLP(
    _ network: [String: Tensor], depth: Int, at input: [Double], activation: (Double) -> Double = rectified
) -> [Double] {
    (0..<depth).reduce(input) { x, layer in
        let y = dense(network, "\(layer).weight", "\(layer).bias", x)
        return layer < depth - 1 ? y.map(activation) : y
    }
}

/// What a recurrent network computes after a sequence.
func evaluateRNN(_ network: [String: Tensor], at sequence: [[Double]]) -> [Double] {
    var hidden = [Double](repeating: 0, count: network["weight_hh_l0"]?.size(0) ?? 0)
    for input in sequence {
        let read = dense(network, "weight_ih_l0", "bias_ih_l0", input)
        let kept = dense(network, "weight_hh_l0", "bias_hh_l0", hidden)
        hidden = zip(read, kept).map { rectified($0 + $1) }
    }
    return dense(network, "readout.weight", "readout.bias", hidden)
}

/// A convolution over a line, with stride one and no padding.
private func convolution(_ network: [String: Tensor], _ layer: String, _ planes: [[Double]]) -> [[Double]] {
    guard let tensor = network["\(layer).weight"], let bias = network["\(layer).bias"] else { return [] }
    let weight: [Double] = tensor.elements()
    let shifts: [Double] = bias.elements()
    let (inputs, kernel) = (tensor.size(1), tensor.size(2))
    var result: [[Double]] = []
    for output in shifts.indices {
        var plane: [Double] = []
        for position in 0...planes[0].count - kernel {
            var sum = shifts[output]
            for input in 0..<inputs {
                for tap in 0..<kernel {
                    sum += weight[(output * inputs + input) * kernel + tap] * planes[input][position + tap]
                }
            }
            plane.append(sum)
        }
        result.append(plane)
    }
    return result
}

/// What two convolutions over a line and a dense layer that reads all positions compute.
func evaluateFlattenedCNN(
    _ network: [String: Tensor], at input: [[Double]], activation: (Double) -> Double = rectified
) -> [Double] {
    let hidden = convolution(network, "0", input).map { $0.map(activation) }
    return dense(network, "2.weight", "2.bias", convolution(network, "1", hidden).flatMap { $0.map(activation) })
}
