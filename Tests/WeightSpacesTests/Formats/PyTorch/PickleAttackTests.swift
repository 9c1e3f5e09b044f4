import Foundation
import Glibc
import Testing

@testable import WeightSpaces

/// Pickles that were made to hurt: each is refused, or read in time and memory in proportion to its size.
@Suite struct PickleAttackTests {
    private static func expect(_ body: [UInt8], _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        expectRefusal(PickleBytes.checkpoint(body), text, sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        ("posix", "system"), ("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch.hub", "load"),
        ("collections", "OrderedDict.fromkeys"), ("torch._utils", "_rebuild_tensor_v4"), ("", ""), ("a\u{301}", "b"),
    ])
    func unknownObjectsAreNamedAndNotCalled(module: String, name: String) {
        let call = PickleBytes.tuple([PickleBytes.text("echo harm")]) + [0x52]
        Self.expect(
            PickleBytes.dictionary([("model", PickleBytes.global(module, name) + call)]), "\"\(module).\(name)\"")
        Self.expect(PickleBytes.global(module, name) + call, "\"\(module).\(name)\"")
        Self.expect(PickleBytes.text(module) + PickleBytes.text(name) + [0x93] + call, "\"\(module).\(name)\"")
    }

    @Test func knownObjectsAreNotCalledAsOthers() {
        for (module, name) in [("torch", "FloatStorage"), ("torch", "float32"), ("torch", "Tensor")] {
            Self.expect(PickleBytes.global(module, name) + [0x29, 0x52], "a call that tensors need")
        }
        Self.expect(PickleBytes.text("a") + [0x29, 0x52], "a known function")
        Self.expect(PickleBytes.global("collections", "OrderedDict") + [0x7D, 0x52], "a tuple of arguments")
    }

    @Test(
        arguments: [
            [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x58, 0, 0, 0, 0x80],
            [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x42, 0xFF, 0xFF, 0xFF, 0x7F], [0x8E, 0, 0, 0, 0, 0, 0, 0, 0x80], [0x8B, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x8B, 0, 0, 0, 0x80], [0x95, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            [0x96, 1, 0, 0, 0, 0, 0, 0, 1],
            [0x8A, 0xFF], [0x55, 0x20], [0x8C, 0x20], [0x43, 0x20],
        ] as [[UInt8]])
    func claimsOfBytesThatAreNotThereAreRefused(body: [UInt8]) {
        #expect(throws: FormatError.self) { try open(PickleBytes.checkpoint(body)) }
    }

    @Test func theStackHasABottom() {
        for opcode in [0x30, 0x31, 0x32, 0x61, 0x65, 0x74, 0x85, 0x86, 0x87, 0x73, 0x75, 0x62, 0x51, 0x52, 0x81, 0x94] {
            Self.expect([UInt8(opcode)], "on the stack")
            // What lies below a mark is out of reach.
            if ![0x30, 0x31, 0x65, 0x74, 0x75].contains(opcode) {
                Self.expect([0x4E, 0x28, UInt8(opcode)], "on the stack")
            }
        }
        Self.expect([], "on the stack")
    }

    @Test func theMemoHoldsWhatWasPutThere() {
        Self.expect([0x68, 0], "a value kept under number 0")
        Self.expect([0x4E, 0x71, 3, 0x68, 2], "a value kept under number 2")
        Self.expect([0x6A, 0xFF, 0xFF, 0xFF, 0xFF], "a value kept under")
        Self.expect([0x4E, 0x72, 0xFF, 0xFF, 0xFF, 0xFF], "a memo of at most")
        Self.expect([0x4E, 0x72, 0, 0, 0, 0x80], "a memo of at most")
    }

    @Test func operationsThatRunOrFetchSomethingAreUnknown() {
        for opcode: UInt8 in [0x69, 0x6F, 0x50, 0x82, 0x83, 0x84, 0x97, 0x98, 0x49, 0x4C, 0x56, 0x70, 0x00, 0xFF] {
            Self.expect([opcode], "operation 0x\(String(opcode, radix: 16))")
        }
        for version: UInt8 in [0, 1, 6, 255] { Self.expect([0x80, version], "protocol \(version)") }
    }

    @Test func cyclesAreHarmless() throws {
        let itself: [UInt8] = [0x7D, 0x71, 0]
        for key in ["state_dict", "x"] {
            Self.expect(itself + PickleBytes.text(key) + [0x68, 0, 0x73], "the keys \"\(key)\"")
        }
        // Two dictionaries that hold each other, under usual keys.
        let second: [UInt8] = [0x7D, 0x71, 1] + PickleBytes.text("net") + [0x68, 0, 0x73]
        Self.expect(itself + PickleBytes.text("model") + second + [0x73], "the keys \"model\"")
        // A module inside itself.
        let module: [UInt8] = PickleBytes.global("__torch__", "M") + [0x29, 0x81, 0x71, 0]
        Self.expect(module + [0x7D] + PickleBytes.text("m") + [0x68, 0, 0x73, 0x62], "a tree")
    }

    /// Pickles of half a megabyte that ask for as much as their bytes can.
    private static let dense: [(String, [UInt8], count: Int)] = [
        ("marks", [0x28], 500_000), ("lists", [0x5D], 500_000), ("dictionaries", [0x7D], 500_000),
        ("dropped dictionaries", [0x7D, 0x30], 250_000), ("nested tuples", [0x85], 500_000),
        ("dropped tuples", [0x4E, 0x85, 0x30], 170_000), ("texts", [0x8C, 0, 0x30], 170_000),
        ("memo", [0x94], 500_000), ("items", [0x8C, 0, 0x4E, 0x73], 125_000),
        ("marked tuples on a deep stack", [0x28, 0x74, 0x30], 130_000), ("doubles", [0x32, 0x86], 250_000),
        ("long numbers", [0x8A, 6, 1, 1, 1, 1, 1, 1, 0x30], 55_000),
        ("frames", [0x95, 0, 0, 0, 0, 0, 0, 0, 0], 55_000),
    ]

    @Test(arguments: dense.indices)
    func timeAndMemoryStayInProportion(index: Int) async {
        await #expect(processExitsWith: .success) { [index = index as Int] in
            let (name, unit, count) = PickleAttackTests.dense[index]
            var body: [UInt8] = [0x7D]
            if name.contains("deep stack") { body += [UInt8](repeating: 0x4E, count: 60_000) }
            body += [[UInt8]](repeating: unit, count: count).joined()
            let bytes = PickleBytes.start + body + PickleBytes.stop
            try limitMemory(toFurther: 4 * bytes.count + 4 << 20)
            limitProcessorTime(perRound: 20)
            _ = try? bytes.withUnsafeBytes { try PickleMachine.read($0, budget: 2 * $0.count, file: "f") }
        }
    }

