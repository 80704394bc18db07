public import Projects
public import Storage

/// The stores that a command which only reads looks into: that of one project, or those of all.
public struct ProjectStores {
    public struct Member {
        /// Root of the project; nil when only one was asked for.
        public var project: String?
        public var store: MemoryStore
        public var context: ProjectContext
    }

    public var members: [Member]

    /// The store of one project, for a command that lists (`ProjectContext.openToList`).
    public static func one(_ start: ProjectStart, isJSON: Bool) throws -> ProjectStores {
        let context = try ProjectContext.find(start, .current())
        return ProjectStores(members: [Member(store: try context.openToList(isJSON: isJSON), context: context)])
    }

    /// The stores of all registered projects in the order of the registry. What is opted out or gone is passed over; what can't
    /// be opened is said on standard error.
    ///
    /// - Throws: `CommandError` when there is no registry.
    public static func all() throws -> ProjectStores {
        let environment = Environment.current()
        guard let registry = ProjectRegistry(environment) else {
            throw CommandError(ProjectRefusal.noDataFolder.message, .unreadableInput)
        }
        var members: [Member] = []
        var known: Set<String> = []
        for project in registry.projects(damaged: { warn("\($0): this entry is damaged and was passed over") })
        where project.exists {
            let context: ProjectContext
            switch Activity.state(from: .directory(project.root), environment) {
            case .optedOut, .disabled: continue
            case .active, .paused, .unavailable:
                do {
                    context = try ProjectContext.find(.directory(project.root), environment)
                } catch {
                    warn("\(TextStyle.printable(project.root)): \(words(error))")
                    continue
                }
            }
            guard known.insert(context.database).inserted else { continue }
            do {
                guard let store = try context.openIfThere(.read) else { continue }
                members.append(
                    Member(
                        project: context.root, store: store, context: context))
            } catch {
                warn("\(TextStyle.printable(project.root)): \(words(error))")
            }
        }
        return ProjectStores(members: members)
    }

    private static func words(_ error: any Error) -> String { (error as? CommandError)?.message ?? "\(error)" }

    private static func warn(_ words: String) { StandardStream.error.write("warning: \(words)\n") }

    /// What each store gave, made one list: the best of each first, then the second of each, as far as the limit goes.
    public static func inTurn<T>(_ lists: [[T]], limit: Int) -> [[T]] {
        var taken = Array(repeating: 0, count: lists.count)
        var left = limit
        var row = 0
        while left > 0, lists.contains(where: { $0.count > row }) {
            for index in lists.indices where lists[index].count > row && left > 0 {
                taken[index] += 1
                left -= 1
            }
            row += 1
        }
        return zip(lists, taken).map { Array($0.prefix($1)) }
    }
}
