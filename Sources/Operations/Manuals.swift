import Commands

/// Every command of the operators' command line.
extension Manual {
    public static let operators: [Manual] =
        organizations + tokens + people + imports + exports + periods + bills + accounts + payments
        + meters + windows + queue
        + commands + views
        + keys + rest

    /// What other parts of the program do: named here so that help knows the whole.
    public static let services = [
        Manual("ingress", .ingressSummary, examples: ["ingress"]),
        Manual("workers", .workersSummary, examples: ["workers"]),
        Manual(
            "migrate", .migrateSummary, options: [.flag("quiet", .optionQuiet)],
            examples: ["migrate"]),
        Manual("check", .checkSummary, examples: ["check"]),
    ]

    private static let organization = Option.value(
        "organization", "CODE", required: true, .optionOrganization)
    private static let json = Option.flag("json", .optionJSON)
    private static let dryRun = Option.flag("dry-run", .optionDryRun)
    private static let why = Option.value("why", "TEXT", required: true, .optionWhy)

    private static let organizations = [
        Manual(
            "organization apply", .organizationApply, .some("FILE…"), options: [dryRun],
            notes: .organizationApplyNotes,
            examples: [
                "organization apply ops/demo/organizations/*.yaml",
                "organization apply srkc.yaml --dry-run",
            ]),
        Manual(
            "organization list", .organizationList, options: [json],
            examples: ["organization list"]),
        Manual(
            "organization show", .organizationShow, .one("CODE"), options: [json],
            examples: ["organization show srkc", "organization show srkc --json"]),
    ]

    private static let tokens = [
        Manual(
            "token create", .tokenCreate,
            options: [
                organization,
                .value("scope", "SCOPE[,…]", required: true, repeats: true, .optionScope),
                .value("name", "TEXT", .optionTokenName),
                .value("channel", "CHANNEL", .optionChannel),
                .value("rate", "N", .optionRate), .value("expires", "DATE", .optionExpires), json,
            ], notes: .tokenCreateNotes,
            examples: [
                "token create --organization srkc --scope readings",
                "token create --organization srkc --scope readings,accounts.read --name АСКУЭ "
                    + "--channel automatic --expires 2027-01-01",
            ]),
        Manual(
            "token list", .tokenList, options: [organization, json],
            examples: ["token list --organization srkc"]),
        Manual(
            "token revoke", .tokenRevoke, .one("ID"), options: [why],
            examples: ["token revoke 7 --why \"ключ попал в журнал подрядчика\""]),
    ]

    private static let imports =
        ImportRows.What.allCases.map { what in
            Manual(
                "import \(what.rawValue)", .importSummary(what), .one("FILE"),
                options: [
                    organization, .flag("dry-run", .optionImportDryRun),
                    .flag("all-or-nothing", .optionAllOrNothing),
                    .value("errors", "FILE", .optionErrors), json,
                ]
                    + ([.readings, .houseReadings, .charges].contains(what)
                        ? [.flag("confirm", .optionConfirm)] : []),
                notes: .importNotes(what),
                examples: (what == .bills
                    ? ["import bills bills-2026-04.zip --organization srkc"] : []) + [
                        "import \(what.rawValue) \(what.rawValue).csv --organization srkc",
                        "import \(what.rawValue) \(what.rawValue).csv --organization srkc --dry-run",
                        "import \(what.rawValue) \(what.rawValue).csv.errors.csv --organization srkc",
                    ])
        } + [
            Manual(
                "import watch", .importWatch, .one("JOB"),
                options: [.value("errors", "FILE", .optionErrors), json],
                examples: ["import watch 12"])
        ]

