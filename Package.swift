// swift-tools-version: 6.2
import PackageDescription

// The manifest is the drawing of the house (README, "The map of the house"). Targets stand in the order in which a
// command flows through them; `uses` is the whole of what a room may see, and the build refuses every other import
// (`--explicit-target-dependency-import-check error`, see ops/lib/build).

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func room(_ name: String, uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: house)
}

func library(_ name: String, pkgConfig: String, apt package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([package])])
}

func tests(_ name: String, uses: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: uses, swiftSettings: house)
}

let package = Package(
    name: "kabinet",
    products: [.executable(name: "kabinet", targets: ["kabinet"])],
    targets: [
        // The published language and its words.
        room("Commands"),
        room("Words", uses: ["Commands"]),

        // A command comes in …
        room(
            "Ingress",
            uses: [
                "Commands", "Words", "Access", "Queue", "HTTP", "Crypto", "Telemetry", "Threads",
            ]),
        room("Access", uses: ["Commands", "Postgres", "Crypto"]),
        room("Queue", uses: ["Postgres", "Telemetry", "Threads"]),

        // … is decided …
        room(
            "Workers",
            uses: [
                "Commands", "Words", "Markup", "Domain", "Queue", "Store", "Bills", "Postgres",
                "HTTP", "Crypto", "Drawing", "Telemetry", "Threads",
            ]),
        room("Domain", uses: ["Commands"]),
        room("Store", uses: ["Domain", "Commands", "Postgres", "Threads"]),
        room("Bills", uses: ["Commands", "Words", "Store", "Drawing"]),

        // … and is read.
        room(
            "Portal",
            uses: [
                "Commands", "Words", "Markup", "Access", "Store", "Bills", "Files", "Drawing",
                "HTTP", "Telemetry", "Threads",
            ]),
        room(
            "Operations",
            uses: [
                "Commands", "Words", "Queue", "Store", "Files", "Postgres", "Crypto", "Telemetry",
            ]),

        // Tools that know nothing of ours.
        room("Markup"),
        room("Files", uses: ["CZip"]),
        room("Postgres", uses: ["CPostgres"]),
        room("HTTP", uses: ["CMicroHTTP", "CCurl", "CZlib"]),
        room("Crypto", uses: ["CSodium", "CCrypto"]),
        room("Drawing", uses: ["CCairo", "CQREncode"]),
        room("Settings", uses: ["Commands", "CYAML"]),
        room("Telemetry"),
        room("Threads"),

        // The only place that knows all.
        .executableTarget(
            name: "kabinet",
            dependencies: [
                "Commands", "Words", "Ingress", "Access", "Queue", "Workers", "Domain", "Store",
                "Bills", "Portal", "Operations", "Markup", "Files", "Postgres", "HTTP", "Crypto",
                "Settings",
                "Telemetry", "Threads",
            ],
            swiftSettings: house),

        library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
        library("CMicroHTTP", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("CSodium", pkgConfig: "libsodium", apt: "libsodium-dev"),
        library("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        library("CZip", pkgConfig: "libzip", apt: "libzip-dev"),
        library("CCairo", pkgConfig: "pangocairo", apt: "libpango1.0-dev"),
        library("CQREncode", pkgConfig: "libqrencode", apt: "libqrencode-dev"),

        // Pure, in milliseconds.
        tests("CommandsTests", uses: ["Commands"]),
        tests("DomainTests", uses: ["Commands", "Domain"]),
        tests("CryptoTests", uses: ["Crypto"]),
        tests("FilesTests", uses: ["Files"]),
        tests("MarkupTests", uses: ["Markup"]),
        tests("SettingsTests", uses: ["Commands", "Settings"]),
        tests("TelemetryTests", uses: ["Telemetry"]),
        tests(
            "OperationsTests",
            uses: [
                "Commands", "Words", "Queue", "Store", "Files", "Postgres", "Crypto", "Operations",
                "Telemetry", "TestKit", "Threads",
            ]),
        tests("WordsTests", uses: ["Commands", "Words"]),
        tests(
            "PortalTests",
            uses: [
                "Bills", "Commands", "Words", "Markup", "Access", "Store", "HTTP", "Portal",
                "Postgres",
                "Telemetry", "Crypto", "Drawing", "Settings", "TestKit",
            ]),
        tests(
            "IngressTests",
            uses: [
                "Access", "Commands", "Crypto", "HTTP", "Ingress", "Postgres", "Queue", "Telemetry",
                "TestKit", "Threads", "Words",
            ]),
        // Against the real library.
        tests("HTTPTests", uses: ["HTTP"]),
        tests("DrawingTests", uses: ["Drawing"]),
        tests("BillsTests", uses: ["Bills", "Commands", "Drawing", "Store", "Words"]),
        // Against a real PostgreSQL: a database a suite, cloned from a migrated template.
        .target(
            name: "TestKit",
            dependencies: ["Commands", "Postgres", "Queue", "Telemetry", "Threads"],
            path: "Tests/TestKit", swiftSettings: house),
        tests("PostgresTests", uses: ["Postgres", "TestKit"]),
        tests("QueueTests", uses: ["Postgres", "Queue", "Telemetry", "TestKit", "Threads"]),
        tests(
            "WorkersTests",
            uses: [
                "Commands", "Crypto", "Domain", "Postgres", "Queue", "Store", "Telemetry",
                "TestKit", "Threads", "Workers",
            ]),
        // Letters and messages against real servers that misbehave.
        .testTarget(
            name: "DeliverTests",
            dependencies: [
                "Commands", "Crypto", "Domain", "HTTP", "Postgres", "Queue", "Store", "Telemetry",
                "TestKit", "Threads", "Workers",
            ], exclude: ["Servers"], swiftSettings: house),
        // What the statements of all rooms cost.
        tests(
            "PlansTests",
            uses: [
                "Access", "Postgres", "Queue", "Store", "TestKit", "Threads", "Workers",
            ]),
        // The tree itself, and the built binary under kill -9.
        tests("HouseTests", uses: []),
        tests(
            "SystemTests",
            uses: ["Commands", "Crypto", "Postgres", "Queue", "Telemetry", "TestKit", "Threads"]),
    ],
    swiftLanguageModes: [.v6]
)
