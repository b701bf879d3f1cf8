import Synchronization

/// Counters, gauges and histograms of one process, read by Prometheus. Names are made valid by
/// turning every character that Prometheus does not take into `_`. To use one name for two types is
/// a bug and traps.
public final class Metrics: Sendable {
    /// The upper bounds of the histograms' buckets, in seconds. They are fixed, from half a
    /// millisecond (a query) to a minute (a statement's longest life), so that all histograms can
    /// be compared and added.
    public static let buckets: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// The most label combinations kept of one name. Labels come from small sets, so more is a
    /// mistake somewhere; it must not eat the memory. What does not fit is counted in
    /// `telemetry_series_refused_total`.
    public static let mostSeries = 2_000

    private static let refused = "telemetry_series_refused_total"

    private struct Family {
        enum Shape: String { case counter, gauge, histogram }
        let shape: Shape
        var counts: [String: Int] = [:]
        var values: [String: Double] = [:]
        var histograms: [String: Histogram] = [:]

        func takes(_ shape: Shape, _ key: String, _ name: String) -> Bool {
            precondition(shape == self.shape, "the metric \(name) is used for two types")
            let size = counts.count + values.count + histograms.count
            return size < Metrics.mostSeries || counts[key] != nil || values[key] != nil
                || histograms[key] != nil
        }
    }

    private struct Histogram {
        var buckets = [Int](repeating: 0, count: Metrics.buckets.count)
        var sum = 0.0
        var count = 0
    }

    private struct Contents {
        var families: [String: Family] = [:]
        var help: [String: String] = [:]
    }

    private let contents = Mutex(Contents())

    public init() {
        describe(Metrics.refused, "Measures not kept because their name had too many labels.")
    }

    /// Gives a name its HELP line.
    public func describe(_ name: String, _ help: String) {
        contents.withLock { $0.help[Metrics.valid(name)] = help }
    }

    /// Adds to a counter. A counter only grows: a negative `count` is a bug and traps.
    public func count(_ name: String, by count: Int = 1, labels: [(String, String)] = []) {
        precondition(count >= 0, "the counter \(name) cannot go down")
        change(name, .counter, labels) { $0.counts[$1, default: 0] &+= count }
    }

    /// Sets a gauge.
    public func gauge(_ name: String, _ value: Double, labels: [(String, String)] = []) {
        change(name, .gauge, labels) { $0.values[$1] = value }
    }

    /// Adds a duration in seconds to a histogram.
    public func seconds(_ name: String, _ seconds: Double, labels: [(String, String)] = []) {
        let bucket = Metrics.buckets.firstIndex { seconds <= $0 }
        change(name, .histogram, labels) { family, key in
            if let bucket { family.histograms[key, default: Histogram()].buckets[bucket] += 1 }
            family.histograms[key, default: Histogram()].sum += seconds
            family.histograms[key, default: Histogram()].count += 1
        }
    }

    func record(_ measure: Measure) {
        switch measure {
        case .count(let name, let count, let labels): self.count(name, by: count, labels: labels)
        case .gauge(let name, let value, let labels): gauge(name, value, labels: labels)
        case .seconds(let name, let value, let labels): seconds(name, value, labels: labels)
        }
    }

    /// Everything in Prometheus' text format 0.0.4, to be served as `text/plain; version=0.0.4`.
    /// Names and labels are sorted, so that two expositions can be compared.
    public func exposition() -> String {
        let (families, help) = contents.withLock { ($0.families, $0.help) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if let words = help[name] {
                text += "# HELP \(name) \(Metrics.escaped(words, quotes: false))\n"
            }
            text += "# TYPE \(name) \(family.shape.rawValue)\n"
            for (labels, count) in family.counts.sorted(by: { $0.key < $1.key }) {
                text += "\(name)\(Metrics.braced(labels)) \(count)\n"
            }
            for (labels, value) in family.values.sorted(by: { $0.key < $1.key }) {
                text += "\(name)\(Metrics.braced(labels)) \(Metrics.number(value))\n"
            }
            for (labels, histogram) in family.histograms.sorted(by: { $0.key < $1.key }) {
                var total = 0
                let comma = labels.isEmpty ? "" : ","
                for (bound, count) in zip(Metrics.buckets, histogram.buckets) {
                    total += count
                    let bucket = "\(labels)\(comma)le=\"\(Metrics.number(bound))\""
                    text += "\(name)_bucket{\(bucket)} \(total)\n"
                }
                text += "\(name)_bucket{\(labels)\(comma)le=\"+Inf\"} \(histogram.count)\n"
                text += "\(name)_sum\(Metrics.braced(labels)) \(Metrics.number(histogram.sum))\n"
                text += "\(name)_count\(Metrics.braced(labels)) \(histogram.count)\n"
            }
        }
        return text
    }

    private func change(
        _ name: String, _ shape: Family.Shape, _ labels: [(String, String)],
        _ body: (inout Family, String) -> Void
    ) {
        let name = Metrics.valid(name)
        let key = Metrics.key(labels)
        contents.withLock { contents in
            // The family is only looked at here: kept in a variable, it would be copied by the
            // change.
            let takesMore = contents.families[name]?.takes(shape, key, name) ?? true
            guard takesMore else {
                contents.families[Metrics.refused, default: Family(shape: .counter)]
                    .counts["", default: 0] += 1
                return
            }
            body(&contents.families[name, default: Family(shape: shape)], key)
        }
    }

    private static func key(_ labels: [(String, String)]) -> String {
        if labels.isEmpty { return "" }
        return labels.sorted { $0.0 < $1.0 }
            .map { "\(valid($0.0))=\"\(escaped($0.1, quotes: true))\"" }
            .joined(separator: ",")
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func valid(_ name: String) -> String {
        func isValid(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        let startsWithDigit = name.utf8.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? true
        if !startsWithDigit, name.utf8.allSatisfy(isValid) { return name }
        let changed = name.utf8.map { isValid($0) ? $0 : UInt8(ascii: "_") }
        return (startsWithDigit ? "_" : "") + String(decoding: changed, as: UTF8.self)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        if !text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.description
    }
}
