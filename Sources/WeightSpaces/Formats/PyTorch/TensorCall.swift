/// What a call that would rebuild a tensor says: its type and shape, and where its elements lie in which storage.
struct TensorCall {
    let dtype: StoredDType
    let shape: [Int]
    let layout: StridedLayout
    /// The storage's key: the name of its member under `data/`.
    let key: String
    /// The storage's size.
    let storageByteCount: Int

    private static let deepestWrapping = 8

    /// Reads object `number` of `pickle`.
    ///
    /// - Parameter tensor: the tensor's name, for messages.
    /// - Throws: `FormatError`, `unreadTensor` where the object is sound as far as it is looked at, and no dense tensor.
    init(
        _ number: UInt32, of pickle: Pickle, tensor: String, file: String
    ) throws(FormatError) {
        func malformed(_ expected: String, _ found: String = "something else") -> FormatError {
            .malformed(file: file, part: "tensor \(tensor.quoted)", expected: expected, found: found)
        }
        func unread(_ found: String) -> FormatError { .unreadTensor(file: file, tensor: tensor, found: found) }
        let (version, arguments) = try Self.unwrapped(number, of: pickle, malformed, unread)
        guard arguments.count >= (version == 1 ? 4 : 6), case .storage(let identifier) = arguments[0],
            let offset = pickle.integer(arguments[1]), let shape = Self.integers(arguments[2], of: pickle),
            let strides = Self.integers(arguments[3], of: pickle)
        else { throw malformed("a storage, an offset, a shape and strides") }
        let storage = pickle.tuples[Int(identifier)]
        guard storage.count >= 5, case .global(.storage(let storageType)) = storage[1],
            let key = pickle.text(storage[2], limit: HeaderScanner.longestName),
            let storageCount = pickle.integer(storage[4]),
            let storageByteCount = (storageType ?? .uint8).byteCount(shape: [storageCount])
        else { throw malformed("a storage with a type, a key and a size") }
        let metadata = version == 3 ? arguments.dropFirst(7).first : arguments.dropFirst(6).first
        if case .dictionary(let dictionary)? = metadata, !pickle.dictionaries[Int(dictionary)].isEmpty {
            throw unread("a conjugated or negated view")
        }
        if version == 3 {
            guard arguments.count >= 7, case .global(.dtype(let dtype)) = arguments[6] else {
                throw malformed("an element type")
            }
            self.dtype = dtype
        } else {
            guard let storageType else { throw malformed("a storage with a type of elements", "one of bytes") }
            dtype = storageType
        }
        guard shape.count <= HeaderScanner.highestRank else {
            throw .rank(file: file, tensor: tensor, expected: HeaderScanner.highestRank, found: shape.count)
        }
        guard dtype.byteCount(shape: shape) != nil else {
            throw .shapeOverflow(file: file, tensor: tensor, shape: shape)
        }
        let layout = StridedLayout(
            shape: shape, strides: strides, offset: offset, storageCount: storageByteCount / dtype.byteCount)
        guard let layout else {
            throw malformed(
                "elements that lie, each in a place of its own, in a storage of \(storageByteCount) bytes",
                "shape \(shape), strides \(strides), offset \(offset)")
        }
        (self.shape, self.layout, self.key, self.storageByteCount) = (shape, layout, key, storageByteCount)
    }

    /// The call of `_rebuild_tensor…` inside the calls that make a parameter or a subclass of it.
    private static func unwrapped(
        _ number: UInt32, of pickle: Pickle, _ malformed: (_ expected: String, _ found: String) -> FormatError,
        _ unread: (_ found: String) -> FormatError
    ) throws(FormatError) -> (version: UInt8, arguments: [PickleValue]) {
        var (function, tuple) = (pickle.objects[Int(number)].function, pickle.objects[Int(number)].arguments)
        for _ in 0..<deepestWrapping {
            let arguments = pickle.tuples[Int(tuple)]
            switch function {
            case .tensor(let version): return (version, arguments)
            case .parameter:
                guard case .object(let inner)? = arguments.first else { break }
                (function, tuple) = (pickle.objects[Int(inner)].function, pickle.objects[Int(inner)].arguments)
                continue
            case .tensorOfType:
                guard arguments.count >= 3, case .global(let maker) = arguments[0],
                    arguments[1] == .global(.tensorType), case .tuple(let inner) = arguments[2]
                else { break }
                (function, tuple) = (maker, inner)
                continue
            case .unknown(let name): throw unread("an object of Python's \(pickle.unknownNames[Int(name)].quoted)")
            default: break
            }
            throw malformed("the parts of a tensor", "something else")
        }
        throw malformed("a tensor", "more than \(deepestWrapping) wrappings of one")
    }

    private static func integers(_ value: PickleValue, of pickle: Pickle) -> [Int]? {
        guard case .tuple(let tuple) = value else { return nil }
        let elements = pickle.tuples[Int(tuple)]
        let integers = elements.prefix(HeaderScanner.highestRank + 1).compactMap(pickle.integer)
        return integers.count == min(elements.count, HeaderScanner.highestRank + 1) ? integers : nil
    }
}