    private static let exports =
        [
            Manual(
                "export acknowledge", .exportAcknowledge, .one("WHAT"),
                options: [
                    organization, .value("through", "N", required: true, .optionThrough),
                    .flag("back", .optionBack), .value("why", "TEXT", .optionWhy),
                ],
                examples: [
                    "export acknowledge readings --organization srkc --through 1200",
                    "export acknowledge readings --organization srkc --through 900 --back --why \"файл потерян\"",
                ])
        ]
        + Export.What.allCases.map { what in
            Manual(
                "export \(what.rawValue)", .exportSummary(what),
                options: [
                    organization, .value("after", "N", .optionAfter),
                    .value("since", "1h|DATE", .optionSince), .value("out", "FILE", .optionOut),
                    json,
                ] + (what == .contacts ? [.flag("owners", .optionOwners)] : []),
                notes: .exportNotes(what),
                examples: [
                    "export \(what.rawValue) --organization srkc --out \(what.rawValue).csv",
                    "export \(what.rawValue) --organization srkc --after 1200 --out more.csv --json",
                ])
        }

    private static let people = [
        Manual(
            "operator create", .operatorCreate, .one("LOGIN"),
            options: [
                .value("name", "NAME", required: true, .optionOperatorName),
                .value("organization", "CODE", .optionOrganization),
                .value("role", "ROLE", .optionRole),
                .value("house", "CODE[,…]", repeats: true, .optionHouses), json,
            ], notes: .operatorCreateNotes,
            examples: [
                "operator create anna --name \"Анна Петрова\" --organization srkc --role clerk",
                "operator create ivan --name \"Иван Серов\" --organization srkc --role viewer --house len-1,len-3",
            ]),
        Manual(
            "operator list", .operatorList,
            options: [.value("organization", "CODE", .optionFilterOrganization), json],
            examples: ["operator list", "operator list --organization srkc --json"]),
        Manual(
            "operator role", .operatorRole, .one("LOGIN"),
            options: [
                organization, .value("role", "ROLE", required: true, .optionRole),
                .value("house", "CODE[,…]", repeats: true, .optionHouses), why,
            ], notes: .operatorRoleNotes,
            examples: [
                "operator role anna --organization srkc --role administrator --why \"старшая смены\""
            ]),
        Manual(
            "operator revoke", .operatorRevoke, .one("LOGIN"),
            options: [.value("organization", "CODE", .optionFilterOrganization), why],
            notes: .operatorRevokeNotes,
            examples: [
                "operator revoke anna --organization srkc --why \"перешла в другой отдел\"",
                "operator revoke anna --why \"уволилась\"",
            ]),
        Manual(
            "operator password", .operatorPassword, .one("LOGIN"),
            options: [.flag("drop-second-factor", .optionDropFactor), why, json],
            notes: .operatorPasswordNotes,
            examples: [
                "operator password anna --why \"забыла пароль\"",
                "operator password anna --drop-second-factor --why \"потерян телефон, паспорт проверен\"",
            ]),
        Manual(
            "access restore", .accessRestore,
            options: [
                organization, .value("login", "LOGIN", required: true, .optionLogin),
                .value("email", "ADDRESS", required: true, .optionNewEmail),
                .value("check", "CHECK", required: true, .optionCheck), why, json,
            ], notes: .accessRestoreNotes,
            examples: [
                "access restore --organization srkc --login 626200012 --email anna@example.org "
                    + "--check documents --why \"паспорт и договор, почта утеряна\""
            ]),
        Manual(
            "access detach", .accessDetach,
            options: [
                organization, .value("account", "NUMBER", required: true, .optionAccount),
                .value("login", "LOGIN", required: true, .optionLogin),
                .value("check", "CHECK", required: true, .optionCheck), why, json,
            ], notes: .accessDetachNotes,
            examples: [
                "access detach --organization srkc --account 626200013 --login 626200012 "
                    + "--check documents --why \"квартира продана, выписка из ЕГРН нового владельца\""
            ]),
    ]

    private static let month = Option.value("month", "2026-04", required: true, .optionMonth)

