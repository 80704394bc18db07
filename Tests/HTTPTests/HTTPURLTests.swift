import HTTP
import Testing

@Suite struct HTTPURLTests {
    @Test func anAddressIsTakenApart() throws {
        let url = try #require(HTTPURL("https://API.example.com/v1/x?y=1"))
        #expect(url.scheme == .https && url.host == "api.example.com" && url.port == 443 && url.path == "/v1/x?y=1")
        #expect(HTTPURL("http://[::1]:11434")?.port == 11434)
        #expect(HTTPURL("https://host/base/")?.appending("/v1/messages")?.text == "https://host:443/base/v1/messages")
    }

    @Test(
        "What is no plain address is refused",
        arguments: [
            "", "host", "ftp://host", "http://", "http://:80", "http://host:0", "http://host:99999", "http://user@host",
            "https://user:secret@host/", "https://host/ x", "https://host/\n", "https://host/#part", "https://höst/",
        ])
    func refused(_ text: String) { #expect(HTTPURL(text) == nil) }

    @Test func onlyThisMachineIsLoopback() {
        for text in ["http://localhost:1", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]"] {
            #expect(HTTPURL(text)?.isLoopback == true)
        }
        for text in ["http://localhost.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1", "http://127.1"]
        {
            #expect(HTTPURL(text)?.isLoopback == false)
        }
    }
}
