/// The words themselves. Russian ones that a manual prints stand as it prints them (features.md,
/// SF-numbers); those of refusals as domain.md §6.6 prints them.
extension Words {
    /// What every page has.
    static let pages: [String: Entry] = [
        "page.skip": .init("Перейти к содержанию", "Skip to content"),
        "page.greeting": .init("Здравствуйте, {name}", "Hello, {name}"),
        "page.sign_out": .init("Выход", "Sign out"),
        "page.language": .init("Язык", "Language"),
        "page.language.ru": .init("Русский", "Русский"),
        "page.language.en": .init("English", "English"),
        "page.accounts": .init("Лицевые счета", "Accounts"),
        "page.account": .init("Лицевой счёт № {number}", "Account No. {number}"),
        "page.number": .init("№\u{A0}{number}", "No.\u{A0}{number}"),
        "page.no_accounts": .init(
            "К Личному кабинету не привязан ни один лицевой счёт. Обратитесь в {org}.",
            "No account is linked to your cabinet yet. Please contact {org}."),
        "page.company": .init("Организация", "Company"),
        "page.holder": .init("Абонент", "Account holder"),
        "page.address": .init("Адрес", "Address"),
        "page.sections": .init("Разделы", "Sections"),
        "page.error_mark": .init("Ошибка:", "Error:"),
        "page.question_mark": .init("Проверьте:", "Please check:"),
        "page.warning_mark": .init("Внимание:", "Note:"),
        "page.done_mark": .init("Готово:", "Done:"),
        "page.home": .init("На главную страницу", "Go to the main page"),
        "page.code": .init("Код для службы поддержки: {code}", "Code for support: {code}"),
        "sign_in.title": .init("Вход в Личный кабинет", "Sign in"),
        "sign_in.text": .init(
            "Нажмите кнопку, чтобы войти. Ссылки открывают и программы, поэтому "
                + "войти по ней можно только кнопкой.",
            "Press the button to sign in. Programs open links too, so only the button "
                + "signs you in."
        ),
        "sign_in.button": .init("Войти в Личный кабинет", "Sign in to the cabinet"),
        "outbox.title": .init("Исходящие письма и SMS", "Outgoing mail and SMS"),
        "outbox.text": .init(
            "Письма и SMS, которые в рабочей системе ушли бы адресатам. Здесь {count} "
                + "{count|сообщение|сообщения|сообщений}, "
                + "новые сверху.",
            "Letters and SMS that would have left a production system. {count} "
                + "{count|notice|notices} here, newest first."
        ),
        "outbox.empty": .init("Сообщений пока нет.", "Nothing yet."),
        "outbox.to": .init("Кому", "To"),
        "outbox.message": .init("SMS", "SMS"),
        "outbox.attachment": .init("Вложение: {name}, {size} КБ", "Attached: {name}, {size} KB"),
    ]