    private static let periods =
        [("open", Phrase.periodOpen), ("preview", .periodPreview), ("close", .periodClose)].map {
            Manual(
                "period \($0.0)", $0.1,
                options: [organization, month]
                    + ($0.0 == "close" ? [.flag("confirm", .optionCloseEarly)] : [])
                    + ($0.0 == "open" ? [] : [.flag("all", .optionAllNamed)]) + [json],
                notes: $0.0 == "open" ? nil : .periodExit,
                examples: ["period \($0.0) --organization srkc --month 2026-04"])
        } + [
            Manual(
                "period problems", .periodProblems,
                options: [organization, month, .value("out", "FILE", .optionOut), json],
                notes: .periodProblemsNotes,
                examples: [
                    "period problems --organization srkc --month 2026-04 --out problems.csv"
                ]),
            Manual(
                "period reopen", .periodReopen, options: [organization, month, why, json],
                examples: [
                    "period reopen --organization srkc --month 2026-04 --why \"не тот тариф\""
                ]),
        ]

    private static let bills = [
        Manual(
            "bill withdraw", .billWithdraw,
            options: [
                organization, .value("account", "N", required: true, .memberAccount), month, why,
                dryRun, json,
            ], notes: .billWithdrawNotes,
            examples: [
                "bill withdraw --organization srkc --account А-00123 --month 2026-04 --why \"не тот файл\""
            ])
    ]

    private static let payments = [
        typed(
            "payment post", .postPayment, .paymentPost,
            "--account А-00123 --provider bank --number 17 --amount-kopecks 123456 --paid-on 2026-05-12"
        ),
        typed(
            "payment reverse", .reversePayment, .paymentReverse,
            "--account А-00123 --provider bank --number 17 --why \"возврат банка\""),
        Manual(
            "payment assign", .paymentAssign, .one("ID"),
            options: [
                organization, .value("account", "N", required: true, .memberAccount), why, dryRun,
                json,
            ], notes: .paymentAssignNotes,
            examples: [
                "payment assign 01a1fafb-f818-7a30-bc42-d8f1915c5195 --organization srkc "
                    + "--account А-00123 --why \"опечатка в номере, заявление 17\" --dry-run"
            ]),
        Manual(
            "payment list", .paymentList,
            options: [
                organization, .flag("nobody", .optionNobody),
                .value("account", "N", .optionPaymentAccount),
                .value("since", "1h|DATE", .optionSince), json,
            ], notes: .paymentListNotes,
            examples: [
                "payment list --organization srkc --nobody",
                "payment list --organization srkc --account А-00123 --since 2026-05-01",
            ]),
    ]

    private static func typed(
        _ path: String, _ kind: Command.Kind, _ summary: Phrase, _ example: String
    ) -> Manual {
        Manual(
            path, summary,
            options: [organization] + Member.of(kind).map(\.option)
                + [.flag("dry-run", .optionShapeOnly), json],
            examples: ["\(path) --organization srkc \(example)"])
    }

    private static let accounts = [
        typed(
            "account open", .openAccount, .accountOpen,
            "--account А-00123 --surname Иванова --name Анна --house len-1 --apartment 12"),
        typed(
            "account change", .changeAccount, .accountChange,
            "--account А-00123 --phone +79991234567"),
        typed(
            "account close", .closeAccount, .accountClose,
            "--account А-00123 --closed-on 2026-05-01"),
        typed(
            "account correct", .correctAccount, .accountCorrect,
            "--account А-00123 --from 2026-02 --why \"площадь уточнена по акту\""),
        typed(
            "account correct withdraw", .withdrawCorrection, .correctionWithdraw,
            "--account А-00123 --from 2026-02 --why \"не тот лицевой счёт\""),
    ]

    private static let meters = [
        typed(
            "meter install", .installMeter, .meterInstall,
            "--account А-00123 --service cold_water --meter 12345678 --digits 5 --decimals 3"),
        typed(
            "meter remove", .removeMeter, .meterRemove,
            "--account А-00123 --meter 12345678 --removed-on 2026-04-18 --value T1=131.012"),
        typed(
            "meter replace", .replaceMeter, .meterReplace,
            "--account А-00123 --meter 12345678 --replaced-on 2026-04-18 --value T1=131.012 "
                + "--new-meter 87654321 --new-value T1=0"),
        typed(
            "meter change", .changeMeter, .meterChange,
            "--account А-00123 --meter 12345678 --automatic yes"),
    ]