    @Test func referencesMultiplyNeitherNamesNorWork() async {
        await #expect(processExitsWith: .success) {
            // Every level refers a thousand times to the next, under a usual key.
            var nested: [UInt8] = [0x7D, 0x71, 0]
            for level: UInt8 in 1...4 {
                let pair = PickleBytes.text("state_dict") + [0x68, level - 1]
                nested += [0x7D, 0x71, level, 0x28] + [[UInt8]](repeating: pair, count: 1_000).joined() + [0x75]
            }
            limitProcessorTime(perRound: 10)
            PickleAttackTests.expect(nested, "the keys")
            // One long name, and one tensor of many axes, said once and meant thousands of times.
            let ones = [Int](repeating: 1, count: 64)
            let tensor = PickleBytes.tensor(count: 0, shape: [0] + ones.dropLast(), strides: ones) + [0x71, 0, 0x30]
            let name = PickleBytes.text(String(repeating: "n", count: 1_000)) + [0x71, 1, 0x30]
            let pairs = [[UInt8]](repeating: [0x68, 1, 0x68, 0, 0x73], count: 5_000).joined()
            try limitMemory(toFurther: 16 << 20)
            PickleAttackTests.expect(tensor + name + [0x7D] + pairs, "names as the file is large")
            let named = (0..<5_000).map { PickleBytes.text("\($0)") + [0x68, 0, 0x73] }.joined()
            PickleAttackTests.expect(tensor + [0x7D] + named, "axes")
        }
    }
    @Test func modulesThatShareTheirAttributesAreNotLookedAtForEach() async {
        await #expect(processExitsWith: .success) {
            let pair: [UInt8] = [0x4E, 0x4E, 0x73]
            let attributes = [0x7D, 0x71, 0] + [[UInt8]](repeating: pair, count: 5_000).joined() + [0x30]
            let type = PickleBytes.global("__torch__", "M") + [0x71, 1, 0x30]
            let module: [UInt8] = [0x68, 1, 0x29, 0x81]
            let inner = (0..<5_000).map { PickleBytes.text("\($0)") + module + [0x68, 0, 0x62, 0x73] }.joined()
            limitProcessorTime(perRound: 5)
            PickleAttackTests.expect(attributes + type + module + [0x7D] + inner + [0x62], "as the file is large")
        }
    }
}
