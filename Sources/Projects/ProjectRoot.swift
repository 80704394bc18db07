/// Where a project begins, and why there.
public struct ProjectRoot: Sendable, Equatable {
    public enum Reason: Sendable, Equatable {
        /// It holds a `.ccmem` folder.
        case ownFolder
        /// It is the main work tree of the enclosing git repository.
        case repository
        /// It already has a store of its own, below the user's data folder.
        case store
        /// Nothing says more: the start directory itself.
        case directory
    }

    /// Absolute, without symbolic links.
    public var path: String
    public var reason: Reason

    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// The folder inside the project, whether or not it is there.
    public var ownFolder: String { PathText.joined(path, ".ccmem") }

    public static func == (a: ProjectRoot, b: ProjectRoot) -> Bool {
        PathText.same(a.path, b.path) && a.reason == b.reason
    }
}

/// Why a directory has no memory.
public enum ProjectRefusal: Error, Sendable, Equatable {
    /// The working directory of the process is gone.
    case workingDirectoryGone
    /// The start directory can't be reached.
    case unreachable(FileFailure)
    case notADirectory(String)
    case homeDirectory(String)
    /// `/`
    case fileSystemRoot
    /// `/tmp` and its like; a directory below is fine.
    case temporaryRoot(String)
    /// A pattern of `exclude.projects` covers it.
    case optedOut(String, pattern: String)
    /// `.ccmem` or a file of the database is a symbolic link.
    case symbolicLink(String)
    /// `.ccmem` or a file of the database belongs to another user.
    case foreignOwner(String, owner: UInt32)
    /// `.ccmem` may be written by others than its owner.
    case writableByOthers(String)
    /// A database that this user's ccmem did not make stands in `.ccmem`.
    case untrustedStore(String)
    /// Neither `HOME` nor `XDG_DATA_HOME` is set to an absolute path.
    case noDataFolder

    /// A full sentence that says what stands in the way and what to do about it.
    public var message: String {
        switch self {
        case .workingDirectoryGone:
            "The working directory no longer exists; change to one that does, or name one with `--project`."
        case .unreachable(let failure): failure.message
        case .notADirectory(let path): "\(path): This is not a directory; name the project's directory."
        case .homeDirectory(let path):
            "\(path): The home directory is not a project; change to a directory below it."
        case .fileSystemRoot: "/: The root of the file system is not a project; change to a project's directory."
        case .temporaryRoot(let path):
            "\(path): A folder for temporary files is not a project; change to a directory below it."
        case .optedOut(let path, let pattern):
            "\(path): This project is opted out by `\(pattern)` in `exclude.projects`; remove the pattern to use memory here."
        case .symbolicLink(let path):
            "\(path): A symbolic link is not followed here; put the real folder or file in its place."
        case .foreignOwner(let path, let owner):
            "\(path): This belongs to the user with the id \(owner); only your own memory is used. Move it away, or use a copy of the project that is yours."
        case .writableByOthers(let path):
            "\(path): Others may write here; run `chmod go-w` on it, then `ccmem trust` to see what is in it."
        case .untrustedStore(let path):
            "\(path): Your ccmem did not make this database, it is not opened; run `ccmem trust` to look at it and accept it, or remove it."
        case .noDataFolder: "There is no place for memory: set `HOME` or `XDG_DATA_HOME` to an absolute path."
        }
    }
}

/// Where the search for a project begins.
public enum ProjectStart: Sendable, Equatable {
    /// The working directory of the process.
    case workingDirectory
    /// A directory that the user named, as `--project` does; relative ones are seen from the working directory.
    case directory(String)
    /// A hook call: the directory that the session was started in, else the one that the call names, else the working
    /// directory. The first does not move when the agent changes directories.
    case hook(workingDirectory: String?)
}
