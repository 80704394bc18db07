public import Foundation

/// Finds the project's `Fixtures/` from any test.
public enum Fixture {
    /// The folder that holds `Package.swift`.
    public static let projectRoot: URL = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file below `Fixtures/`.
    public static func url(_ path: String) -> URL {
        projectRoot.appendingPathComponent("Fixtures").appendingPathComponent(path)
    }

    public static func text(_ path: String) throws -> String {
        try String(contentsOf: url(path), encoding: .utf8)
    }
}
