/// Which neurons of a network count as permutable.
public enum NeuronSymmetry: String, Sendable, Codable, CaseIterable {
    /// Hidden neurons only: exactly the permutations that leave the function alone ("HNP").
    ///
    /// - Source: Zhou et al. 2023, arXiv:2302.14040, section 2.1 and appendix A.
    case hiddenNeurons
    /// Inputs and outputs too, told apart by positional encodings; a smaller layer ("NP").
    ///
    /// - Source: Zhou et al. 2023, arXiv:2302.14040, section 2.2.
    case allNeurons
}
