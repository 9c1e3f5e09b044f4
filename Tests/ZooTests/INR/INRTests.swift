import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("INR files", .oneThread)
struct INRTests {
    private func network() -> INR {
        let siren = SIREN(widths: [2, 3, 3], omega: 4, hiddenOmega: 2)
        var random = RandomSource(seed: 1)
        let parameters = SIRENInitialization.paper(for: siren).parameters(of: siren, using: &random)
        return INR(siren: siren, grid: PixelGrid(height: 4, width: 6), parameters: parameters)
    }

    @Test("a network reads back and draws the same picture")
    func readsBack() throws {
        try withTemporaryFolder { folder in
            let (network, url) = (network(), folder.appending(path: "network.safetensors"))
            try network.write(to: url)
            let read = try INR(contentsOf: url)
            #expect(read.siren == network.siren && read.grid == network.grid)
            #expect(read.image() == network.image())
            #expect(read.image().channels == 3)
        }
    }

    @Test("a larger picture has the smaller one's pixels where the grids meet")
    func rendersAtAnotherSize() {
        let (small, large) = (network().image(), network().image(at: PixelGrid(height: 7, width: 11)))
        for row in 0..<4 {
            for column in 0..<6 {
                for channel in 0..<3 {
                    let (a, b) = ((row * 6 + column) * 3, (2 * row * 11 + 2 * column) * 3)
                    #expect(small.pixels[a + channel] == large.pixels[b + channel])
                }
            }
        }
    }

    @Test("a file that is no such network is refused in one line that says why")
    func refuses() throws {
        let network = network()
        let siren = #"{"hiddenOmega":2,"omega":4,"widths":[2,3,3]}"#
        let sound = ["architecture": "siren", "siren": siren, "height": "4", "width": "6"]
        let notANumber = Array(network.parameters.dropLast()) + [Tensor([.nan, 0, 0] as [Float])]
        let cases: [([String: String], [Tensor], String)] = [
            ([:], network.parameters, "expected a network with metadata \"architecture\": \"siren\", found none"),
            (["architecture": "mlp"], network.parameters, "found mlp"),
            (["height": "0"], network.parameters, "\"height\" in the metadata, found 0"),
            (["width": "wide"], network.parameters, "\"width\" in the metadata, found wide"),
            (["siren": "{}"], network.parameters, "\"siren\" in the metadata"),
            (["siren": #"{"hiddenOmega":2,"omega":4,"widths":[3,3,3]}"#], network.parameters, "found widths [3, 3, 3]"),
            (["siren": #"{"hiddenOmega":2,"omega":4,"widths":[2,4,3]}"#], network.parameters, "0.weight"),
            (["height": "4"], notANumber, "NaN or infinity in 1.bias"),
            (
                ["height": "4"], Array(network.parameters.dropLast()),
                "1.bias to be floating-point of shape [3], found none"
            ),
        ]
        try withTemporaryFolder { folder in
            for (index, (metadata, parameters, expected)) in cases.enumerated() {
                let url = folder.appending(path: "\(index).safetensors")
                let tensors = zip(network.siren.parameterNames, parameters).map { StoredTensor(name: $0, $1) }
                let merged = metadata.isEmpty ? [:] : sound.merging(metadata) { $1 }
                try SafetensorsFile.write(tensors, metadata: merged, to: url)
                #expect { try INR(contentsOf: url) } throws: { error in
                    "\(error)".contains("\(index).safetensors") && "\(error)".contains(expected)
                }
            }
        }
    }
}
