import ArgumentParser
import Zoo

/// A part of the work on the command line: `3/16` is the third of sixteen.
struct Share: ExpressibleByArgument {
    let share: WorkShare

    init?(argument: String) {
        let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1], count <= 1_000_000,
            (1...max(count, 1)).contains(number)
        else { return nil }
        share = WorkShare(number: number - 1, of: count)
    }
}

extension Zoo {
    /// Says that there was nothing to do, where more shares were asked for than there are pieces.
    func reportsEmptyShare() -> Bool {
        if count > 0 { return false }
        print("\(folder.relativePath): no networks fall to this share")
        return true
    }
}
