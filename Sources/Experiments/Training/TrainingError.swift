/// Why a training cannot begin or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The loss is NaN or infinite.
    case diverged(step: Int, loss: Double)
    /// The folder holds something already.
    case folderExists(String)
    /// The folder holds no run to resume or to read.
    case noRun(String)
    /// The folder holds a run with other settings.
    case otherRun(String, field: String, expected: String, found: String)
    /// A stored state does not fit the run.
    case state(file: String, tensor: String)
    /// The zoo's networks have no labels to learn.
    case noLabels(zoo: String)
    /// No network of the zoo has this number to learn.
    case noTargets(zoo: String, fact: String)
    /// None of the chosen networks is on this side of the split.
    case emptySide(zoo: String, side: String)
    /// A network to validate or test on has a layer of a kind that no training network has.
    case unknownRole(String)
    /// A network in a file has a layer of a kind that no training network had.
    case unreadable(String, role: String)
    /// Nothing tells what follows the hidden layers of a network that is to be read without its scales.
    case unknownActivation(String)
    /// The activation of no network passes on a factor or a sign.
    case noScalings
    /// The networks are not the ones that the functional reads.
    case otherNetworks(String, expected: String, found: String)
    /// Networks that belong together are on two sides of the stored split.
    case dividedSplit(zoo: String, fact: String)
    /// A study that is not there, or not finished.
    case noStudy(String)

    /// One line that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .diverged(let step, let loss):
            "the loss became \(loss) at step \(step); try a lower learning rate"
        case .folderExists(let folder):
            "\(folder) exists; choose another folder, or continue what is in it with --resume"
        case .noRun(let folder):
            "\(folder) does not hold a training run of this kind (run.json is missing or malformed)"
        case .otherRun(let folder, let field, let expected, let found):
            "\(folder) holds a run with \(field) \(found), not \(expected); resume it with its own settings"
        case .state(let file, let tensor): "\(file): '\(tensor)' is missing or does not fit the run"
        case .noLabels(let zoo): "\(zoo): the networks have no labels; fit images that have them"
        case .noTargets(let zoo, let fact):
            "\(zoo): expected a number called \(fact) of some network, found none; see nfn zoo info"
        case .emptySide(let zoo, let side):
            "\(zoo): expected networks for \(side), found none; see nfn zoo split and --where"
        case .unknownRole(let role):
            "no network to learn from has a parameter like '\(role)'; split the zoo otherwise, or choose networks with --where"
        case .unreadable(let file, let role):
            "\(file): the functional was trained on no network that has a parameter like '\(role)'"
        case .unknownActivation(let file):
            "\(file): the run is aware of scales, and the file does not state the function after the hidden layers; "
                + "give it as --activation"
        case .noScalings:
            "no network has neurons that can be scaled (relu, leakyReLU) or flipped (tanh, sine); leave --scale-aware out"
        case .otherNetworks(let file, let expected, let found):
            "\(file): expected networks of widths \(expected), found \(found)"
        case .dividedSplit(let zoo, let fact):
            "\(zoo): networks of one \(fact) are on two sides of the stored split; split the zoo again with nfn zoo split"
        case .noStudy(let folder):
            "\(folder) does not hold a finished study of nfn train generalisation (result.json is missing or malformed)"
        }
    }
}
