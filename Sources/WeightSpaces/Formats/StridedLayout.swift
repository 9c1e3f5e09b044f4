import Glibc

/// Where the elements of a tensor lie among those of a storage: `offset + ∑ index · stride`.
struct StridedLayout: Sendable {
    private let shape: [Int]
    private let strides: [Int]
    private let offset: Int
    /// How many elements the tensor has.
    let count: Int

    /// A layout whose elements all lie in a storage of `storageCount` elements, or `nil`; strides are not negative.
    init?(shape: [Int], strides: [Int], offset: Int, storageCount: Int) {
        guard shape.count == strides.count, offset >= 0, strides.allSatisfy({ $0 >= 0 }) else { return nil }
        guard let count = Self.product(shape) else { return nil }
        var last = offset
        if count > 0 {
            for (size, stride) in zip(shape, strides) where size > 1 {
                let (step, tooFar) = stride.multipliedReportingOverflow(by: size - 1)
                let (next, tooFarAgain) = last.addingReportingOverflow(step)
                guard !tooFar, !tooFarAgain else { return nil }
                last = next
            }
            guard last < storageCount else { return nil }
        }
        (self.shape, self.strides, self.offset, self.count) = (shape, strides, count > 0 ? offset : 0, count)
    }

    /// The layout of a whole storage in Fortran's order: the first index runs fastest.
    init?(columnMajor shape: [Int]) {
        guard let count = Self.product(shape) else { return nil }
        var stride = 1
        let strides = shape.map { size in
            defer { stride *= max(size, 1) }
            return stride
        }
        self.init(shape: shape, strides: strides, offset: 0, storageCount: count)
    }

    /// Whether elements may lie in one place, as those of an expanded view do: then a layout can stand for any number.
    var mayRepeat: Bool {
        guard count > 0 else { return false }
        var reach = 0
        for (size, stride) in zip(shape, strides).sorted(by: { $0.1 < $1.1 }) where size > 1 {
            guard stride > reach else { return true }
            reach += (size - 1) * stride
        }
        return false
    }

    /// The elements as a range of the storage, where they lie row-major and end to end.
    var contiguousRange: Range<Int>? {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            guard stride == expected || count == 0 else { return nil }
            expected *= size
        }
        return offset..<offset + count
    }

    /// The elements of `storage`, row-major; each has `size` bytes.
    func gather(from storage: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count * size) { elements, filled in
            var position = 0
            forEachElement { index in
                memcpy(elements.baseAddress! + position, storage.baseAddress! + index * size, size)
                position += size
            }
            filled = position
        }
    }

    /// Calls `body` with the place in the storage of each element, in row-major order.
    func forEachElement(_ body: (Int) throws -> Void) rethrows {
        guard count > 0 else { return }
        guard let (width, step) = zip(shape, strides).reversed().first else { return try body(offset) }
        var index = [Int](repeating: 0, count: shape.count - 1)
        var start = offset
        while true {
            for column in 0..<width { try body(start + column * step) }
            var axis = index.count - 1
            while axis >= 0, index[axis] == shape[axis] - 1 {
                start -= index[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
            guard axis >= 0 else { return }
            index[axis] += 1
            start += strides[axis]
        }
    }

    private static func product(_ shape: [Int]) -> Int? { StoredDType.uint8.byteCount(shape: shape) }
}
