import Foundation
import TestSupport
import Testing
import WeightSpaces

@testable import Graphs

/// Damaged files either load soundly or throw one line: no crash, no hang, no memory for what a file only claims to hold.
@Suite("Damaged ONNX files")
struct ONNXFuzzTests {
    @Test("25,000 mutated files load soundly or throw one line")
    func mutations() async {
        await #expect(processExitsWith: .success) {
            var mutation = ONNXMutation(seed: 1)
            let second = clock_t(CLOCKS_PER_SEC)
            var loaded = 0
            try withTemporaryFolder { folder in
                try Data(repeating: 0x3F, count: 64).write(to: folder.appending(path: "weights"))
                let url = folder.appending(path: "mutated.onnx")
                _ = try ONNXModelProto.linear.opened()
                try limitMemory(toFurther: 16 << 20)
                for round in 0..<25_000 {
                    let bytes = try mutation.next()
                    try Data(bytes).write(to: url)
                    alarm(60)
                    let start = clock()
                    do {
                        try expectSound(ONNXFile(url), "round \(round)")
                        loaded += 1
                    } catch {
                        expectOneLine(error, "round \(round)")
                    }
                    #expect(clock() - start < second, "round \(round)")
                }
            }
            // Both outcomes are met often, or the mutations prove little.
            #expect(2_500...17_500 ~= loaded, "\(loaded) of 25,000 mutated files loaded")
        }
    }

    @Test("the memory limit binds")
    func limit() async {
        await #expect(processExitsWith: .success) {
            try limitMemory(toFurther: 16 << 20)
            #expect(malloc(64 << 20) == nil)
        }
    }
}

/// What a file promises that was accepted: distinct names, honest sizes, and an order in which it can be computed.
private func expectSound(_ file: ONNXFile, _ comment: Comment) throws {
    #expect(Set(file.entries.map(\.name)).count == file.entries.count, comment)
    for entry in file.entries {
        let count = try file.withBytes(of: entry) { $0.count }
        #expect(count == entry.dtype.byteCount(shape: entry.shape), comment)
    }
    let graph = file.graph
    var written = Set(graph.inputs.map(\.name) + graph.constants.keys + graph.parameters.map(\.name))
    #expect(written.count == graph.inputs.count + graph.constants.count + graph.parameters.count, comment)
    for node in graph.nodes {
        #expect(node.reads.isSubset(of: written), comment)
        for case let name? in node.outputs { #expect(written.insert(name).inserted, comment) }
    }
    #expect(written.isSuperset(of: graph.outputs), comment)
}

private func expectOneLine(_ error: any Error, _ comment: Comment) {
    let message = "\(error)"
    #expect(error is FormatError || error is ONNXError || error is FileError, comment)
    #expect(message.contains("mutated.onnx") || error is FileError || message.contains("/weights"), comment)
    #expect(message.utf8.count < 1_500 && !message.utf8.contains { $0 < 0x20 }, "\(comment): \(message)")
}
