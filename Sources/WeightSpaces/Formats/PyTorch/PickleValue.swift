/// A Python value as a pickle describes it, in 8 bytes: what needs more is the number of a record in the `Pickle`.
enum PickleValue: Hashable, Sendable {
    /// A value without meaning here: bytes, a set, a whole number of more than 64 bits.
    case opaque
    case none
    case truth(Bool)
    case integer(Int32)
    /// A whole number that needs more bits.
    case long(UInt32)
    /// A number with a fraction, by where its 8 bytes lie.
    case fraction(UInt32)
    case text(UInt32)
    case tuple(UInt32)
    case list(UInt32)
    case dictionary(UInt32)
    case global(PickleGlobal)
    /// An object that was not made.
    case object(UInt32)
    /// A storage, by its persistent identifier: a tuple.
    case storage(UInt32)
}
