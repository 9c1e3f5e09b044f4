internal import Torch
public import Zoo

extension Demonstration {
    /// Sizes and durations of a demo.
    public struct Plan: Sendable {
        /// Pictures to fit.
        public var images: Int
        /// Networks per picture.
        public var fits: Int
        /// How pictures turn into networks.
        public var recipe: FittingRecipe
        /// How strongly the pictures of training networks are warped (`SIREN.warped`).
        public var warp: Double
        /// Seconds of training for the classifier and its baseline, side by side.
        public var classifySeconds: Double
        /// Seconds of training for the editor.
        public var editSeconds: Double
        /// Decides every random number.
        public var seed: UInt64

        /// A plan for five to six minutes on two cores: one network for each of many pictures, or several for each of
        /// few small ones. Every network starts from an initialisation of its own.
        public init(for images: ImageSet, seed: UInt64 = 1) {
            let isSmall = images.height * images.width < 256
            recipe = .smooth(widths: [2, isSmall ? 16 : 32, 16, images.channels], omega: isSmall ? 3 : 6)
            if isSmall {
                recipe.pixelsPerStep = nil
                recipe.learningRate = 0.02
                recipe.steps = 100
            }
            recipe.seed = seed
            self.seed = seed
            self.images = min(images.count, 20_000)
            fits = isSmall ? 6 : 1
            warp = 0.03
            classifySeconds = 210
            editSeconds = 35
        }
    }
}
