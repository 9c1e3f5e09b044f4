internal import Torch

/// Evaluating a layer for some blocks at a time, where those of a large network do not fit into memory together.
extension EquivariantLinear {
    /// What a layer adds to a block through a view.
    struct Term {
        let view: View
        let array: Tensor
    }

    /// Sets of blocks that views of two axes or more connect. All else that blocks have to do with each other goes through
    /// vectors and scalars.
    var components: [[Int]] {
        var numbers = Array(inputSpace.blocks.indices)
        for mixing in basis.mixings where mixing.type.groups.count > 1 {
            let connected = Set((mixing.projections + mixing.injections).map { numbers[$0.block] })
            let first = connected.min() ?? 0
            for block in numbers.indices where connected.contains(numbers[block]) { numbers[block] = first }
        }
        return Set(numbers).sorted().map { number in numbers.indices.filter { numbers[$0] == number } }
    }

    /// The views of at most one axis that are read of a block.
    func vectorViews(ofBlock block: Int) -> [View] {
        basis.mixings.filter { $0.type.groups.count < 2 }.flatMap(\.projections).filter { $0.block == block }
    }

    /// What is added to every block through vectors and scalars, by the block's number.
    ///
    /// - Parameter views: of all blocks those of ``vectorViews(ofBlock:)``.
    /// - Traps: when blocks share parameters by role.
    func vectorTerms(_ views: [View: Tensor]) -> [Int: [Term]] {
        var terms: [Int: [Term]] = [:]
        for mixing in basis.mixings where mixing.type.groups.count < 2 {
            for term in mixed(mixing, views) { terms[term.view.block, default: []].append(term) }
        }
        return terms
    }

    /// What each block of a component is the sum of, by its number.
    func sums(of projectors: inout [Int: Projector], adding terms: [Int: [Term]]) -> [Int: Injector] {
        var injectors: [Int: Injector] = [:]
        for index in projectors.keys {
            let block = outputSpace.blocks[index]
            var injector = Injector(
                sizes: block.groups.map { outputSpace.groups[$0].size }, width: block.width)
            for term in terms[index, default: []] { injector.add(term.array, along: term.view) }
            injectors[index] = injector
        }
        for mixing in basis.mixings where mixing.type.groups.count > 1 {
            var views: [View: Tensor] = [:]
            for view in mixing.projections { views[view] = projectors[view.block]?(view) }
            if views.count < mixing.projections.count { continue }
            for term in mixed(mixing, views) { injectors[term.view.block]?.add(term.array, along: term.view) }
        }
        return injectors
    }

    private func mixed(_ mixing: EquivariantBasis.Mixing, _ views: [View: Tensor]) -> [Term] {
        precondition(mixing.ownSources.isEmpty, "expected blocks with parameters of their own")
        let parts = matrices[mixing.number](
            mixing.projections.compactMap { views[$0] }, axes: mixing.type.groups.count,
            bias: mixing.type == .scalar ? bias : nil, widths: mixing.targets.map(\.width))
        return zip(mixing.injections, parts).map { Term(view: $0, array: $1) }
    }
}
