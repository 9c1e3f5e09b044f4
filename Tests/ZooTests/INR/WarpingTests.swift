import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite("Warped networks", .oneThread) struct WarpingTests {
    private let siren = SIREN(widths: [2, 5, 4, 3], omega: 7, hiddenOmega: 3)

    private func parameters(networks: Int, seed: UInt64) -> [Tensor] {
        var random = RandomSource(seed: seed)
        return siren.parameterShapes.map {
            Tensor.uniform(-1...1, shape: [networks] + $0, dtype: .float64, using: &random)
        }
    }

    /// The network of one row, as a batch of one.
    private func row(_ index: Int, of parameters: [Tensor]) -> [Tensor] {
        parameters.map { $0.narrowed(0, to: index..<index + 1) }
    }

    /// `A` and `t` of one network, solved from what warping did to its first layer.
    private func map(from old: [Tensor], to new: [Tensor]) -> (matrix: [Double], shift: [Double]) {
        let (w, v) = (old[0].elements(as: Double.self), new[0].elements(as: Double.self))
        let (b, c) = (old[1].elements(as: Double.self), new[1].elements(as: Double.self))
        let determinant = w[0] * w[3] - w[1] * w[2]
        func solved(_ first: Double, _ second: Double) -> (Double, Double) {
            ((w[3] * first - w[1] * second) / determinant, (w[0] * second - w[2] * first) / determinant)
        }
        let (columns, shift) = ([solved(v[0], v[2]), solved(v[1], v[3])], solved(c[0] - b[0], c[1] - b[1]))
        return ([columns[0].0, columns[1].0, columns[0].1, columns[1].1], [shift.0, shift.1])
    }

    @Test("a warped network is the old one at other points, another affine map for each")
    func isAnAffineMapOfThePlane() {
        let networks = 3
        let old = parameters(networks: networks, seed: 1)
        var random = RandomSource(seed: 2)
        let new = siren.warped(old, strength: 0.2, using: &random)
        let points = PixelGrid(height: 4, width: 3).coordinates(dtype: .float64)
        var maps: [[Double]] = []
        for network in 0..<networks {
            let (before, after) = (row(network, of: old), row(network, of: new))
            let (matrix, shift) = map(from: before, to: after)
            for (entry, identity) in zip(matrix, [1.0, 0, 0, 1]) { #expect(abs(entry - identity) <= 0.2) }
            for entry in shift { #expect(abs(entry) <= 0.1) }
            let moved = matmul(points, Tensor(matrix, shape: [2, 2]).permuted([1, 0])) + Tensor(shift)
            expectClose(siren.render(after, at: points), siren.render(before, at: moved), relativeError: 1e-9)
            maps.append(matrix + shift)
        }
        #expect(Set(maps).count == networks)
    }

    @Test("no strength changes nothing")
    func zeroStrength() {
        let old = parameters(networks: 2, seed: 3)
        var random = RandomSource(seed: 4)
        for (found, expected) in zip(siren.warped(old, strength: 0, using: &random), old) {
            expectClose(found, expected, relativeError: 0)
        }
    }
}