    /// The page «Приборы учета» (features.md §10).
    static let meters: [String: Entry] = [
        "meters.title": .init("Приборы учета", "Meters"),
        "meters.link": .init("Передать показания", "Submit readings"),
        "meters.none": .init(
            "Индивидуальный прибор учета не установлен", "No individual meter is installed"),
        "meters.number": .init("№\u{A0}{number}", "No.\u{A0}{number}"),
        "meters.removed_list": .init("Недействующие приборы учета", "Inactive meters"),
        "meters.removed": .init("снят с учёта {date}", "removed on {date}"),
        "meters.verification": .init("Поверка до", "Verified until"),
        "meters.verification_soon": .init(
            "Поверка действует до {date}, {n|остался|осталось|осталось} {n} {n|день|дня|дней}",
            "Verification ends on {date}, {n} {n|day|days} left"),
        "meters.verification_expired": .init(
            "Срок поверки истёк {date}. Показания принимаются только для сведения",
            "Verification ended on {date}. Readings are taken for information only"),
        "meters.verification_unknown": .init("не указана", "not stated"),
        "meters.previous": .init("Предыдущее показание", "Previous reading"),
        "meters.initial": .init("Начальное показание", "Initial reading"),
        "meters.at": .init("{date}, за {month}", "{date}, for {month}"),
        "meters.usual": .init("Обычный расход в месяц", "Usual monthly use"),
        "meters.usual_value": .init("около {v}\u{A0}{unit}", "about {v}\u{A0}{unit}"),
        "meters.new": .init("Новое", "New reading"),
        "meters.new_for": .init("за {month}", "for {month}"),
        "meters.submit": .init("Внести", "Submit"),
        "meters.confirm": .init("Подтвердить", "Confirm"),
        "meters.again": .init("Отправить ещё раз", "Send again"),
        "meters.delete": .init("Удалить", "Delete"),
        "meters.delete_label": .init(
            "Удалить показание {value} за {month}", "Delete the reading {value} for {month}"),
        "meters.field_hint": .init(
            "До {d} {d|знака|знаков|знаков} и до {f} после запятой",
            "Up to {d} {d|digit|digits} and {f} after the point"),
        "meters.field_hint_whole": .init(
            "До {d} {d|знака|знаков|знаков}, только целые числа",
            "Up to {d} {d|digit|digits}, whole numbers only"),
        "meters.history": .init("История показаний", "History of readings"),
        "meters.history_empty": .init("Показаний ещё не было", "No readings yet"),
        "meters.older": .init("Более ранние показания ({n})", "Earlier readings ({n})"),
        "meters.column.month": .init("Месяц", "Month"),
        "meters.column.date": .init("Дата", "Date"),
        "meters.column.value": .init("Показание", "Reading"),
        "meters.column.volume": .init("Расход", "Use"),
        "meters.column.entry": .init("Статус ввода", "Entry status"),
        "meters.column.channel": .init("Статус показания", "Reading status"),
        "meters.column.action": .init("Действие", "Action"),
        "meters.plot": .init("Расход по месяцам, {unit}", "Use by month, {unit}"),
        "meters.plot_point": .init("{month}: {v} {unit}", "{month}: {v} {unit}"),
        "meters.plot_first": .init(
            "{month}: первое показание, расход с установки прибора",
            "{month}: the first reading, of the use since the meter was installed"),
        "meters.plot_nothing": .init("{month}: нет показания", "{month}: no reading"),
        "meters.state.accepted": .init("Принято", "Accepted"),
        "meters.state.calculated": .init("Рассчитано", "Calculated"),
        "meters.state.replaced": .init("Заменено", "Replaced"),
        "meters.state.noted": .init("Принято для сведения", "For information only"),
        "meters.state.refused": .init("Не принято", "Refused"),
        "meters.view_only": .init(
            "Владелец лицевого счёта не разрешил Вам передавать показания",
            "The owner of the account does not let you submit readings"),
        "meters.window": .init(
            "Показания принимаются с {from} по {to} число",
            "Readings are taken from day {from} to day {to} of the month"),
        "meters.days_left": .init(
            "{n|Остался|Осталось|Осталось} {n} {n|день|дня|дней}", "{n} {n|day|days} left"),
        "meters.last_day": .init("Сегодня последний день", "Today is the last day"),
        "meters.window_extended": .init(
            "Период ввода показаний продлён по {date} включительно",
            "The period for readings has been extended through {date}"),
        "meters.automatic": .init(
            "Показания этого прибора учёта поступают автоматически, вводить их не нужно",
            "The readings of this meter come by themselves; there is nothing to enter"),
        "house.title": .init("Общедомовые нужды", "House meters"),
        "house.text": .init(
            "Общедомовые приборы учёта Вашего дома и расход по месяцам",
            "The meters of your house and its use by month"),
        "house.none": .init(
            "Общедомовых приборов учёта нет, или их показания не переданы",
            "Your house has no meters of its own, or their readings are not known"),
        "house.installed": .init("Установлен", "Installed"),
        "house.ratio": .init("Коэффициент трансформации", "Transformer ratio"),
        "house.act": .init("по акту", "by an act"),
        "meters.window_closed": .init(
            "Период ввода показаний закрыт. Показания принимаются с {from} по {to} число "
                + "каждого месяца, "
                + "следующий период начнётся {date}",
            "The period for readings is closed. Readings are taken from day {from} to day "
                + "{to} of each month; "
                + "the next period begins on {date}"),
        "meters.month_closed": .init(
            "Показания за {month} уже учтены в расчёте. Новое показание можно передать с "
                + "{from} числа",
            "Readings for {month} have already been used in the bill. A new one can be "
                + "submitted from day {from}"
        ),
        "meters.account_closed": .init(
            "Лицевой счёт закрыт {date}, показания не принимаются",
            "The account was closed on {date}; readings are not taken"),
        "meters.late": .init(
            "{n|Не принято|Не приняты|Не принято} {n} {n|показание|показания|показаний}: "
                + "период ввода закрыт",
            "{n} {n|reading was|readings were} not accepted: the period for readings is closed"),
        "meters.late_until": .init(
            "Показания принимались по {date} включительно, следующий период начнётся {opens}",
            "Readings were taken through {date}; the next period begins on {opens}"),
        "meters.late_typed": .init(
            "Исправлять ничего не нужно. Введённое видно ниже: запишите его и передайте, когда "
                + "начнётся период",
            "There is nothing to correct. What you typed stands below: write it down and submit "
                + "it when the period begins"),
        "meters.late_charged": .init(
            "Если за месяц показаний нет, начисление выполняется по среднему расходу, затем по "
                + "нормативу",
            "Where a month has no reading, charges follow the average use, later the norm"),
        "meters.late_operator": .init(
            "Оператор может принять показания и сейчас. Обратитесь в {org}",
            "An operator can take them now. Please contact {org}"),
        "meters.done": .init("Показание принято к обработке", "The reading has been accepted"),
        "meters.done_what": .init(
            "{service}, №\u{A0}{number}: {value}", "{service}, No.\u{A0}{number}: {value}"),
        "meters.done_noted": .init(
            "Истёк срок поверки прибора учёта ({date}). Показание принято для сведения, "
                + "начисление выполняется по "
                + "среднему, затем по нормативу",
            "The meter's verification ended on {date}. The reading is taken for "
                + "information only; charges follow the "
                + "average, later the norm"),
        "meters.deleted": .init("Показание удалено", "The reading has been deleted"),
        "meters.pending": .init(
            "Показание сохранено и обрабатывается. Обычно это занимает несколько секунд",
            "The reading is saved and being processed. This usually takes a few seconds"),
        "meters.refresh": .init("Обновить страницу", "Refresh the page"),
        "meters.unavailable": .init(
            "Сервис временно недоступен, показание не сохранено. Введённое осталось в "
                + "форме: отправьте его ещё раз "
                + "через {n} {n|секунду|секунды|секунд}",
            "The service is temporarily unavailable and nothing was saved. What you typed "
                + "is still in the form: send "
                + "it again in {n} {n|second|seconds}"),
        "meters.unconfirmed": .init(
            "Сервис временно недоступен, и пока не известно, сохранено ли показание. Введённое "
                + "осталось в форме: отправьте его ещё раз через {n} "
                + "{n|секунду|секунды|секунд}, дважды оно не запишется",
            "The service is temporarily unavailable, and it is not known yet whether the "
                + "reading was saved. What you typed is still in the form: send it again in {n} "
                + "{n|second|seconds}; it will not be saved twice"),
        "meters.abandoned": .init(
            "Показание сохранено, но обработать его не удалось. Оператор уже видит это, "
                + "вводить показание ещё раз не "
                + "нужно",
            "The reading is saved but could not be processed. An operator can see it; "
                + "there is no need to submit it "
                + "again"),
    ]

