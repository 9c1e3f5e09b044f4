import Testing
import Zoo

@Suite("Split")
struct SplitTests {
    @Test("a part that is asked for is not empty where there are enough for all sides")
    func smallParts() throws {
        for (count, part, expected) in [(8, 0.05, 1), (8, 0, 0), (3, 0.05, 1), (2, 0.05, 0), (60, 0.05, 3)] {
            let split = try Split(groups: Array(0..<count), validation: .fraction(part), test: .fraction(part))
            #expect(split.validation.count == expected && split.test.count == expected)
            #expect(split.train.count == count - 2 * expected)
        }
    }

    /// Images 50…149, three networks each.
    let images = (0..<300).map { 50 + $0 / 3 }

    @Test("every network is on one side, and all networks of one image on the same")
    func separatesImages() throws {
        let split = try Split(groups: images, validation: .fraction(0.1), test: .count(25), seed: 7)
        #expect((split.train + split.validation + split.test).sorted() == Array(0..<300))
        #expect(split.test.count == 75 && split.validation.count == 30)
        let sides = [split.train, split.validation, split.test].map { Set($0.map { images[$0] }) }
        #expect(sides[0].isDisjoint(with: sides[1]) && sides[0].isDisjoint(with: sides[2]))
        #expect(sides[1].isDisjoint(with: sides[2]))
        for side in [split.train, split.validation, split.test] { #expect(side == side.sorted()) }
    }

    @Test("the same seed splits alike, another otherwise")
    func seeded() throws {
        func split(_ seed: UInt64) throws -> Split {
            try Split(groups: images, validation: .count(10), test: .fraction(0.2), seed: seed)
        }
        #expect(try split(1) == split(1))
        #expect(try split(1).test != split(2).test)
        #expect(try split(1).validation != split(2).validation)
    }

    @Test("the last images can be the test set")
    func lastImages() throws {
        let split = try Split(groups: images, validation: .count(4), test: .count(10), testGroups: .last)
        #expect(split.test == Array(270..<300))
        #expect(split.validation.count == 12)
    }

    @Test("networks to test on take all that belong to the same images with them")
    func chosenTests() throws {
        let split = try Split(groups: images, validation: .fraction(0.1), testing: [4, 200], seed: 1)
        #expect(split.test == [3, 4, 5, 198, 199, 200])
        #expect((split.train + split.validation + split.test).sorted() == Array(0..<300))
        #expect(Set(split.train.map { images[$0] }).isDisjoint(with: split.validation.map { images[$0] }))
        #expect(split.validation.count == 30)
        #expect(throws: SplitError.everythingTested(groups: 100)) {
            try Split(groups: images, validation: .count(0), testing: Array(stride(from: 0, to: 300, by: 3)))
        }
        #expect(throws: SplitError.nothingToTestOn) { try Split(groups: images, validation: .count(0), testing: []) }
        #expect(!split.divides(images) && split.divides(images.map { $0 / 2 }))
    }

    @Test("a split that leaves nothing to train on is refused")
    func nothingLeft() throws {
        #expect(throws: SplitError.nothingToTrainOn(groups: 100, validation: 60, test: 40)) {
            try Split(groups: images, validation: .count(60), test: .fraction(0.4))
        }
        #expect(throws: SplitError.self) { try Split(groups: images, validation: .count(-1), test: .count(1)) }
    }
}
