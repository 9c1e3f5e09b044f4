internal import WeightSpaces

/// Why a training cannot begin or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The loss is NaN or infinite.
    case diverged(step: Int, loss: Double)
    /// The machine has less memory than the training takes.
    case tooLarge(TrainingCost, memory: Int)
    /// The folder holds something already.
    case folderExists(String)
    /// The folder holds no run to resume or to read.
    case noRun(String)
    /// The folder holds a run with other settings.
    case otherRun(String, field: String, expected: String, found: String)
    /// A stored state does not fit the run.
    case state(file: String, tensor: String)
    /// The zoo's networks have no labels to learn.
    case noLabels(zoo: String, fact: String)
    /// What a fact says is not which class a network belongs to.
    case noClasses(zoo: String, fact: String, found: String)
    /// A class that is none of those that a run tells apart.
    case unknownClass(zoo: String, fact: String, found: String, known: [String])
    /// The networks draw no pictures.
    case noPictures(zoo: String)
    /// The model reads networks of one architecture.
    case severalArchitectures(zoo: String)
    /// A number to learn that is too large to be computed with.
    case extremeTarget(zoo: String, fact: String, network: Int, value: Double)
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
            "the loss became \(loss.isNaN ? "NaN" : "\(loss)") at step \(step); try a lower learning rate"
        case .tooLarge(let cost, let memory):
            "the \(cost.name) would have \(cost); there are \(TrainingCost.size(memory)); "
                + "make it smaller with --channels, --matrix-channels, --depth or --batch, or take fewer networks"
        case .folderExists(let folder):
            "\(folder) exists; choose another folder, or continue what is in it with --resume"
        case .noRun(let folder):
            "\(folder) does not hold a training run of this kind (run.json is missing or malformed)"
        case .otherRun(let folder, let field, let expected, let found):
            "\(folder) holds a run with \(field) \(found), not \(expected); resume it with its own settings"
        case .state(let file, let tensor): "\(file): '\(tensor)' is missing or does not fit the run"
        case .noLabels(let zoo, let fact):
            "\(zoo): no network has a fact \(fact.oneLine(limit: 60)) that says its class; fit images that have labels, "
                + "import with --labels, or name another fact with --target"
        case .noClasses(let zoo, let fact, let found):
            "\(zoo): expected classes, texts or whole numbers, in \(fact.oneLine(limit: 60)), found \(found); "
                + "nfn train generalisation learns numbers"
        case .unknownClass(let zoo, let fact, let found, let known):
            "\(zoo): \(fact.oneLine(limit: 60)) is \(found.oneLine(limit: 60)) of some network; the run tells apart "
                + known.prefix(20).joined(separator: ", ").oneLine() + (known.count > 20 ? ", …" : "")
        case .noPictures(let zoo): "\(zoo): the networks draw no pictures that could be warped; leave out --warp"
        case .severalArchitectures(let zoo):
            "\(zoo): the networks are of several architectures, which only --reader functional reads"
        case .extremeTarget(let zoo, let fact, let network, let value):
            "\(zoo): \(fact.oneLine(limit: 60)) of network \(network) is \(value), too large to compare with others; choose "
                + "networks with --where, such as --where '\(fact) < 1e6', or import a table with its logarithm"
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
