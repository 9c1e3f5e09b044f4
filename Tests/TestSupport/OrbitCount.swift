public import WeightSpaces

/// The number of orbits of a space's group on pairs of weights, by brute force: the dimension of the space of
/// equivariant linear maps from one-channel features to one-channel features.
public func orbitCount(onPairsOf space: WeightSpace) -> Int {
    let images = generatorImages(of: space)
    let count = space.parameterCount
    var orbits = DisjointSets(count: count * count)
    for image in images {
        for first in 0..<count {
            for second in 0..<count { orbits.join(first * count + second, image[first] * count + image[second]) }
        }
    }
    return orbits.count
}

/// Where each weight goes under each transposition of neighbouring neurons; these generate the group.
private func generatorImages(of space: WeightSpace) -> [[Int]] {
    space.groups.indices.flatMap { group in
        (0..<space.groups[group].size - 1).map { neuron in
            var images: [Int] = []
            for block in space.blocks {
                let sizes = space.axisSizes(of: block)
                let offset = images.count
                for flat in 0..<block.count {
                    var (rest, image, stride) = (flat, 0, 1)
                    for (axis, size) in zip(block.axes, sizes).reversed() {
                        var index = rest % size
                        rest /= size
                        if axis.group == group, index == neuron || index == neuron + 1 {
                            index = 2 * neuron + 1 - index
                        }
                        image += index * stride
                        stride *= size
                    }
                    images.append(offset + image)
                }
            }
            return images
        }
    }
}

private struct DisjointSets {
    private var parents: [Int]
    private(set) var count: Int

    init(count: Int) {
        parents = Array(0..<count)
        self.count = count
    }

    mutating func root(_ element: Int) -> Int {
        var element = element
        while parents[element] != element {
            parents[element] = parents[parents[element]]
            element = parents[element]
        }
        return element
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (root(a), root(b))
        if a != b {
            parents[a] = b
            count -= 1
        }
    }
}
