/// The assignment of rows to columns with the smallest total cost.
///
/// - Source: Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear assignment
///   problems"; the augmentation only.
enum LinearAssignment {
    /// - Parameter cost: `count × count` numbers, row by row.
    /// - Returns: the column of each row.
    static func solve(_ cost: [Double], count: Int) -> [Int] {
        precondition(cost.count == count * count, "expected \(count * count) costs, got \(cost.count)")
        var (rowPrice, columnPrice) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        var rowOfColumn = [Int](repeating: -1, count: count)
        var columnOfRow = [Int](repeating: -1, count: count)
        for row in 0..<count {
            var distance = [Double](repeating: .infinity, count: count)
            var origin = [Int](repeating: -1, count: count)
            var isDone = [Bool](repeating: false, count: count)
            var (current, shortest) = (row, 0.0)
            var (sink, visited) = (-1, [(row: row, distance: 0.0)])
            while sink < 0 {
                var (nearest, least) = (-1, Double.infinity)
                for column in 0..<count where !isDone[column] {
                    let path = shortest + cost[current * count + column] - rowPrice[current] - columnPrice[column]
                    if path < distance[column] {
                        distance[column] = path
                        origin[column] = current
                    }
                    if distance[column] < least || distance[column] == least && rowOfColumn[column] < 0 {
                        (nearest, least) = (column, distance[column])
                    }
                }
                shortest = least
                isDone[nearest] = true
                if rowOfColumn[nearest] < 0 {
                    sink = nearest
                } else {
                    current = rowOfColumn[nearest]
                    visited.append((current, shortest))
                }
            }
            for step in visited { rowPrice[step.row] += shortest - step.distance }
            for column in 0..<count where isDone[column] { columnPrice[column] -= shortest - distance[column] }
            while sink >= 0 {
                let row = origin[sink]
                rowOfColumn[sink] = row
                (columnOfRow[row], sink) = (sink, columnOfRow[row])
            }
        }
        return columnOfRow
    }
}
