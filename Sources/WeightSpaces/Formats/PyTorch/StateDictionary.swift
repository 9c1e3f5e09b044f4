/// The tensors that a pickle names: those of its state dictionary, wherever training scripts are used to put it.
struct StateDictionary {
    /// The names of tensors, and of what may be one, with the objects that they would be, in the order of the dictionary.
    private(set) var tensors: [(name: String, object: UInt32)] = []

    private let pickle: Pickle
    private var budget: Int
    private let file: String

    /// Under these keys, the earlier before the later, lies what the rest is only told about.
    private static let usualKeys = [
        "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "params", "weights",
        "ema", "ema_state_dict", "model_ema", "params_ema",
    ]
    private static let entryCost = 128
    private static let (deepestDictionary, deepestModule) = (4, 64)

    /// - Parameters:
    ///   - budget: about how many bytes the names may take in all, since a pickle may repeat what it says once.
    ///   - file: the name for messages.
    init(of pickle: Pickle, budget: Int, file: String) throws(FormatError) {
        (self.pickle, self.budget, self.file) = (pickle, budget, file)
        if let root = pickle.dictionary(pickle.root) {
            try collect(from: root)
        } else if case .object(let root) = pickle.root {
            switch pickle.objects[Int(root)].function {
            case .scriptModule: try collectModules(from: root)
            case .unknown(let name): throw .pythonObject(file: file, name: pickle.unknownNames[Int(name)])
            default: throw malformed("a dictionary of named tensors", "one tensor without a name")
            }
        } else {
            throw malformed("a dictionary of named tensors", "another object")
        }
    }

    /// The dictionary of tensors at or in `root`: under the first of the usual keys that has one, or `root` itself.
    ///
    /// - Parameter seen: the dictionaries that were looked at; none is a second time, however often it is referred to.
    private func chosen(from root: UInt32, depth: Int = 0, seen: inout Set<UInt32>) -> UInt32? {
        guard depth < Self.deepestDictionary, seen.insert(root).inserted else { return nil }
        var best: (rank: Int, dictionary: UInt32)?
        for (key, value) in pickle.dictionaries[Int(root)] {
            guard let dictionary = pickle.dictionary(value), let rank = rank(of: key), rank < best?.rank ?? .max,
                let inner = chosen(from: dictionary, depth: depth + 1, seen: &seen)
            else { continue }
            best = (rank, inner)
        }
        return best?.dictionary ?? (hasTensors(root) ? root : nil)
    }

    private func rank(of key: PickleValue) -> Int? {
        pickle.text(key, limit: 32).flatMap(Self.usualKeys.firstIndex)
    }

    private mutating func collect(from root: UInt32) throws(FormatError) {
        var seen: Set<UInt32> = []
        guard let dictionary = chosen(from: root, seen: &seen) else {
            let pairs = pickle.dictionaries[Int(root)]
            guard !pairs.isEmpty else { return }
            let usual = pairs.filter { rank(of: $0.key) != nil }
            for (_, value) in usual + pairs {
                if let name = pickle.unknownName(of: value) { throw .pythonObject(file: file, name: name) }
            }
            let keys = pairs.prefix(8).map { pickle.text($0.key, limit: 64)?.quoted ?? "…" }
            throw malformed(
                "named tensors, or a dictionary of them under one of \(Self.usualKeys.joined(separator: " "))",
                "the keys \(keys.joined(separator: " "))")
        }
        for (key, value) in pickle.dictionaries[Int(dictionary)] {
            guard case .object(let object) = value else { continue }
            switch pickle.objects[Int(object)].function {
            case .scriptModule: continue
            case .unknown: if let name = pickle.text(key, limit: HeaderScanner.longestName) { try add(name, object) }
            default: try add(try name(key), object)
            }
        }
    }

    private mutating func add(_ name: String, _ object: UInt32) throws(FormatError) {
        try charge(for: name)
        tensors.append((name, object))
    }

    private mutating func charge(for name: String) throws(FormatError) {
        let longest = HeaderScanner.longestName
        guard name.utf8.count <= longest else {
            throw .nameLength(file: file, name: name, expected: longest, found: name.utf8.count)
        }
        try charge(Self.entryCost + name.utf8.count)
    }

    private mutating func charge(_ amount: Int) throws(FormatError) {
        budget -= amount
        guard budget >= 0 else { throw malformed("as many and as long names as the file is large", "more") }
    }

    /// Collects the tensors among the attributes of TorchScript's modules, with dots between the names.
    private mutating func collectModules(from root: UInt32) throws(FormatError) {
        var seen: Set<UInt32> = []
        var waiting: [(module: UInt32, prefix: String, depth: Int)] = [(root, "", 0)]
        while let (module, prefix, depth) = waiting.popLast() {
            guard depth < Self.deepestModule, seen.insert(module).inserted else {
                throw malformed("modules that form a tree of at most \(Self.deepestModule) levels", "others")
            }
            guard case .dictionary(let attributes) = pickle.objects[Int(module)].state else { continue }
            var inside: [(module: UInt32, prefix: String, depth: Int)] = []
            // Modules may share their attributes, which would then be looked at once for each.
            try charge(4 * pickle.dictionaries[Int(attributes)].count)
            for (key, value) in pickle.dictionaries[Int(attributes)] {
                guard case .object(let object) = value else { continue }
                switch pickle.objects[Int(object)].function {
                case let function where TensorCall.isMade(by: function, of: pickle):
                    try add(prefix + (try name(key)), object)
                case .scriptModule:
                    let path = prefix + (try name(key)) + "."
                    try charge(for: path)
                    inside.append((object, path, depth + 1))
                default: break
                }
            }
            waiting += inside.reversed()
        }
    }

    private func hasTensors(_ dictionary: UInt32) -> Bool {
        pickle.dictionaries[Int(dictionary)].contains { _, value in
            guard case .object(let object) = value else { return false }
            return TensorCall.isMade(by: pickle.objects[Int(object)].function, of: pickle)
        }
    }

    private func name(_ key: PickleValue) throws(FormatError) -> String {
        let longest = HeaderScanner.longestName
        guard let name = pickle.text(key, limit: longest) else {
            throw malformed("tensors under names of at most \(longest) bytes in UTF-8", "another key")
        }
        return name
    }

    private func malformed(_ expected: String, _ found: String) -> FormatError {
        .malformed(file: file, part: "the pickle", expected: expected, found: found)
    }
}
