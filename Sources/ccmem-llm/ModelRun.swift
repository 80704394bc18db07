import Commands
import LanguageModels
import Memories
import Projects
import Refinement
import SQLite
import Storage

/// What every run that asks a model has in common: one process at a time, an end on the clock, and what all projects of a
/// person may spend together.
struct ModelRun {
    /// Runs the body when no other process asks a model.
    ///
    /// - Returns: False when another one does.
    static func alone(_ context: ProjectContext, _ body: () throws -> Void) throws -> Bool {
        do {
            guard let lock = try context.location.tryLocking(.model) else { return false }
            try body()
            lock.keep()
            return true
        } catch let failure as FileFailure {
            throw CommandError(failure.message, .unreadableInput)
        }
    }

    /// Whether the person's projects together have tokens left for today: the store of each keeps its own budget only.
    static func isWithinSpending(_ context: ProjectContext) throws -> Bool {
        guard let most = context.active?.settings.integer(.llmDailyTokens) else { return true }
        var spent = 0
        for member in try ProjectStores.all().members {
            spent += try StoreWords.inWords { () throws(StoreError) in
                try member.store.reading { () throws(SQLiteError) in try member.store.modelBudget().spent }
            }
        }
        return spent < most
    }

    /// Why a run ended, as a sentence.
    static func words(_ stop: RefineRun.Stop) -> String {
        switch stop {
        case .budget: "The budget of tokens holds no further call; `ccmem cost` tells what is left."
        case .deadline: "The run has had its time; what is left is for the next one."
        case .failure(let failure): words(failure)
        }
    }

    static func words(_ failure: ModelFailure) -> String {
        let words = failure.words
        return words.prefix(1).uppercased() + words.dropFirst() + "."
    }
}