    /// Names of values: services, units, registers, ways of submitting, months.
    static let names: [String: Entry] = [
        "service.cold_water": .init("Холодная вода (ХВС)", "Cold water"),
        "service.hot_water": .init("Горячая вода (ГВС)", "Hot water"),
        "service.electricity": .init("Электроэнергия", "Electricity"),
        "service.gas": .init("Газ", "Gas"),
        "service.heat": .init("Отопление", "Heating"),
        "unit.cold_water": .init("м³", "m³"),
        "unit.hot_water": .init("м³", "m³"),
        "unit.electricity": .init("кВт·ч", "kWh"),
        "unit.gas": .init("м³", "m³"),
        "unit.heat": .init("Гкал", "Gcal"),
        "register.T1.2": .init("T1, день", "T1, day"),
        "register.T2.2": .init("T2, ночь", "T2, night"),
        "register.T3.2": .init("T3", "T3"),
        "register.T1.3": .init("T1, пик", "T1, peak"),
        "register.T2.3": .init("T2, ночь", "T2, night"),
        "register.T3.3": .init("T3, полупик", "T3, half-peak"),
        "channel.resident": .init("через личный кабинет", "in the resident account"),
        "channel.api": .init("программой организации (API)", "by the organization's program (API)"),
        "channel.phone": .init("по телефону", "by phone"),
        "channel.operator": .init("оператором", "by an operator"),
        "channel.bank": .init("через банк", "through a bank"),
        "channel.gis": .init("ГИС ЖКХ", "GIS ZhKKh"),
        "channel.automatic": .init("автоматически", "automatically"),
        "channel.control": .init("контрольное снятие", "control visit"),
        "channel.import": .init("загружено организацией", "loaded by the organization"),
        "month.1": .init("январь", "January"),
        "month.2": .init("февраль", "February"),
        "month.3": .init("март", "March"),
        "month.4": .init("апрель", "April"),
        "month.5": .init("май", "May"),
        "month.6": .init("июнь", "June"),
        "month.7": .init("июль", "July"),
        "month.8": .init("август", "August"),
        "month.9": .init("сентябрь", "September"),
        "month.10": .init("октябрь", "October"),
        "month.11": .init("ноябрь", "November"),
        "month.12": .init("декабрь", "December"),
        "month.short.1": .init("янв", "Jan"),
        "month.short.2": .init("фев", "Feb"),
        "month.short.3": .init("мар", "Mar"),
        "month.short.4": .init("апр", "Apr"),
        "month.short.5": .init("май", "May"),
        "month.short.6": .init("июн", "Jun"),
        "month.short.7": .init("июл", "Jul"),
        "month.short.8": .init("авг", "Aug"),
        "month.short.9": .init("сен", "Sep"),
        "month.short.10": .init("окт", "Oct"),
        "month.short.11": .init("ноя", "Nov"),
        "month.short.12": .init("дек", "Dec"),
    ]

