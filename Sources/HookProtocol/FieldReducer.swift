/// Takes an object of JSON apart while it streams in, and keeps a bounded part of it: whole small fields, the beginnings of
/// long strings, also of those within a field, nothing of objects and arrays with too many members.
///
/// It is no validator. What comes out is an object again, for a scanner that is lenient too.
public struct FieldReducer {
    /// Bytes that are kept of one field of the top level, its key included.
    public static let fieldLimit = 64 << 10
    /// Fields that are kept.
    public static let mostFields = 64

    /// What is kept; one object when the input was one.
    public private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Where the field at hand begins in `bytes`.
    private var fieldStart = 0
    /// Where its value begins; 0 while its key is read.
    private var valueStart = 0
    private var fields = 0
    private var isOver = false
    private var isEnded = false
    /// Within a field: where the string at hand begins, and whether the rest of it is passed over.
    private var stringStart = 0
    private var isCut = false

    public init() {}

    /// Takes the next part of the input.
    public mutating func add(_ part: UnsafeBufferPointer<UInt8>) {
        var at = 0
        while at < part.count, !isEnded {
            if isInString {
                at = addString(part, from: at)
            } else {
                addOutside(part[at])
                at += 1
            }
        }
    }

    /// Ends the input: what is not closed is closed.
    public mutating func finish() {
        guard depth > 0, !isEnded else { return }
        if isInString, !isOver, !isCut { bytes += isEscaped ? Array("\\\"".utf8) : Array("\"".utf8) }
        if depth > 1 { dropValue() }
        bytes.append(UInt8(ascii: "}"))
        isEnded = true
    }

    // MARK: -

    /// Up to the end of the string, or of the part.
    private mutating func addString(_ part: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var at = start
        while at < part.count {
            let byte = part[at]
            at += 1
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
                break
            }
        }
        keep(part, start..<at, endsString: !isInString)
        return at
    }

    private mutating func keep(_ part: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, endsString: Bool) {
        guard !isOver, !isCut else { return }
        let room = roomOfString
        if range.count <= room {
            bytes += UnsafeBufferPointer(rebasing: part[range])
            return
        }
        // A long string keeps its beginning, up to a place where nothing is cut in two.
        guard valueStart > 0, room > 0 || depth == 1 else {
            isOver = true
            return dropValue()
        }
        bytes += UnsafeBufferPointer(rebasing: part[range.prefix(max(0, room))])
        dropHalfCharacter(after: depth == 1 ? valueStart : stringStart - 1)
        bytes.append(UInt8(ascii: "\""))
        if depth == 1 { isOver = true } else { isCut = true }
    }

    /// A string within a field leaves an eighth of the room to those behind it: the path of a file may follow its content.
    private var roomOfString: Int {
        let used = bytes.count - fieldStart
        guard depth > 1 else { return FieldReducer.fieldLimit - used }
        let atStart = FieldReducer.fieldLimit - (stringStart - fieldStart)
        return atStart - atStart / 8 - (bytes.count - stringStart)
    }

    /// Takes away what was cut in two at the end: an escape, or a character of several bytes.
    ///
    /// - Parameter opening: Where the quotation mark of the string stands.
    private mutating func dropHalfCharacter(after opening: Int) {
        var start = bytes.count
        while start > opening + 1, bytes.count - start < 3, bytes[start - 1] & 0xC0 == 0x80 { start -= 1 }
        if start > opening + 1, bytes[start - 1] >= 0xC0 {
            bytes.removeSubrange((start - 1)...)
        }
        // Six bytes are the longest escape. Of a row of backslashes nobody knows which ones belong together: all go.
        let recent = bytes.suffix(6)
        guard let backslash = recent.lastIndex(of: UInt8(ascii: "\\")), backslash > opening else { return }
        var first = backslash
        while first > opening + 1, bytes[first - 1] == UInt8(ascii: "\\") { first -= 1 }
        bytes.removeSubrange(first...)
    }

    private mutating func addOutside(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth == 0, byte != UInt8(ascii: "{") {
                isEnded = true
                return
            }
            depth += 1
            append(byte)
            if depth == 1 { beginField() }
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth <= 0 {
                if isOver { isOver = false }
                bytes.append(UInt8(ascii: "}"))
                isEnded = true
            } else {
                append(byte)
            }
        case UInt8(ascii: "\"") where depth > 0:
            isInString = true
            isCut = false
            append(byte)
            stringStart = bytes.count
        case UInt8(ascii: ",") where depth == 1:
            isOver = false
            fields += 1
            if fields >= FieldReducer.mostFields {
                bytes.append(UInt8(ascii: "}"))
                isEnded = true
                return
            }
            bytes.append(byte)
            beginField()
        case UInt8(ascii: ":") where depth == 1 && valueStart == 0:
            append(byte)
            valueStart = bytes.count
        default:
            if byte > 0x20, depth > 0 { append(byte) }
        }
    }

    private mutating func beginField() {
        fieldStart = bytes.count
        valueStart = 0
    }

    private mutating func append(_ byte: UInt8) {
        guard !isOver else { return }
        if bytes.count - fieldStart >= FieldReducer.fieldLimit {
            isOver = true
            dropValue()
        } else {
            bytes.append(byte)
        }
    }

    /// Puts null in the place of the value at hand; of a field without a value nothing stays.
    private mutating func dropValue() {
        if valueStart > 0 {
            bytes.removeSubrange(valueStart...)
            bytes += Array("null".utf8)
        } else {
            bytes.removeSubrange(fieldStart...)
            if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
        }
    }
}
