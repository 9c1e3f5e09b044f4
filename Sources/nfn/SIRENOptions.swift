import ArgumentParser
import Zoo

/// What the files of SIRENs that other programs have written do not say.
struct SIRENOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            SIRENs of others: dws or nfn, as those data sets were published, or settings: omega=30,hidden-omega=30, \
            shift=0.5 and scale=1 of the output, colours=0:1 (black and white), coordinates=-1:1, order=rows (or columns: \
            the column is coordinate 0).
            """, valueName: "settings"), transform: SIRENOptions.description)
    var siren: SIRENDescription?

    @Option(help: ArgumentHelp("Rows and columns of the pictures.", valueName: "28x28"))
    var size: PictureSize?

    private static func description(_ text: String) throws -> SIRENDescription {
        do {
            return try SIRENDescription(parsing: text)
        } catch let error as SIRENDescriptionError {
            throw ValidationError("\(error)")
        }
    }
}
