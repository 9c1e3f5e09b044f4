import ArgumentParser

struct ZooCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "Look into zoos of networks, split, join and check them.",
        subcommands: [
            ZooInfo.self, ZooQuery.self, ZooSplit.self, ZooMerge.self, ZooVerify.self, ZooTrainCNNs.self,
            ZooTrainMLPs.self,
        ])
}