    /// Domain.md §6.6, and the codes that the same rules need beyond it.
    static let refusals: [String: Entry] = [
        "refusal.RD_FORMAT": .init(
            "Показание должно содержать только цифры и не более {f} "
                + "{f|знака|знаков|знаков} после запятой",
            "A reading may contain digits only, with at most {f} {f|digit|digits} after the point"),
        "refusal.RD_FORMAT.whole": .init(
            "Показание должно содержать только цифры: нужно целое число, без знаков после запятой",
            "A reading may contain digits only: a whole number, without digits after the point"),
        "refusal.RD_FORMAT.bare": .init(
            "Показание должно содержать только цифры", "A reading may contain digits only"),
        "refusal.RD_CAPACITY": .init(
            "Показание не принято: значение превышает разрядность прибора учёта ({d} "
                + "{d|знак|знака|знаков})",
            "The reading was refused: the value has more digits than the meter ({d} "
                + "{d|digit|digits})"
        ),
        "refusal.RD_LESS": .init(
            "Показание не принято: значение меньше предыдущего ({prev} от {date})",
            "The reading was refused: the value is less than the previous one ({prev} of {date})"),
        "refusal.RD_LESS.undated": .init(
            "Показание не принято: значение меньше предыдущего ({prev})",
            "The reading was refused: the value is less than the previous one ({prev})"),
        "refusal.RD_SOFT": .init(
            "Расход {v} {unit} существенно выше обычного ({avg}). Проверьте показание и "
                + "подтвердите ввод",
            "A use of {v} {unit} is far above the usual ({avg}). Check the reading and confirm it"),
        "refusal.RD_SOFT.bare": .init(
            "Расход {v} {unit} существенно выше обычного. Проверьте показание и подтвердите ввод",
            "A use of {v} {unit} is far above the usual. Check the reading and confirm it"),
        "refusal.RD_SOFT.past": .init(
            "Показание не подтверждено: расход {v} {unit} существенно выше обычного ({avg})",
            "The reading was not confirmed: a use of {v} {unit} is far above the usual ({avg})"),
        "refusal.RD_SOFT.past.bare": .init(
            "Показание не подтверждено: расход {v} {unit} существенно выше обычного",
            "The reading was not confirmed: a use of {v} {unit} is far above the usual"),
        "refusal.RD_HARD": .init(
            "Показание не принято: расход {v} {unit} за {n} дн. невозможен для прибора учёта",
            "The reading was refused: a use of {v} {unit} in {n} {n|day|days} is "
                + "impossible for the meter"
        ),
        "refusal.RD_HARD.bare": .init(
            "Показание не принято: расход {v} {unit} невозможен для прибора учёта",
            "The reading was refused: a use of {v} {unit} is impossible for the meter"),
        "refusal.RD_WINDOW": .init(
            "Период ввода показаний закрыт. Показания принимаются с {from} по {to} число "
                + "каждого месяца",
            "The period for readings is closed. Readings are taken from day {from} to day "
                + "{to} of each month"
        ),
        "refusal.RD_CLOSED": .init(
            "Показание за {month} уже учтено в расчёте. Новое показание можно передать с "
                + "{from} числа",
            "The reading for {month} has already been used in the bill. A new one can be "
                + "submitted from day {from}"
        ),
        "refusal.RD_METER": .init(
            "Прибор учёта снят с учёта {date}. Обратитесь в {org}",
            "The meter was removed on {date}. Please contact {org}"),
        "refusal.RD_NO_METER": .init(
            "По услуге не установлен индивидуальный прибор учёта",
            "No individual meter is installed for this service"),
        "refusal.RD_ZONES": .init(
            "Введите показания по всем тарифным зонам", "Enter the readings of all tariff zones"),
        "refusal.RD_FUTURE": .init(
            "Дата показания не может быть позже текущей",
            "A reading cannot be dated in the future"),
        "refusal.RD_DATE": .init(
            "Дата показания не может быть раньше предыдущего показания или установки "
                + "прибора учёта ({date})",
            "A reading cannot be dated before the previous one or the meter's installation ({date})"
        ),
        "refusal.RD_AUTOMATIC": .init(
            "Показания прибора учёта № {meter} поступают автоматически, вводить и удалять их не нужно",
            "The readings of meter No. {meter} come by themselves; none is to be entered or deleted"
        ),
        "refusal.RD_SESSION": .init(
            "Показание можно удалить только до выхода из Личного кабинета, в котором оно введено. "
                + "Пока открыт период ввода, вместо него можно внести новое",
            "A reading can be deleted only until you sign out after entering it. While readings "
                + "are taken you may submit a new one instead"),
        "refusal.WINDOW_UNTIL": .init(
            "Продлить можно по день с {date} по {last}",
            "It can be extended through a day from {date} to {last}"),
        "refusal.WINDOW_NONE": .init(
            "Показания принимаются всегда: продлевать нечего",
            "Readings are always taken: there is nothing to extend"),
        "refusal.ACCOUNT_CLOSED": .init(
            "Лицевой счёт закрыт {date}, показания не принимаются",
            "The account was closed on {date}; readings are not taken"),
        "refusal.ACCOUNT_EXISTS": .init(
            "Лицевой счёт {account} уже есть", "Account {account} already exists"),
        "refusal.COMPANY_UNKNOWN": .init(
            "Организация «{company}» не найдена. Известны: {known}",
            "There is no company “{company}”. Known are: {known}"),
        "refusal.METER_EXISTS": .init(
            "Прибор учёта № {meter} этой услуги уже есть",
            "There already is a meter No. {meter} of this service"),
        "refusal.METER_AMBIGUOUS": .init(
            "На лицевом счёте несколько приборов учёта № {meter}. Укажите услугу",
            "The account has several meters No. {meter}. Name the service"),
        "refusal.METER_REGISTER": .init(
            "Зону {register} нельзя добавить: зоны добавляются по порядку и до первого показания",
            "Register {register} cannot be added: registers come in order and before the "
                + "first reading"
        ),
        "refusal.PERIOD_CLOSED": .init(
            "Расчётный месяц уже закрыт: {month}", "The billing month is already closed: {month}"),
        "refusal.PERIOD_CLOSED.bare": .init(
            "Расчётный месяц уже закрыт", "The billing month is already closed"),
        "refusal.PERIOD_ORDER": .init(
            "Расчётные месяцы открываются и закрываются по порядку. Сначала нужен {month}",
            "Billing months are opened and closed in order. {month} comes first"),
        "refusal.PERIOD_ORDER.before": .init(
            "Начисления начинаются с первого месяца, а {month} раньше него: такой месяц не закрывают",
            "Charges begin with the first month, and {month} lies before it: such a month is not closed"
        ),
        "refusal.PERIOD_ORDER.bare": .init(
            "Расчётные месяцы открываются и закрываются по порядку",
            "Billing months are opened and closed in order"),
        "refusal.PERIOD_AHEAD": .init(
            "Расчётный месяц ещё не начался: {month}", "The billing month has not begun: {month}"),
        "refusal.PERIOD_NEWEST": .init(
            "Открыть заново можно только последний закрытый месяц: {month}",
            "Only the newest closed month can be opened again: {month}"),
        "refusal.PERIOD_OPEN": .init(
            "Расчётный месяц не закрыт: {month}", "The billing month is not closed: {month}"),
        "refusal.PAY_DATE": .init(
            "Дата платежа ещё не наступила: {date}",
            "The day of the payment is still to come: {date}"),
        "refusal.PAY_OTHER": .init(
            "Под номером {number} ({provider}) уже принят другой платёж: лицевой счёт {account}, {amount} ₽. "
                + "Проверьте номер и сумму",
            "Under the number {number} ({provider}) another payment was taken already: account {account}, "
                + "{amount} ₽. Check the number and the sum"),
        "refusal.PAY_REVERSED": .init(
            "Платёж {number} ({provider}) уже был принят и отменён. Деньги, которые всё же пришли, проведите под другим номером",
            "Payment {number} ({provider}) was taken and taken back. Post money that came after all under another number"
        ),
        "refusal.PAY_ASSIGNED": .init(
            "Платёж {number} ({provider}) проведён на лицевой счёт {account}. Чтобы отменить его, укажите этот счёт",
            "Payment {number} ({provider}) was posted to account {account}. To take it back, name that account"
        ),
        "refusal.CHARGE_KIND": .init(
            "Вида начисления «{kind}» нет. Загрузите его: kabinet import charge-kinds",
            "There is no charge kind “{kind}”. Import it: kabinet import charge-kinds"),
        "refusal.CHARGE_REFERENCE": .init(
            "Не хватает справочных данных ({what}: {of}). Загрузите их и повторите",
            "Reference data are missing ({what}: {of}). Import them and repeat"),
        "refusal.BALANCE_MONTH": .init(
            "Месяц должен быть раньше расчётного ({month})",
            "The month must be before the billing month ({month})"),
        "refusal.CHARGE_SUM": .init(
            "Начислено {amount} ₽, а объём × тариф = {value} ₽. Исправьте строку; если сумма верна, укажите основание (ground) "
                + "или загрузите с --confirm",
            "{amount} ₽ were charged, but volume × tariff = {value} ₽. Correct the row; if the sum is right, give its ground, "
                + "or import with --confirm"),
        "refusal.CHARGE_NOTHING.contract": .init(
            "За {month} вид начисления «{kind}» здесь не начисляется, и дни не с чего снять. Проверьте вид, месяц и счёт "
                + "или дом; если он положен, сначала загрузите договор: kabinet import contracts",
            "“{kind}” is not charged there for {month}, so there is nothing to take days off. Check the kind, the month and "
                + "the account or house; if it is to be charged, import its contract first: kabinet import contracts"
        ),
        "refusal.CHARGE_NOTHING.posted": .init(
            "Месяц {month} уже закрыт, и по виду «{kind}» за него ничего не начислено: дни не с чего снять. Проверьте вид, "
                + "месяц и счёт или дом; если начисление исправят (kabinet account correct), загрузите строку после этого",
            "The month {month} is closed already, and nothing of “{kind}” was charged for it: there is nothing to take days "
                + "off. Check the kind, the month and the account or house; if the charge is corrected (kabinet account "
                + "correct), import the row after that"),
        "refusal.CHARGE_NOTHING.past": .init(
            "За {month} здесь ничего не начислено и не будет: начисления идут с более позднего месяца, и дни не с чего "
                + "снять. Проверьте месяц",
            "Nothing was or will be charged here for {month}: charges begin with a later month, and there is nothing to take "
                + "days off. Check the month"),
        "refusal.CHARGE_NOTHING.import": .init(
            "Начисления этой организации считает другая система: дни недопоставки здесь ничего не снимут. Передайте их туда",
            "Another system charges for this organization: days without a service take nothing off here. Tell them there"
        ),
        "refusal.CHARGE_NOTHING.bare": .init(
            "За этот месяц дни не с чего снять: ничего не начисляется. Проверьте вид, месяц и счёт или дом",
            "There is nothing to take days off: nothing is charged for the month. Check the kind, the month and the "
                + "account or house"),
        "refusal.CORRECTION_CHARGED": .init(
            "Перерасчёт уже начислен в месяце {month}. Чтобы изменить его, запишите новый: kabinet account correct",
            "It was charged anew in {month} already. To change that, ask for another one: kabinet account correct"
        ),
        "refusal.CHARGES_OWN": .init(
            "{org} начисляет сама: готовые начисления не загружаются",
            "{org} charges here itself: charges are not imported"),
        "refusal.BILL_DIFFERS": .init(
            "{part}: в счёте здесь {ours}, в строке {theirs}. Загрузите недостающие начисления или платежи, либо "
                + "исправьте строку",
            "{part}: the bill here says {ours}, the row {theirs}. Import the charges or payments that are "
                + "missing, or correct the row"),
        "refusal.BILL_MISSING": .init(
            "Счёта за {month} нет. Сначала закройте месяц: kabinet period close",
            "There is no bill for {month}. Close the month first: kabinet period close"),
        "refusal.NOT_FOUND.payment": .init(
            "Платёж не найден. Проверьте номер и лицевой счёт",
            "The payment was not found. Check its number and the account"),
        "refusal.NOT_FOUND.correction": .init(
            "Такой пересчёт не записан или уже отменён. Проверьте месяц, с которого он начинается; пересчёт за дни без услуги "
                + "отменяет строка import undersupply, в которой 0 дней",
            "No such correction was asked for, or it was taken back already. Check the month that it begins with; what days "
                + "without a service are to take off is taken back by a row of import undersupply with 0 days"
        ),
        "refusal.NOT_FOUND.organization": .init(
            "Организация не найдена", "The organization was not found"),
        "refusal.NOT_FOUND.account": .init("Лицевой счёт не найден", "The account was not found"),
        "refusal.NOT_FOUND.meter": .init(
            "Прибор учёта № {meter} на лицевом счёте не найден",
            "The account has no meter No. {meter}"),
        "refusal.NOT_FOUND.reading": .init(
            "Показание не найдено или уже удалено",
            "The reading was not found or is already deleted"),
        "refusal.NOT_FOUND.house": .init(
            "Дом «{house}» не найден: в нём нет лицевых счетов",
            "There is no house “{house}”: no account is in it"),
        "refusal.NOT_FOUND.house_meter": .init(
            "Общедомовой прибор учёта № {meter} этой услуги в доме не найден",
            "The house has no meter No. {meter} of this service"),
        "refusal.NOT_FOUND.session": .init(
            "Такого сеанса нет: он уже завершён", "There is no such session: it has ended already"),
        "refusal.NOT_FOUND.share": .init(
            "Такого доступа нет: он уже закрыт", "Nobody is let in by it: it has ended already"),
        "refusal.NOT_FOUND.bare": .init("Не найдено", "Not found"),
        "refusal.NOTICE_EXPIRED": .init(
            "Сообщение не отправлено: срок кода или ссылки истёк",
            "The notice was not sent: its code or link has expired"),
        "refusal.NOTICE_REFUSED": .init(
            "Сообщение не доставлено: адресат недоступен ({reason})",
            "The notice was not delivered: nobody can be reached there ({reason})"),
        "refusal.SHAPE": .init("Строка не принята: {reason}", "The row was refused: {reason}"),
        "refusal.SHAPE.bare": .init(
            "Строка не принята: проверьте её значения", "The row was refused: check its values"),
    ]

