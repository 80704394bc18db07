import Memories
import Testing

@Suite struct TextSearchTests {
    @Test func aTextIsFoundWhereverItStands() {
        for (text, sought, isThere) in [
            ("build.log", "build", true), ("build.log", ".log", true), ("build.log", "build.log", true),
            ("aab", "ab", true),
            ("build.log", "logs", false), ("", "a", false), ("a", "", true), ("café", "é", true),
            ("端口 8080", "口", true),
        ] {
            #expect(text.holds(sought) == isThere, "\(sought) in \(text)")
            #expect(("x" + text).dropFirst().holds(sought) == isThere, "in a part of another text")
        }
    }

    @Test func eachPlaceIsReplacedFromTheLeft() {
        #expect("a\"b\"".replacingEach("\"", with: "\"\"") == "a\"\"b\"\"")
        #expect("aaa".replacingEach("aa", with: "b") == "ba")
        #expect("key sk-1 and sk-1".replacingEach("sk-1", with: "[credential]") == "key [credential] and [credential]")
        #expect("same".replacingEach("", with: "x") == "same")
        #expect("none".replacingEach("x", with: "y") == "none")
    }
}
