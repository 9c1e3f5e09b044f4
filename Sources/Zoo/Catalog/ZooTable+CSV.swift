extension ZooTable {
    /// With a header, quoted where needed (RFC 4180, lines ending with a line feed).
    public var csv: String {
        func quoted(_ cell: String) -> String {
            cell.utf8.contains { ",\"\n\r".utf8.contains($0) } ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
        }
        return ([columns] + rows.map { $0.map(\.description) })
            .map { $0.map(quoted).joined(separator: ",") }.joined(separator: "\n")
    }
}
