import Torch

@testable import WeightSpaces

/// Damages zip archives in seeded, repeatable ways: their members' contents, put back together soundly, or the records.
struct ArchiveMutation {
    private var damage: ByteMutation
    private let sound: [ZipBytes]
    private let joined: [[UInt8]]
    /// The names of the members whose contents are damaged most end so.
    private let target: String

    init(seed: UInt64, of archives: [ZipArchive], target: String, fragments: [[UInt8]]) {
        damage = ByteMutation(seed: seed, fragments: fragments)
        sound = archives.map(ZipBytes.init)
        joined = sound.map(\.joined)
        self.target = target
    }

    /// An archive after at most four mutations.
    mutating func next() -> [UInt8] {
        let number = sound.indices.randomElement(using: &damage.random)!
        switch Int.random(in: 0..<8, using: &damage.random) {
        case 0...4:
            var file = sound[number]
            let anywhere = Int.random(in: 0..<5, using: &damage.random) == 0
            let targets = file.members.indices.filter {
                anywhere || file.members[$0].name.reversed().starts(with: target.utf8.reversed())
            }
            let member = targets.randomElement(using: &damage.random)!
            for _ in 0..<[1, 1, 1, 2, 3].randomElement(using: &damage.random)! {
                damage.mutate(&file.members[member].packed)
            }
            // What is stored is as long as it is.
            if file.members[member].method == 0 { file.members[member].count = nil }
            return file.joined
        case 5:
            var file = sound[number]
            mutate(&file)
            return file.joined
        default:
            var bytes = joined[number]
            for _ in 0..<[1, 1, 1, 2, 4].randomElement(using: &damage.random)! {
                // The directory lies at the end, and damage to the data is noticed nowhere else.
                let isLate = Int.random(in: 0..<3, using: &damage.random) > 0
                let back = Int.random(in: 0..<min(600, max(1, bytes.count)), using: &damage.random)
                damage.mutate(&bytes, at: isLate ? bytes.count - back : nil)
            }
            return bytes
        }
    }

    /// Changes a fact of a member's records, or the order or number of members.
    private mutating func mutate(_ file: inout ZipBytes) {
        let index = file.members.indices.randomElement(using: &damage.random)!
        let number = [0, 1, -1, 7, 64, 1 << 20, 1 << 31, 1 << 40, 1 << 62, .max].randomElement(using: &damage.random)!
        switch Int.random(in: 0..<12, using: &damage.random) {
        case 0: file.members[index].count = number
        case 1: file.members[index].packedCount = number
        case 2: file.members[index].start = abs(number)
        case 3: file.members[index].isLarge = true
        case 4:
            file.members[index].isLarge = true
            file.members[index].count = number
        case 5: file.members[index].method ^= 8
        case 6: file.members[index].flags = [1, 8, 32, 8_192, 0xFFFF].randomElement(using: &damage.random)!
        case 7: file.members.append(file.members[index])
        case 8: file.members.remove(at: index)
        case 9: file.members.shuffle(using: &damage.random)
        case 10: file.members[index].name = file.members.randomElement(using: &damage.random)!.name
        default: file.members[index].packed = file.members.randomElement(using: &damage.random)!.packed
        }
    }
}