    /// What is wrong with a body or a row, and what to do (`ShapeError`).
    static let shapes: [String: Entry] = [
        "shape.object": .init("передайте объект JSON", "send a JSON object"),
        "shape.unknown": .init(
            "неизвестное поле «{value}», уберите его", "unknown field “{value}”, remove it"),
        "shape.missing": .init(
            "обязательное поле «{value}» не заполнено", "the required field “{value}” is missing"),
        "shape.fill": .init("заполните это поле", "fill this in"),
        "shape.string": .init("нужен текст в кавычках", "a text in quotes is needed"),
        "shape.long": .init(
            "слишком длинное значение, можно не более {value} {value|символа|символов|символов}",
            "too long, at most {value} {value|character|characters}"),
        "shape.control": .init(
            "уберите управляющие символы (переводы строк, табуляцию)",
            "remove control characters (line breaks, tabs)"),
        "shape.bool": .init("укажите true или false", "write true or false"),
        "shape.flag": .init(
            "укажите 0 или 1, да или нет, yes или no, true или false",
            "write 0 or 1, yes or no, true or false"),
        "shape.integer": .init(
            "нужно целое число в пределах {value}", "a whole number within {value} is needed"),
        "shape.date": .init(
            "нужна дата: 2026-04-18 или 18.04.2026", "a date is needed: 2026-04-18 or 18.04.2026"),
        "shape.month": .init("нужен месяц: 2026-04", "a month is needed: 2026-04"),
        "shape.month_order": .init(
            "нужен месяц не раньше {value}", "a month not before {value} is needed"),
        "shape.account": .init(
            "нужен номер лицевого счёта: до 20 цифр и буквенный индекс",
            "an account number is needed: up to 20 digits and a letter index"),
        "shape.before": .init(
            "дата не может быть раньше даты в поле {value}",
            "it cannot be before the date in {value}"),
        "shape.either": .init(
            "заполните только одно из: {value}", "fill in only one of: {value}"),
        "shape.choice": .init("выберите одно из: {value}", "choose one of: {value}"),
        "shape.quantity": .init(
            "нужно число: цифры и не более одной запятой или точки",
            "a number is needed: digits and at most one comma or point"),
        "shape.too_long": .init(
            "число не может быть больше 999 999 999 999,999999: до запятой не более 12 цифр, после неё не более 6",
            "a number cannot be above 999,999,999,999.999999: at most 12 digits before the point and 6 behind it"
        ),
        "shape.contact": .init(
            "нужен адрес электронной почты или номер телефона вида +79XXXXXXXXX",
            "an e-mail address or a phone number like +79XXXXXXXXX is needed"),
        "shape.time": .init(
            "нужно время вида 2026-04-18T10:23:05Z", "a time like 2026-04-18T10:23:05Z is needed"),
        "shape.list": .init("нужен непустой список", "a list with something in it is needed"),
        "shape.many": .init("не более {value}", "at most {value}"),
        "shape.values": .init(
            "передайте показания: хотя бы одно из T1, T2, T3",
            "send the readings: at least one of T1, T2, T3"),
        "shape.register": .init(
            "неизвестная зона «{value}», есть T1, T2, T3",
            "unknown register “{value}”, there are T1, T2, T3"),
        "shape.digits": .init(
            "нужно ровно {value} {value|цифра|цифры|цифр}", "exactly {value} digits are needed"),
        "shape.inn": .init(
            "нужен ИНН: 10 или 12 цифр; проверьте их, контрольное число должно сойтись",
            "an INN is needed: 10 or 12 digits; check them, the check digits must be right"),
        "shape.kpp": .init(
            "нужен КПП: 4 цифры, 2 цифры или заглавные латинские буквы, 3 цифры",
            "a KPP is needed: 4 digits, 2 digits or capital Latin letters, 3 digits"),
        "shape.bank_key": .init(
            "номер счёта не подходит к БИК {value}: проверьте цифры обоих",
            "the account does not fit the BIC {value}: check the digits of both"),
        "shape.paid": .init(
            "нужна сумма больше нуля, в рублях, копеек не более двух знаков: 123,45",
            "an amount of more than 0 is needed, in roubles with at most two digits of kopecks: 123.45"
        ),
        "shape.twice": .init(
            "в файле уже есть другая строка о том же и на тот же день: строка {value}",
            "the file has another row of the same thing and day: line {value}"),
        "shape.twice_month": .init(
            "в файле уже есть другая строка о том же и за тот же месяц: строка {value}",
            "the file has another row of the same thing and month: line {value}"),
        "shape.price": .init(
            "цена должна быть 0 или больше, а указано «{value}»",
            "the price must be 0 or more, and “{value}” stands there"),
        "shape.range_end": .init(
            "верхняя граница диапазона должна быть больше 0, а указано «{value}»; у последнего диапазона её нет",
            "the upper end of a range must be above 0, and “{value}” stands there; the last range has none"
        ),
        "shape.range_open": .init(
            "нет цены для объёма больше {value}: добавьте строку последнего диапазона, без верхней границы",
            "a volume above {value} has no price: add the row of the last range, without an upper end"
        ),
        "shape.zone_missing": .init(
            "у тарифа по зонам нет цены зоны {value}: добавьте её строку, а если зон нет, оставьте поле пустым",
            "the tariff by registers has no price of {value}: add its row, or leave the field empty if there are "
                + "no registers"),
        "shape.zone_idle": .init(
            "у приборов с таким числом зон (zones) нет зоны {value}: исправьте одно из двух",
            "meters of so many registers (zones) have no {value}: correct one of both"),
        "shape.multiplier": .init(
            "коэффициент не меньше 1 и не больше 10",
            "a multiplier is not less than 1 and not more than 10"),
        "shape.percent": .init(
            "нужны проценты больше 0 и не больше 100, не более двух знаков после запятой: 9,5",
            "a percentage above 0 and at most 100 is needed, at most two decimals: 9.5"),
        "shape.house_or_account": .init(
            "укажите либо дом, либо лицевой счёт", "name either a house or an account"),
        "shape.slug": .init(
            "код: строчные латинские буквы, цифры, - и _",
            "a code of lower-case Latin letters, digits, - and _"),
        "shape.no_such": .init(
            "«{value}» в справочниках нет: сначала загрузите его",
            "“{value}” is not among the reference data: import it first"),
        "shape.decimal": .init(
            "передайте показание текстом: \"131.012\"", "send the reading as a text: \"131.012\""),
    ]
}
