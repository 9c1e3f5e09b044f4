import Foundation
import Testing
import Torch

@testable import Graphs

@Suite("Damaged operators", .oneThread)
struct OperatorMutationTests {
    @Test("whatever settings and values an operator is given, it computes or throws")
    func noCrash() throws {
        let rounds = UInt64(ProcessInfo.processInfo.environment["NFN_MUTATIONS"] ?? "") ?? 5
        var (computed, refused) = (0, 0)
        for (number, recorded) in try OperatorTests.cases.get().enumerated() {
            for round in 0..<rounds {
                var mutation = OperatorMutation(seed: UInt64(number) << 32 | round)
                let (node, inputs) = mutation.mutated(recorded)
                if ProcessInfo.processInfo.environment["NFN_MUTATIONS"] != nil {
                    let text = "MUT \(number) \(round) \(node.operation) v\(node.version) \(node.attributes) \(inputs)\n"
                    FileHandle.standardError.write(Data(text.utf8))
                }
                do {
                    _ = try OperatorCatalog.operation(for: node).evaluate(inputs)
                    computed += 1
                } catch {
                    #expect(!"\(error)".isEmpty)
                    refused += 1
                }
            }
        }
        #expect(computed > 100 && refused > 100, "computed \(computed), refused \(refused)")
    }
}
