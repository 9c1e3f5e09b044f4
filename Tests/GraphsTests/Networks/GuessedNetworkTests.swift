import TestSupport
import Testing

@testable import Graphs

@Suite("Networks whose state dicts look like chains", .oneThread)
struct GuessedNetworkTests {
    @Test("there are at least forty of them, and at least thirty are read")
    func count() throws {
        #expect(GuessedNetwork.all.count >= 40)
        let read = try GuessedNetwork.all.count { try $0.open(stating: StatedFacts()).guess != nil }
        #expect(read >= 30)
    }

    @Test(
        "no state dict is taken as given; its permuted copy computes the same, unless nothing shows what tells neurons apart",
        arguments: GuessedNetwork.all)
    func guessed(network: GuessedNetwork) throws {
        let (truth, guess) = try network.open(stating: StatedFacts())
        guard let guess else { return }
        #expect(!guess.assumptions.isEmpty)
        let change = try network.change(truth, permutedLike: guess)
        if network.isHidden { #expect(change > 1e-3) } else { #expect(change <= 1e-10) }
    }

    @Test("what is truly stated is given, and permuted copies compute the same", arguments: GuessedNetwork.all)
    func stated(network: GuessedNetwork) throws {
        guard !network.stated.isEmpty else { return }
        let (truth, guess) = try network.open(stating: network.facts)
        let given = try #require(guess)
        #expect(given.assumptions.isEmpty)
        #expect(try network.change(truth, permutedLike: given) <= 1e-10)
        #expect(try Certificate(of: given, given.symmetries()).holds)
    }

    @Test("what is wrongly stated changes what permuted copies compute", arguments: ["flatten_first", "flatten_last"])
    func wronglyStated(name: String) throws {
        let network = try #require(GuessedNetwork.all.first { $0.name == name })
        var facts = network.facts
        facts.flatten = facts.flatten == .channelsFirst ? .channelsLast : .channelsFirst
        let (truth, guess) = try network.open(stating: facts)
        #expect(try network.change(truth, permutedLike: try #require(guess)) > 1e-3)
    }

    @Test("a chain that is wrongly stated changes what permuted copies compute")
    func noChain() throws {
        var facts = StatedFacts()
        facts.isChain = true
        for name in ["residual_one_layer", "residual_convolutions", "gated", "attention", "backwards"] {
            let network = try #require(GuessedNetwork.all.first { $0.name == name })
            let (truth, guess) = try network.open(stating: facts)
            #expect(try network.change(truth, permutedLike: try #require(guess)) > 1e-3, "\(name)")
        }
    }
}
