extension Run {
    /// The command that makes the run.
    func command(writingTo folder: String) -> String {
        var words = ["nfn", "train"]
        func add(_ option: String, _ value: some CustomStringConvertible) { words += ["--\(option)", "\(value)"] }
        switch kind {
        case .classify(let reader, let warp):
            words.append("classify")
            add("reader", reader.rawValue)
            add("warp", warp)
            if let target, target != "label" { add("target", target) }
        case .edit(let edit):
            words.append("edit")
            add("style", edit.rawValue)
        }
        add("out", folder)
        add("symmetry", symmetry.rawValue)
        add("validation", split.validation)
        add("test", split.test)
        if split.testsLast { words.append("--test-last") }
        add("depth", trunk.depth)
        add("channels", trunk.channels)
        add("matrix-channels", trunk.matrixChannels)
        add("frequencies", trunk.frequencies)
        add("frequency-scale", trunk.frequencyScale)
        add("dropout", trunk.dropout)
        add("steps", options.steps)
        if let seconds = options.secondsLimit { add("minutes", seconds / 60) }
        add("batch", options.batch)
        add("learning-rate", options.learningRate)
        add("warm-up", options.warmUp)
        add("validation-interval", options.validationInterval)
        if let patience = options.patience { add("patience", patience) }
        add("seed", options.seed)
        return (words + [zoo]).map(\.shellWord).joined(separator: " ")
    }
}
