internal import Foundation
internal import WeightSpaces
internal import Zoo

/// `run.json`, in which a run's folder says what the run was asked to do.
enum RunDescription {
    private static let fileName = "run.json"

    /// - Throws: ``TrainingError/noRun(_:)``.
    static func read<Settings: Decodable>(_ type: Settings.Type, in folder: URL) throws -> Settings {
        guard let data = try? Data(contentsOf: folder.appending(path: fileName)),
            let settings = try? JSONDecoder().decode(type, from: data)
        else { throw TrainingError.noRun(folder.relativePath) }
        return settings
    }

    /// Begins a run in a new folder, or takes one up that was begun with the same settings.
    ///
    /// - Throws: ``TrainingError``; `FileError`.
    static func begin<Settings: Codable & Equatable>(_ settings: Settings, in folder: URL, resuming: Bool) throws {
        let description = folder.appending(path: fileName)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        if FileManager.default.fileExists(atPath: description.path) {
            guard resuming else { throw TrainingError.folderExists(folder.relativePath) }
            let found = try read(Settings.self, in: folder)
            if found != settings {
                let trees = try [settings, found].map {
                    try JSONDecoder().decode(JSONTree.self, from: try encoder.encode($0))
                }
                let difference = trees[0].firstDifference(from: trees[1])
                throw TrainingError.otherRun(
                    folder.relativePath, field: difference?.path ?? "settings",
                    expected: difference?.first ?? "these", found: difference?.second ?? "others")
            }
            try AtomicFile.removeLeftovers(in: folder)
            return
        }
        try Folder.create(folder)
        if resuming { try AtomicFile.removeLeftovers(in: folder) }
        if try !Folder.contents(of: folder).isEmpty { throw TrainingError.folderExists(folder.relativePath) }
        try AtomicFile.write(try encoder.encode(settings), to: description)
    }
}
