/// The functions and classes of Python that a pickle may name: what tensors are made of, and all others. None is ever
/// called.
enum PickleGlobal: Hashable, Sendable {
    /// Makes an empty dictionary.
    case dictionary
    /// `_rebuild_tensor` and its later versions: storage, offset, shape, strides, and more from version 2 on.
    case tensor(version: UInt8)
    /// `_rebuild_parameter` and the like, whose first argument is the tensor.
    case parameter
    /// `_rebuild_from_type_v2`: the function, the type, the function's arguments.
    case tensorOfType
    /// `torch.Tensor` and the like, as the type of what is rebuilt.
    case tensorType
    /// A type of storage, which gives its elements their type; `nil` where it has only bytes.
    case storage(StoredDType?)
    /// An element type.
    case dtype(StoredDType)
    /// A module of TorchScript, whose state is a dictionary.
    case scriptModule
    /// Anything else, by the number of its name.
    case unknown(UInt32)

    /// The meaning of `module.name`, or `nil` when it has none here.
    init?(module: String, name: String) {
        if let known = Self.known["\(module).\(name)"] {
            self = known
        } else if module.hasPrefix("__torch__.") || module == "__torch__" {
            self = .scriptModule
        } else {
            return nil
        }
    }

    private static let known: [String: PickleGlobal] = {
        var known: [String: PickleGlobal] = [
            "collections.OrderedDict": .dictionary, "collections.defaultdict": .dictionary,
            "collections.Counter": .dictionary,
            "torch._utils._rebuild_tensor": .tensor(version: 1), "torch._utils._rebuild_tensor_v2": .tensor(version: 2),
            "torch._utils._rebuild_tensor_v3": .tensor(version: 3),
            "torch._utils._rebuild_parameter": .parameter,
            "torch._utils._rebuild_parameter_with_state": .parameter,
            "torch._utils._rebuild_device_tensor_from_cpu_tensor": .parameter,
            "torch._tensor._rebuild_from_type_v2": .tensorOfType,
            "torch.Tensor": .tensorType, "torch.nn.parameter.Parameter": .tensorType,
            "torch.nn.parameter.Buffer": .tensorType,
            "torch.storage.UntypedStorage": .storage(nil), "torch.UntypedStorage": .storage(nil),
        ]
        for (name, dtype) in storages { known["torch.\(name)Storage"] = .storage(dtype) }
        for (name, dtype) in dtypes { known["torch.\(name)"] = .dtype(dtype) }
        return known
    }()

    private static let storages: [(String, StoredDType)] = [
        ("Double", .float64), ("Float", .float32), ("Half", .float16), ("BFloat16", .bfloat16),
        ("ComplexFloat", .complex64), ("Long", .int64), ("Int", .int32), ("Short", .int16), ("Char", .int8),
        ("Byte", .uint8), ("Bool", .bool),
    ]

    private static let dtypes: [(String, StoredDType)] = [
        ("float64", .float64), ("float32", .float32), ("float16", .float16), ("bfloat16", .bfloat16),
        ("complex64", .complex64), ("int64", .int64), ("int32", .int32), ("int16", .int16), ("int8", .int8),
        ("uint64", .uint64), ("uint32", .uint32), ("uint16", .uint16), ("uint8", .uint8), ("bool", .bool),
        ("float8_e4m3fn", .float8E4M3), ("float8_e5m2", .float8E5M2), ("float8_e8m0fnu", .float8E8M0),
        ("float8_e4m3fnuz", .float8E4M3FNUZ), ("float8_e5m2fnuz", .float8E5M2FNUZ),
    ]
}
