/// The tensors of a checkpoint, and where each of them lies.
struct CheckpointIndex<Location: Sendable>: Sendable {
    let entries: [CheckpointEntry]
    /// Parallel to `entries`.
    let locations: [Location]
    private let positions: [String: Int]

    /// - Throws: `FormatError.duplicateName`, and `nameLength` for names whose comparison would be slow.
    init(_ items: [(entry: CheckpointEntry, location: Location)], file: String) throws(FormatError) {
        var positions: [String: Int] = [:]
        positions.reserveCapacity(items.count)
        for (position, item) in items.enumerated() {
            let (name, longest) = (item.entry.name, HeaderScanner.longestName)
            guard name.utf8.count <= longest else {
                throw .nameLength(file: file, name: name, expected: longest, found: name.utf8.count)
            }
            guard positions.updateValue(position, forKey: name) == nil else {
                throw .duplicateName(file: file, name: name)
            }
        }
        entries = items.map(\.entry)
        locations = items.map(\.location)
        self.positions = positions
    }

    /// - Parameter positions: the place of each name in `entries`.
    init(entries: [CheckpointEntry], locations: [Location], positions: [String: Int]) {
        (self.entries, self.locations, self.positions) = (entries, locations, positions)
    }

    subscript(name: String) -> CheckpointEntry? { positions[name].map { entries[$0] } }

    /// Where `entry` lies.
    ///
    /// - Traps: when it is not one of this index; `file` is for the message.
    func location(of entry: CheckpointEntry, file: String) -> Location {
        guard let position = positions[entry.name], entries[position] == entry else {
            preconditionFailure("expected an entry of \(file), got \(entry)")
        }
        return locations[position]
    }
}
