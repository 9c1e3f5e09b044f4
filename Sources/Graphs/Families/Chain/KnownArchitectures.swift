import WeightSpaces

/// Architectures that are known by name, but whose weights do not say how they compute.
enum KnownArchitectures {
    /// Why parameters whose names have a telling part are no chain.
    private static let reasons: [(part: String, reason: String)] = [
        ("weight_ih", "recurrent layers do not say which of their states are read, nor their kind"),
        ("denselayer", "a DenseNet does not say which results are concatenated, nor where it pools"),
        ("in_proj_weight", "attention does not say how many heads it has"),
        ("attn", "attention does not say how many heads it has"),
        ("attention", "attention does not say how many heads it has"),
        ("features.1.conv.", "a MobileNet does not say which blocks are skipped, nor their steps"),
        ("features.1.0.block.", "an EfficientNet does not say which blocks are skipped, nor their steps"),
    ]

    /// Words in names of what is no plain chain: connections beside it, tables, or several networks in one file.
    private static let words: Set<String> = [
        "skip", "shortcut", "downsample", "residual", "up", "down", "query", "key", "value", "embed", "embedding",
        "embeddings", "lstm", "gru", "rnn", "expert", "experts", "actor", "critic", "generator", "discriminator",
        "teacher", "student", "target", "res", "resblock", "resblocks", "mu", "logvar",
    ]

    /// Why parameters are no chain, if their names say so.
    static func reason(for entries: [CheckpointEntry]) -> String? {
        let names = entries.map { $0.name }
        for (part, reason) in reasons {
            if let name = names.first(where: { $0.contains(part) }) {
                return "\(reason) ('\(name.oneLine(limit: 100))')"
            }
        }
        for name in names {
            for word in name.lowercased().split(whereSeparator: { !$0.isLetter }) where words.contains(String(word)) {
                return "'\(name.oneLine(limit: 100))' tells of '\(word)', which is no part of a plain chain"
            }
        }
        return nil
    }
}
