import Foundation
import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite("SIREN", .oneThread)
struct SIRENTests {
    static let architectures = [
        SIREN(widths: [2, 5, 4, 3], omega: 7, hiddenOmega: 3),
        SIREN(widths: [2, 6, 1], omega: 30),
        SIREN(widths: [2, 1, 3, 2, 1], omega: 2, hiddenOmega: 5),
        SIREN(widths: [2, 3]),
    ]
    let grid = PixelGrid(height: 3, width: 4)

    private func randomParameters(_ siren: SIREN, networks: Int, seed: UInt64) -> [Tensor] {
        var random = RandomSource(seed: seed)
        return siren.parameterShapes.map {
            Tensor.uniform(-1...1, shape: [networks] + $0, dtype: .float64, using: &random)
        }
    }

    @Test("rendering equals the formula, neuron by neuron", arguments: architectures)
    func rendersTheFormula(siren: SIREN) {
        let networks = 3
        let parameters = randomParameters(siren, networks: networks, seed: 1)
        let pictures = siren.render(parameters, at: grid.coordinates(dtype: .float64))
        #expect(pictures.shape == [networks, grid.count, siren.widths.last])
        let values = parameters.map { $0.elements(as: Double.self) }
        let expected = (0..<networks).flatMap { network in naivePicture(siren, network, values) }
        for (found, expected) in zip(pictures.elements(as: Double.self), expected) {
            #expect(abs(found - expected) < 1e-12)
        }
    }

    /// One network's picture by scalar arithmetic on the stacked parameters.
    private func naivePicture(_ siren: SIREN, _ network: Int, _ values: [[Double]]) -> [Double] {
        var picture: [Double] = []
        for pixel in 0..<grid.count {
            let (row, column) = pixel.quotientAndRemainder(dividingBy: grid.width)
            var hidden = [-1 + 2 * Double(row) / 2, -1 + 2 * Double(column) / 3]
            for layer in 0..<siren.layerCount {
                let (inputs, outputs) = (siren.widths[layer], siren.widths[layer + 1])
                hidden = (0..<outputs).map { output in
                    var sum = values[2 * layer + 1][network * outputs + output]
                    for input in 0..<inputs {
                        sum += values[2 * layer][(network * outputs + output) * inputs + input] * hidden[input]
                    }
                    if layer == siren.layerCount - 1 { return sum }
                    return sin((layer == 0 ? siren.firstOmega : siren.hiddenOmega) * sum)
                }
            }
            picture += hidden
        }
        return picture
    }

    @Test("permuting hidden neurons changes the weights but not the picture")
    func hiddenNeuronsHaveNoOrder() {
        let siren = SIREN(widths: [2, 5, 4, 3], omega: 7, hiddenOmega: 3)
        let points = grid.coordinates(dtype: .float64)
        let original = randomParameters(siren, networks: 2, seed: 2)
        let picture = siren.render(original, at: points)
        var permuted = original
        let order = [3, 0, 4, 1, 2]
        permuted[0] = permuted[0].gathered(1, at: order)
        permuted[1] = permuted[1].gathered(1, at: order)
        let uncoupled = permuted
        permuted[2] = permuted[2].gathered(2, at: order)
        #expect((siren.render(permuted, at: points) - picture).magnitude.mean.item < 1e-12)
        #expect((siren.render(uncoupled, at: points) - picture).magnitude.mean.item > 1e-3)
    }

    @Test("gradients equal central differences", arguments: architectures)
    func gradientsEqualDifferences(siren: SIREN) {
        let points = grid.coordinates(dtype: .float64)
        let parameters = randomParameters(siren, networks: 2, seed: 3)
        var random = RandomSource(seed: 4)
        let weights = Tensor.normal(
            shape: [2, grid.count, siren.widths.last!], dtype: .float64, using: &random)
        func loss(_ parameters: [Tensor]) -> Tensor { (siren.render(parameters, at: points) * weights).sum }

        let variables = parameters.map(\.asVariable)
        let exact = gradients(of: loss(variables), withRespectTo: variables)
        for (index, parameter) in parameters.enumerated() {
            let direction = Tensor.normal(shape: parameter.shape, dtype: .float64, using: &random)
            func moved(_ step: Double) -> Double {
                var copy = parameters
                copy[index] = parameter + direction * step
                return loss(copy).item
            }
            let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5
            let derivative = (exact[index] * direction).sum.item
            #expect(abs(derivative - difference) < 1e-6 * max(1, abs(derivative)))
        }
    }

    @Test("2-32-32-1 has the 1,185 parameters of the papers, colour 1,251")
    func countsParameters() {
        #expect(SIREN().parameterCount == 1_185)
        #expect(SIREN(widths: [2, 32, 32, 3]).parameterCount == 1_251)
        #expect(SIREN().parameterNames == ["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"])
        #expect(SIREN().parameterShapes == [[32, 2], [32], [32, 32], [32], [1, 32], [1]])
    }

    @Test("the grid runs row by row from corner to corner")
    func gridOrder() {
        let points = PixelGrid(height: 2, width: 3).coordinates(dtype: .float64).elements(as: Double.self)
        #expect(points == [-1, -1, -1, 0, -1, 1, 1, -1, 1, 0, 1, 1])
    }

    @Test("a description reads back; one that is no network is refused")
    func codes() throws {
        let siren = SIREN(widths: [2, 8, 3], omega: 12, hiddenOmega: 4)
        #expect(try JSONDecoder().decode(SIREN.self, from: JSONEncoder().encode(siren)) == siren)
        for bad in [
            #"{"widths": [2], "omega": 1, "hiddenOmega": 1}"#, #"{"widths": [2, 0, 1], "omega": 1, "hiddenOmega": 1}"#,
            #"{"widths": [2, 3], "omega": -1, "hiddenOmega": 1}"#,
        ] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(SIREN.self, from: Data(bad.utf8)) }
        }
    }
}
