import TestSupport
import Testing
import Torch

@testable import Graphs

/// Our operators compute what ONNX's reference and ONNX Runtime compute; `Scripts/operators.py` says more.
@Suite("Operators", .oneThread)
struct OperatorTests {
    static let cases = Result { try OperatorCase.all() }

    @Test("every operator computes what ONNX computes", arguments: OperatorCatalog.types.flatMap { $0.names })
    func agree(name: String) throws {
        let cases = try Self.cases.get().filter { $0.node.operation == name }
        #expect(!cases.isEmpty, "no case is recorded for \(name)")
        for recorded in cases {
            let results: [Tensor]
            do {
                results = try OperatorCatalog.operation(for: recorded.node).evaluate(recorded.inputs)
            } catch {
                Issue.record("\(recorded.testDescription): \(error)")
                continue
            }
            try #require(results.count >= recorded.expected.count, "\(recorded.testDescription)")
            for (found, expected) in zip(results, recorded.expected) {
                expectSame(found, expected, recorded)
            }
        }
    }

    @Test("no case is recorded for an operator that is not known") func namesAreKnown() throws {
        let names = Set(try Self.cases.get().map(\.node.operation))
        #expect(names.subtracting(OperatorCatalog.types.flatMap { $0.names }).isEmpty)
    }

    /// Expects equal shapes, numbers of the same kind, and elements that are as close as the case says.
    func expectSame(_ found: Tensor, _ expected: Tensor, _ recorded: OperatorCase) {
        let comment = Comment(rawValue: recorded.testDescription)
        #expect(found.shape == expected.shape, comment)
        #expect(found.dtype.isFloatingPoint == expected.dtype.isFloatingPoint, comment)
        #expect(found.dtype.isFloatingPoint || found.dtype == expected.dtype, comment)
        guard found.shape == expected.shape else { return }
        let values: [Double] = found.to(.float64).elements()
        let truth: [Double] = expected.to(.float64).elements()
        let scale = truth.filter(\.isFinite).map(abs).max() ?? 0
        let errors = zip(values, truth).map { $0 == $1 || $0.isNaN && $1.isNaN ? 0 : abs($0 - $1) }
        #expect(errors.allSatisfy { $0 <= recorded.bound * scale }, "\(comment): expected \(truth), got \(values)")
    }
}
