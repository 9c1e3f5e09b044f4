internal import Torch

/// Lays views into one block and adds them up, small ones into larger ones before they reach the block's full size.
struct Injector {
    private struct Term {
        /// Broadcasts to the block: `[batch, n or 1…, width]`.
        var array: Tensor
        /// Whether each permuted axis has its full size.
        let isLinked: [Bool]

        var linkedCount: Int { isLinked.count { $0 } }

        func isContained(in other: Term) -> Bool { zip(isLinked, other.isLinked).allSatisfy { !$0 || $1 } }
    }

    private let sizes: [Int]
    private let width: Int
    private var terms: [Term] = []
    /// What is the same everywhere, `[batch, width]`.
    private var scalars: Tensor?
    /// A matrix and what its channels are multiplied by, still to be done.
    private var product: (matrix: BlockValues, weight: Tensor)?

    /// For a block with permuted axes of these sizes and `width` channels, fixed positions counted.
    init(sizes: [Int], width: Int) {
        self.sizes = sizes
        self.width = width
    }

    /// Adds a view's array, `[batch, the view's axes…, width]`.
    mutating func add(_ array: Tensor, along view: View) {
        if view.classes.isEmpty && view.partition.isTrivial {
            scalars = scalars.map { $0 + array } ?? array
            return
        }
        let isLinked = sizes.indices.map { axis in
            view.partition.classes.enumerated().contains { index, axes in
                axes.contains(axis) && (axes.count > 1 || view.classes.contains(index))
            }
        }
        terms.append(Term(array: lay(array, along: view), isLinked: isLinked))
    }

    /// Adds the product of a block's channels with a weight; only once, and only where the block has two axes.
    mutating func add(_ matrix: BlockValues, times weight: Tensor) { product = (matrix, weight) }

    /// The sum of all views, `[batch, permuted axes…, width]`, activated; with its means where they come for nothing.
    ///
    /// - Parameter averages: whether anybody will ask for the means.
    func total(activation: Activation? = nil, averages: Bool) -> (values: Tensor, means: MatrixMeans?) {
        let isRectified = activation == .relu
        if let product, product.matrix.isMixable {
            let later = isRectified ? nil : activation
            let (values, means) = product.matrix.mixed(
                by: product.weight, rows: vectors(along: 0, product), columns: vectors(along: 1, product),
                scalars: scalars, isRectified: isRectified, averages: averages && later == nil)
            return (later?(values) ?? values, means)
        }
        if let scalars, terms.count == 1, sizes.count == 1, activation == nil || isRectified {
            return (Torch.sum(of: terms[0].array, and: scalars, isRectified: isRectified), nil)
        }
        let mixed = product.map { Term(array: matmul($0.matrix.array, $0.weight), isLinked: [true, true]) }
        let shared = scalars.map { scalars in
            Term(
                array: scalars.reshaped([scalars.size(0)] + sizes.map { _ in 1 } + [width]),
                isLinked: sizes.map { _ in false })
        }
        let total = sum(terms + [shared, mixed].compactMap(\.self), sizes: sizes)
        return (activation?(total) ?? total, nil)
    }

    /// The sum of the terms along one axis of a matrix, `[batch, n, width]`.
    private func vectors(along axis: Int, _ product: (matrix: BlockValues, weight: Tensor)) -> Tensor {
        let chosen = terms.filter { $0.isLinked[axis] }
        let shape = [product.matrix.shape[0], sizes[axis], width]
        if chosen.isEmpty { return .zeros(shape, dtype: product.weight.dtype) }
        return sum(chosen, sizes: axis == 0 ? [sizes[0], 1] : [1, sizes[1]]).reshaped(shape)
    }

    private func sum(_ terms: [Term], sizes: [Int]) -> Tensor {
        var terms = terms.sorted { $0.linkedCount < $1.linkedCount }
        for index in terms.indices.dropLast() {
            let term = terms[index]
            let target =
                terms.indices.dropFirst(index + 1).first { term.isContained(in: terms[$0]) } ?? terms.count - 1
            terms[target].array = terms[target].array + term.array
        }
        guard let sum = terms.last?.array else { preconditionFailure("no view reaches the block") }
        return sum.expanded([sum.size(0)] + sizes + [sum.size(-1)])
    }

    /// The view with one axis per axis of the block, of size one where it is to be repeated.
    private func lay(_ array: Tensor, along view: View) -> Tensor {
        let (batch, width) = (array.size(0), array.size(-1))
        let classes = view.partition.classes
        // One axis per class: linked ones come from the view, free ones have size one, or full size on a diagonal.
        let linked = classes.indices.filter { view.classes.contains($0) }
        let order = linked.compactMap { view.classes.firstIndex(of: $0) }
        var result = array.permuted([0] + order.map { $0 + 1 } + [order.count + 1])
        result = result.reshaped(
            [batch] + classes.indices.map { linked.contains($0) ? sizes[classes[$0][0]] : 1 } + [width])
        if view.partition.isTrivial { return result }
        result = result.expanded(
            [batch]
                + classes.indices.map { index in
                    linked.contains(index) || classes[index].count > 1 ? sizes[classes[index][0]] : 1
                } + [width])
        // The axes' present meaning, by the block's axis that they index; -1 is the batch, -2 the channels.
        var axes = [-1] + classes.map { $0[0] } + [-2]
        for members in classes {
            for member in members.dropFirst() {
                let position = axes.firstIndex(of: members[0]) ?? 0
                let others = axes.indices.filter { $0 != position }
                result = result.permuted(others + [position]).diagonalEmbedding(-2, -1)
                axes = others.map { axes[$0] } + [members[0], member]
            }
        }
        let target = [-1] + Array(sizes.indices) + [-2]
        return result.permuted(target.compactMap { axes.firstIndex(of: $0) })
    }
}
