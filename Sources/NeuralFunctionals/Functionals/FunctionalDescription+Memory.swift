public import WeightSpaces

extension InvariantFunctional.Configuration {
    public func bytesPerNetwork(of _: WeightSpace) -> Int { trunk.bytesPerNetwork }
}

extension EquivariantFunctional.Configuration {
    /// Edits have one channel for each weight.
    public func bytesPerNetwork(of space: WeightSpace) -> Int {
        let edits = 16.0 * Double(space.parameterCount)
        return Int(min(Double(trunk.bytesPerNetwork) + edits, 1e18))
    }
}
