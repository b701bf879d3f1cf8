/// The use of a year as bars, four plots beside each other.
extension Composer {
    func plots(_ plots: [BillForm.Plot]) -> [Band] {
        let gutter = 16.0
        let count = max(2, min(4, plots.count))
        let width = (Page.body - gutter * Double(count - 1)) / Double(count)
        return stride(from: 0, to: plots.count, by: count).map { first in
            let row = plots[first..<min(first + count, plots.count)]
            return Band(
                stacks: zip(0..., row).map { index, plot in
                    .init(
                        x: Page.margin + Double(index) * (width + gutter),
                        items: [item(of: plot, width: width)])
                }, bottom: 5)
        }
    }

    private func item(of plot: BillForm.Plot, width: Double) -> Item {
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
        // All values where they have room, else those of the month and of the highest.
        let isRoomForAll = values.allSatisfy { $0.width <= pitch - 1 }
        let peak = bars.indices.max { (bars[$0].height ?? 0) < (bars[$1].height ?? 0) }
        var shown = isRoomForAll ? Array(bars.indices) : [bars.count - 1]
        if !isRoomForAll, let peak, let last = values.last {
            let distance = Double(bars.count - 1 - peak) * pitch
            if distance > (last.width + values[peak].width) / 2 + 2 { shown.append(peak) }
        }
        // Each month, or each second, as far as they do not touch, counted back from the last.
        let labels = bars.map { typesetter.clipped($0.label, tiny, width: 2 * pitch) }
        let every = max(1, Int((((labels.map(\.width).max() ?? 0) + 1.5) / pitch).rounded(.up)))
        for (index, bar) in bars.enumerated() {
            let isLast = index == bars.count - 1
            let middle = pitch * (Double(index) + 0.5)
            let height = barsHeight * min(1, max(0, Double(bar.height ?? 0) / highest))
            if height > 0 {
                let (left, right) = (middle - pitch * 0.32, middle + pitch * 0.32)
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
            if shown.contains(index), bar.height != nil {
                let line = values[index]
                let x = min(max(0, middle - line.width / 2), width - line.width)
                marks.append(
                    .text(line, tiny, x: x, y: ground - height - 1.8, gray: isLast ? 0 : Self.grey))
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
        return Item(height: ground + 2 + tiny.lineHeight, marks: marks)
    }
}
