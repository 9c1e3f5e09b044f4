import ArgumentParser
import Foundation
import WeightSpaces
import Zoo

struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw the pictures that networks show.",
        discussion: "One network fills the picture; several are laid out as on a contact sheet, in the given order.")

    @Argument(help: ArgumentHelp("Networks in files of their own, or folders of zoos.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("The picture.", valueName: "png"))
    var out: String

    @Option(help: "Which networks of a zoo, such as 0-99.")
    var networks: NumberRange?

    @OptionGroup var pictures: SIRENOptions

    @Option(help: "The side of the square that one pixel becomes.")
    var scale = 1

    func validate() throws {
        if !(1...64).contains(scale) { throw ValidationError("--scale: expected 1 to 64, got \(scale)") }
    }

    func run() throws {
        var images: [Image] = []
        for file in files {
            for image in try pictures(in: URL(filePath: file)) {
                if let first = images.first, (first.height, first.width) != (image.height, image.width) {
                    throw ValidationError(
                        "\(file) draws \(image.height)x\(image.width) pixels, those before it "
                            + "\(first.height)x\(first.width); give --size")
                }
                images.append(image)
            }
        }
        let columns = Int(Double(images.count).squareRoot().rounded(.up))
        let sheet = ImageGrid(columns: columns, margin: images.count > 1 ? 2 : 0, scale: scale)
        try requireModest(images, columns)
        try AtomicFile.write(PNG.encoded(sheet.composed(images)), to: URL(filePath: out))
    }

    private func pictures(in url: URL) throws -> [Image] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
            let zoo = try INRZoo(contentsOf: url)
            return try zoo.requiring(networks).map { zoo[$0].image(at: pictures.size?.grid) }
        }
        return [try INR(contentsOf: url, describedBy: pictures.siren, size: pictures.size?.grid).image()]
    }

    private func requireModest(_ images: [Image], _ columns: Int) throws {
        let rows = (images.count + columns - 1) / columns
        let sides = (rows * (images[0].height * scale + 2), columns * (images[0].width * scale + 2))
        if sides.0 > 20_000 || sides.1 > 20_000 {
            throw ValidationError(
                "\(images.count) networks make a picture of \(sides.0)x\(sides.1) pixels, more than 20000x20000; "
                    + "draw fewer with --networks, or smaller with --size or --scale")
        }
    }
}

/// The size of a picture on the command line: `28`, or `28x32` with rows first.
struct PictureSize: ExpressibleByArgument {
    let grid: PixelGrid

    init?(argument: String) {
        let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard let height = sides.first, let width = sides.last, sides.count <= 2,
            sides.allSatisfy(PixelGrid.sides.contains)
        else { return nil }
        grid = PixelGrid(height: height, width: width)
    }
}
