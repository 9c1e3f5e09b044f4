import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

/// How far ours is from a reference case: `max|ours − theirs| / max|theirs|`, the largest over the case's tensors.
struct Comparison: CustomStringConvertible {
    let name: String
    let kind: ReferenceCase.Kind
    let symmetry: NeuronSymmetry
    let dtype: DType
    let bound: Double
    let output: Double
    let gradient: Double

    var description: String { "\(name), \(symmetry), \(dtype): output \(output), gradient \(gradient)" }

    /// Compares what ours found with what the file holds, name by name.
    init(
        _ found: [String: Tensor], with reference: ReferenceCase, _ symmetry: NeuronSymmetry, _ dtype: DType,
        bound: Double
    ) throws {
        func largestError(_ prefix: String) throws -> Double {
            let expected = reference.tensors(prefix)
            try #require(expected.count == found.keys.count { $0.hasPrefix(prefix) })
            return try expected.reduce(0) { largest, tensor in
                let error = relativeError(try #require(found[prefix + tensor.key]), tensor.value)
                return error <= largest ? largest : error
            }
        }
        name = reference.name
        kind = reference.kind
        self.symmetry = symmetry
        self.dtype = dtype
        self.bound = bound
        output = try largestError("output.")
        gradient = try largestError("gradient.")
    }

    /// The comparisons of one case in both precisions, under each symmetry that ours can have.
    static func all(of reference: ReferenceCase) throws -> [Comparison] {
        try reference.kind.symmetries.flatMap { symmetry in
            let counterpart = try Counterpart(reference, symmetry)
            return try ParityTests.bounds.map { dtype, bound in
                try Comparison(counterpart.results(in: dtype), with: reference, symmetry, dtype, bound: bound)
            }
        }
    }

    /// One line per kind of layer: the number of cases and the largest errors in each precision.
    static func table(_ comparisons: [Comparison]) -> String {
        func cell(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        func largest(_ errors: [Double]) -> String {
            let error = errors.contains(where: \.isNaN) ? .nan : errors.max() ?? 0
            return cell(error.formatted(.number.notation(.scientific).precision(.fractionLength(1))), 10)
        }
        let header = [
            "largest relative error ", " cases", "   float32", "  gradient", "   float64", "  gradient",
        ]
        let lines = ReferenceCase.Kind.allCases.map { kind in
            let chosen = comparisons.filter { $0.kind == kind }
            let columns = ParityTests.bounds.map(\.dtype).flatMap { dtype in
                let errors = chosen.filter { $0.dtype == dtype }
                return [largest(errors.map(\.output)), largest(errors.map(\.gradient))]
            }
            let name = kind.rawValue + String(repeating: " ", count: max(0, 23 - kind.rawValue.count))
            return ([name, cell("\(Set(chosen.map(\.name)).count)", 6)] + columns).joined()
        }
        return ([header.joined()] + lines).joined(separator: "\n")
    }
}
