import Foundation
import Testing

@testable import Projects

@Suite struct ActivityTests {
    let space: Workspace

    init() throws {
        space = try Workspace()
        try space.repository("w/app")
        try space.folders("w/app/src")
    }

    /// The state as a word.
    func state(_ start: String = "w/app/src") -> String {
        switch Activity.state(from: .directory(space.at(start)), space.environment()) {
        case .active: "active"
        case .paused(_, .everywhere): "paused everywhere"
        case .paused(_, .project): "paused"
        case .optedOut(.pattern): "opted out"
        case .optedOut(.settings): "closed"
        case .disabled: "disabled"
        case .unavailable: "unavailable"
        }
    }

    func configure(_ text: String) throws { try space.write(text, to: "config/ccmem/config.json") }

    @Test func nothingSaidItIsActive() throws {
        let state = Activity.state(from: .directory(space.at("w/app/src")), space.environment())
        guard case .active(let project) = state else {
            Issue.record("\(state)")
            return
        }
        #expect(project.root.path == space.at("w/app"))
        #expect(state.message == nil)
    }

    @Test func optOutsHoldBelowAndForEveryPath() throws {
        try space.link("link", to: "w/app")
        try space.folders("other")
        try configure("{\"exclude.projects\": [\"\(space.at("w"))\"]}")
        #expect(state() == "opted out")
        #expect(state("w/app") == "opted out")
        #expect(state("link") == "opted out")
        #expect(state("other") == "active")
        try configure("\u{FEFF}{\"exclude.projects\": [\"\(space.at("link"))\"]}")
        #expect(state() == "opted out")
    }

    @Test func aProjectThatWasSetUpCanBeOptedOutLater() throws {
        _ = try ProjectSetup.initialise(space.root("w/app"), space.environment())
        #expect(state() == "active")
        try configure("{\"exclude.projects\": [\"**/app\"]}")
        #expect(state() == "opted out")
    }

    @Test func settingsThatCannotBeReadCloseEverything() throws {
        try configure("{\"exclude.projects\": [")
        #expect(state() == "closed")
        let message = try #require(Activity.state(from: .workingDirectory, space.environment("w/app")).message)
        #expect(message.contains("config.json:1:23"))
        #expect(message.hasSuffix("Until this is mended, nothing is stored or injected."))
    }

    @Test func switchedOffByTheUserOrTheVariable() throws {
        try configure("{\"enabled\": false}")
        #expect(state() == "disabled")
        try configure("{}")
        space.variables["CCMEM_ENABLED"] = "0"
        #expect(state() == "disabled")
    }

    @Test func aProjectsSettingsActOnceTheyAreTrusted() throws {
        try space.write("{\"injection.prompt-tokens\": 10}", to: "w/app/.ccmem/config.json")
        func tokens() -> Int? {
            guard
                case .active(let project) = Activity.state(from: .directory(space.at("w/app")), space.environment())
            else { return nil }
            return project.settings.integer(.injectionPromptTokens)
        }
        #expect(tokens() == 600)
        try space.ledger("w/app").trust(space.ledger("w/app").review().items)
        #expect(tokens() == 10)
    }

    @Test func untrustedSettingsAreToldAndCanOnlySwitchOff() throws {
        try space.write("{\"views.enabled\": false}", to: "w/app/.ccmem/config.json")
        guard case .active(let project) = Activity.state(from: .directory(space.at("w/app")), space.environment())
        else {
            Issue.record("\(state())")
            return
        }
        #expect(project.settings.bool(.viewsEnabled))
        #expect(project.settings.problems.map(\.code) == [.untrusted])
        try space.write("{\"enabled\": false}", to: "w/app/.ccmem/config.json")
        #expect(state() == "disabled")
    }

    @Test func brokenSettingsOfATrustedProjectCloseIt() throws {
        try space.write("{\"enabled\": fal", to: "w/app/.ccmem/config.json")
        try space.ledger("w/app").trust(space.ledger("w/app").review().items)
        #expect(state() == "closed")
    }

    @Test func pausesBeginAndEnd() throws {
        let pause = Pause(since: "2025-05-01T10:00:00Z", by: "ccmem pause")
        let here = Pause.Extent.project(space.at("w/app"))
        try space.folders("other")
        try pause.begin(here, space.environment())
        #expect(state() == "paused")
        #expect(state("other") == "active")
        #expect(!space.exists(try space.store("w/app").folder), "a pause makes no store")
        let message = Activity.state(from: .directory(space.at("w/app")), space.environment()).message
        #expect(message == "Memory is paused in this project since 2025-05-01T10:00:00Z; `ccmem resume` ends it.")
        try pause.begin(.everywhere, space.environment())
        #expect(state("other") == "paused everywhere")
        #expect(try Pause.end(.everywhere, space.environment()))
        #expect(try Pause.end(here, space.environment()))
        #expect(try !Pause.end(here, space.environment()))
        #expect(state() == "active")
    }

    @Test func aPauseThatCannotBeReadIsAPause() throws {
        try space.write("{", to: "data/ccmem/paused/all.json")
        #expect(state() == "paused everywhere")
    }

    @Test func aPlaceThatIsNoProjectHasNoMemory() {
        #expect(state("home") == "unavailable")
        #expect(state("gone") == "unavailable")
    }

    @Test func excludedDirectoriesAreNotStored() throws {
        try configure("{\"exclude.paths\": [\"**/scratch\"]}")
        guard case .active(let project) = Activity.state(from: .directory(space.at("w/app")), space.environment())
        else {
            Issue.record("\(state())")
            return
        }
        #expect(!project.stores(sessionsIn: space.at("w/app/scratch/x")))
        #expect(project.stores(sessionsIn: space.at("w/app/src")))
        #expect(project.optOut(ofSessionAt: [nil, space.at("w/app"), space.at("w/app/scratch/x")]) != nil)
        #expect(project.optOut(ofSessionAt: [nil, space.at("w/app"), "scratch"]) == nil)
    }
}
