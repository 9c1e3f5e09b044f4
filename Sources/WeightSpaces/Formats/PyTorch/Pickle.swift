/// What a whole pickle describes: one value, and the records that values refer to.
///
/// Records refer to earlier records, except that lists, dictionaries and objects may hold anything, themselves included.
struct Pickle {
    /// A call of a function with a tuple, which would make an object, and what would be put into that object.
    struct Object {
        let function: PickleGlobal
        let arguments: UInt32
        /// What the object would be given as its state, such as a dictionary of attributes.
        var state = PickleValue.none
        /// The list or dictionary of what would be put into it, where its class is a kind of these.
        var items = PickleValue.none
    }

    /// The pickle itself, and what may follow it.
    let bytes: UnsafeRawBufferPointer
    /// How many bytes the pickle has.
    var count = 0
    var root = PickleValue.none
    var longs: [Int] = []
    /// Where each text lies in the bytes.
    var texts: [Range<UInt32>] = []
    /// The first one is empty.
    var tuples: [[PickleValue]] = [[]]
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var objects: [Object] = []
    /// The persistent identifiers of storages, as often as they occur.
    var storages: [UInt32] = []
    /// The names of functions and classes that mean nothing here.
    var unknownNames: [String] = []

    /// The text that `value` is, if it is one of at most `limit` bytes in UTF-8.
    func text(_ value: PickleValue, limit: Int) -> String? {
        guard case .text(let text) = value, texts[Int(text)].count <= limit else { return nil }
        let range = Int(texts[Int(text)].lowerBound)..<Int(texts[Int(text)].upperBound)
        return String(validating: bytes[range], as: UTF8.self)
    }

    /// The whole number that `value` is, if it is one.
    func integer(_ value: PickleValue) -> Int? {
        switch value {
        case .integer(let integer): Int(integer)
        case .long(let long): longs[Int(long)]
        default: nil
        }
    }

    /// The number with a fraction that `value` is, if it is one.
    func fraction(_ value: PickleValue) -> Double? {
        guard case .fraction(let place) = value, let bits = bytes.integer(at: Int(place), as: UInt64.self) else {
            return nil
        }
        return Double(bitPattern: bits.byteSwapped)
    }

    /// The elements of a tuple or a list.
    func elements(_ value: PickleValue) -> [PickleValue]? {
        switch value {
        case .tuple(let tuple): tuples[Int(tuple)]
        case .list(let list): lists[Int(list)]
        default: nil
        }
    }

    /// The dictionary that `value` is, also as an object of a class that is a kind of dictionary.
    func dictionary(_ value: PickleValue) -> UInt32? {
        switch value {
        case .dictionary(let dictionary): return dictionary
        case .object(let object):
            guard case .dictionary(let items) = objects[Int(object)].items else { return nil }
            return items
        default: return nil
        }
    }

    /// The name of the class or function that `value` is made by, if it is one that means nothing here.
    func unknownName(of value: PickleValue) -> String? {
        guard case .object(let object) = value, case .unknown(let name) = objects[Int(object)].function else {
            return nil
        }
        return unknownNames[Int(name)]
    }
}
