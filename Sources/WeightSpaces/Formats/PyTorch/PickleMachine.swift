/// Reads a pickle as a description of data: what it asks to be called is written down, never called.
///
/// It runs once over the bytes, without recursion, and keeps no more than `budget` bytes.
///
/// - Source: the comments in Python's `pickletools` module.
struct PickleMachine {
    private let bytes: UnsafeRawBufferPointer
    private let file: String
    private var budget: Int
    private var position = 0
    private var start = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [PickleValue?] = []
    private var pickle: Pickle

    /// What Python's own writer never exceeds but for one long tuple: it fills containers by a thousand.
    private static let deepestStack = 1 << 16

    /// Reads the pickle at the start of `bytes`.
    static func read(
        _ bytes: UnsafeRawBufferPointer, budget: Int, file: String
    ) throws(FormatError) -> Pickle {
        var machine = PickleMachine(bytes, budget, file)
        return try machine.run()
    }

    private init(_ bytes: UnsafeRawBufferPointer, _ budget: Int, _ file: String) {
        (self.bytes, self.budget, self.file, pickle) = (bytes, budget, file, Pickle(bytes: bytes))
    }

    private mutating func run() throws(FormatError) -> Pickle {
        guard bytes.count <= UInt32.max else { throw failure("a pickle of less than 4 GiB", "\(bytes.count) bytes") }
        guard bytes.first == PickleOpcode.protocolVersion.rawValue else { throw failure("a pickle of protocol 2 to 5") }
        while true {
            start = position
            let byte = try byte()
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw failure("an operation that tensors need", "operation 0x\(String(byte, radix: 16))")
            }
            if opcode == .stop {
                pickle.root = try pop()
                pickle.count = position
                return pickle
            }
            try perform(opcode)
        }
    }

    private mutating func perform(_ opcode: PickleOpcode) throws(FormatError) {
        switch opcode {
        case .protocolVersion:
            let version = try byte()
            guard 2...5 ~= version else { throw failure("a pickle of protocol 2 to 5", "protocol \(version)") }
        case .frame: _ = try count(UInt64.self)
        case .stop: break
        case .mark:
            guard marks.count < Self.deepestStack else { throw tooDeep() }
            marks.append(stack.count)
        case .pop: if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popMarked()
        case .duplicate: try push(try top())

        case .none: try push(.none)
        case .newTrue: try push(.truth(true))
        case .newFalse: try push(.truth(false))
        case .integer1: try push(.integer(Int32(try byte())))
        case .integer2: try push(.integer(Int32(try number(UInt16.self))))
        case .integer4: try push(.integer(try number(Int32.self)))
        case .long1: try pushLong(Int(try byte()))
        case .long4: try pushLong(try count(UInt32.self))
        case .float: try push(.fraction(UInt32(try take(8).lowerBound)))
        case .shortText, .shortString: try pushText(Int(try byte()))
        case .text, .string: try pushText(try count(UInt32.self))
        case .text8: try pushText(try count(UInt64.self))
        case .shortBytes: try skip(Int(try byte()), pushing: .opaque)
        case .bytes: try skip(try count(UInt32.self), pushing: .opaque)
        case .bytes8, .byteArray8: try skip(try count(UInt64.self), pushing: .opaque)

        case .emptyList: try pushList([])
        case .append: try append(try pop(1))
        case .appends: try append(try popMarked())
        case .list: try pushList(try popMarked())
        case .emptySet: try push(.opaque)
        case .addItems:
            _ = try popMarked()
            _ = try top()
        case .frozenSet:
            _ = try popMarked()
            try push(.opaque)
        case .emptyTuple: try pushTuple([])
        case .tuple: try pushTuple(try popMarked())
        case .tuple1: try pushTuple(try pop(1))
        case .tuple2: try pushTuple(try pop(2))
        case .tuple3: try pushTuple(try pop(3))
        case .emptyDictionary: try pushDictionary()
        case .dictionary:
            let items = try popMarked()
            try pushDictionary()
            try setItems(items)
        case .setItem: try setItems(try pop(2))
        case .setItems: try setItems(try popMarked())

        case .put1: try put(Int(try byte()))
        case .put4: try put(Int(try number(UInt32.self)))
        case .memoize: try put(memo.count)
        case .get1: try get(Int(try byte()))
        case .get4: try get(Int(try number(UInt32.self)))

        case .global: try pushGlobal(module: try line(), name: try line())
        case .stackGlobal:
            let limit = Self.longestName
            guard let name = pickle.text(try pop(), limit: limit), let module = pickle.text(try pop(), limit: limit)
            else { throw failure("two texts that name an object") }
            try pushGlobal(module: module, name: name)
        case .reduce, .newObject: try call(with: try pop())
        case .newObjectWithNames:
            // The arguments under names are passed over.
            _ = try pop()
            try call(with: try pop())
        case .build:
            let state = try pop()
            if case .object(let object) = try top() { pickle.objects[Int(object)].state = state }
        case .persistent:
            guard case .tuple(let identifier) = try pop() else { throw failure("a tuple that identifies a storage") }
            try charge(4)
            pickle.storages.append(identifier)
            try push(.storage(identifier))
        }
    }
}

