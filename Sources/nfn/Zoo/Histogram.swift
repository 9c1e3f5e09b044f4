import Foundation
import Zoo

/// How often values occur: texts and infinities one by one, numbers in twenty equal intervals.
struct Histogram {
    private let bins: [(label: String, count: Int)]

    init(_ values: [ZooValue]) {
        let numbers = values.compactMap(\.number).filter(\.isFinite)
        let others = Dictionary(grouping: values.filter { !($0.number?.isFinite ?? false) }, by: \.self)
        var bins: [(String, Int)] = []
        if let least = numbers.min(), let greatest = numbers.max() {
            let count = Set(numbers).count < 20 ? 0 : 20
            if count == 0 {
                let groups = Dictionary(grouping: numbers, by: \.self)
                bins = groups.sorted { $0.key < $1.key }.map { (Self.short($0.key), $0.value.count) }
            } else {
                let width = greatest / Double(count) - least / Double(count)
                var counts = [Int](repeating: 0, count: count)
                for number in numbers {
                    let place = width > 0 ? number / width - least / width : 0
                    counts[place < Double(count) ? Int(max(0, place)) : count - 1] += 1
                }
                bins = counts.enumerated().map { index, count in
                    (
                        Self.short(least + Double(index) * width) + " to "
                            + Self.short(least + Double(index + 1) * width), count
                    )
                }
            }
        }
        bins += others.map { ($0.key == .none ? "none" : $0.key.description, $0.value.count) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        self.bins = bins
    }

    var text: String {
        let (most, width) = (bins.map(\.count).max() ?? 1, bins.map(\.label.count).max() ?? 0)
        return bins.map { label, count in
            let bar = String(repeating: "█", count: (50 * count + most - 1) / most)
            return label + String(repeating: " ", count: width - label.count) + "  \(bar) \(count)"
        }.joined(separator: "\n")
    }

    private static func short(_ number: Double) -> String { String(format: "%.4g", number) }
}
