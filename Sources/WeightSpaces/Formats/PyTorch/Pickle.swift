/// What a whole pickle describes: one value, and the records that values refer to.
///
/// Records refer to earlier records, except that dictionaries may hold anything, themselves included.
struct Pickle {
    /// A call of a known function with a tuple.
    struct Call {
        let function: PickleGlobal
        let arguments: UInt32
    }

    /// The pickle itself.
    let bytes: UnsafeRawBufferPointer
    var root = PickleValue.opaque
    var longs: [Int] = []
    /// Where each text lies in the bytes.
    var texts: [Range<UInt32>] = []
    /// The first one is empty.
    var tuples: [[PickleValue]] = [[]]
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    /// The dictionary with the attributes of each module.
    var modules: [UInt32?] = []
    var calls: [Call] = []

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
}
