import Testing

@testable import Projects

@Suite struct PathPatternTests {
    @Test(
        "Patterns and what they cover",
        arguments: [
            ("/a/b", "/a/b", true), ("/a/b", "/a/b/c/d", true), ("/a/b", "/a/bc", false), ("/a/b", "/a", false),
            ("/a/b/", "/a/b", true), ("/a/*", "/a/b", true), ("/a/*", "/a/b/c", true), ("/a/*", "/a", false),
            ("/a/*/c", "/a/b/c", true), ("/a/*/c", "/a/b/d", false), ("/a/x*y", "/a/xaby", true),
            ("/a/x*y", "/a/xab", false),
            ("/a/?", "/a/é", true), ("/a/?", "/a/ab", false), ("/a/**", "/a", true), ("/a/**", "/a/b/c", true),
            ("/a/**/z", "/a/z", true), ("/a/**/z", "/a/b/c/z/q", true), ("/a/**/z", "/a/b", false),
            ("**/secret", "/x/y/secret", true), ("**/secret", "/x/secrets", false), ("~", "/home/me/x", true),
            ("~/work", "/home/me/work/x", true), ("~/work", "/home/me/works", false), ("/**", "/anything", true),
            ("/a/[b]", "/a/b", false), ("/a/[b]", "/a/[b]", true),
            ("/gr\u{F6}n", "/gro\u{308}n", true), ("/a/../b", "/b/c", true), ("/a//b", "/a/b", true),
            ("/a/*b*c*d", "/a/xbxcxd", true), ("/a/*b*c*d", "/a/xbxdxc", false), ("/a/***", "/a/b", true),
        ])
    func covers(_ pattern: String, _ path: String, _ isCovered: Bool) throws {
        #expect(try PathPattern(pattern, home: "/home/me").covers(path) == isCovered)
    }

    @Test(
        "Patterns that are none",
        arguments: [
            ("", PathPattern.Failure.isEmpty), ("work", .isRelative), ("./work", .isRelative), ("*", .isRelative),
            ("~root/x", .namesAUser),
        ])
    func refused(_ pattern: String, _ failure: PathPattern.Failure) {
        #expect(throws: failure) { try PathPattern(pattern, home: "/home/me") }
    }

    @Test func withoutAHomeATildeMeansNothing() {
        #expect(throws: PathPattern.Failure.hasNoHome) { try PathPattern("~/x", home: nil) }
    }

    @Test func manyStarsTakeNoTime() throws {
        let text = String(repeating: "a", count: 2000)
        let pattern = try PathPattern("/" + String(repeating: "*a", count: 500) + "b", home: nil)
        #expect(!pattern.covers("/" + text))
        let spans = try PathPattern(String(repeating: "/**/a", count: 200) + "/b", home: nil)
        #expect(!spans.covers(String(repeating: "/a", count: 1000)))
    }

    @Test(
        "Arithmetic on paths",
        arguments: [
            ("/a", "/a/b", "b"), ("/a", "/a", ""), ("/", "/a/b", "a/b"), ("/a", "/ab", nil), ("/a/b", "/a", nil),
        ])
    func below(_ folder: String, _ path: String, _ rest: String?) {
        #expect(PathText.below(folder, path) == rest)
    }

    @Test func twoSpellingsOfALetterAreTwoPaths() {
        #expect(!PathText.same("/\u{E9}", "/e\u{301}"))
        #expect(!PathText.holds("/\u{E9}", "/e\u{301}/x"))
        #expect(StoreLocation.hash(of: "/\u{E9}") != StoreLocation.hash(of: "/e\u{301}"))
    }
}
