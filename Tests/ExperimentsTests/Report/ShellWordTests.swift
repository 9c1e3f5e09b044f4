import Experiments
import Testing

@Suite struct ShellWordTests {
    @Test(
        "words that a shell would take apart are quoted",
        arguments: [
            ("out/run-1.0", "out/run-1.0"), ("epoch > 0", "'epoch > 0'"), ("a = 'relu'", #"'a = '\''relu'\'''"#),
            ("", "''"), ("$HOME", "'$HOME'"), ("Größe", "'Größe'"),
        ])
    func quotes(text: String, word: String) { #expect(text.shellWord == word) }
}
