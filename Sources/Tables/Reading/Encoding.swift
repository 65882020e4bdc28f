/// Guesses in which encoding text is that is no UTF-8: enough to say what to try.
enum Encoding {
    /// The name, as `iconv` knows it, of the encoding that a line most likely has.
    ///
    /// Letters of a Cyrillic word stand beside each other beyond ASCII; accented letters of a Western word stand mostly alone.
    static func guess(_ line: ArraySlice<UInt8>) -> String {
        var (all, beside, dos, lower, upper) = (0, 0, 0, 0, 0)
        var wasHigh = false
        for byte in line {
            let isHigh = byte >= 0x80
            if isHigh {
                all += 1
                if wasHigh { beside += 1 }
                switch byte {
                case 0x80...0xAF: dos += 1
                case 0xC0...0xDF: upper += 1
                case 0xE0...0xFF: lower += 1
                default: break
                }
            }
            wasHigh = isHigh
        }
        guard beside * 2 > all else { return "windows-1252" }
        // Windows and KOI8-R have no letters there.
        if dos * 4 > all { return "CP866" }
        // Most letters are small ones, and those stand where KOI8-R has its capitals.
        return lower >= upper ? "windows-1251" : "KOI8-R"
    }
}
