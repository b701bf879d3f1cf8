extension Words {
    /// What was charged, and how it explains itself.
    static let charges: [String: Entry] = [
        "charge_unit.m3": .init("м³", "m³"),
        "charge_unit.kwh": .init("кВт·ч", "kWh"),
        "charge_unit.gcal": .init("Гкал", "Gcal"),
        "charge_unit.m2": .init("м²", "m²"),
        "charge_unit.person": .init("чел.", "pers."),
        "charge_unit.month": .init("мес.", "mo."),
        "charge_method.meter": .init("по показаниям прибора учёта", "by the meter's readings"),
        "charge_method.average": .init("по среднему расходу", "by the average use"),
        "charge_method.norm": .init("по нормативу потребления", "by the norm of consumption"),
        "charge_method.other": .init("расчётным способом", "by calculation"),
        "charge_letter.meter": .init("П", "M"),
        "charge_letter.average": .init("О", "O"),
        "charge_letter.norm": .init("Н", "N"),
        "charge_letter.other": .init("О", "O"),
        "ground.reading_returned": .init(
            "переданы показания, начисленное за месяцы без них заменено",
            "readings were submitted, what was charged for the months without them is replaced"),
        "ground.undersupply": .init(
            "услуга не предоставлялась или была ненадлежащего качества: {n} {n|день|дня|дней}",
            "the service was not provided or was of bad quality: {n} {n|day|days}"),
        "ground.undersupply_why": .init(
            "услуга не предоставлялась или была ненадлежащего качества: {n} {n|день|дня|дней} ({why})",
            "the service was not provided or was of bad quality: {n} {n|day|days} ({why})"),
        "ground.undersupply_none": .init(
            "дни без услуги отменены", "the days without the service were taken back"),
        "ground.undersupply_none_why": .init(
            "дни без услуги отменены: {why}",
            "the days without the service were taken back: {why}"),
        "ground.handed_over": .init(
            "как её передала расчётная система", "as the system that calculates handed it over"),

        // MARK: Pages

        "menu.settlements": .init("Взаиморасчеты", "Settlements"),
        "menu.charges": .init("Начисления", "Charges"),
        "menu.payments": .init("Платежи", "Payments"),
        "menu.bills": .init("Квитанции", "Bills"),
        "money.debt": .init("Долг", "Debt"),
        "money.overpaid": .init("Переплата", "Overpaid"),
        "money.elsewhere": .init(
            "другому получателю переплачено {sum}", "another payee is overpaid by {sum}"),
        "money.payee_owed": .init("К оплате {sum} ({payee})", "To pay: {sum} ({payee})"),
        "money.payee_overpaid": .init(
            "переплата {sum} ({payee})", "overpaid: {sum} ({payee})"),
        "money.even": .init("Задолженности нет", "Nothing is owed"),
        "money.due": .init(
            "Оплатить до {date} (за {month})", "Pay by {date} (for {month})"),
        "money.area": .init("Площадь помещения", "Area"),
        "money.ownership": .init("Тип", "Ownership"),
        "money.opening": .init("На начало", "Before"),
        "money.charged": .init("Начислено", "Charged"),
        "money.recalculated": .init("Перерасчет", "Recalculated"),
        "money.penalty": .init("Пени", "Penalties"),
        "money.paid": .init("Оплачено", "Paid"),
        "money.closing": .init("На конец", "After"),
        "money.total": .init("Итого", "Total"),
        "money.total_of_months": .init("Итого за период", "Total of these months"),
        "money.advance": .init("Аванс", "Advance"),
        "money.month": .init("Месяц", "Month"),
        "money.from": .init("Период с", "From"),
        "money.to": .init("по", "to"),
        "money.turned": .init(
            "Первый месяц позже последнего. Поменяйте их местами",
            "The first month is later than the last one. Swap them"),
        "money.show": .init("Показать", "Show"),
        "money.nothing": .init("Начислений ещё не было", "Nothing has been charged yet"),
        "money.since": .init("Расчеты по услугам за {month}", "Services in {month}"),
        "money.now": .init("Расчеты по услугам", "Services"),
        "money.by_service": .init("Расчеты по услугам", "Services"),
        "money.more": .init("Также по лицевому счёту", "More about this account"),
        "settlements.tabs": .init("Услуги", "Services"),
        "settlements.together": .init("всего по услуге", "the service as a whole"),
        "settlements.end": .init("На конец периода ({month}):", "At the end of {month}:"),
        "money.signs": .init(
            "Суммы в рублях. На начало и на конец: долг – со знаком плюс, переплата – со знаком минус.",
            "In roubles. Before and after: a debt is above zero, an overpayment below."),
        "charges.title_of": .init("Начисления за {month}", "Charges of {month}"),
        "charges.service": .init("Услуга", "Service"),
        "charges.unit": .init("Единица измерения", "Unit"),
        "charges.tariff": .init("Тариф", "Tariff"),
        "charges.volume": .init("Объем", "Volume"),
        "charges.total": .init("Итого начислено", "Charged in all"),
        "charges.surcharge": .init("Повышающий коэффициент", "Multiplier"),
        "charges.how": .init("Как посчитано", "How it came to be"),
        "charges.supplier": .init("Поставщик", "Supplier"),
        "payments.title": .init("Поступившие платежи", "Payments received"),
        "payments.movement": .init("Движение финансов", "Movement of money"),
        "payments.none": .init("За это время платежей не было", "Nothing was paid in this time"),
        "payments.reversed": .init(
            "Платёж отменён банком или платёжной системой", "The payment was taken back"),
        "payments.where": .init("На что зачтено", "Where it went"),
        "payments.assigned": .init(
            "Пришёл с номером лицевого счёта {account}, которого нет; отнесён на этот счёт {date}",
            "It came with account number {account}, which nobody has; given to this account on {date}"
        ),
        "payments.payees": .init(
            "Разделён между получателями по долгам перед каждым:",
            "Split between payees by what is owed to each:"),
        "payments.payees_rest": .init("; остальное – аванс:", "; the rest is an advance:"),
        "payments.payees_apart": .init(
            "Долг перед другим получателем он не погашает",
            "It pays no debt to another payee"),
        "payments.payees_then": .init(
            "У каждого сначала погашаются долги, срок которых наступил раньше.",
            "Of each, debts that fell due first come first."),
        "payments.opening": .init("На начало, {month}", "Before {month}"),
        "payments.closing": .init("На конец, {month}", "After {month}"),
        "payments.bills": .init("Копии квитанций", "Copies of bills"),
        "bill.word": .init("Счёт на оплату", "Bill"),
        "bill.title": .init("{word} за {month}", "{word} for {month}"),
        "bill.label": .init("{word} за {month}", "{word} for {month}"),
        "bill.print": .init("Печать", "Print"),
        "bill.print_label": .init("Печать за {month}", "Print {month}"),
        "bill.due": .init("К оплате {amount} до {date}", "To pay: {amount} by {date}"),
        "bill.visible": .init(
            "{n|Хранится|Хранятся|Хранятся} за {n} {n|последний период|последних периода|последних периодов}",
            "Kept for the last {n} {n|month|months}"),
        "bill.payer": .init("Плательщик", "Payer"),
        "bill.account": .init("Лицевой счёт", "Account"),
        "bill.living_area": .init("Жилая площадь", "Living area"),
        "bill.residents": .init("Проживает", "Residents"),
        "bill.reckoning": .init("К оплате", "To pay"),
        "bill.paid_until": .init("Оплачено (платежи по {date})", "Paid (until {date})"),
        "bill.to_pay": .init("Итого к оплате до {date}", "To pay by {date}"),
        "bill.nothing_to_pay": .init("Итого", "In all"),
        "suppliers.title": .init("Услуги, поставщики и тарифы", "Services, suppliers, tariffs"),
        "suppliers.none": .init("Услуг пока нет", "No services yet"),
        "suppliers.in_force": .init(
            "Действующие тарифы, с {date}", "Tariffs in force, since {date}"),
        "suppliers.coming": .init("С {date}", "From {date}"),
        "suppliers.from": .init("с {date}", "since {date}"),
        "suppliers.history": .init("История", "History"),
        "suppliers.no_tariff": .init("Тариф не задан", "No tariff is given"),
        "suppliers.per": .init("за {unit}", "for {unit}"),
        "suppliers.up_to": .init("до {v}", "up to {v}"),
        "suppliers.above": .init("свыше {v}", "above {v}"),

        // MARK: From readings and norms to a volume

        "explain.readings": .init(
            "Показания прибора № {meter}: {to} − {from} = {v}",
            "Readings of meter No. {meter}: {to} − {from} = {v}"),
        "explain.readings_rolled": .init(
            "Показания прибора № {meter} прошли через ноль: {turn} − {from} + {to} = {v}",
            "Readings of meter No. {meter} went over zero: {turn} − {from} + {to} = {v}"),
        "explain.spread": .init(
            "{total} поровну за {n} {n|месяц|месяца|месяцев}: {number} / {n} = {v}",
            "{total} evenly over {n} {n|month|months}: {number} / {n} = {v}"),
        "explain.kept": .init(
            "{k} {k|месяц начислен|месяца начислены|месяцев начислены} по нормативу и {k|остаётся|остаются|остаются} как есть: {v} × {n} = {sum}",
            "{k} {k|month was|months were} charged by the norm and {k|stays|stay} as charged: {v} × {n} = {sum}"
        ),
        "explain.average": .init(
            "Показаний нет, среднее за {n} {n|месяц|месяца|месяцев}: {sum} / {n} = {v}",
            "No readings, average of {n} {n|month|months}: {sum} / {n} = {v}"),
        "explain.norm": .init(
            "Норматив {norm} × {n} {n|человек|человека|человек} = {v}",
            "Norm {norm} × {n} {n|person|persons} = {v}"),
        "explain.norm_above": .init(
            "Повышающий коэффициент {k}, сверх норматива: {norm} × {n} {n|человек|человека|человек} × ({k} − 1) = {v}",
            "Multiplier {k}, above the norm: {norm} × {n} {n|person|persons} × ({k} − 1) = {v}"),
        "explain.sum": .init("{sum} = {v}", "{sum} = {v}"),
        "explain.heat": .init(
            "Тепло на подогрев {water} воды: {number} × {share} = {v}",
            "Heat for {water} of water: {number} × {share} = {v}"),
        "explain.area": .init("Площадь: {v}", "Area: {v}"),
        "explain.residents": .init(
            "Проживает: {n} {n|человек|человека|человек}", "Residents: {n} {n|person|persons}"),
        "explain.area_norm": .init(
            "Площадь {area} × норматив {norm} = {v}", "Area {area} × norm {norm} = {v}"),
        "explain.house": .init(
            "По общедомовому прибору {total}, из них в помещениях дома {used}: {number} − {used} = {v}",
            "By the house's meter {total}, of it {used} in its premises: {number} − {used} = {v}"),
        "explain.house_limit": .init(
            "Распределяется не больше норматива: {v}. Остальное, {rest}, за счёт управляющей организации",
            "No more than the norm is shared: {v}. The rest, {rest}, is borne by the managing organization"
        ),
        "explain.house_share": .init(
            "Доля по площади: {shared} × {area} / {house} = {v}",
            "Share by area: {shared} × {area} / {house} = {v}"),
        "explain.house_norm": .init(
            "Норматив {norm} × общее имущество {common} × доля по площади {area} / {house} = {v}",
            "Norm {norm} × common parts {common} × share by area {area} / {house} = {v}"),
        "explain.undersupply": .init(
            "Недопоставка: {n} {n|день|дня|дней} из {of}", "Undersupply: {n} {n|day|days} of {of}"),
        "explain.days": .init(
            "Дней в расчёте: {n} из {of}", "Days that count: {n} of {of}"),

        // MARK: From a volume to money

        "explain.range": .init("Диапазон {n}", "Range {n}"),
        "explain.total": .init("Всего: {sum} = {amount}", "Total: {sum} = {amount}"),
        "explain.changed": .init(
            "С учётом изменений: {sum} {sign} {by} = {amount}",
            "With what was changed: {sum} {sign} {by} = {amount}"),
        "explain.amount": .init("Сумма: {amount}", "Amount: {amount}"),
        "explain.anew": .init("Перерасчёт за {month}", "Charged anew for {month}"),
        "explain.anew_because": .init(
            "Перерасчёт за {month}: {why}", "Charged anew for {month}: {why}"),
        "explain.anew_sum": .init(
            "Должно быть {now}, начислено было {was}, разница {difference}",
            "It should be {now}, what was charged is {was}, the difference {difference}"),
        "explain.sum_because": .init("Сумма начисления: {why}", "The sum charged: {why}"),

        // MARK: Penalties

        "penalty.debt": .init(
            "Долг за {month}, срок оплаты {due}", "Debt for {month}, due on {due}"),
        "penalty.days": .init(
            "{from} – {to}, {n} {n|день|дня|дней}: {principal} × {rate}\u{A0}% / {part} × {n} = {amount}",
            "{from} – {to}, {n} {n|day|days}: {principal} × {rate}% / {part} × {n} = {amount}"),
        "penalty.none": .init(
            "Просрочки, за которую начисляются пени, нет", "Nothing is late enough for penalties"),
        "penalty.posted": .init(
            "Всего по {through}: {exact}, начислено раньше {before}, начисляется {amount}",
            "Up to {through}: {exact}, posted before {before}, posted now {amount}"),

        // MARK: Where a payment went

        "allocation.named": .init("так указал плательщик", "as the payer said"),
        "allocation.overdue_first": .init(
            "долг, срок которого наступил раньше", "the debt that fell due first"),
        "allocation.proportional": .init(
            "с другими долгами того же срока, пропорционально суммам",
            "with other debts of the same due day, in proportion to the sums"),
        "allocation.penalty": .init(
            "пени, когда основной долг погашен", "penalties, when nothing else was left"),
        "allocation.limitation": .init(
            "долг с истёкшей исковой давностью, когда других не осталось",
            "a debt beyond the limitation, when no other was left"),
        "allocation.advance": .init(
            "долгов не осталось, зачтётся в следующих начислениях",
            "no debts were left, it will count towards what is charged next"),
        "allocation.offset": .init(
            "аванс зачтён в начисление", "an advance counted towards what was charged"),
    ]
}
