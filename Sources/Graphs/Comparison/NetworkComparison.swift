import Foundation
import Torch
public import WeightSpaces

/// What differs between two networks: their graphs, and all tensors of both after the neurons of the first were moved to
/// where those of the second are.
public struct NetworkComparison: Sendable {
    /// What differs between the graphs; `nil` where not both files hold one.
    public let graphs: GraphComparison?
    /// All tensors of either file, those of the first in its order before others.
    public let tensors: [TensorDifference]
    /// How many neurons are in other places.
    public let movedNeurons: Int
    /// The first tensor that neurons have to be told apart by, and whose type is not computed with: then none was moved.
    public let unmatched: CheckpointEntry?

    /// Compares two networks.
    ///
    /// - Parameter space: the weight space of the first; where a tensor that it moves is missing in the second or has
    ///   another shape, nothing is moved.
    /// - Throws: `FormatError` where a tensor that is moved holds NaN or infinite values; what reading throws.
    public init(_ first: any Checkpoint, _ second: any Checkpoint, in space: WeightSpace) throws {
        graphs = (first as? ONNXFile).flatMap { here in
            (second as? ONNXFile).map { GraphComparison(here.graph, $0.graph) }
        }
        let moved = try Self.moved(first, to: second, in: space)
        movedNeurons = moved?.neurons ?? 0
        unmatched = space.blocks.filter { !$0.groups.isEmpty }.map(\.parameter).sorted().lazy
            .flatMap { [first[$0], second[$0]].compactMap(\.self) }.first { $0.dtype.tensorDType == nil }
        var tensors = try first.entries.map { here in
            var result = TensorDifference(name: here.name, here: here, there: second[here.name])
            guard let there = result.there, there.shape == here.shape else { return result }
            guard let a = try first.tensor(here), let b = try second.tensor(there) else {
                if here.dtype == there.dtype {
                    let bytes = try second.withBytes(of: there) { [UInt8]($0) }
                    result.hasEqualBytes = try first.withBytes(of: here) { $0.elementsEqual(bytes) }
                }
                return result
            }
            result.measure(moved?.parameters[here.name] ?? a, asStored: a, b)
            return result
        }
        for there in second.entries where first[there.name] == nil {
            tensors.append(TensorDifference(name: there.name, here: nil, there: there))
        }
        self.tensors = tensors
    }

    /// Whether nothing differs beyond a relative distance.
    public func isSame(within tolerance: Double) -> Bool {
        graphs?.differences.isEmpty != false && tensors.allSatisfy { $0.isSame(within: tolerance) }
    }

    /// The first network's parameters with neurons where those of the second are.
    private static func moved(
        _ first: any Checkpoint, to second: any Checkpoint, in space: WeightSpace
    ) throws -> (parameters: [String: Tensor], neurons: Int)? {
        let blocks = space.blocks.filter { !$0.groups.isEmpty }
        let names = Set(blocks.map(\.parameter))
        guard !blocks.isEmpty, names.allSatisfy({ second[$0]?.shape == first[$0]?.shape }) else { return nil }
        let part = try WeightSpace(groups: space.groups, blocks: blocks)
        let (a, b) = (try parameters(of: first, named: names), try parameters(of: second, named: names))
        guard let a, let b else { return nil }
        let element = try Alignment(of: a, to: b, in: part).element
        let neurons = element.permutations.reduce(0) { sum, permutation in
            sum + permutation.images.enumerated().count { $0.offset != $0.element }
        }
        return (try element.acting(on: a, in: part), neurons)
    }

    /// Tensors that neurons can be told apart by; `nil` where one is of a type that is not computed with.
    private static func parameters(of file: any Checkpoint, named names: Set<String>) throws -> [String: Tensor]? {
        var result: [String: Tensor] = [:]
        for name in names.sorted() {
            guard let entry = file[name], let tensor = try file.tensor(entry) else { return nil }
            guard tensor.isFinite else {
                throw FormatError.malformed(
                    file: file.url.relativePath, part: "'\(name.oneLine(limit: 100))'",
                    expected: "finite numbers, which neurons are told apart by", found: "NaN or infinite values")
            }
            result[name] = tensor
        }
        return result
    }
}

extension NetworkComparison {
    /// The tensors of one layer, and how far apart all of them are together.
    public struct Layer: Sendable {
        /// What the tensors' names have in common: all but their last word.
        public let name: String
        /// How many tensors it has.
        public let count: Int
        /// `‖a − b‖ / ‖b‖`
        public let distance: Double
    }

    /// Distances by layer, of tensors that can be subtracted, in the order of the first file.
    public var layers: [Layer] {
        var names: [String] = []
        var parts: [String: [TensorDifference]] = [:]
        for tensor in tensors where tensor.distance != nil {
            let name = tensor.name.lastIndex(of: ".").map { String(tensor.name[..<$0]) } ?? tensor.name
            if parts[name] == nil { names.append(name) }
            parts[name, default: []].append(tensor)
        }
        return names.map { name in
            let all = parts[name] ?? []
            let difference = all.reduce(0) { hypot($0, $1.norms.difference) }
            let size = all.reduce(0) { hypot($0, $1.norms.size) }
            return Layer(name: name, count: all.count, distance: difference.relative(to: size))
        }
    }
}
