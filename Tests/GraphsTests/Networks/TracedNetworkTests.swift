import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Small networks as exporters and quantisers write them, with operators that only such networks have.
@Suite("Traced networks", .oneThread)
struct TracedNetworkTests {
    @Test(
        "groups are found and certified",
        arguments: [
            ("fold", [6, 6, 20]), ("unpool", [9]), ("scatter_slice", [3, 6]), ("weight_standardised", [12]),
            ("loop", [7]), ("quantized", [8, 12]), ("dynamic", [8, 12]),
        ])
    func certified(name: String, sizes: [Int]) throws {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/traced")
        let network = try Network(folder.appending(path: "\(name).onnx"))
        let symmetries = try network.symmetries()
        #expect(symmetries.unknownOperators == [:])
        #expect(symmetries.space.groups.map(\.size).sorted() == sizes)
        let certificate = try Certificate(of: network, symmetries)
        #expect(certificate.holds, "\(certificate)")
    }
}
