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
    private var terms: [Term] = []

    /// - Parameter sizes: the block's permuted axes.
    init(sizes: [Int]) { self.sizes = sizes }

    /// Adds a view's array, `[batch, the view's axes…, width]`.
    mutating func add(_ array: Tensor, along view: View) {
        let isLinked = sizes.indices.map { axis in
            view.partition.classes.enumerated().contains { index, axes in
                axes.contains(axis) && (axes.count > 1 || view.classes.contains(index))
            }
        }
        terms.append(Term(array: lay(array, along: view), isLinked: isLinked))
    }

    /// The sum of all views, `[batch, permuted axes…, width]`.
    ///
    /// A fused kernel replaces this: it adds the vectors while a tile of the full product is in cache.
    var total: Tensor {
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
