/// The use of a year as bars, four plots beside each other.
extension Composer {
    /// - Parameter note: under them, where values are left out.
    func plots(_ plots: [BillForm.Plot], note: String) -> [Band] {
        let gutter = 16.0
        let count = max(2, min(4, plots.count))
        let width = (Page.body - gutter * Double(count - 1)) / Double(count)
        let drawn = plots.map { item(of: $0, width: width) }
        var bands = stride(from: 0, to: plots.count, by: count).map { first in
            let row = drawn[first..<min(first + count, plots.count)]
            return Band(
                stacks: zip(0..., row).map { index, plot in
                    .init(
                        x: Page.margin + Double(index) * (width + gutter), items: [plot.item])
                }, bottom: 5)
        }
        guard !note.isEmpty, let last = bands.indices.last, drawn.contains(where: { !$0.isWhole })
        else { return bands }
        bands[last].staysWithNext = true
        bands.append(
            Band(
                stacks: [
                    .init(
                        x: Page.margin,
                        items: items(note, tiny, width: Page.body, gray: Self.grey))
                ], bottom: 2))
        return bands
    }

    /// - Returns: whether all values are written, too.
    private func item(
        of plot: BillForm.Plot, width: Double
    ) -> (item: Item, isWhole: Bool) {
        var marks: [Page.Mark] = []
        var y = 0.0
        for item in items(plot.title, small, width: width).prefix(2) {
            marks += item.marks.map { $0.moved(x: 0, y: y) }
            y += item.height
        }
        let barsHeight = 30.0
        y += tiny.lineHeight + 2
        let ground = y + barsHeight
        let bars = plot.bars
        let pitch = width / Double(max(1, bars.count))
        let highest = Double(max(1, bars.compactMap(\.height).max() ?? 1))
        let values = bars.map { typesetter.clipped($0.value, tiny, width: width / 2) }
        let heights = bars.map { barsHeight * min(1, max(0, Double($0.height ?? 0) / highest)) }
        let spans = values.enumerated().map { index, line in
            let middle = pitch * (Double(index) + 0.5)
            let left = min(max(0, middle - line.width / 2), width - line.width)
            return left...(left + line.width)
        }
        let places = places(bars, heights, spans, pitch: pitch)
        // Each month, or each second, as far as they do not touch, counted back from the last.
        let labels = bars.map { typesetter.clipped($0.label, tiny, width: 2 * pitch) }
        let every = max(1, Int((((labels.map(\.width).max() ?? 0) + 1.5) / pitch).rounded(.up)))
        for (index, bar) in bars.enumerated() {
            let isLast = index == bars.count - 1
            let middle = pitch * (Double(index) + 0.5)
            let height = heights[index]
            if height > 0 {
                let (left, right) = (middle - pitch * Self.half, middle + pitch * Self.half)
                if bar.isEstimated {
                    let top = ground - height
                    marks.append(.rule(x: left, y: ground, toX: left, toY: top, .thin))
                    marks.append(.rule(x: left, y: top, toX: right, toY: top, .thin))
                    marks.append(.rule(x: right, y: top, toX: right, toY: ground, .thin))
                } else {
                    marks.append(
                        .fill(
                            x: left, y: ground - height, width: right - left, height: height,
                            gray: isLast ? 0 : 0.62))
                }
            }
            if let place = places[index] {
                marks.append(
                    .text(
                        values[index], tiny, x: spans[index].lowerBound, y: ground - place - 1.8,
                        gray: isLast ? 0 : Self.grey))
            }
            let label = labels[index]
            if (bars.count - 1 - index) % every == 0 {
                let x = min(max(0, middle - label.width / 2), width - label.width)
                marks.append(
                    .text(
                        label, tiny, x: x, y: ground + 1 + tiny.baseline,
                        gray: isLast ? 0 : Self.grey))
            }
        }
        marks.append(.rule(x: 0, y: ground, toX: width, toY: ground, .thin))
        return (
            Item(height: ground + 2 + tiny.lineHeight, marks: marks),
            places.count == bars.count { $0.height != nil }
        )
    }

    /// Of a bar, in pitches.
    private static let half = 0.32

    /// How high over the ground values stand: that of the bill's month, that of the highest, and then, back from the last, each
    /// that touches no other and need not be lifted by more than a line over a bar beside its own. What is not written is
    /// between two that are: there is no room for it.
    private func places(
        _ bars: [BillForm.Plot.Bar], _ heights: [Double], _ spans: [ClosedRange<Double>],
        pitch: Double
    ) -> [Int: Double] {
        let known = bars.indices.filter { bars[$0].height != nil }
        let peak = known.max { (bars[$0].height ?? 0) < (bars[$1].height ?? 0) }
        let needed = [known.last == bars.count - 1 ? known.last : nil, peak].compactMap { $0 }
        var places: [Int: Double] = [:]
        for index in needed + known.reversed() where places[index] == nil {
            let span = spans[index]
            let room = (span.lowerBound - 1.5)...(span.upperBound + 1.5)
            guard !places.keys.contains(where: { spans[$0].overlaps(room) }) else { continue }
            var place = heights[index]
            for other in bars.indices {
                let middle = pitch * (Double(other) + 0.5)
                let bar = (middle - pitch * Self.half)...(middle + pitch * Self.half)
                if bar.overlaps(span) { place = max(place, heights[other]) }
            }
            guard needed.contains(index) || place - heights[index] <= tiny.lineHeight else {
                continue
            }
            places[index] = place
        }
        return places
    }
}