// MARK: - Values

extension PickleMachine {
    private mutating func push(_ value: PickleValue) throws(FormatError) {
        guard stack.count < Self.deepestStack else { throw tooDeep() }
        stack.append(value)
    }

    private mutating func pop() throws(FormatError) -> PickleValue {
        guard stack.count > marks.last ?? 0 else { throw failure("a value on the stack", "none") }
        return stack.removeLast()
    }

    private mutating func pop(_ count: Int) throws(FormatError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw failure("\(count) values on the stack", "fewer") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popMarked() throws(FormatError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw failure("a mark on the stack", "none") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func top() throws(FormatError) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else {
            throw failure("a value on the stack", "none")
        }
        return value
    }

    private mutating func pushTuple(_ elements: [PickleValue]) throws(FormatError) {
        guard !elements.isEmpty else { return try push(.tuple(0)) }
        try charge(40 + 8 * elements.count)
        try push(.tuple(UInt32(pickle.tuples.count)))
        pickle.tuples.append(elements)
    }

    private mutating func pushList(_ elements: [PickleValue]) throws(FormatError) {
        try push(.list(try newList(elements)))
    }

    private mutating func newList(_ elements: [PickleValue]) throws(FormatError) -> UInt32 {
        try charge(elements.isEmpty ? 8 : 40 + 8 * elements.count)
        pickle.lists.append(elements)
        return UInt32(pickle.lists.count - 1)
    }

    /// Appends values to the list, or the object, on top of the stack.
    private mutating func append(_ elements: [PickleValue]) throws(FormatError) {
        let container = try top()
        switch container {
        case .list(let list):
            // A list grows by doubling.
            try charge(32 + 16 * elements.count)
            pickle.lists[Int(list)] += elements
        case .object(let object):
            if case .list(let list) = pickle.objects[Int(object)].items {
                try charge(32 + 16 * elements.count)
                pickle.lists[Int(list)] += elements
            } else {
                pickle.objects[Int(object)].items = .list(try newList(elements))
            }
        case .opaque: break
        default: throw failure("a container to append to")
        }
    }

    private mutating func pushDictionary() throws(FormatError) {
        try push(.dictionary(try newDictionary()))
    }

    private mutating func newDictionary() throws(FormatError) -> UInt32 {
        try charge(8)
        pickle.dictionaries.append([])
        return UInt32(pickle.dictionaries.count - 1)
    }

    /// Puts keys and values, in turns, into the container on top of the stack.
    private mutating func setItems(_ items: [PickleValue]) throws(FormatError) {
        guard items.count.isMultiple(of: 2) else { throw failure("a value for each key") }
        let dictionary: UInt32
        switch try top() {
        case .dictionary(let number): dictionary = number
        case .object(let object):
            if case .dictionary(let number) = pickle.objects[Int(object)].items {
                dictionary = number
            } else {
                dictionary = try newDictionary()
                pickle.objects[Int(object)].items = .dictionary(dictionary)
            }
        case .opaque: return
        default: throw failure("a container to put items into")
        }
        try charge(16 + 16 * items.count)
        for key in stride(from: 0, to: items.count, by: 2) {
            pickle.dictionaries[Int(dictionary)].append((items[key], items[key + 1]))
        }
    }

    private mutating func put(_ index: Int) throws(FormatError) {
        let value = try top()
        // Python numbers them in the order of writing.
        guard index < bytes.count else { throw failure("a memo of at most \(bytes.count) values", "number \(index)") }
        if index >= memo.count {
            try charge(8 * (index + 1 - memo.count))
            memo += repeatElement(nil, count: index + 1 - memo.count)
        }
        memo[index] = value
    }

    private mutating func get(_ index: Int) throws(FormatError) {
        guard memo.indices.contains(index), let value = memo[index] else {
            throw failure("a value kept under number \(index)", "none")
        }
        try push(value)
    }

    private mutating func pushGlobal(module: String, name: String) throws(FormatError) {
        if let global = PickleGlobal(module: module, name: name) { return try push(.global(global)) }
        let name = "\(module).\(name)"
        try charge(40 + name.utf8.count)
        try push(.global(.unknown(UInt32(pickle.unknownNames.count))))
        pickle.unknownNames.append(name)
    }

    /// Writes down the call of a function, or the making of an object, with a tuple of arguments.
    private mutating func call(with arguments: PickleValue) throws(FormatError) {
        guard case .tuple(let arguments) = arguments else { throw failure("a tuple of arguments") }
        switch try function() {
        case .dictionary: try pushDictionary(of: pickle.tuples[Int(arguments)])
        case .storage, .dtype, .tensorType: throw failure("a call that tensors need", "another")
        case let function:
            try charge(32)
            try push(.object(UInt32(pickle.objects.count)))
            pickle.objects.append(.init(function: function, arguments: arguments))
        }
    }

    /// What is to be called: a name, what the call of an unknown one would give, or a class of modules, which the
    /// format from before PyTorch 1.6 keeps like a storage, with its source text.
    private mutating func function() throws(FormatError) -> PickleGlobal {
        switch try pop() {
        case .global(let global): return global
        case .storage(let identifier):
            guard case .global(let global)? = pickle.tuples[Int(identifier)].dropFirst().first else { break }
            if case .unknown = global { return global }
        case .object(let object):
            guard case .unknown = pickle.objects[Int(object)].function else { break }
            return pickle.objects[Int(object)].function
        default: break
        }
        throw failure("a known function to call")
    }

    /// Makes a dictionary: empty but for what another dictionary or, as Python 2 wrote it, a list of pairs puts into it.
    private mutating func pushDictionary(of arguments: [PickleValue]) throws(FormatError) {
        try pushDictionary()
        for argument in arguments {
            switch argument {
            case .dictionary(let dictionary):
                try setItems(pickle.dictionaries[Int(dictionary)].flatMap { [$0.key, $0.value] })
            case .list(let list):
                for pair in pickle.lists[Int(list)] {
                    guard let pair = pickle.elements(pair), pair.count == 2 else { throw failure("a list of pairs") }
                    try setItems(pair)
                }
            // Makes what the dictionary lacks.
            default: break
            }
        }
    }
}

// MARK: - Bytes

extension PickleMachine {
    private mutating func byte() throws(FormatError) -> UInt8 { try number(UInt8.self) }

