extension Words {
    /// What stands on bills as they are printed (приказ Минстроя 43/пр; the thirteen columns of manual 001, SF-116).
    static let bills: [String: Entry] = [
        "print.title": .init("Платёжный документ", "Bill"),
        "print.subtitle": .init(
            "за жилое помещение и коммунальные услуги, {month} г.", "housing and utilities, {month}"
        ),
        "print.running": .init(
            "Платёжный документ за {month} г. · лицевой счёт {account}",
            "Bill for {month} · account {account}"),
        "print.file": .init("{word} {month} {account}.pdf", "{word} {month} {account}.pdf"),
        "print.footer": .init(
            "Документ {account}-{month} · составлен {date}",
            "Document {account}-{month} · made on {date}"
        ),
        "print.again": .init(
            "взамен составленного раньше, редакция {n}", "replaces an earlier one, edition {n}"),
        "print.page": .init("Стр. {page} из {pages}", "Page {page} of {pages}"),

        // MARK: Who, and how much

        "print.payer": .init("Плательщик и помещение", "Payer and premises"),
        "print.holder": .init("Плательщик", "Payer"),
        "print.address": .init("Адрес", "Address"),
        "print.account": .init("Лицевой счёт", "Account"),
        "print.area": .init("Площадь", "Area"),
        "print.area_total": .init("общая {v}", "total {v}"),
        "print.area_living": .init("жилая {v}", "living {v}"),
        "print.residents": .init("Проживают", "Residents"),
        "print.people": .init("{n} чел.", "{n} {n|person|persons}"),
        "print.performer": .init("Исполнитель услуг", "Performer"),
        "print.organization": .init("Организация", "Organization"),
        "print.phone": .init("Телефон", "Telephone"),
        "print.site": .init("Сайт, почта", "Site, e-mail"),
        "print.hours": .init("Приём", "Office hours"),
        "print.to_pay": .init("К оплате", "To pay"),
        "print.until": .init("до {date}", "by {date}"),
        "print.overpaid": .init(
            "переплата {amount}, платить не нужно", "overpaid by {amount}, there is nothing to pay"),
        "print.even": .init("задолженности нет, платить не нужно", "there is nothing to pay"),
        "print.debt_on": .init("Долг на {date}", "Debt on {date}"),
        "print.overpaid_on": .init("Переплата на {date}", "Overpaid on {date}"),
        "print.paid": .init("Оплачено", "Paid"),
        "print.paid_until": .init(
            "учтены платежи, поступившие по {date}", "payments until {date} are in it"),
        "print.paid_last": .init(
            "учтены платежи, поступившие по {date}; последний – {last}",
            "payments until {date} are in it; the last on {last}"),
        "print.taken_back": .init(
            "Отменённые платежи (за вычетом оплаченного)",
            "Payments taken back (less what was paid)"),
        "print.charged": .init("Начислено", "Charged"),
        "print.recalculated": .init("Перерасчёт", "Recalculated"),
        "print.penalty": .init("Пени", "Penalties"),
        "print.among": .init("в том числе {what} – {amount}", "{what} {amount} among it"),

        // MARK: Services

        "print.services": .init("Расчёт размера платы", "What is charged"),
        "print.service": .init("Услуга", "Service"),
        "print.unit": .init("Ед.", "Unit"),
        "print.volumes": .init("Объём услуг", "Volume"),
        "print.volume": .init("Объём", "Volume"),
        "print.individual": .init("индивид.", "own"),
        "print.common": .init("общедом.", "house"),
        "print.method": .init("Спо\u{AD}соб", "By"),
        "print.tariff": .init("Тариф, ₽", "Price, ₽"),
        "print.charged_column": .init("Начислено, ₽", "Charged, ₽"),
        "print.recalculated_column": .init("Пере\u{AD}расчёт, ₽", "Recal\u{AD}culated, ₽"),
        "print.penalty_column": .init("Пени, ₽", "Penal\u{AD}ties, ₽"),
        "print.total_column": .init("Итого, ₽", "Total, ₽"),
        "print.total": .init("Итого за {month}", "Total of {month}"),
        "print.legend": .init(
            "Способ определения объёма: П – по показаниям прибора учёта, Н – по нормативу, О – иной "
                + "(среднемесячный объём или расчёт).",
            "How the volume was found: M by a meter, N by the norm, O otherwise (an average, or calculated)."
        ),
        "print.advance": .init("Аванс", "Advance"),
        "print.surcharge": .init("повышающий коэффициент", "multiplier"),
        "print.range": .init("диапазон {n}", "range {n}"),
        "print.at_price": .init("по тарифу {price}", "at {price}"),
        "print.kept": .init(
            "Показания за {n} {n|месяц|месяца|месяцев}: {k} из них {k|начислен|начислены|начислены} по нормативу и {k|остаётся|остаются|остаются} как есть",
            "Read for {n} {n|month|months}: {k} of them {k|was|were} charged by the norm and {k|stays|stay} as charged"
        ),
        "print.balance_column": .init(
            "Долг (+), пере\u{AD}плата (−), ₽", "Debt (+), overpaid (−), ₽"),
        "print.paid_column": .init("Оплачено, ₽", "Paid, ₽"),
        "print.to_pay_column": .init("К оплате, ₽", "To pay, ₽"),

        // MARK: Why, and what it was made of

        "print.recalculations": .init("Перерасчёты", "Recalculations"),
        "print.ground": .init("Основание", "Ground"),
        "print.period": .init("Период", "Month"),
        "print.sum_column": .init("Сумма, ₽", "Sum, ₽"),
        "print.all": .init("Итого", "Total"),
        "print.no_ground": .init(
            "изменились данные для расчёта", "what it is charged by has changed"),
        "print.ground_sums": .init(
            "{why}; должно быть {now}, начислено было {was}",
            "{why}; it should be {now}, what was charged is {was}"),
        "print.readings": .init("Показания приборов учёта", "Readings"),
        "print.meter": .init("Прибор", "Meter"),
        "print.number": .init("Номер", "Number"),
        "print.verified": .init("Поверка до", "Verified until"),
        "print.previous": .init("Предыдущее", "Previous"),
        "print.current": .init("Текущее", "Current"),
        "print.date": .init("Дата", "Date"),
        "print.use": .init("Расход", "Use"),
        "print.none": .init("нет", "none"),
        "print.house": .init("Общедомовые объёмы", "Volumes of the house"),
        "print.by_house": .init("По прибору дома", "By the house's meter"),
        "print.in_rooms": .init("В помеще\u{AD}ниях", "In its premises"),
        "print.in_common": .init("На общее имущество", "Common parts"),
        "print.undistributed": .init(
            "Сверх норма\u{AD}тива, не распре\u{AD}деляется", "Above the norm, shared by nobody"),
        "print.norms": .init("Нормативы потребления", "Norms"),
        "print.norm": .init("Норматив", "Norm"),
        "print.per_person": .init("{unit} на чел.", "{unit} a person"),
        "print.per_m3": .init("{unit} на м³", "{unit} for m³"),
        "print.per_m2": .init("{unit} на м²", "{unit} for m²"),
        "print.plots": .init("Потребление за 12 месяцев", "Use of 12 months"),
        "print.plots_estimated": .init(
            "Потребление за 12 месяцев (контуром – без показаний: по среднему или нормативу)",
            "Use of 12 months (outlined: no readings, by average or norm)"),
        "print.plot": .init("{service}, {unit}", "{service}, {unit}"),
        "print.plots_note": .init(
            "Значения подписаны там, где для них есть место.",
            "Values are written where there is room for them."),
        "print.debts": .init(
            "Долг по услугам и прежним месяцам на {date}, ₽",
            "Debt of earlier months by services, on {date}, ₽"),
        "print.earlier": .init("ранее", "before"),
        "print.of_penalty": .init("{service}, пени", "{service}, penalties"),
        "print.suppliers": .init("Поставщики", "Suppliers"),

        // MARK: How to pay

        "print.terms": .init("Порядок оплаты", "How to pay"),
        "print.terms.due": .init(
            "Плата за жилое помещение и коммунальные услуги вносится до {date} (ч. 1 ст. 155 ЖК РФ). За просрочку "
                + "начисляются пени (ч. 14 и 14.1 ст. 155 ЖК РФ).",
            "Payment is due by {date} (Housing Code, art. 155 § 1). Penalties are charged for what is late (§§ 14, 14.1)."
        ),
        "print.terms.readings": .init(
            "Без показаний объём определяется по среднемесячному потреблению, а затем по нормативу (пп. 59 и 60 Правил, "
                + "утв. постановлением Правительства РФ от 06.05.2011 № 354). Передать показания и увидеть, как посчитана "
                + "каждая строка, можно в личном кабинете.",
            "Without readings the volume is an average, and later the norm (Decree 354, §§ 59, 60). Submit readings, and see "
                + "how each line came to be, in the cabinet."),
        "print.slip": .init("Извещение", "Notice"),
        "print.slip_subtitle": .init(
            "за жилое помещение и коммунальные услуги, {month} г.", "housing and utilities, {month}"
        ),
        "print.slip_separate": .init("{what}, {month} г.", "{what}, {month}"),
        "print.payee": .init("Получатель", "Payee"),
        "print.inn": .init("ИНН / КПП", "INN / KPP"),
        "print.inn_only": .init("ИНН", "INN"),
        "print.payee_account": .init("Расчётный счёт", "Account"),
        "print.bank": .init("Банк", "Bank"),
        "print.bic": .init("БИК", "BIC"),
        "print.bic_value": .init(
            "{bic}, корр. счёт {account}", "{bic}, correspondent account {account}"),
        "print.code": .init("Оплата по QR-коду", "Pay by the QR code"),
        "print.code_open": .init("Сумму укажет плательщик", "The payer says how much"),
        "print.no_code": .init(
            "QR-кода нет: реквизиты получателя не указаны или указаны не полностью",
            "No QR code: the payee's requisites are missing or incomplete"),
        "print.sum": .init("Сумма", "Sum"),
        "print.signature": .init("Подпись", "Signature"),
        "print.purpose": .init(
            "ЖКУ за {month}, л/с {account}", "Utilities of {month}, account {account}"),
        "print.purpose_separate": .init(
            "{what} за {month}, л/с {account}", "{what} of {month}, account {account}"),

        // MARK: Thirteen columns

        "print13.title": .init("СЧЕТ", "BILL"),
        "print13.subtitle": .init(
            "на оплату за жилищно-коммунальные услуги за {month} г.",
            "for housing and utilities, {month}"),
        "print13.running": .init("Счет № {account} за {month} г.", "Bill No. {account}, {month}"),
        "print13.page": .init("Лист {page} из {pages}", "Sheet {page} of {pages}"),
        "print13.account": .init("Счет №", "Bill No."),
        "print13.holder": .init("Собственник (квартиросъемщик)", "Owner (tenant)"),
        "print13.residents": .init("Проживающих", "Residents"),
        "print13.organization": .init("Управляющая организация", "Managing organization"),
        "print13.1": .init("№", "No."),
        "print13.2": .init("Наименование", "Service"),
        "print13.3": .init(
            "Опла\u{AD}ты посту\u{AD}пив\u{AD}шие в преды\u{AD}дущем месяце (руб.)",
            "Paid in the month before"),
        "print13.4": .init(
            "Пере\u{AD}расчет за преды\u{AD}дущий период (руб.)", "Recalculated"),
        "print13.5": .init("Долг (+), пере\u{AD}плата (−) (руб.)", "Debt (+), overpaid (−)"),
        "print13.6": .init("Еди\u{AD}ница изме\u{AD}рения", "Unit"),
        "print13.7": .init("Объем услуг", "Volume"),
        "print13.8": .init("Тариф за еди\u{AD}ницу услуги (руб.)", "Price"),
        "print13.9": .init(
            "Начис\u{AD}лено по тари\u{AD}фам за теку\u{AD}щий месяц (руб.)", "Charged by tariffs"),
        "print13.undersupply": .init("Недопоставка", "Undersupply"),
        "print13.10": .init("дней", "days"),
        "print13.11": .init("руб.", "₽"),
        "print13.12": .init(
            "Стои\u{AD}мость услуг в пре\u{AD}делах соц. норма\u{AD}тива (руб.)",
            "Within the social norm"),
        "print13.13": .init(
            "Начис\u{AD}лено к оплате с учетом недо\u{AD}постав\u{AD}ки (руб.)", "Charged to pay"),
        "print13.part": .init("в т. ч. {what}", "of it {what}"),
        "print13.all": .init("Всего", "Total"),
        "print13.meters": .init("Приборы учета", "Meters"),
    ]
}
