import ArgumentParser

@main
struct NFN: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nfn",
        abstract: "Neural functionals: networks that read and edit the weights of other networks.",
        subcommands: [
            Demo.self, Fit.self, ZooCommand.self, Train.self, Evaluate.self, Predict.self, Rank.self, Report.self,
            Edit.self,
            Render.self,
            Export.self,
            Inspect.self, Certify.self, Permute.self, Embed.self, Diff.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            ExitStatus.leave()
        } catch {
            ExitStatus.exit(after: error)
        }
    }
}
