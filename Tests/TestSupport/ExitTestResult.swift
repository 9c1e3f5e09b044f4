public import Testing

extension ExitTest.Result {
    /// What the process wrote to its standard error; observe `\.standardErrorContent`.
    public var standardErrorText: String { String(decoding: standardErrorContent, as: UTF8.self) }
}
