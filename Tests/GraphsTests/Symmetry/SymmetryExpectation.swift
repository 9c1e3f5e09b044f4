import Testing
import Torch
import WeightSpaces

@testable import Graphs

/// Expects groups of these sizes, in ascending order, and that permuting each leaves the outputs alone.
///
/// Where a group moves several axes, one of them alone must change the outputs.
///
/// - Returns: what was found, for further expectations.
@discardableResult
func expectSymmetries(
    of graph: Graph, _ sizes: [Int], literals: [String: Tensor] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> NetworkSymmetries {
    let shapes = Dictionary(uniqueKeysWithValues: graph.inputs.map { ($0.name, $0.shape.map { $0 ?? 2 }) })
    let symmetries = try NetworkSymmetries(of: graph, shapes: shapes) { literals[$0.name] }
    #expect(symmetries.space.groups.map(\.size).sorted() == sizes, sourceLocation: sourceLocation)
    var random = RandomSource(seed: 1)
    var parameters: [String: Tensor] = [:]
    for entry in graph.parameters {
        let elements = Tensor.normal(shape: entry.shape, dtype: .float64, using: &random)
        let literal = literals[entry.name].map { $0.dtype.isFloatingPoint ? $0.to(.float64) : $0 }
        parameters[entry.name] = literal ?? elements
    }
    let inputs = graph.inputs.map { ($0.name, Tensor.normal(shape: shapes[$0.name]!, dtype: .float64, using: &random)) }
    let evaluator = try GraphEvaluator(graph)
    func outputs(_ parameters: [String: Tensor]) throws -> [Double] {
        try evaluator.evaluate(
            parameters: parameters, inputs: Dictionary(uniqueKeysWithValues: inputs), dtype: .float64
        ).flatMap { $0.to(.float64).elements(as: Double.self) }
    }
    let before = try outputs(parameters)
    let scale = before.map(abs).max() ?? 0
    #expect(scale > 0 && scale.isFinite, sourceLocation: sourceLocation)
    for trial in symmetries.groupTrials(using: &random) {
        let after = try outputs(parameters.merging(trial.permute(parameters)) { $1 })
        let error = zip(before, after).map { abs($0 - $1) }.max() ?? 0
        #expect(error <= Certificate.tolerance * scale, "\(trial.subject)", sourceLocation: sourceLocation)
    }
    for trial in symmetries.brokenTrials(using: &random) {
        let after = try outputs(parameters.merging(trial.permute(parameters)) { $1 })
        let error = zip(before, after).map { abs($0 - $1) }.max() ?? 0
        #expect(error >= Certificate.noticeableChange * scale, "\(trial.subject)", sourceLocation: sourceLocation)
    }
    return symmetries
}

extension NetworkSymmetries {
    /// For each group that moves several axes, a permutation of one of them alone.
    fileprivate func brokenTrials(using random: inout RandomSource) -> [PermutationTrial] {
        space.groups.indices.compactMap { group in
            let moved = space.blocks.flatMap { block in
                block.axes.indices.filter { block.axes[$0].group == group }.map { (block, $0) }
            }
            guard moved.count > 1, let (block, axis) = moved.max(by: { $0.0.count < $1.0.count }) else { return nil }
            let permutation = Permutation.moving(space.groups[group].size, using: &random)
            let space = space
            return PermutationTrial(subject: "\(block.name), axis \(axis) of \(space.groups[group].name) alone") {
                let stored = try space.parameter(block, of: $0)
                let part = space.part(block, of: stored)
                let moved = part.reshaped(space.axisSizes(of: block))
                    .gathered(axis, at: permutation.images).reshaped(part.shape)
                return [block.parameter: space.replacing(block, of: stored, by: moved)]
            }
        }
    }
}

extension CheckpointEntry {
    /// A parameter of single precision.
    static func weight(_ name: String, _ shape: Int...) -> CheckpointEntry {
        CheckpointEntry(name: name, dtype: .float32, shape: shape)
    }
}
