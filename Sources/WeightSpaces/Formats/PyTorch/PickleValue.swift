/// A Python value as a pickle describes it, in 8 bytes: what needs more is the number of a record in the `Pickle`.
enum PickleValue: Hashable, Sendable {
    /// A value without meaning here: `None`, a list, a number with a fraction, an object that was not made.
    case opaque
    /// A whole number, or a truth value.
    case integer(Int32)
    /// A whole number that needs more bits.
    case long(UInt32)
    case text(UInt32)
    case tuple(UInt32)
    case dictionary(UInt32)
    /// A module of TorchScript.
    case module(UInt32)
    case global(PickleGlobal)
    /// A call that was not made.
    case call(UInt32)
    /// A storage, by its persistent identifier: a tuple.
    case storage(UInt32)
}