    private static let windows = [
        Manual(
            "window extend", .windowExtend,
            options: [organization] + Member.of(.extendWindow).map(\.option) + [dryRun, json],
            notes: .windowExtendNotes,
            examples: [
                "window extend --organization abonent --until 2026-04-28 --why \"кабинет не работал 24 и 25 числа\" --dry-run",
                "window extend --organization abonent --house len-1 --until 2026-04-28 --why \"в доме не было света\"",
            ]),
        Manual(
            "window set", .windowSet,
            options: [organization] + Member.of(.setWindow).map(\.option)
                + [.flag("dry-run", .optionShapeOnly), json], notes: .windowSetNotes,
            examples: [
                "window set --organization abonent --house len-1 --from 20 --to 28 --why \"договор 12\"",
                "window set --organization abonent --house len-1 --why \"как у всех\"",
            ]),
        Manual(
            "window list", .windowList, options: [organization, json],
            examples: ["window list --organization abonent"]),
    ]

    private static let queue = [
        Manual(
            "queue", .queueSummary, options: [.flag("lanes", .optionLanes), json],
            notes: .queueNotes, examples: ["queue", "queue --lanes", "queue --json"]),
        Manual(
            "queue pause", .queuePause, .one("POOL"), options: [why], notes: .queuePauseNotes,
            examples: ["queue pause bulk --why \"импорт мешает последнему вечеру\""]),
        Manual(
            "queue resume", .queueResume, .one("POOL"), options: [why],
            examples: ["queue resume bulk --why \"окно закрыто\""]),
        Manual(
            "queue resize", .queueResize, Manual.Operands(text: "POOL LANES", least: 2, most: 2),
            options: [why, dryRun, json], notes: .queueResizeNotes,
            examples: [
                "queue resize accounts 128 --dry-run --why \"проба\"",
                "queue resize accounts 128 --why \"восемь ядер вместо двух\"",
            ]),
        Manual(
            "queue rebase", .queueRebase, options: [why],
            examples: ["queue rebase --why \"восстановлено из копии\""]),
    ]

    private static let filters: [Option] = [
        .value("kind", "KIND", .optionKind),
        .value("organization", "CODE", .optionFilterOrganization),
        .value("account", "N", .optionFilterAccount),
        .value("subject", "NUMBER", .optionSubject), .value("since", "1h|DATE", .optionSince),
        .value("code", "CODE", .optionCode), .value("cause", "ID", .optionCause),
        .value("payload", "JSON", .optionPayload),
    ]

    private static let commands =
        [
            Manual(
                "commands list", .commandsList,
                options: [.value("state", "STATE", .optionState)] + filters
                    + [.value("limit", "N", .optionLimit), json],
                examples: [
                    "commands list --state abandoned",
                    "commands list --state refused --kind reading.submit --code RD_LESS --since 1h",
                    "commands list --organization srkc --account А-00123",
                ]),
            Manual(
                "commands abandoned", .commandsAbandoned,
                options: [
                    .value("kind", "KIND", .optionKind),
                    .value("organization", "CODE", .optionFilterOrganization),
                    .value("limit", "N", .optionLimit), json,
                ], notes: .commandsAbandonedNotes,
                examples: ["commands abandoned", "commands abandoned --kind reading.submit --json"]),
            Manual(
                "commands show", .commandsShow, .one("ID"), options: [json],
                examples: ["commands show 0196f0c2-5c3a-7c1e-8f00-1234567890ab"]),
            Manual(
                "commands retry", .commandsRetry, .some("ID…"),
                options: [why, .flag("accepted", .optionAccepted), dryRun, json],
                notes: .commandsRetryNotes,
                examples: [
                    "commands retry 0196f0c2-5c3a-7c1e-8f00-1234567890ab --why \"тариф исправлен\""
                ]),
            Manual(
                "commands discard", .commandsDiscard, .any("ID…"),
                options: [
                    .value("state", "STATE", .optionDiscardState)
                ] + filters + [why, dryRun, json],
                notes: .commandsDiscardNotes,
                examples: [
                    "commands discard 0196f0c2-5c3a-7c1e-8f00-1234567890ab --why \"дубль\"",
                    "commands discard --state abandoned --kind reading.submit --dry-run --why \"проба\"",
                ]),
            Manual(
                "commands reprocess", .commandsReprocess,
                options: [
                    .value("state", "STATE", .optionReprocessState)
                ] + filters + [.flag("accepted", .optionAccepted), why, dryRun, json],
                notes: .commandsReprocessNotes,
                examples: [
                    "commands reprocess --state refused --code RD_LESS --since 2d --dry-run --why \"проба\"",
                    "commands reprocess --kind reading.submit --organization srkc --why \"окно продлено\"",
                ]),
        ] + jobs

