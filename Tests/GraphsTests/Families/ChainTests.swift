import TestSupport
import Testing

@testable import Graphs

@Suite("Chains", .oneThread)
struct ChainTests {
    private static func file(_ layers: [(String, [Int])], isBiased: Bool = true) -> StateFile {
        var file = StateFile()
        for (name, weight) in layers { file.add(name, weight, isBiased: isBiased) }
        return file
    }

    @Test("each hidden layer of dense layers is a group", arguments: [true, false])
    func dense(isBiased: Bool) throws {
        let layers = [("10", [3, 6]), ("2", [7, 5]), ("6", [6, 7])]
        try Self.file(layers, isBiased: isBiased).expectGroups([7, 6])
    }

    /// A fact that is stated.
    private static func flatten(_ order: StatedFacts.FlattenOrder) -> StatedFacts {
        var facts = StatedFacts()
        facts.flatten = order
        return facts
    }

    @Test(
        "channels are read at as many positions as the first dense layer asks for, in the order that is stated",
        arguments: StatedFacts.FlattenOrder.allCases)
    func flattened(order: StatedFacts.FlattenOrder) throws {
        let facts = Self.flatten(order)
        let plane = Self.file([
            ("conv1", [4, 2, 3, 3]), ("conv2", [5, 4, 3, 3]), ("fc1", [7, 5 * 9]), ("fc2", [3, 7]),
        ])
        try plane.expectGroups([4, 5, 7], stating: facts)
        try Self.file([("conv", [4, 2, 3]), ("fc", [3, 4 * 6])]).expectGroups([4], stating: facts)
        try Self.file([("conv", [4, 1, 2, 3, 1]), ("fc", [3, 4])]).expectGroups([4], stating: facts)
        let views = try plane.network(stating: facts).symmetries().space.blocks.first { $0.parameter == "fc1.weight" }
        let fixed = order == .channelsFirst ? [false, false, true] : [false, true, false]
        #expect(views?.axes.map { $0.group == nil } == fixed)
    }

    @Test("where the order of a flatten is not stated, the channels before it stay")
    func openFlatten() throws {
        let file = Self.file([("conv1", [4, 2, 3]), ("conv2", [5, 4, 3]), ("fc1", [7, 5 * 9]), ("fc2", [3, 7])])
        try file.expectGroups([4, 7])
        let network = try file.network()
        #expect(network.assumptions.map(\.subject) == [.chain, .flatten])
        #expect(network.assumptions.map(\.isOpen) == [false, true])
        #expect(network.assumptions[1].layers == ["conv2", "fc1"])
        #expect(try network.symmetries(answering: .flatten).space.groups.map(\.size) == [4, 5, 7])
        #expect(try file.network(stating: Self.flatten(.channelsLast)).assumptions.map(\.subject) == [.chain])
    }

    @Test("layers of equal width move alike, or stay with inputs and outputs of that width, unless a chain is stated")
    func equalWidths() throws {
        let file = Self.file([("0", [6, 3]), ("2", [6, 6]), ("4", [4, 6]), ("6", [6, 4]), ("8", [2, 6])])
        try file.expectGroups([6, 4])
        #expect(try file.network().assumptions.map(\.isOpen) == [false, true])
        var chain = StatedFacts()
        chain.isChain = true
        try file.expectGroups([6, 6, 4, 6], stating: chain)
        #expect(try file.network(stating: chain).assumptions.isEmpty)
        try Self.file([("0", [6, 6]), ("2", [4, 6]), ("4", [2, 4]), ("6", [2, 2])]).expectGroups([4])
        // What a dense layer reads at several positions may be added to a layer as wide, channel by channel.
        let wide = Self.file([("0", [2, 1, 3]), ("2", [6, 2 * 3]), ("4", [6, 6]), ("6", [4, 6])])
        try wide.expectGroups([2], stating: Self.flatten(.channelsFirst))
    }

    @Test("normalizations of dense layers may be of groups of neurons, which stay unless that is stated")
    func openNormalization() throws {
        let file = Self.file([("0", [6, 3]), ("1", [6]), ("3", [4, 6]), ("5", [2, 4])])
        try file.expectGroups([4])
        #expect(try file.network().assumptions.map(\.subject) == [.chain, .normalization])
        var facts = StatedFacts()
        facts.normalizesLayers = true
        try file.expectGroups([6, 4], stating: facts)
    }

    @Test("normalizations between layers join their groups")
    func normalized() throws {
        var sequence = StateFile()
        sequence.add("net.0", [4, 2, 3, 3], isBiased: false)
        sequence.addBatchNormalization("net.1", 4)
        sequence.add("net.4", [6, 4 * 4])
        sequence.add("net.5", [6])
        sequence.add("net.7", [3, 6])
        var facts = Self.flatten(.channelsFirst)
        facts.normalizesLayers = true
        try sequence.expectGroups([4, 6], stating: facts)
        var named = StateFile()
        named.addBatchNormalization("bn1", 5)
        named.addBatchNormalization("bn2", 5)
        named.add("fc1", [5, 3])
        named.add("fc2", [5, 5])
        named.add("fc3", [2, 5])
        facts.isChain = true
        try named.expectGroups([5, 5], stating: facts)
        try named.expectGroups([5])
    }

