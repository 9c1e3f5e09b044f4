import Foundation
import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite("Conventions of SIRENs", .oneThread) struct SIRENConventionTests {
    private let usual = SIREN(widths: [2, 5, 4, 3], omega: 7, hiddenOmega: 3)
    private let convention = SIREN.Convention(
        isColumnFirst: true, coordinates: 0...1, scale: 3, shift: 0.5, colours: 0...1)

    private var other: SIREN {
        SIREN(widths: usual.widths, omega: 7, hiddenOmega: 3, convention: convention)
    }

    private func parameters(networks: Int = 2) -> [Tensor] {
        var random = RandomSource(seed: 1)
        return usual.parameterShapes.map {
            Tensor.uniform(-1...1, shape: [networks] + $0, dtype: .float64, using: &random)
        }
    }

    private func distance(_ a: Tensor, _ b: Tensor) -> Double {
        (a - b).magnitude.reshaped([-1]).maximum([0]).item / b.magnitude.reshaped([-1]).maximum([0]).item
    }

    @Test("a pixel is 2 (scale f(column, row) + shift) − 1 with coordinates in [0, 1]") func formula() {
        let grid = PixelGrid(height: 3, width: 4)
        let drawn = other.render(parameters(), at: grid.coordinates(dtype: .float64))
        let points = grid.coordinates(dtype: .float64)
        let swapped = (points.gathered(1, at: [1, 0]) + 1) / 2
        let expected = (usual.render(parameters(), at: swapped) * 3 + 0.5) * 2 - 1
        #expect(distance(drawn, expected) < 1e-12)
        #expect(distance(drawn, (usual.render(parameters(), at: (points + 1) / 2) * 3 + 0.5) * 2 - 1) > 1e-3)
    }

    @Test("networks of other coordinates are warped about the middle of the picture") func warping() {
        // With coordinates in [0, 1], W(2x − 1) + b is the layer 2W, b − W(1, 1) of x.
        let old = parameters()
        var moved = old
        moved[0] = old[0] * 2
        moved[1] = old[1] - matmul(old[0], Tensor.ones([2, 1], dtype: .float64)).reshaped(old[1].shape)
        let shifted = SIREN(
            widths: usual.widths, omega: 7, hiddenOmega: 3, convention: .init(coordinates: 0...1))
        let points = PixelGrid(height: 4, width: 3).coordinates(dtype: .float64)
        #expect(distance(shifted.render(moved, at: points), usual.render(old, at: points)) < 1e-12)
        var (first, second) = (RandomSource(seed: 5), RandomSource(seed: 5))
        let expected = usual.render(usual.warped(old, strength: 0.3, using: &first), at: points)
        let found = shifted.render(shifted.warped(moved, strength: 0.3, using: &second), at: points)
        #expect(distance(found, expected) < 1e-12)
        #expect(distance(found, usual.render(old, at: points)) > 1e-3)
    }

    @Test("a definition reads back, and the usual convention leaves it as it was") func coding() throws {
        let named = SIREN(widths: [2, 3, 1], omega: 30, convention: convention, layerNames: ["net.0.linear", "net.1"])
        let data = try JSONEncoder().encode(named)
        #expect(try JSONDecoder().decode(SIREN.self, from: data) == named)
        #expect(named.parameterNames == ["net.0.linear.weight", "net.0.linear.bias", "net.1.weight", "net.1.bias"])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(SIREN(widths: [2, 3, 1], omega: 30)), as: UTF8.self)
                == #"{"hiddenOmega":30,"omega":30,"widths":[2,3,1]}"#)
    }

    @Test(
        "a convention that makes no sense is refused",
        arguments: [
            #"{"coordinates":[0,0],"isColumnFirst":false,"scale":1,"shift":0,"colours":[0,1]}"#,
            #"{"coordinates":[-1,1],"isColumnFirst":false,"scale":0,"shift":0,"colours":[0,1]}"#,
            #"{"coordinates":[-1,1],"isColumnFirst":false,"scale":1,"shift":1e30,"colours":[0,1]}"#,
            #"{"coordinates":[1,-1],"isColumnFirst":false,"scale":1,"shift":0,"colours":[0,1]}"#,
        ])
    func refusals(convention: String) {
        let text = #"{"hiddenOmega":30,"omega":30,"widths":[2,3,1],"convention":\#(convention)}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SIREN.self, from: Data(text.utf8)) }
        let names = #"{"hiddenOmega":30,"omega":30,"widths":[2,3,1],"layers":["a","a"]}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SIREN.self, from: Data(names.utf8)) }
    }
}
