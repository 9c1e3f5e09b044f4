/// The pieces of a zoo that one of several processes makes: every `count`-th, beginning with `number`.
public struct WorkShare: Hashable, Sendable {
    /// Which share, from zero.
    public let number: Int
    /// How many shares there are.
    public let count: Int

    /// All pieces.
    public static let all = WorkShare(number: 0, of: 1)

    /// - Traps: unless `0 ≤ number < count`.
    public init(number: Int, of count: Int) {
        precondition((0..<count).contains(number), "expected a share in 0..<\(count), got \(number)")
        self.number = number
        self.count = count
    }

    func contains(_ piece: Int) -> Bool { piece % count == number }

    /// The pieces of this share.
    func of(_ pieces: Int) -> [Int] { (0..<pieces).filter(contains) }
}
