import NeuralFunctionals
import Torch
import WeightSpaces

/// How the parameters of the reference's linear layers make up ours: every entry of ours is a sum of scaled entries of
/// theirs.
///
/// The reference numbers a channel `c`, a kernel position `p` and a fixed neuron `o` as `(c·f + p)·n + o`, ours as
/// `(o·f + p)·C + c`. It averages over fixed neurons where it could read each of them, and reads some twice.
struct ReferenceLinear {
    /// An entry of the reference's parameters, times a scale.
    private typealias Term = (source: Int, scale: Double)

    /// For one channel of a view that the reference reads: our channels and how much of each.
    private typealias Segment = [[(row: Int, scale: Double)]]

    private let chain: ReferenceChain
    private let layer: EquivariantLinear
    private let symmetry: NeuronSymmetry
    /// The reference's parameters in the order in which they are laid end to end.
    private let names: [String]
    private var offsets: [String: Int] = [:]
    private var sourceCount = 0
    /// Per parameter of ours, in visiting order, and entry.
    private var terms: [[[Term]]]

    init(_ reference: ReferenceCase, of layer: EquivariantLinear, _ symmetry: NeuronSymmetry) {
        chain = reference.chain
        self.layer = layer
        self.symmetry = symmetry
        let parameters = reference.tensors("parameter.")
        names = parameters.keys.filter { !$0.hasSuffix("_embed") }.sorted()
        for name in names {
            offsets[name] = sourceCount
            sourceCount += parameters[name]?.count ?? 0
        }
        terms = layer.parameters.map { .init(repeating: [], count: $0.value.count) }
        mapAll()
    }

    /// Our parameters, in visiting order, as a differentiable function of the reference's.
    func parameters(from reference: [String: Tensor]) -> [Tensor] {
        let flat = names.compactMap { reference[$0]?.reshaped([-1]) }
        let source = concatenate(flat + [.zeros([1], dtype: flat[0].dtype)], axis: 0)
        return zip(layer.parameters, terms).map { parameter, terms in
            let rounds = max(1, terms.map(\.count).max() ?? 0)
            let sum = (0..<rounds).map { round in
                let taken = terms.map { round < $0.count ? $0[round] : (source: sourceCount, scale: 0) }
                return source.gathered(0, at: taken.map(\.source)) * Tensor(taken.map(\.scale)).to(source.dtype)
            }
            return sum.dropFirst().reduce(sum[0], +).reshaped(parameter.value.shape)
        }
    }

    /// The entries of our parameters that no parameter of the reference reaches, as input and output block; blocks
    /// reached in part do not count.
    var unreachedMaps: [(input: Int, output: Int)] {
        var result: [(input: Int, output: Int)] = []
        for (index, mixing) in layer.basis.mixings.enumerated() {
            for input in Set(mixing.projections.map(\.block)).sorted() {
                for output in Set(mixing.injections.map(\.block)).sorted() {
                    let rows = rows(of: input, in: mixing)
                    let columns = columns(of: output, in: mixing)
                    let isReached = rows.contains { row in
                        columns.contains { !terms[index][row * mixing.outputWidth + $0].isEmpty }
                    }
                    if !isReached { result.append((input, output)) }
                }
            }
        }
        return result
    }

    /// The number of entries of our parameters that no parameter of the reference reaches.
    var unreachedCount: Int { terms.reduce(0) { $0 + $1.count { $0.isEmpty } } }

    private mutating func mapAll() {
        let (last, first) = (chain.depth - 1, 0)
        guard symmetry == .hiddenNeurons else {
            for layer in 0...last { mapLayer(layer) }
            return
        }
        var read = [kept(chain.weight(first), [1]), mean(chain.weight(1), [1]), kept(chain.bias(first), [1])]
        if last == 1 { read.append(kept(chain.weight(last), [1])) }
        map("w0_rpt", onto: chain.weight(first), [1], from: read)
        map("w0_rbdcst", onto: chain.weight(first), [], from: means)
        map("bias_0", onto: chain.bias(first), [1], from: read)
        map("bias_0_rc", onto: chain.bias(first), [], from: means)
        for layer in 1..<last { mapLayer(layer) }
        read = [kept(chain.weight(last), [last]), mean(chain.weight(last - 1), [last])]
        if last == 1 { read.append(kept(chain.weight(first), [1])) }
        map("wfin_cpt", onto: chain.weight(last), [last], from: read)
        map("wfin_cbdcst", onto: chain.weight(last), [], from: means)
        map("bias_fin_rc", onto: chain.bias(last), [], from: means)
    }

