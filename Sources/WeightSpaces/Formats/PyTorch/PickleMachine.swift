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

    /// Reads the pickle `bytes`.
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

        case .none: try push(.opaque)
        case .newTrue: try push(.integer(1))
        case .newFalse: try push(.integer(0))
        case .integer1: try push(.integer(Int32(try byte())))
        case .integer2: try push(.integer(Int32(try number(UInt16.self))))
        case .integer4: try push(.integer(try number(Int32.self)))
        case .long1: try pushLong(Int(try byte()))
        case .long4: try pushLong(try count(UInt32.self))
        case .float: try skip(8, pushing: .opaque)
        case .shortText: try pushText(Int(try byte()))
        case .text: try pushText(try count(UInt32.self))
        case .text8: try pushText(try count(UInt64.self))
        case .shortString, .shortBytes: try skip(Int(try byte()), pushing: .opaque)
        case .string, .bytes: try skip(try count(UInt32.self), pushing: .opaque)
        case .bytes8, .byteArray8: try skip(try count(UInt64.self), pushing: .opaque)

        case .emptyList, .emptySet: try push(.opaque)
        case .append:
            _ = try pop()
            _ = try top()
        case .appends, .addItems:
            _ = try popMarked()
            _ = try top()
        case .list, .frozenSet:
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
        case .reduce: try call(isNew: false)
        case .newObject: try call(isNew: true)
        case .build: try build()
        case .persistent:
            guard case .tuple(let identifier) = try pop() else { throw failure("a tuple that identifies a storage") }
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

    private mutating func pushDictionary() throws(FormatError) {
        try charge(8)
        try push(.dictionary(UInt32(pickle.dictionaries.count)))
        pickle.dictionaries.append([])
    }

    /// Puts keys and values, in turns, into the container on top of the stack.
    private mutating func setItems(_ items: [PickleValue]) throws(FormatError) {
        guard items.count.isMultiple(of: 2) else { throw failure("a value for each key") }
        switch try top() {
        case .dictionary(let dictionary):
            try charge(16 + 16 * items.count)
            for key in stride(from: 0, to: items.count, by: 2) {
                pickle.dictionaries[Int(dictionary)].append((items[key], items[key + 1]))
            }
        case .opaque: break
        default: throw failure("a container to put items into")
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
        guard let global = PickleGlobal(module: module, name: name) else {
            throw .unknownGlobal(file: file, name: "\(module).\(name)")
        }
        try push(.global(global))
    }

    /// Writes down the call of a function, or the making of an object, with a tuple of arguments.
    private mutating func call(isNew: Bool) throws(FormatError) {
        guard case .tuple(let arguments) = try pop() else { throw failure("a tuple of arguments") }
        guard case .global(let function) = try pop() else { throw failure("a known function to call") }
        switch function {
        case .dictionary where pickle.tuples[Int(arguments)].allSatisfy { $0 == .global(.inert) }: try pushDictionary()
        case .scriptModule where isNew:
            try charge(8)
            try push(.module(UInt32(pickle.modules.count)))
            pickle.modules.append(nil)
        case .inert: try push(.opaque)
        case .tensor, .parameter, .tensorOfType:
            try charge(8)
            try push(.call(UInt32(pickle.calls.count)))
            pickle.calls.append(.init(function: function, arguments: arguments))
        default: throw failure("a call that tensors need", "another")
        }
    }

    /// Gives a state to the object below it: modules of TorchScript keep it, all else has none that matters.
    private mutating func build() throws(FormatError) {
        let state = try pop()
        guard case .module(let module) = try top() else { return }
        guard case .dictionary(let dictionary) = state else { throw failure("a dictionary as a module's state") }
        pickle.modules[Int(module)] = dictionary
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
