public import Foundation
public import Zoo

/// What a study of a zoo was asked to do, stored as `run.json` in its folder.
public struct GeneralisationRun: Hashable, Sendable, Codable {
    /// The folder of the zoo.
    public var zoo: String
    /// The fact to predict.
    public var target: String
    /// Which networks, an expression in SQL; all where there is none.
    public var condition: String?
    /// Which networks are for what, where the zoo does not say.
    public var split: Split.Description
    /// What the zoo had when the study was begun (``WeightPopulation/fingerprint``).
    public var fingerprint: String
    /// What is trained, and how.
    public var plan: GeneralisationStudy.Plan

    public init(
        zoo: String, target: String, condition: String? = nil, split: Split.Description = .init(),
        fingerprint: String, plan: GeneralisationStudy.Plan
    ) {
        self.zoo = zoo
        self.target = target
        self.condition = condition
        self.split = split
        self.fingerprint = fingerprint
        self.plan = plan
    }

    /// Begins the run in a new folder, or takes it up where it was begun with the same settings.
    ///
    /// - Throws: ``TrainingError``; `FileError`.
    public func begin(in folder: URL, resuming: Bool) throws {
        try RunDescription.begin(self, in: folder, resuming: resuming)
    }
}
