import Glibc

/// An event as one line of JSON.
package enum LogLine {
    /// The line of an event told at a moment given in microseconds since 1970, with its newline.
    package static func bytes(_ event: Event, at microseconds: Int64) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(160 + 32 * event.fields.count)
        line.append(contentsOf: "{\"at\":\"".utf8)
        append(time: microseconds, to: &line)
        line.append(contentsOf: "\",\"level\":\"".utf8)
        line.append(contentsOf: event.level.word.utf8)
        line.append(contentsOf: "\",\"event\":".utf8)
        append(string: event.name, to: &line)
        for (name, value) in event.fields {
            line.append(UInt8(ascii: ","))
            // The first three keys belong to every line; a field of the same name steps aside.
            let isTaken = name == "at" || name == "level" || name == "event"
            append(string: isTaken ? name + "_" : name, to: &line)
            line.append(UInt8(ascii: ":"))
            append(value, to: &line)
        }
        line.append(contentsOf: "}\n".utf8)
        return line
    }

    /// The real clock, in microseconds since 1970: a log tells when things happened on this
    /// machine, whatever the test clock says.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    private static func append(_ field: Field, to line: inout [UInt8]) {
        switch field {
        case .string(let text): append(string: text, to: &line)
        case .int(let number): line.append(contentsOf: String(number).utf8)
        case .double(let number) where number.isFinite:
            line.append(contentsOf: number.description.utf8)
        // JSON has no word for these, and a line that does not parse would hide the rest of it.
        case .double(let number): append(string: number.description, to: &line)
        case .bool(let flag): line.append(contentsOf: (flag ? "true" : "false").utf8)
        case .strings(let texts):
            line.append(UInt8(ascii: "["))
            for (index, text) in texts.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                append(string: text, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        }
    }

    /// Beyond what JSON asks, DEL, the C1 controls and the two Unicode line separators are escaped
    /// too: a log is read on terminals, which obey the first two, and line by line.
    private static func append(string: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            switch scalar.value {
            case 0x22: line.append(contentsOf: [0x5C, 0x22])
            case 0x5C: line.append(contentsOf: [0x5C, 0x5C])
            case 0x0A: line.append(contentsOf: [0x5C, UInt8(ascii: "n")])
            case 0x0D: line.append(contentsOf: [0x5C, UInt8(ascii: "r")])
            case 0x09: line.append(contentsOf: [0x5C, UInt8(ascii: "t")])
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
                line.append(contentsOf: [0x5C, UInt8(ascii: "u")])
                for shift in [12, 8, 4, 0] as [UInt32] {
                    line.append(hexadecimal[Int((scalar.value >> shift) & 15)])
                }
            case 0x20..<0x7F: line.append(UInt8(scalar.value))
            default: line.append(contentsOf: String(scalar).utf8)
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    /// Appends `2026-04-18T10:00:00.123456Z`. The date is computed here (days to civil date,
    /// proleptic Gregorian) because gmtime and strftime read the process's locale and cost more
    /// than the rest of the line.
    private static func append(time microseconds: Int64, to line: inout [UInt8]) {
        func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64) {
            let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
            return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
        }
        func append(_ value: Int64, digits: Int) {
            var power: Int64 = 1
            for _ in 1..<digits { power *= 10 }
            while power > 0 {
                line.append(UInt8(ascii: "0") + UInt8((value / power) % 10))
                power /= 10
            }
        }
        let (seconds, fraction) = floored(microseconds, by: 1_000_000)
        let (days, second) = floored(seconds, by: 86_400)
        // Eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let (era, dayOfEra) = floored(days + 719_468, by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        append(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), digits: 4)
        line.append(UInt8(ascii: "-"))
        append(month, digits: 2)
        line.append(UInt8(ascii: "-"))
        append(dayOfYear - (153 * shifted + 2) / 5 + 1, digits: 2)
        line.append(UInt8(ascii: "T"))
        append(second / 3_600, digits: 2)
        line.append(UInt8(ascii: ":"))
        append(second / 60 % 60, digits: 2)
        line.append(UInt8(ascii: ":"))
        append(second % 60, digits: 2)
        line.append(UInt8(ascii: "."))
        append(fraction, digits: 6)
        line.append(UInt8(ascii: "Z"))
    }
}
