import ArgumentParser

struct ZooCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "Make zoos of networks, look into them, split, join, copy and check them.",
        subcommands: [
            ZooInfo.self, ZooQuery.self, ZooSplit.self, ZooMerge.self, ZooVerify.self, ZooTrainCNNs.self,
            ZooTrainMLPs.self, ZooImport.self, ZooExport.self,
        ])
}
