import Foundation
import Zoo

/// Pictures of 6×6 in two classes, bright above or bright below, and a network for each.
func makeSmallZoo(in folder: URL, count: Int = 200) throws -> INRZoo {
    var pixels: [UInt8] = []
    for image in 0..<count {
        let (bright, dark) = (UInt8(200 + 50 * image / count), UInt8(50 * image / count))
        pixels += [UInt8](repeating: image % 2 == 0 ? bright : dark, count: 18)
        pixels += [UInt8](repeating: image % 2 == 0 ? dark : bright, count: 18)
    }
    let images = ImageSet(
        name: "bars", count: count, height: 6, width: 6, channels: 1, pixels: pixels,
        labels: (0..<count).map { $0 % 2 }, labelNames: nil)
    var recipe = FittingRecipe.smooth(widths: [2, 6, 5, 1])
    recipe.steps = 80
    recipe.pixelsPerStep = nil
    recipe.minimumPSNR = 0
    try INRZooFitting(images, recipe: recipe, in: folder).run()
    return try INRZoo(contentsOf: folder)
}