    @Test("shapes say the order where names do not, and words where shapes do not")
    func order() throws {
        try Self.file([("hidden", [6, 5]), ("input", [5, 3]), ("output", [2, 6])]).expectGroups([5, 6])
        var facts = StatedFacts()
        facts.isChain = true
        try Self.file([("decoder.0", [4, 4]), ("encoder.0", [4, 4])]).expectGroups([4], stating: facts)
        try Self.file([("decoder.0", [4, 4]), ("encoder.0", [4, 4])]).expectGroups([])
        Self.file([("a", [4, 4]), ("b", [4, 4])]).expectRefusal("one of 2 orders")
    }

    @Test("what is no chain is refused with the layer that does not fit")
    func misfits() {
        Self.file([("0", [5, 3]), ("2", [2, 6])]).expectRefusal("'2' [2, 6] does not fit after '0' [5, 3]")
        Self.file([("0", [5, 3, 3, 3]), ("2", [5, 1, 3, 3]), ("4", [2, 5])]).expectRefusal("does not fit")
        Self.file([("0", [5, 3, 3, 3])]).expectRefusal("there is none")
        Self.file([("0", [5, 3]), ("1", [5]), ("2", [4, 5, 3, 3])]).expectRefusal("does not fit")
        var file = Self.file([("0", [5, 3]), ("2", [2, 5])])
        file.shapes.append(("scale", [5]))
        file.expectRefusal("'scale' [5] is no weight or bias")
        file.shapes[4] = ("1.weight", [5])
        file.expectRefusal("a normalization or an activation")
        file.shapes[4] = ("1.bias", [5])
        file.expectRefusal("'1' has no weight")
        file.shapes[4] = ("0.running_mean", [5])
        file.expectRefusal("1 of its tensors have no place there: '0.running_mean'")
        file.shapes[4] = ("3.weight", [0, 2])
        file.expectRefusal("is no weight or bias")
        file.shapes.removeLast()
        file.replace("0.bias", [4])
        file.expectRefusal("'0.bias' has the shape [4], not [5]")
        StateFile().expectRefusal("no tensors")
    }

    @Test("a normalization of channels may be one of groups of them, and is refused")
    func groupNormalization() {
        Self.file([("0", [4, 3, 3, 3]), ("1", [4]), ("3", [2, 4])]).expectRefusal("may normalize groups")
        Self.file([("0", [3]), ("1", [4, 3, 3, 3]), ("3", [2, 4])]).expectRefusal("may normalize groups")
    }

    @Test("blocks that a connection may skip are refused")
    func blocks() throws {
        let blocks = ["blocks.0.fc1", "blocks.0.fc2"].map { ($0, [4, 4]) }
        let file = Self.file([("in", [4, 2])] + blocks + [("out", [2, 4])])
        file.expectRefusal("the block 'blocks.0'")
        var facts = StatedFacts()
        facts.isChain = true
        try file.expectGroups([4, 4, 4], stating: facts)
        try Self.file([("layer1.0", [4, 2]), ("layer1.2", [5, 4]), ("layer2.0", [3, 5])]).expectGroups([4, 5])
    }

    @Test(
        "known architectures that do not say how they compute are refused with the reason",
        arguments: [
            ("rnn.weight_ih_l0", "recurrent"), ("features.denseblock1.denselayer1.conv1.weight", "DenseNet"),
            ("features.1.conv.0.0.weight", "MobileNet"), ("features.1.0.block.0.0.weight", "EfficientNet"),
            ("encoder.layers.encoder_layer_0.self_attention.in_proj_weight", "how many heads"),
            ("up.0.weight", "tells of 'up'"), ("generator.0.weight", "tells of 'generator'"),
        ])
    func known(name: String, reason: String) {
        var file = Self.file([("0", [5, 3]), ("2", [2, 5])])
        file.shapes.append((name, [4, 4]))
        file.expectRefusal(reason)
    }

    @Test("pictures are never larger than memory allows")
    func bounds() {
        Self.file([("0", [1, 1, 4000, 1]), ("1", [1, 1, 1, 5000]), ("2", [2, 1])]).expectRefusal("shape [1, 1, 4")
        Self.file([("0", [300, 1, 1, 1]), ("2", [1, 300 * 10_000])]).expectGroupsOrRefusal()
    }
}

extension StateFile {
    /// Expects anything but a crash.
    fileprivate func expectGroupsOrRefusal() { _ = try? network().symmetries() }
}
