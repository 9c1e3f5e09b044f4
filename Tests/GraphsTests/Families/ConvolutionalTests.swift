import TestSupport
import Testing

@Suite("Residual networks and VGGs", .oneThread)
struct ConvolutionalTests {
    /// A network of two stages of two blocks each.
    private static func resNet(layers: Int, groups: Int = 1, kernel: Int = 3) -> StateFile {
        var file = StateFile()
        func add(_ name: String, _ norm: String, _ weight: [Int]) {
            file.add(name, weight, isBiased: false)
            file.addBatchNormalization(norm, weight[0])
        }
        add("conv1", "bn1", [6, 2, kernel, kernel])
        for (stage, inner, before, after) in [(1, 4, 6, layers == 3 ? 10 : 6), (2, 8, layers == 3 ? 10 : 6, 12)] {
            for block in 0..<2 {
                let (name, inputs) = ("layer\(stage).\(block)", block == 0 ? before : after)
                if layers == 3 {
                    add("\(name).conv1", "\(name).bn1", [inner, inputs, 1, 1])
                    add("\(name).conv2", "\(name).bn2", [inner, inner / groups, 3, 3])
                    add("\(name).conv3", "\(name).bn3", [after, inner, 1, 1])
                } else {
                    add("\(name).conv1", "\(name).bn1", [inner, inputs, 3, 3])
                    add("\(name).conv2", "\(name).bn2", [after, inner, 3, 3])
                }
                if inputs != after { add("\(name).downsample.0", "\(name).downsample.1", [after, inputs, 1, 1]) }
            }
        }
        file.add("fc", [3, 12])
        return file
    }

    @Test("a stage is one group, and so is the inside of each basic block")
    func basic() throws {
        try Self.resNet(layers: 2).expectGroups([6, 4, 4, 12, 8, 8])
    }

    @Test("a bottleneck has two groups of its own, and the stem one where it is projected")
    func bottleneck() throws {
        try Self.resNet(layers: 3, kernel: 7).expectGroups([6, 10, 12] + [4, 4, 4, 4, 8, 8, 8, 8])
    }

    @Test("groups of channels are permuted whole, and channels within them")
    func grouped() throws {
        let symmetries = try Self.resNet(layers: 3, groups: 2).network().symmetries()
        let sizes = symmetries.space.groups.map(\.size)
        #expect(sizes.count { $0 == 2 } >= 4)
        try Self.resNet(layers: 3, groups: 2).expectGroups(sizes)
        #expect(!sizes.contains(8))
    }

    @Test("what wrappers put in front of names is no part of them, and messages keep it")
    func wrapped() throws {
        var file = Self.resNet(layers: 2)
        file.shapes = file.shapes.map { ("module._orig_mod.\($0.name)", $0.shape) }
        try file.expectGroups([6, 4, 4, 12, 8, 8])
        #expect(try file.network().assumptions.isEmpty)
        file.remove("module._orig_mod.bn1.bias")
        file.expectRefusal("has no 'module._orig_mod.bn1.bias'")
        file.shapes.append(("scale", [3]))
        file.expectRefusal("tells of 'downsample'")
    }

    @Test("a network of one width is not taken for a ResNet, because normalizations may come first in it")
    func oneWidth() {
        var file = Self.resNet(layers: 2)
        file.shapes.removeAll { $0.name.hasPrefix("layer2") }
        file.replace("fc.weight", [3, 6])
        file.expectRefusal("a connection skips it")
        for layer in 1...2 {
            file.add("layer2.0.conv\(layer)", [6, 6, 3, 3], isBiased: false)
            file.addBatchNormalization("layer2.0.bn\(layer)", 6)
        }
        file.expectRefusal("a connection skips it")
    }

    @Test("a residual network with parameters missing, left over or of other shapes is refused")
    func refusals() {
        var file = Self.resNet(layers: 2)
        file.remove("layer2.1.bn2.running_var")
        file.expectRefusal("it looks like a ResNet, but has no 'layer2.1.bn2.running_var'")
        file = Self.resNet(layers: 2)
        file.shapes.append(("layer2.1.se.weight", [8, 8]))
        file.expectRefusal("1 of its tensors have no place there: 'layer2.1.se.weight' [8, 8]")
        file = Self.resNet(layers: 2)
        file.replace("layer1.1.bn1.bias", [5])
        file.expectRefusal("'layer1.1.bn1.bias' has the shape [5], not [4]")
        file = Self.resNet(layers: 2)
        file.remove("layer2.0.downsample.0.weight")
        file.expectRefusal("'layer2.0' adds 12 channels to 6")
        file.replace("conv1.weight", [6, 2, 3])
        file.expectRefusal("expected 4 axes")
    }

    /// Eight convolutions, the last of which reads 128 channels at half the side.
    private static func vgg(isNormalized: Bool, side: Int = 2) -> StateFile {
        var file = StateFile()
        let step = isNormalized ? 3 : 2
        for layer in 0..<8 {
            let (number, outputs) = (layer * step + (layer > 3 ? 1 : 0), layer < 4 ? 64 : 128)
            let inputs = layer == 0 ? 3 : layer < 5 ? 64 : 128
            file.add("features.\(number)", [outputs, inputs, 3, 3])
            if isNormalized { file.addBatchNormalization("features.\(number + 1)", outputs) }
        }
        file.add("classifier.0", [8, 128 * side * side])
        file.add("classifier.3", [7, 8])
        file.add("classifier.6", [3, 7])
        return file
    }

    @Test("a VGG pools where numbers are left out", arguments: [true, false])
    func vgg(isNormalized: Bool) throws {
        let file = Self.vgg(isNormalized: isNormalized)
        try file.expectGroups([64, 64, 64, 64, 128, 128, 128, 128, 8, 7])
        #expect(try file.network().inputShapes["input"] == [1, 3, 8, 8])
        #expect(try file.network().graph.nodes.count { $0.operation == "MaxPool" } == 2)
    }

    @Test("what is only called like a VGG is a chain whose channels stay")
    func likeVGG() throws {
        var file = Self.vgg(isNormalized: false)
        file.replace("features.0.weight", [64, 1, 3, 3])
        #expect(try file.network().assumptions.map(\.subject) == [.chain, .chain, .flatten])
    }

    @Test("a VGG whose numbers or sizes do not fit is refused")
    func vggRefusals() {
        var file = Self.vgg(isNormalized: false)
        file.add("features.20", [128, 128, 3, 3])
        file.expectRefusal("what comes after 'features.15' is not known")
        file = Self.vgg(isNormalized: false)
        file.replace("classifier.0.weight", [8, 128 * 3])
        file.expectRefusal("no squares of 128 channels")
    }
}
