/// The plain values of a pickle: numbers, texts, truth values and what holds them, without tensors and other objects.
///
/// A dictionary leaves out what is not plain; a list is plain only as a whole. An object stands for what would be put
/// into it, or else for its attributes, and those of OmegaConf for the configuration that they hold.
struct PickledMetadata {
    /// The values under the keys of the outermost dictionary.
    private(set) var values: [String: PlainValue] = [:]

    private let pickle: Pickle
    private var budget: Int
    private let file: String

    private static let deepest = 64
    /// Where OmegaConf's containers and leaves keep what they hold.
    private static let contents = ["_content", "_val"]

    /// - Parameters:
    ///   - budget: about how many bytes the values may take, since a pickle may repeat what it says once.
    ///   - file: the name for messages.
    init(of pickle: Pickle, budget: Int, file: String) throws(FormatError) {
        (self.pickle, self.budget, self.file) = (pickle, budget, file)
        if let root = pickle.dictionary(pickle.root) { values = try members(of: root, depth: 0) }
    }

    private mutating func value(_ value: PickleValue, depth: Int) throws(FormatError) -> PlainValue? {
        try charge(Self.cost)
        guard depth < Self.deepest else { return nil }
        switch value {
        case .none: return .null
        case .truth(let truth): return .truth(truth)
        case .integer, .long: return pickle.integer(value).map { .number(Double($0)) }
        case .fraction: return pickle.fraction(value).map { .number($0) }
        case .text: return try text(value).map { .text($0) }
        case .tuple(let tuple): return try list(pickle.tuples[Int(tuple)], depth: depth)
        case .list(let list): return try self.list(pickle.lists[Int(list)], depth: depth)
        case .dictionary(let dictionary): return .object(try members(of: dictionary, depth: depth))
        case .object(let object): return try contents(of: pickle.objects[Int(object)], depth: depth)
        case .opaque, .global, .storage: return nil
        }
    }

    private mutating func list(_ elements: [PickleValue], depth: Int) throws(FormatError) -> PlainValue? {
        var values: [PlainValue] = []
        for element in elements {
            guard let value = try value(element, depth: depth + 1) else { return nil }
            values.append(value)
        }
        return .list(values)
    }

    private mutating func members(of dictionary: UInt32, depth: Int) throws(FormatError) -> [String: PlainValue] {
        var members: [String: PlainValue] = [:]
        for (key, member) in pickle.dictionaries[Int(dictionary)] {
            guard let value = try value(member, depth: depth + 1), let key = try name(key) else { continue }
            members[key] = value
        }
        return members
    }

    private mutating func contents(of object: Pickle.Object, depth: Int) throws(FormatError) -> PlainValue? {
        guard case .unknown(let number) = object.function else { return nil }
        if object.items != .none { return try value(object.items, depth: depth + 1) }
        guard case .dictionary(let attributes) = object.state else { return nil }
        if pickle.unknownNames[Int(number)].hasPrefix("omegaconf.") {
            let content = pickle.dictionaries[Int(attributes)].last { key, _ in
                pickle.text(key, limit: 8).map(Self.contents.contains) ?? false
            }
            if let content { return try value(content.value, depth: depth + 1) }
        }
        return .object(try members(of: attributes, depth: depth))
    }

    /// A key as JSON writes it.
    private mutating func name(_ key: PickleValue) throws(FormatError) -> String? {
        if let number = pickle.integer(key) { return "\(number)" }
        return try text(key)
    }

    private mutating func text(_ value: PickleValue) throws(FormatError) -> String? {
        guard let text = pickle.text(value, limit: .max) else { return nil }
        try charge(text.utf8.count)
        return text
    }

    private static let cost = 64

    private mutating func charge(_ amount: Int) throws(FormatError) {
        budget -= amount
        guard budget >= 0 else {
            throw .malformed(
                file: file, part: "the pickle", expected: "settings in proportion to the file", found: "more")
        }
    }
}
