internal import WeightSpaces

/// What the weights of a SIREN do not say: its frequencies, and how it draws.
public struct SIRENDescription: Hashable, Codable, Sendable {
    /// The frequency ω of the first layer.
    public var omega = 30.0
    /// The frequency ω of the other hidden layers.
    public var hiddenOmega = 30.0
    /// How coordinates and outputs stand for the pixels of a picture.
    public var convention = SIREN.Convention()
    /// The data set whose folders tell labels and splits, and whose pictures have a known size.
    public var publication: PublishedSIRENs?

    /// One frequency of 30, and the convention of networks that are fitted here.
    public init() {}

    /// What files of a network's weights alone do not say.
    init(_ siren: SIREN) { (omega, hiddenOmega, convention) = (siren.firstOmega, siren.hiddenOmega, siren.convention) }

    /// Reads settings such as `dws` or `omega=30,shift=0.5,colours=0:1,order=columns`, a data set's name first, if any.
    ///
    /// - Throws: ``SIRENDescriptionError``.
    public init(parsing text: String) throws {
        var names: Set<String> = []
        for (place, word) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if place == 0, parts.count == 1, let publication = PublishedSIRENs(rawValue: parts[0]) {
                self.publication = publication
                convention = publication.convention
                continue
            }
            guard parts.count == 2 else { throw SIRENDescriptionError(setting: String(word)) }
            guard names.insert(parts[0]).inserted else {
                throw SIRENDescriptionError(setting: text, flaw: "expected each setting once, found \(parts[0]) twice")
            }
            try set(parts[0], parts[1])
        }
        if let flaw = convention.flaw { throw SIRENDescriptionError(setting: text, flaw: flaw) }
    }

    /// What can be computed with in float32, and more than anything that draws a picture.
    private static let frequencies = 1e-6...1e6

    /// What can be set.
    static let settings = [
        "omega", "hidden-omega", "scale", "shift", "colours", "coordinates", "order",
    ]

    private mutating func set(_ name: String, _ value: String) throws {
        let error = SIRENDescriptionError(setting: "\(name)=\(value)")
        func number() throws -> Double {
            guard let number = Double(value), number.isFinite else { throw error }
            return number
        }
        func range() throws -> ClosedRange<Double> {
            let ends = value.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
            guard ends.count == 2, ends.allSatisfy(\.isFinite), ends[0] < ends[1] else { throw error }
            return ends[0]...ends[1]
        }
        func frequency() throws -> Double {
            let omega = try number()
            guard Self.frequencies.contains(omega) else { throw error }
            return omega
        }
        switch name {
        case "omega":
            omega = try frequency()
            hiddenOmega = omega
        case "hidden-omega": hiddenOmega = try frequency()
        case "scale": convention.scale = try number()
        case "shift": convention.shift = try number()
        case "colours", "colors": convention.colours = try range()
        case "coordinates": convention.coordinates = try range()
        case "order":
            guard ["rows", "columns"].contains(value) else { throw error }
            convention.isColumnFirst = value == "columns"
        default: throw error
        }
    }
}

/// A setting that says nothing about a SIREN.
public struct SIRENDescriptionError: Error, Equatable, CustomStringConvertible {
    /// What was given.
    let setting: String
    /// What makes no sense in it.
    var flaw: String?

    public var description: String {
        if let flaw { return "\(setting.oneLine(limit: 100)): \(flaw)" }
        return "expected \(PublishedSIRENs.allCases.map(\.rawValue).joined(separator: " or ")), or settings such as "
            + "omega=30,hidden-omega=30,shift=0.5,scale=1,colours=0:1,coordinates=-1:1,order=rows (or columns), "
            + "found \(setting.oneLine(limit: 100))"
    }
}