    private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(FormatError) -> Number {
        guard let number = bytes.integer(at: position, as: type) else { throw failure("more", "the end of the pickle") }
        position += MemoryLayout<Number>.size
        return number
    }

    /// A number of bytes, which must still be there.
    private mutating func count<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(FormatError) -> Int {
        let count = try number(type)
        guard count <= bytes.count - position else {
            throw failure("at most \(bytes.count - position) more bytes", "a claim of \(count)")
        }
        return Int(count)
    }

    private mutating func take(_ count: Int) throws(FormatError) -> Range<Int> {
        guard count <= bytes.count - position else {
            throw failure("\(count) more bytes", "the end of the pickle")
        }
        position += count
        return position - count..<position
    }

    private mutating func skip(_ count: Int, pushing value: PickleValue) throws(FormatError) {
        _ = try take(count)
        try push(value)
    }

    /// Pushes a number of `count` bytes; those beyond 64 bits mean nothing here.
    private mutating func pushLong(_ count: Int) throws(FormatError) {
        let digits = bytes[try take(count)]
        guard count <= 8 else { return try push(.opaque) }
        var value = UInt64(digits.last.map { $0 < 0x80 ? 0 : .max } ?? 0)
        for digit in digits.reversed() { value = value << 8 | UInt64(digit) }
        let number = Int(Int64(bitPattern: value))
        if let small = Int32(exactly: number) { return try push(.integer(small)) }
        try charge(8)
        try push(.long(UInt32(pickle.longs.count)))
        pickle.longs.append(number)
    }

    private mutating func pushText(_ count: Int) throws(FormatError) {
        let range = try take(count)
        try charge(8)
        try push(.text(UInt32(pickle.texts.count)))
        pickle.texts.append(UInt32(range.lowerBound)..<UInt32(range.upperBound))
    }

    /// The text up to the next line feed.
    private mutating func line() throws(FormatError) -> String {
        guard let length = bytes[position...].prefix(Self.longestName + 1).firstIndex(of: 0x0A) else {
            throw failure("a name of at most \(Self.longestName) bytes and a line feed", "none")
        }
        guard let line = String(validating: bytes[position..<length], as: UTF8.self) else {
            throw failure("a name in UTF-8", "another")
        }
        position = length + 1
        return line
    }

    private static var longestName: Int { 256 }

    private mutating func charge(_ amount: Int) throws(FormatError) {
        budget -= amount
        guard budget >= 0 else { throw failure("a pickle in proportion to its tensors", "a larger one") }
    }

    private func tooDeep() -> FormatError {
        failure("at most \(Self.deepestStack) values on the stack", "more")
    }

    private func failure(_ expected: String, _ found: String = "something else") -> FormatError {
        .malformed(file: file, part: "the pickle at byte \(start)", expected: expected, found: found)
    }
}
