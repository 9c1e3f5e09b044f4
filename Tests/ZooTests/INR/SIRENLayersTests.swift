import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Layers of SIRENs in files", .oneThread) struct SIRENLayersTests {
    private let description = SIRENDescription()

    /// Writes dense layers with these names and widths, and finds them again.
    private func found(_ names: [String], _ widths: [Int], pyTorch: Bool, extra: [StoredTensor] = []) throws -> SIREN {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "net")
            let tensors = names.indices.flatMap { layer in
                [
                    StoredTensor(name: names[layer] + ".weight", .ones([widths[layer + 1], widths[layer]])),
                    StoredTensor(name: names[layer] + ".bias", .ones([widths[layer + 1]])),
                ]
            }
            if pyTorch {
                try PyTorchFile.write(tensors + extra, to: url)
            } else {
                try SafetensorsFile.write(tensors + extra, to: url)
            }
            return try SIREN(of: try Checkpoints.open(url), describedBy: description)
        }
    }

    @Test("numbers order layers, however many digits they have; PyTorch keeps the order of the dictionary")
    func order() throws {
        let names = (0..<12).map { "net.\($0).linear" } + ["net.12"]
        let widths = [2] + [Int](repeating: 4, count: 12) + [3]
        #expect(try found(names, widths, pyTorch: false).layerNames == names)
        #expect(try found(names, widths, pyTorch: false).widths == widths)
        let words = ["first", "second", "next", "last"]
        #expect(try found(words, [2, 3, 3, 3, 1], pyTorch: true).layerNames == words)
        #expect(try found(["input", "hidden", "output"], [2, 3, 4, 1], pyTorch: true).widths == [2, 3, 4, 1])
    }

    @Test("what is no SIREN from the plane to colours, or of unknown order, is refused") func refusals() {
        func message(_ names: [String], _ widths: [Int], extra: [StoredTensor] = []) -> String {
            do { return "\(try found(names, widths, pyTorch: false, extra: extra))" } catch { return "\(error)" }
        }
        #expect(message(["0", "1"], [3, 4, 1]).contains("from 2 coordinates to 1 or 3 colours, found 3→4, 4→1"))
        #expect(message(["0", "1"], [2, 4, 2]).contains("found 2→4, 4→2"))
        #expect(
            message(["a", "b", "c", "d"], [2, 3, 3, 3, 1]).contains("whose order their numbers tell, found 'b' and 'c'")
        )
        #expect(
            message(["0", "1"], [2, 3, 1], extra: [StoredTensor(name: "omega", .ones([1]))])
                .contains("weights and biases alone, found 'omega' [1]"))
        #expect(
            message(["0", "1"], [2, 3, 1], extra: [StoredTensor(name: "2.weight", .ones([1, 1]))])
                .contains("dense layers with biases, found others in '2'"))
        #expect(message([], [2]).contains("found none"))
    }
}
