import NeuralFunctionals
import WeightSpaces

/// How the time of one layer, forward and backward, grows with one size while the others stay.
struct GrowthCurve: Sendable {
    /// What grows.
    let name: String
    /// What stays.
    let title: String
    /// The sizes that are measured.
    let values: [Int]
    /// The layer of a size, set up.
    let workload: @Sendable (Int) throws -> any Workload

    static let all: [GrowthCurve] = [
        GrowthCurve(name: "channels", title: "INR 2-32-32-1, batch 32", values: [16, 32, 64, 128, 256]) {
            LayerPass(over: try chain([2, 32, 32, 1], channels: $0), batch: 32)
        },
        GrowthCurve(name: "width", title: "INR 2-n-n-1, 32 channels, batch 32", values: [16, 32, 64, 128, 256]) {
            LayerPass(over: try chain([2, $0, $0, 1], channels: 32), batch: 32)
        },
        GrowthCurve(name: "depth", title: "n hidden layers of 32, 32 channels, batch 32", values: [2, 4, 8, 16]) {
            LayerPass(over: try chain([2] + Array(repeating: 32, count: $0) + [1], channels: 32), batch: 32)
        },
        GrowthCurve(name: "batch", title: "INR 2-32-32-1, 64 channels", values: [8, 16, 32, 64, 128, 256]) {
            LayerPass(over: try chain([2, 32, 32, 1], channels: 64), batch: $0)
        },
        GrowthCurve(
            name: "blocks", title: "transformer of width 64, 8 channels, roles shared", values: [6, 12, 24, 48]
        ) {
            let space = try WeightSpace.transformer(blocks: $0)
            return LayerPass(
                over: FeatureSpace(space, channels: 8).sharingRoles(of: space), batch: 1, bottleneck: .init())
        },
    ]

    private static func chain(_ widths: [Int], channels: Int) throws -> FeatureSpace {
        FeatureSpace(try .mlp(widths: widths, symmetry: .allNeurons), channels: channels)
    }
}

extension GrowthCurve {
    /// What the worker of a size is called.
    func workerName(of value: Int) -> String { "\(name)-\(value)" }
}
