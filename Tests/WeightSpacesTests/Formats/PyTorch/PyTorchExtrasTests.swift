import Glibc
import Testing

@testable import WeightSpaces

/// What stands beside the tensors of a checkpoint: other packages' objects are passed over, plain values are told.
@Suite struct PyTorchExtrasTests {
    private static let weights = PickleBytes.tensor(count: 6, shape: [2, 3], strides: [3, 1])
    private static let state = PickleBytes.dictionary([("w", weights)])

    private static func open(_ pickle: [UInt8], _ body: (PyTorchFile) throws -> Void) throws {
        try WeightSpacesTests.open(PickleBytes.checkpoint(pickle, storage: [UInt8](0..<24))) { file in
            try body(try #require(file as? PyTorchFile))
        }
    }

    /// A call of an unknown function, or an object of an unknown class.
    private static func object(_ arguments: [[UInt8]] = [], _ rest: [UInt8] = [], opcode: UInt8 = 0x52) -> [UInt8] {
        PickleBytes.global("package.module", "Class") + PickleBytes.tuple(arguments) + [opcode] + rest
    }

    @Test(arguments: [
        ("datetime.pt", "0.weight", 6), ("deque.pt", "0.weight", 6), ("lightning2_attrdict.ckpt", "net.0.weight", 6),
        ("lightning_attrdict.ckpt", "net.0.weight", 6), ("lightning_oldcallbacks.ckpt", "net.0.weight", 6),
        ("np_generator.pt", "0.weight", 6), ("simplenamespace.pt", "0.weight", 6),
        ("omegaconf.pt", "layers.0.weight", 10), ("plain_config.pt", "layers.0.weight", 10),
    ])
    func aStateDictReadsBesideObjectsOfOtherPackages(name: String, first: String, count: Int) throws {
        let file = try Checkpoints.open(try fixture("extras/\(name)"))
        #expect(file.entries.first?.name == first)
        #expect(file.entries.count == count)
        #expect(file.passedOver.isEmpty)
        for entry in file.entries { try file.withBytes(of: entry) { #expect($0.count == entry.byteCount) } }
    }

    @Test func objectsThatAreCalledFilledOrKeysArePassedOver() throws {
        let inner = Self.object([[0x4E]])
        for object in [
            Self.object(), Self.object([inner, PickleBytes.text("x")]), Self.object(opcode: 0x81),
            PickleBytes.global("package", "Class") + [0x29, 0x7D, 0x92],
            Self.object([], [0x7D, 0x62]), Self.object([], [0x28, 0x4E, 0x4E, 0x65]), Self.object([], [0x4E, 0x61]),
            Self.object([], [0x28, 0x4E, 0x4E, 0x75]), Self.object([], [0x29, 0x52]), Self.object([], [0x29, 0x81]),
        ] {
            for pair in [PickleBytes.text("extra") + object, object + [0x4B, 1], object + object] {
                let pickle: [UInt8] = [0x7D] + pair + [0x73] + PickleBytes.text("state_dict") + Self.state + [0x73]
                try Self.open(pickle) { #expect($0.entries.map(\.name) == ["w"]) }
            }
        }
    }

    @Test func anObjectAmongTheTensorsIsNamedWhenItIsAskedFor() throws {
        let parameter = PickleBytes.global("torch._utils", "_rebuild_parameter") + PickleBytes.tuple([Self.object()])
        let pickle = PickleBytes.dictionary([("w", Self.weights), ("odd", Self.object()), ("o.p", parameter + [0x52])])
        try Self.open(pickle) { file in
            #expect(file.entries.map(\.name) == ["w"])
            #expect(file.passedOver.keys.sorted() == ["o.p", "odd"])
            for name in ["odd", "o.p"] {
                let space = try WeightSpace(groups: [], blocks: [Block(parameter: name, shape: [], axes: [])])
                #expect(
                    performing: { try file.parameters(of: space) },
                    throws: { "\($0)".contains("tensor \"\(name)\"") && "\($0)".contains("package.module.Class") })
            }
        }
    }

    @Test func aDictionaryOfAnotherClassHoldsTensorsToo() throws {
        let items: [UInt8] = PickleBytes.text("w") + Self.weights + [0x73]
        let state = Self.object([], items, opcode: 0x81)
        try Self.open(state) { #expect($0.entries.map(\.name) == ["w"]) }
        try Self.open(PickleBytes.dictionary([("model", state)])) { #expect($0.entries.map(\.name) == ["w"]) }
    }

    @Test func dictionariesAreMadeOfPairsAsPython2WroteThem() throws {
        let pair: [UInt8] = [0x5D, 0x28, 0x55, 1, UInt8(ascii: "w")] + Self.weights + [0x65]
        let call = PickleBytes.global("collections", "OrderedDict")
        try Self.open(call + [0x5D] + pair + [0x61, 0x85, 0x52]) { #expect($0.entries.map(\.name) == ["w"]) }
        expectRefusal(PickleBytes.checkpoint(call + [0x5D, 0x4B, 1, 0x61, 0x85, 0x52]), "a list of pairs")
    }

    @Test func plainValuesAreTold() throws {
        let pickle = PickleBytes.dictionary([
            ("model", Self.state), ("none", [0x4E]), ("true", [0x88]), ("false", [0x89]), ("int", [0x4B, 7]),
            ("long", PickleBytes.integer(-1 << 40)), ("float", [0x47, 0xBF, 0xE0, 0, 0, 0, 0, 0, 0]),
            ("text", PickleBytes.text("é")), ("tuple", PickleBytes.tuple([[0x4B, 1], [0x4E]])),
            ("list", [0x5D, 0x4B, 1, 0x61, 0x28, 0x4B, 2, 0x4B, 3, 0x65]),
            ("mixed", PickleBytes.tuple([Self.object()])),
            ("bytes", [0x43, 1, 0]), ("numbers", [0x7D, 0x4B, 3, 0x88, 0x73]), ("class", Self.object()),
            ("filled", Self.object([], PickleBytes.text("a") + [0x4B, 1, 0x73])),
            ("attributes", Self.object([], PickleBytes.dictionary([("a", [0x4B, 1]), ("b", Self.weights)]) + [0x62])),
            ("queue", Self.object([], [0x4B, 1, 0x61])), ("set", [0x8F]),
        ])
        try Self.open(pickle) { file in
            let metadata = try file.metadata
            #expect(
                metadata == [
                    "model": .object([:]), "none": .null, "true": .truth(true), "false": .truth(false),
                    "int": .number(7), "long": .number(-1_099_511_627_776), "float": .number(-0.5), "text": .text("é"),
                    "tuple": .list([.number(1), .null]), "list": .list([.number(1), .number(2), .number(3)]),
                    "numbers": .object(["3": .truth(true)]), "filled": .object(["a": .number(1)]),
                    "attributes": .object(["a": .number(1)]), "queue": .list([.number(1)]),
                ])
        }
    }

    @Test(arguments: ["omegaconf.pt", "plain_config.pt"])
    func aConfigurationReadsPlainAndAsOmegaConfKeepsIt(name: String) throws {
        let file = try PyTorchFile(try fixture("extras/\(name)"))
        func numbers(_ numbers: [Double]) -> PlainValue { .list(numbers.map { .number($0) }) }
        #expect(
            try file.metadata["config"]
                == .object([
                    "n_layers": .number(4), "n_classes": .number(10), "channels": numbers([3, 8, 8, 8, 16]),
                    "kernel_size": numbers([3, 3, 5, 3]), "stride": numbers([1, 1, 1, 1]),
                    "padding": numbers([1, 1, 2, 1]), "residual": numbers([-1, -1, 0, -1]),
                    "activation": .list([PlainValue](repeating: .text("relu"), count: 4)),
                ]))
        #expect(try file.metadata["iteration"] == .number(5))
    }

    @Test func referencesMultiplyNoPlainValues() async {
        await #expect(processExitsWith: .success) {
            // Each of thirty lists holds the one before it twice; a list and a dictionary hold themselves.
            var nested: [UInt8] = [0x5D, 0x71, 0, 0x30]
            for level: UInt8 in 1...30 {
                nested += [0x5D, 0x28, 0x68, level - 1, 0x68, level - 1, 0x65, 0x71, level, 0x30]
            }
            let itself: [UInt8] = [0x5D, 0x71, 40, 0x68, 40, 0x61, 0x30, 0x7D, 0x71, 41, 0x4B, 1, 0x68, 41, 0x73, 0x30]
            func pickle(_ number: UInt8) -> [UInt8] {
                nested + itself + PickleBytes.dictionary([("a", [0x68, number]), ("model", PyTorchExtrasTests.state)])
            }
            try limitMemory(toFurther: 16 << 20)
            limitProcessorTime(perRound: 5)
            try PyTorchExtrasTests.open(pickle(30)) { file in
                #expect(performing: { try file.metadata }, throws: { "\($0)".contains("in proportion to the file") })
            }
            for (number, isPlain) in [(UInt8(40), false), (41, true)] {
                try PyTorchExtrasTests.open(pickle(number)) { file in
                    let metadata = try file.metadata
                    #expect((metadata["a"] != nil) == isPlain)
                }
            }
        }
    }
}
