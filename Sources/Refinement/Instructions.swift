import CPrompts
public import LanguageModels

/// What a model is told to do, by name and version, and the form that it fills in: files of `Prompts/`.
public struct Instructions: Sendable {
    /// Stands beside whatever comes of it: `refine-v1`.
    public let name: String
    public let text: String
    public let form: AnswerForm
    public let maxOutputTokens: Int

    public static let refine = Instructions(
        name: "refine-v1", prompt_refine, prompt_refine_form, tool: "remember",
        "Records what is to be remembered.", maxOutputTokens: 2_500)
    public static let tidy = Instructions(
        name: "tidy-v1", prompt_tidy, prompt_tidy_form, tool: "propose", "Records what could be tidied up.",
        maxOutputTokens: 2_000)

    private init(
        name: String, _ text: prompt_file, _ form: prompt_file, tool: String, _ description: String,
        maxOutputTokens: Int
    ) {
        func words(_ file: prompt_file) -> String {
            String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
        }
        self.name = name
        self.text = words(text)
        self.form = AnswerForm(name: tool, description: description, schema: words(form))
        self.maxOutputTokens = maxOutputTokens
    }

    public func request(_ text: String, model: String) -> ModelRequest {
        ModelRequest(
            model: model, instructions: self.text, text: text, form: form, maxOutputTokens: maxOutputTokens)
    }

    /// The most that a request reads, in tokens: two bytes a token, which no tokenizer of today reaches on prose or code, and
    /// what a vendor puts around it.
    public func mostInputTokens(_ text: String) -> Int {
        (self.text.utf8.count + form.schema.utf8.count + text.utf8.count) / 2 + 800
    }
}
