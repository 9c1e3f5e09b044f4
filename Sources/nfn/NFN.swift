import ArgumentParser

@main
struct NFN: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nfn",
        abstract: "Neural functionals: networks that read and edit the weights of other networks."
    )
}
