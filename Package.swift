// swift-tools-version: 6.2
import PackageDescription

// Settings of every target: Swift 6 mode comes with the tools version; a warning is an error.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// What tests spend their time in is optimized also in a debug build, with its assertions: the suite takes half the time. SwiftPM
// has no other setting for that than `unsafeFlags`; nobody depends on this package, and a release has none of them.
let quickTests: [SwiftSetting] = [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

/// One module of the product. The arrows between modules are drawn in Sources/README.md; `LayoutTests` checks them.
func module(_ name: String, imports: [Target.Dependency] = [], isHot: Bool = false) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: strict + (isHot ? quickTests : []))
}

func tests(of name: String, _ imports: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + imports, swiftSettings: strict)
}

let package = Package(
    name: "ccmem",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "ccmem", targets: ["ccmem"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .systemLibrary(
            name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
        .systemLibrary(
            name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),

        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),

        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),

        module("Memories", isHot: true),
        module("Digests", isHot: true),
        module("Failures"),
        module("LanguageModels"),
        // For the reason of `quickTests`.
        .target(name: "CByteSearch", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
        module("JSON", imports: ["CByteSearch"], isHot: true),
        module("PCRE2", imports: ["CPCRE2"], isHot: true),
        module("Transcripts", imports: ["Memories", "JSON"], isHot: true),
        .target(name: "CArena", dependencies: ["CSQLite"]),
        .target(name: "CResidentMemory"),
        .target(name: "CTextScore", dependencies: ["CSQLite"]),
        module("SQLite", imports: ["CSQLite", "CArena", "CTextScore"]),
        module("Projects", imports: ["Memories", "JSON", "Digests"]),
        module("LiteralSearch", isHot: true),
        module("RulePacks", imports: ["Memories", "LiteralSearch", "PCRE2", "CYAML"], isHot: true),
        module(
            "Extraction", imports: ["CByteSearch", "Memories", "LiteralSearch", "Transcripts", "RulePacks", "PCRE2"],
            isHot: true),
        module("Neutralization", isHot: true),
        module("Redaction", imports: ["LiteralSearch", "Neutralization", "PCRE2", "RulePacks"], isHot: true),
        module("Importance", imports: ["Memories"], isHot: true),
        .target(name: "CStorageSchema"),
        module(
            "Storage",
            imports: ["Memories", "JSON", "Digests", "Failures", "LanguageModels", "SQLite", "CStorageSchema"]),
        module(
            "Pipeline",
            imports: [
                "Memories", "JSON", "Digests", "Transcripts", "RulePacks", "Extraction", "Importance", "Redaction",
                "SQLite", "Storage",
            ]),
        .target(name: "CPrompts"),
        module(
            "Refinement",
            imports: [
                "Memories", "JSON", "Digests", "LanguageModels", "Neutralization", "SQLite", "Storage", "CPrompts",
            ]),
        // All that speaks over the network is below this line, and only ccmem-llm imports it.
        .target(name: "CTransfer", dependencies: ["CCurl"]),
        module("HTTP", imports: ["CTransfer"]),
        module("Credentials", imports: ["Memories", "JSON", "Digests", "Projects", "CSubprocess"]),
        .target(name: "CSubprocess"),
        module(
            "ModelProviders",
            imports: ["LanguageModels", "HTTP", "Credentials", "JSON", "Memories", "Projects", "CSubprocess"]),
        module("Views", imports: ["Memories", "Storage"]),
        .target(name: "CDetach"),
        module("HookProtocol", imports: ["Memories", "JSON"]),
        module("Recall", imports: ["Memories", "SQLite", "Storage"]),
        module("MCP", imports: ["Memories", "JSON", "Failures", "Neutralization", "SQLite", "Storage", "Recall"]),
        .executableTarget(
            name: "ccmem-hook",
            dependencies: [
                "CDetach", "CResidentMemory", "Memories", "JSON", "Digests", "Failures", "SQLite", "Projects",
                "Neutralization", "Storage",
                "Recall", "Credentials",
                "HookProtocol",
            ],
            swiftSettings: strict),
        .target(name: "CBuiltInRules"),
        .target(name: "CPluginCommands"),
        module("BuiltInRules", imports: ["CBuiltInRules"]),

        .executableTarget(
            name: "ccmem-features",
            dependencies: [
                "Memories", "JSON", "Transcripts", "RulePacks", "Extraction", "Importance", "Pipeline", "BuiltInRules",
            ],
            path: "Benchmarks/Features", swiftSettings: strict),
        .executableTarget(
            name: "ccmem-bench-rules",
            dependencies: [
                "Memories", "JSON", "Transcripts", "RulePacks", "Extraction", "Importance", "Pipeline", "BuiltInRules",
            ],
            path: "Benchmarks/Rules", swiftSettings: strict),
        module(
            "Commands",
            imports: [
                "Memories", "JSON", "Digests", "Projects", "RulePacks", "Neutralization", "Redaction", "SQLite",
                "Storage",
                "Pipeline", "Views", "BuiltInRules", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "ccmem-llm",
            dependencies: [
                "Commands", "Credentials", "HTTP", "LanguageModels", "ModelProviders", "Refinement", "CSubprocess",
                "Memories", "JSON",
                "Digests", "Projects", "Neutralization", "Redaction", "SQLite", "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "ccmem",
            dependencies: [
                "Commands", "Credentials", "CResidentMemory", "CSubprocess",
                "Memories", "JSON", "Digests", "Failures", "PCRE2", "Transcripts", "Projects", "RulePacks",
                "Neutralization", "Redaction",
                "Extraction", "Importance", "SQLite", "Storage", "Recall", "MCP", "Pipeline", "Views", "HookProtocol",
                "BuiltInRules", "CPluginCommands",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "ccmem-fuzz-json", dependencies: ["JSON", "Transcripts"], path: "Benchmarks/Fuzz/JSONReader",
            swiftSettings: strict),
        .executableTarget(
            name: "ccmem-bench-store", dependencies: ["Memories", "SQLite", "Storage"], path: "Benchmarks/Store",
            swiftSettings: strict),
        .executableTarget(
            name: "ccmem-bench-read", dependencies: ["JSON", "Memories", "Transcripts"],
            path: "Benchmarks/ReadTranscripts",
            swiftSettings: strict),

        .target(name: "CPrograms", path: "Tests/CPrograms"),
        .target(
            name: "TestSupport", dependencies: ["CPrograms"], path: "Tests/TestSupport", swiftSettings: strict),
        tests(of: "Failures"),
        tests(of: "JSON"),
        tests(of: "PCRE2"),
        tests(of: "Transcripts", ["Memories", "JSON"]),
        tests(of: "LiteralSearch"),
        tests(of: "RulePacks", ["Memories", "LiteralSearch", "PCRE2", "Extraction", "BuiltInRules"]),
        tests(of: "Memories"),
        tests(
            of: "BuiltInRules",
            ["Memories", "LiteralSearch", "PCRE2", "RulePacks", "Extraction", "Importance", "Pipeline"]),
        tests(of: "Extraction", ["Memories", "LiteralSearch", "Transcripts", "RulePacks", "PCRE2"]),
        tests(of: "Importance", ["Memories", "RulePacks", "Extraction"]),
        tests(of: "Pipeline", ["Memories", "Transcripts", "RulePacks", "Extraction", "Importance", "BuiltInRules"]),
        tests(of: "Projects", ["Memories", "JSON", "Digests"]),
        tests(of: "Digests"),
        tests(of: "SQLite", ["CArena"]),
        tests(of: "Redaction", ["Neutralization", "PCRE2", "RulePacks", "Transcripts", "BuiltInRules"]),
        tests(of: "Refinement", ["Memories", "LanguageModels", "SQLite", "Storage"]),
        tests(of: "Storage", ["Memories", "Failures", "LanguageModels", "SQLite"]),
        tests(of: "Views", ["Memories", "SQLite", "Storage"]),
        tests(of: "HookProtocol", ["Memories"]),
        tests(of: "Recall", ["Memories", "SQLite", "Storage"]),
        tests(of: "MCP", ["Memories", "JSON", "SQLite", "Storage"]),
        tests(of: "HTTP"),
        tests(of: "Credentials", ["Projects"]),
        tests(of: "ModelProviders", ["LanguageModels", "HTTP", "Credentials", "Memories", "Projects"]),
        .testTarget(
            name: "CommandTests", dependencies: ["Memories", "TestSupport", "ccmem", "ccmem-hook", "ccmem-llm"],
            swiftSettings: strict),
        .testTarget(name: "LayoutTests", dependencies: ["TestSupport"], swiftSettings: strict),

        .executableTarget(
            name: "ccmem-fuzz-packs", dependencies: ["Memories", "RulePacks"], path: "Benchmarks/Fuzz/PackLoader",
            swiftSettings: strict),
    ]
)
