/// What came out for one case on some number of threads.
struct CaseResult {
    /// What one competitor did.
    struct Outcome {
        /// Milliseconds per step.
        var time: Spread?
        /// Memory beyond the loaded libraries.
        var peakMB: Double?
        /// The number of trainable numbers.
        var parameters: Int?
        /// Why there is no time.
        var failure: String?
    }

    let name: String
    let title: String
    let threads: Int
    var outcomes: [Competitor: Outcome]

    /// The median milliseconds of a competitor.
    func milliseconds(_ competitor: Competitor) -> Double? { outcomes[competitor]?.time?.median }

    /// How many times as long as ours a competitor takes.
    func ratio(_ competitor: Competitor) -> Double? {
        guard let theirs = milliseconds(competitor), let ours = milliseconds(.ours) else { return nil }
        return theirs / ours
    }
}

extension CaseResult: Encodable {
    /// One flat object, in which what was not measured is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: "name")
        try container.encode(title, forKey: "title")
        try container.encode(threads, forKey: "threads")
        for competitor in Competitor.allCases {
            let (outcome, prefix) = (outcomes[competitor] ?? Outcome(), competitor.rawValue)
            try container.encode(outcome.time?.median, forKey: "\(prefix)_ms")
            try container.encode(outcome.time.map { [$0.lower, $0.upper] }, forKey: "\(prefix)_quartiles_ms")
            if competitor != .gemmBound {
                try container.encode(outcome.peakMB, forKey: "\(prefix)_peak_mb")
                try container.encode(outcome.parameters, forKey: "\(prefix)_parameters")
            }
            try container.encodeIfPresent(outcome.failure, forKey: "\(prefix)_failure")
        }
    }

    private struct Key: CodingKey, ExpressibleByStringInterpolation {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init(stringLiteral value: String) { stringValue = value }
        init?(intValue: Int) { nil }
    }
}
