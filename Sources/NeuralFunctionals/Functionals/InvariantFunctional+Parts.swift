internal import Torch

extension InvariantFunctional {
    /// The functional of one network, from a few of its blocks at a time: what it takes is the features of the largest ones
    /// and all vectors, however large the network is. Each block is read once, and once more for each layer.
    ///
    /// - Parameter weights: a block by its number, `[1, permuted axes…, F]`.
    /// - Traps: when layers are normalised or residual, or repetitions share parameters.
    func evaluatingInParts(_ weights: (Int) throws -> Tensor) rethrows -> Tensor {
        let layers = trunk.stack
        let views = { (layer: Int, block: Int) in
            layer < layers.count
                ? layers[layer].linear.vectorViews(ofBlock: block)
                : pooling.views.flatMap(\.views).filter { $0.block == block }
        }
        var known: [View: Tensor] = [:]
        for block in trunk.inputSpace.blocks.indices {
            var projector = Projector(trunk.encoded(try weights(block), ofBlock: block), known: nil)
            for view in views(0, block) { known[view] = projector(view) }
        }
        var terms: [[Int: [EquivariantLinear.Term]]] = []
        for layer in layers.indices {
            terms.append(layers[layer].linear.vectorTerms(known))
            known = [:]
            for component in layers[layer].linear.components {
                var projectors: [Int: Projector] = [:]
                for block in component {
                    projectors[block] = Projector(trunk.encoded(try weights(block), ofBlock: block), known: nil)
                }
                for passed in 0...layer {
                    let sums = layers[passed].linear.sums(of: &projectors, adding: terms[passed])
                    projectors = sums.mapValues { sum in
                        let total = layers[passed].activated(sum)
                        return Projector(.stored(total.values), known: total.means)
                    }
                }
                for block in component {
                    for view in views(layer + 1, block) { known[view] = projectors[block]?(view) }
                }
            }
        }
        var none: RandomSource?
        return head(pooling.concatenated(known), dropping: &none)
    }
}
