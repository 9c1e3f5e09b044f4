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
    /// The most elements of a tensor that has them all in few places.
    private static let harmlessCount = 1 << 16

    /// What functions make that is no dense tensor.
    private static let kinds = [
        "torch._utils._rebuild_sparse_tensor": "a sparse tensor",
        "torch._utils._rebuild_nested_tensor": "a nested tensor",
        "torch._utils._rebuild_sparse_csr_tensor": "a sparse tensor",
        "torch._utils._rebuild_qtensor": "a quantized tensor",
        "torch._utils._rebuild_mkldnn_tensor": "a tensor in MKL-DNN's own layout",
        "torch._utils._rebuild_meta_tensor_no_storage": "a tensor on the meta device, which has no elements",
        "torch._utils._rebuild_wrapper_subclass": "a tensor of a class that keeps its elements in a way of its own",
        "torch._utils._rebuild_device_tensor_from_numpy": "a tensor of another device, kept as an array of NumPy's",
    ]

    /// Whether a call of the function gives a tensor, if only one of those that are not read.
    static func isMade(by function: PickleGlobal, of pickle: Pickle) -> Bool {
        switch function {
        case .tensor, .parameter, .tensorOfType: true
        case .unknown(let name): kinds[pickle.unknownNames[Int(name)]] != nil
        default: false
        }
    }

    /// Reads object `number` of `pickle`.
    ///
    /// - Parameter tensor: the tensor's name, for messages.
    /// - Throws: `FormatError`, `unusableTensor` where the object is sound as far as it is looked at, and no dense tensor.
    init(
        _ number: UInt32, of pickle: Pickle, tensor: String, file: String
    ) throws(FormatError) {
        func malformed(_ expected: String, _ found: String = "something else") -> FormatError {
            .malformed(file: file, part: "tensor \(tensor.quoted)", expected: expected, found: found)
        }
        func unusable(_ found: String) -> FormatError { .unusableTensor(file: file, tensor: tensor, found: found) }
        let (version, arguments) = try Self.unwrapped(number, of: pickle, malformed, unusable)
        guard arguments.count >= (version == 1 ? 4 : 6), case .storage(let identifier) = arguments[0],
            let offset = pickle.integer(arguments[1]), let shape = Self.integers(arguments[2], of: pickle),
            let strides = Self.integers(arguments[3], of: pickle)
        else { throw malformed("a storage, an offset, a shape and strides") }
        let storage = pickle.tuples[Int(identifier)]
        if storage.count >= 5, case .global(.unknown(let name)) = storage[1] {
            throw unusable("elements in a \(pickle.unknownNames[Int(name)].quoted)")
        }
        guard storage.count >= 5, case .global(.storage(let storageType)) = storage[1],
            let key = pickle.text(storage[2], limit: HeaderScanner.longestName),
            let storageCount = pickle.integer(storage[4]),
            let storageByteCount = (storageType ?? .uint8).byteCount(shape: [storageCount])
        else { throw malformed("a storage with a type, a key and a size") }
        let metadata = version == 3 ? arguments.dropFirst(7).first : arguments.dropFirst(6).first
        if case .dictionary(let dictionary)? = metadata, !pickle.dictionaries[Int(dictionary)].isEmpty {
            throw unusable("a conjugated or negated view")
        }
        if version == 3 {
            if arguments.count >= 7, case .global(.unknown(let name)) = arguments[6] {
                throw unusable("elements of type \(pickle.unknownNames[Int(name)].quoted)")
            }
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
        let part = try Self.part(of: storage, in: pickle, malformed)
        let storageElements = storageByteCount / dtype.byteCount
        let (start, exceeds) = offset.addingReportingOverflow(part?.lowerBound ?? 0)
        let layout =
            exceeds || offset < 0
            ? nil
            : StridedLayout(
                shape: shape, strides: strides, offset: start,
                storageCount: min(storageElements, part?.upperBound ?? storageElements))
        guard let layout else {
            throw malformed(
                "elements that lie in a storage of \(storageByteCount) bytes",
                "shape \(shape), strides \(strides), offset \(offset)")
        }
        guard !layout.mayRepeat || layout.count <= max(Self.harmlessCount, storageElements) else {
            throw unusable("an expanded view: \(layout.count) elements in \(storageElements) places")
        }
        (self.shape, self.layout, self.key, self.storageByteCount) = (shape, layout, key, storageByteCount)
    }

    /// The call of `_rebuild_tensor…` inside the calls that make a parameter or a subclass of it.
    private static func unwrapped(
        _ number: UInt32, of pickle: Pickle, _ malformed: (_ expected: String, _ found: String) -> FormatError,
        _ unusable: (_ found: String) -> FormatError
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
                // A subclass has the elements of what its function makes.
                guard arguments.count >= 3, case .global(let maker) = arguments[0],
                    case .tuple(let inner) = arguments[2]
                else { break }
                (function, tuple) = (maker, inner)
                continue
            case .unknown(let name):
                let name = pickle.unknownNames[Int(name)]
                throw unusable(kinds[name] ?? "an object of Python's \(name.quoted)")
            default: break
            }
            throw malformed("the parts of a tensor", "something else")
        }
        throw malformed("a tensor", "more than \(deepestWrapping) wrappings of one")
    }

    /// The part of its storage, in elements, that a view from before PyTorch 0.4 is limited to, if it is one.
    private static func part(
        of storage: [PickleValue], in pickle: Pickle, _ malformed: (_ expected: String, _ found: String) -> FormatError
    ) throws(FormatError) -> Range<Int>? {
        guard let view = storage.dropFirst(5).first.flatMap(pickle.elements) else { return nil }
        guard view.count == 3, let start = pickle.integer(view[1]), let count = pickle.integer(view[2]), start >= 0,
            count >= 0, start <= .max - count
        else { throw malformed("a part of a storage", "something else") }
        return start..<start + count
    }

    private static func integers(_ value: PickleValue, of pickle: Pickle) -> [Int]? {
        guard let elements = pickle.elements(size(value, of: pickle)) else { return nil }
        let integers = elements.prefix(HeaderScanner.highestRank + 1).compactMap(pickle.integer)
        return integers.count == min(elements.count, HeaderScanner.highestRank + 1) ? integers : nil
    }

    /// The tuple of numbers that a `torch.Size` is called with, or `value` itself.
    private static func size(_ value: PickleValue, of pickle: Pickle) -> PickleValue {
        guard pickle.unknownName(of: value) == "torch.Size", case .object(let object) = value else { return value }
        return pickle.tuples[Int(pickle.objects[Int(object)].arguments)].first ?? value
    }
}
