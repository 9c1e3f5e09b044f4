public import FoundationEssentials
import Torch

extension Checkpoint {
    /// Writes the network with its neurons in other places: a file of the same format, with the same function.
    ///
    /// - Parameter space: the weight space of the network; tensors that it does not view stay as they are.
    /// - Throws: `WeightSpaceError` when a parameter is missing or has another shape; what reading and writing throw.
    public func write(to url: URL, permutedBy element: GroupElement, in space: WeightSpace) throws {
        let moving = Dictionary(grouping: space.blocks.filter { !$0.groups.isEmpty }, by: \.parameter)
        if let missing = moving.keys.sorted().first(where: { self[$0] == nil }) {
            throw self.missing(missing)
        }
        try write(to: url) { entry in
            guard let blocks = moving[entry.name] else { return try withBytes(of: entry) { [UInt8]($0) } }
            let part = try WeightSpace(groups: space.groups, blocks: blocks)
            let bits = try withBytes(of: entry) {
                Tensor(bytes: $0, shape: entry.shape, dtype: entry.dtype.sameWidthInteger)
            }
            let moved = try element.acting(on: [entry.name: bits], in: part)[entry.name] ?? bits
            return [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, count in
                moved.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
                count = entry.byteCount
            }
        }
    }
}

extension StoredDType {
    /// Integers of as many bytes, as which elements are moved about unread.
    fileprivate var sameWidthInteger: DType {
        switch byteCount {
        case 1: .uint8
        case 2: .int16
        case 4: .int32
        default: .int64
        }
    }
}