    private static let jobs =
        [
            Manual(
                "commands jobs", .commandsJobs,
                options: [.value("limit", "N", .optionLimit), json], notes: .commandsJobsNotes,
                examples: ["commands jobs"]),
            Manual(
                "commands jobs watch", .commandsJobsWatch, .one("JOB"), options: [json],
                examples: ["commands jobs watch 3"]),
        ]
        + [
            ("pause", Phrase.commandsJobsPause, "вечер окна"),
            ("resume", .commandsJobsResume, "окно закрыто"),
            ("cancel", .commandsJobsCancel, "не тот отбор"),
        ].map {
            Manual(
                "commands jobs \($0.0)", $0.1, .one("JOB"), options: [why],
                examples: ["commands jobs \($0.0) 3 --why \"\($0.2)\""])
        }

    private static let keys = [
        Manual(
            "key create", .keyCreate, .one("FILE"), notes: .keyCreateNotes,
            examples: ["key create /etc/kabinet/sealing.keys"]),
        Manual(
            "key add", .keyAdd, .one("FILE"), notes: .keyAddNotes,
            examples: ["key add /etc/kabinet/sealing.keys"]),
        Manual(
            "key publish", .keyPublish, options: [why], notes: .keyPublishNotes,
            examples: ["key publish --why \"плановая смена ключа\""]),
        Manual("key list", .keyList, options: [json], examples: ["key list", "key list --json"]),
    ]

    private static let views = [
        Manual(
            "views check", .viewsCheck,
            options: [
                .value("organization", "CODE", .optionFilterOrganization),
                .value("limit", "N", .optionLimit), json,
            ], notes: .viewsCheckNotes,
            examples: ["views check", "views check --organization srkc --json"]),
        Manual(
            "views rebuild", .viewsRebuild,
            options: [
                .value("organization", "CODE", .optionFilterOrganization), why, dryRun,
                .value("limit", "N", .optionLimit), json,
            ], notes: .viewsRebuildNotes,
            examples: [
                "views rebuild --dry-run --why \"проба\"",
                "views rebuild --organization srkc --why \"после сбоя диска\"",
            ]),
    ]

    private static let rest = [
        Manual(
            "doctor", .doctorSummary,
            options: [.value("idle", "N", .optionIdle), json, .flag("metrics", .optionMetrics)],
            examples: ["doctor", "doctor --json", "doctor --idle 5", "doctor --metrics"]),
        Manual(
            "audit list", .auditList,
            options: [
                .value("person", "N|LOGIN", .optionPerson),
                .value("operator", "LOGIN", .optionOperator),
                .value("organization", "CODE", .optionFilterOrganization),
                .value("action", "ACTION", .optionAction),
                .value("since", "1h|DATE", .optionSince), .value("limit", "N", .optionLimit), json,
            ],
            examples: [
                "audit list --limit 100", "audit list --person 626200012 --since 30d",
                "audit list --operator anna --action person.viewed",
            ]),
        Manual(
            "outbox list", .outboxList, options: [.value("limit", "N", .optionLimit), json],
            examples: ["outbox list"]),
        Manual(
            "notices list", .noticesList,
            options: [
                .value("organization", "CODE", .optionOrganization),
                .value("state", "STATE", .optionNoticeState), .value("limit", "N", .optionLimit),
                json,
            ], examples: ["notices list", "notices list --state refused --limit 20"]),
        Manual("demo links", .demoLinks, examples: ["demo links"]),
        Manual("demo bare", .demoBare, examples: ["demo bare"]),
    ]
}
