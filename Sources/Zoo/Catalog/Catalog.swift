internal import Foundation
internal import GRDB
internal import WeightSpaces

/// What a zoo knows about its networks, in an SQLite file beside the shards.
///
/// A shard's number is that of its piece, origins one after the other, and a stack's number is the shard's times
/// ``stacksPerShard`` plus its own; so tables are the same in whatever order pieces came. Networks are counted from zero in
/// the order of stacks and rows. Their facts stand in columns of their own, so that conditions can name them; columns appear
/// with the first network that has them.
struct Catalog: Sendable {
    static let fileName = "catalog.sqlite"
    static let version = 1
    /// `nfnz`, which tells such files from other people's databases.
    private static let application = 0x6E66_6E7A

    /// The file's name in messages.
    let file: String
    private let queue: DatabaseQueue

    /// Opens the catalog of a zoo, for reading.
    ///
    /// - Throws: `FileError` when there is none; ``ZooError`` when it cannot be read, or is of another version.
    init(of folder: URL) throws {
        let url = folder.appending(path: Self.fileName)
        // Says what is wrong with the path better than SQLite would.
        _ = try MappedFile(url)
        var configuration = Self.configuration
        configuration.readonly = !FileManager.default.isWritableFile(atPath: folder.path)
        // A writable connection takes back what a killed process left half-written.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
        try self.init(url, configuration)
        try requireVersion()
    }

    /// Opens the catalog of a zoo for writing, and makes an empty one where there is none.
    ///
    /// - Throws: ``ZooError``.
    init(writingTo folder: URL) throws {
        try self.init(folder.appending(path: Self.fileName), Self.configuration)
        if try read({ try $0.tableExists("network") }) {
            try requireVersion()
        } else {
            try write { database in
                for statement in Self.schema { try database.execute(sql: statement) }
            }
        }
    }

    private init(_ url: URL, _ configuration: Configuration) throws {
        file = url.relativePath
        do {
            queue = try DatabaseQueue(path: url.path, configuration: configuration)
        } catch let error as DatabaseError {
            throw ZooError.catalog(file: file, problem: error.plainMessage)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return configuration
    }

    private static let schema = [
        "PRAGMA application_id = \(application)",
        "PRAGMA user_version = \(version)",
        "CREATE TABLE origin (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, settings TEXT NOT NULL, pieces INTEGER NOT NULL)",
        """
        CREATE TABLE architecture (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, definition TEXT NOT NULL, space TEXT NOT NULL)
        """,
        """
        CREATE TABLE shard (
            id INTEGER PRIMARY KEY, origin INTEGER NOT NULL REFERENCES origin, piece INTEGER NOT NULL,
            file TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, checksum INTEGER NOT NULL, UNIQUE (origin, piece))
        """,
        """
        CREATE TABLE stack (
            id INTEGER PRIMARY KEY, shard INTEGER NOT NULL REFERENCES shard,
            architecture INTEGER NOT NULL REFERENCES architecture, prefix TEXT NOT NULL, rows INTEGER NOT NULL)
        """,
        """
        CREATE TABLE network (
            stack INTEGER NOT NULL REFERENCES stack, row INTEGER NOT NULL, checksum INTEGER NOT NULL,
            run INTEGER NOT NULL, split TEXT, PRIMARY KEY (stack, row)) WITHOUT ROWID
        """,
        // The columns of `network` are looked up anew whenever the view is used.
        """
        CREATE VIEW networks AS
            WITH place AS (SELECT id, SUM(rows) OVER (ORDER BY id) - rows AS first FROM stack)
            SELECT place.first + network.row AS network, network.*, architecture.name AS architecture,
                origin.kind AS origin, shard.file AS shard
            FROM network JOIN place ON place.id = network.stack JOIN stack ON stack.id = network.stack
                JOIN shard ON shard.id = stack.shard JOIN architecture ON architecture.id = stack.architecture
                JOIN origin ON origin.id = shard.origin
        """,
    ]

    /// Columns of the view that say where a network is rather than what it is.
    static let places: Set<String> = ["stack", "row", "checksum", "shard"]
    static let stacksPerShard = 4096

    private func requireVersion() throws {
        let (application, version) = try read { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA application_id"),
                try Int.fetchOne(database, sql: "PRAGMA user_version")
            )
        }
        guard application == Self.application else {
            throw ZooError.catalog(file: file, problem: "expected a catalog of networks, found another database")
        }
        guard version == Self.version else {
            throw ZooError.version(file: file, expected: Self.version, found: version ?? 0)
        }
    }

    /// Reads in one transaction.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try translating { try queue.read(body) }
    }

    /// Writes in one transaction: all of it is kept, or nothing.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try translating { try queue.write(body) }
    }

    /// A copy without gaps, the same whatever the history of the catalog was.
    func packed(using scratch: URL) throws -> Data {
        defer { try? FileManager.default.removeItem(at: scratch) }
        try? FileManager.default.removeItem(at: scratch)
        try translating { try queue.vacuum(into: scratch.path) }
        var packed = try Data(contentsOf: scratch)
        // The header's schema cookie counts how often this was done.
        packed.replaceSubrange(40..<44, with: [0, 0, 0, 1])
        return packed
    }

    func close() throws { try translating { try queue.close() } }

    private func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw ZooError.catalog(file: file, problem: error.plainMessage)
        }
    }
}

extension DatabaseError {
    /// SQLite's own words.
    var plainMessage: String { message ?? "error \(resultCode.rawValue)" }
}