    /// A layer between two sets of permuted neurons.
    private mutating func mapLayer(_ layer: Int) {
        let (weight, bias, last) = (chain.weight(layer), chain.bias(layer), chain.depth - 1)
        let isHidden = symmetry == .hiddenNeurons
        var columns = [mean(weight, [layer])]
        if layer > 0 {
            columns += [mean(chain.weight(layer - 1), [layer]), kept(chain.bias(layer - 1), [layer])]
        }
        if isHidden && layer == 1 { columns.append(kept(chain.weight(0), [layer])) }
        var rows = [mean(weight, [layer + 1]), kept(bias, [layer + 1])]
        if layer < last { rows.append(mean(chain.weight(layer + 1), [layer + 1])) }
        if isHidden && layer == last - 1 { rows.append(kept(chain.weight(last), [layer + 1])) }
        map("layer_\(layer)", onto: weight, [layer, layer + 1], from: [kept(weight, [layer, layer + 1])])
        map("layer_\(layer)_rc", onto: weight, [], from: means)
        map("layer_\(layer)_r", onto: weight, [layer], from: columns)
        map("layer_\(layer)_c", onto: weight, [layer + 1], from: rows)
        map("bias_\(layer)", onto: bias, [layer + 1], from: rows)
        map("bias_\(layer)_rc", onto: bias, [], from: means)
    }

    /// The means of all weights, then of all biases; with fixed neurons also each of these by itself.
    private var means: [Segment] {
        let layers = 0..<chain.depth
        let all = layers.map { mean(chain.weight($0), []) } + layers.map { mean(chain.bias($0), []) }
        guard symmetry == .hiddenNeurons else { return all }
        return all + [chain.weight(0), chain.weight(chain.depth - 1), chain.bias(chain.depth - 1)].map { kept($0, []) }
    }

    private mutating func map(_ name: String, onto block: Int, _ neurons: [Int], from segments: [Segment]) {
        guard let weight = offsets["\(name).weight"], let bias = offsets["\(name).bias"] else {
            preconditionFailure("the reference has no parameters '\(name)'")
        }
        let index = mixing(neurons)
        let read = segments.flatMap { $0 }
        let width = layer.basis.mixings[index].outputWidth
        for (output, column) in written(block, neurons).enumerated() {
            for (input, channels) in read.enumerated() {
                for (row, scale) in channels {
                    terms[index][row * width + column].append((weight + output * read.count + input, scale))
                }
            }
        }
        for (output, column) in written(block, []).enumerated() {
            terms[terms.count - 1][column].append((bias + output, 1))
        }
    }

    /// A view as the reference reads it with every fixed neuron by itself.
    private func kept(_ block: Int, _ neurons: [Int]) -> Segment {
        order(block, of: rows(of: block, in: layer.basis.mixings[mixing(neurons)])).map { [($0, 1)] }
    }

    /// A view as the reference reads it, averaged over fixed neurons.
    private func mean(_ block: Int, _ neurons: [Int]) -> Segment {
        let rows = order(block, of: rows(of: block, in: layer.basis.mixings[mixing(neurons)]))
        let count = chain.fixedNeurons(block, symmetry)
        return stride(from: 0, to: rows.count, by: count).map { start in
            rows[start..<start + count].map { ($0, 1 / Double(count)) }
        }
    }

    /// The columns that are written into a block, in the reference's order.
    private func written(_ block: Int, _ neurons: [Int]) -> [Int] {
        order(block, of: columns(of: block, in: layer.basis.mixings[mixing(neurons)]))
    }

    /// Our channels of a block in the reference's order: channel, kernel position, fixed neuron.
    private func order(_ block: Int, of range: Range<Int>) -> [Int] {
        let (positions, fixed) = (chain.positions(block), chain.fixedNeurons(block, symmetry))
        let channels = range.count / (positions * fixed)
        return (0..<channels).flatMap { channel in
            (0..<positions).flatMap { position in
                (0..<fixed).map { range.lowerBound + ($0 * positions + position) * channels + channel }
            }
        }
    }

    /// The matrix that mixes views along some sets of neurons.
    private func mixing(_ neurons: [Int]) -> Int {
        let groups = neurons.map { symmetry == .hiddenNeurons ? $0 - 1 : $0 }
        guard let index = layer.basis.mixings.firstIndex(where: { $0.type.groups == groups }) else {
            preconditionFailure("there are no views of type \(groups)")
        }
        return index
    }

    /// Where a block's view starts among those that are read; a chain has at most one per block.
    private func rows(of block: Int, in mixing: EquivariantBasis.Mixing) -> Range<Int> {
        let start = mixing.projections.prefix { $0.block != block }
            .reduce(0) { $0 + layer.inputSpace.blocks[$1.block].width }
        return start..<start + layer.inputSpace.blocks[block].width
    }

    private func columns(of block: Int, in mixing: EquivariantBasis.Mixing) -> Range<Int> {
        let start = mixing.injections.prefix { $0.block != block }
            .reduce(0) { $0 + layer.outputSpace.blocks[$1.block].width }
        return start..<start + layer.outputSpace.blocks[block].width
    }
}
