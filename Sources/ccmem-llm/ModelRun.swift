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
    /// The wall clock ends the whole run after so many seconds.
    static let seconds = 300

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

    static func deadline() -> () -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        return { clock.now >= end }
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
        switch failure {
        case .refused(let why): "The credential was refused: \(why)"
        case .busy(let status): "The model is busy (status \(status)); try again later."
        case .rejected(let status, let why): "The request was rejected (status \(status)): \(why)"
        case .unreachable(let why): "The model can't be reached: \(why)"
        case .outOfTime: "The run has had its time; what is left is for the next one."
        case .unusable(let why, _): "The answer can't be used: \(why)"
        }
    }
}
