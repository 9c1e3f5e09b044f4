import TestSupport
import Testing
import Torch

@testable import Graphs

@Suite("Damaged operators", .oneThread)
struct OperatorMutationTests {
    @Test(
        "whatever settings and values an operator is given, it computes or throws", arguments: 0..<10 as Range<UInt64>)
    func noCrash(round: UInt64) throws {
        var (computed, refused) = (0, 0)
        for (number, recorded) in try OperatorTests.cases.get().enumerated() {
            var mutation = OperatorMutation(seed: UInt64(number) << 32 | round)
            let (node, inputs) = mutation.mutated(recorded)
            do {
                _ = try OperatorCatalog.operation(for: node).evaluate(inputs)
                computed += 1
            } catch {
                refused += 1
            }
        }
        #expect(computed > 50 && refused > 50, "computed \(computed), refused \(refused)")
    }
}
