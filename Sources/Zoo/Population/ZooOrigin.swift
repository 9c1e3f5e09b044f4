internal import Foundation

/// How a part of a zoo was made: enough to make it again.
public struct ZooOrigin: Hashable, Codable, Sendable {
    /// What was done, in one word.
    public let kind: String
    /// The settings as JSON with sorted keys.
    public let settings: String
    /// In how many pieces the networks are made; each is one shard.
    public let pieces: Int

    /// The origin of networks that are made in `pieces` pieces by these settings.
    public init<Settings: ZooSettings>(_ settings: Settings, pieces: Int) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            kind: Settings.kind, settings: String(decoding: try encoder.encode(settings), as: UTF8.self), pieces: pieces
        )
    }

    init(kind: String, settings: String, pieces: Int) {
        self.kind = kind
        self.settings = settings
        self.pieces = pieces
    }

    /// The settings, where they are of this kind.
    ///
    /// - Throws: ``ZooError`` when they make no sense.
    func settings<Settings: ZooSettings>(as type: Settings.Type, file: String) throws -> Settings? {
        guard kind == Settings.kind else { return nil }
        do {
            return try JSONDecoder().decode(Settings.self, from: Data(settings.utf8))
        } catch let error as DecodingError {
            throw ZooError.catalog(file: file, problem: error.oneLine)
        }
    }

    /// Where two origins differ.
    func difference(from other: ZooOrigin, ignoring ignored: Set<String>) throws -> JSONTree.Difference? {
        if kind != other.kind { return .init(path: "kind", first: kind, second: other.kind) }
        let trees = try [self, other].map { try JSONDecoder().decode(JSONTree.self, from: Data($0.settings.utf8)) }
        return trees[0].firstDifference(from: trees[1], ignoring: ignored)
    }
}

/// Settings that networks are made by.
public protocol ZooSettings: Hashable, Codable, Sendable {
    /// One word for what is done.
    static var kind: String { get }
}
