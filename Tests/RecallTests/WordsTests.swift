import Memories
import SQLite
import Storage
import Testing

@testable import Recall

/// How texts are cut and compared.
@Suite struct WordsTests {
    @Test(
        "The forms of a word are one",
        arguments: [
            ("migrations", "migrate"), ("dropped", "drops"), ("queries", "query"), ("containerized", "containerizing"),
        ])
    func forms(_ a: String, _ b: String) { #expect(Words.stem(a) == Words.stem(b)) }

    @Test func namesAreCutAndAccentsFall() {
        #expect(
            Words.all(in: "maxConnections, max_connections; Facturación") == [
                "max", "connect", "max", "connect", "facturac",
            ])
        #expect(Words.all(in: "使用SQLite存储") == ["使用", "sqlit", "存储"])
    }

    @Test func piecesAreSentencesItemsAndBlocks() {
        let text = """
            We looked at three ways to do it and took the second one, since the first needs a lock. It is fast. Done?
            - an item. With two sentences.
            ```
            let a = 1

            let b = 2
            ```
            """
        #expect(
            Excerpts.pieces(of: text) == [
                "We looked at three ways to do it and took the second one, since the first needs a lock. It is fast. Done?",
                "- an item. With two sentences.", "```\nlet a = 1\n\nlet b = 2\n```",
            ])
        #expect(
            Excerpts.pieces(of: String(repeating: "This one is long enough to be cut. ", count: 5)).count == 5)
    }
}
