import Foundation
import Torch

@testable import Zoo

/// What a classifier computes, with plain loops over one image.
struct NaiveClassifier {
    let architecture: ClassifierArchitecture
    let parameters: [Tensor]

    func logits(of image: Tensor) -> [Double] {
        var values: [Double] = image.elements()
        if !architecture.convolutions.isEmpty {
            var (height, width) = (architecture.imageShape[1], architecture.imageShape[2])
            for (layer, convolution) in architecture.convolutions.enumerated() {
                (values, height, width) = convolved(values, height, width, layer, convolution)
            }
            let places = height * width
            if architecture.head == .pool {
                values = stride(from: 0, to: values.count, by: places).map {
                    values[$0..<$0 + places].reduce(0, +) / Double(places)
                }
            }
        }
        for layer in architecture.dense.indices {
            let index = architecture.convolutions.count + layer
            let weight: [Double] = parameters[2 * index].elements()
            let bias: [Double] = parameters[2 * index + 1].elements()
            let inputs = values
            values = bias.indices.map { output in
                inputs.indices.reduce(bias[output]) { $0 + weight[output * inputs.count + $1] * inputs[$1] }
            }
            if layer < architecture.dense.count - 1 { values = values.map(activated) }
        }
        return values
    }

    private func convolved(
        _ planes: [Double], _ height: Int, _ width: Int, _ layer: Int, _ convolution: ClassifierArchitecture.Convolution
    ) -> (planes: [Double], height: Int, width: Int) {
        let weight: [Double] = parameters[2 * layer].elements()
        let bias: [Double] = parameters[2 * layer + 1].elements()
        let (kernel, step) = (convolution.kernel, convolution.stride)
        let margin = convolution.padding == .same ? kernel / 2 : 0
        let inputs = planes.count / (height * width)
        let rows = Array(stride(from: -margin, through: height + margin - kernel, by: step))
        let columns = Array(stride(from: -margin, through: width + margin - kernel, by: step))
        var result: [Double] = []
        for output in bias.indices {
            for top in rows {
                for left in columns {
                    var sum = bias[output]
                    for input in 0..<inputs {
                        for (row, column) in (0..<kernel * kernel).map({ ($0 / kernel, $0 % kernel) })
                        where (0..<height).contains(top + row) && (0..<width).contains(left + column) {
                            sum +=
                                weight[((output * inputs + input) * kernel + row) * kernel + column]
                                * planes[(input * height + top + row) * width + left + column]
                        }
                    }
                    result.append(activated(sum))
                }
            }
        }
        if convolution.hasSkip { result = zip(result, planes).map { $0 + $1 } }
        return (result, rows.count, columns.count)
    }

    private func activated(_ x: Double) -> Double {
        switch architecture.activation {
        case .relu: max(x, 0)
        case .tanh: (exp(x) - exp(-x)) / (exp(x) + exp(-x))
        case .sigmoid: 1 / (1 + exp(-x))
        case .gelu: x / 2 * (1 + erf(x / 2.0.squareRoot()))
        case .leakyReLU: x > 0 ? x : 0.01 * x
        }
    }
}
