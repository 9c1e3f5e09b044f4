import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure functionals side by side with the reference implementation.",
        subcommands: [Compare.self, Grow.self, Read.self, Work.self], defaultSubcommand: Compare.self)
}
