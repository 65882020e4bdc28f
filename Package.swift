// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// What tries the program is not optimised: a cold build of everything then takes a fifth less processor time, and it is the program that has to be
// fast. Not so EffectCheckTests, which compute what that room must find and would take four times as long. A module is emitted together with its
// code, as the compiler otherwise takes local functions whose bodies it has skipped for ones that throw nothing. Packages that depend on this one
// see none of it: no product has these flags.
let tests = strict + [.unsafeFlags(["-Onone", "-no-emit-module-separately-wmo"])]

/// A room imports only rooms below it; the floors are those of Documentation/architecture.md.
let package = Package(
    name: "gosset",
    products: [
        .executable(name: "gosset", targets: ["gosset"]),
        .library(name: "Statistics", targets: ["Statistics"]),
        .library(name: "Randomization", targets: ["Randomization"]),
    ],
    targets: [
        // Floor 4
        .executableTarget(
            name: "gosset",
            dependencies: [
                "Analysis", "Audience", "Charts", "Comparison", "Console", "EffectCheck", "Enrollment", "Events", "Experiments",
                "HTTPClient", "HTTPServer",
                "Logging", "Notifications", "Spending", "Statistics", "Tables", "Text", "Warehouse",
            ],
            swiftSettings: strict),
        // Floor 3
        .target(
            name: "Console",
            dependencies: [
                "Analysis", "Charts", "Comparison", "EffectCheck", "Enrollment", "Events", "Experiments", "HTTPServer", "Notifications",
                "Randomization", "Spending", "Statistics", "Tables", "Text", "Warehouse", "CAssets", "CMarkdown",
            ],
            swiftSettings: strict),
        // Floor 2
        .target(
            name: "Enrollment",
            dependencies: ["Commit", "Experiments", "Randomization", "Scheduling", "SQLite", "CPostgres", "CSodium"],
            swiftSettings: strict),
        .target(
            name: "Events",
            dependencies: ["Commit", "Experiments", "Randomization", "Scheduling", "SQLite", "Text", "Warehouse"],
            swiftSettings: strict),
        .target(
            name: "Comparison",
            dependencies: ["Charts", "Statistics", "Tables", "Text"],
            swiftSettings: strict),
        .target(
            name: "Analysis",
            dependencies: ["Charts", "Experiments", "HTTPClient", "Statistics", "Text", "Warehouse"],
            swiftSettings: strict),
        .target(
            name: "EffectCheck",
            dependencies: ["Scheduling", "Statistics", "Text", "Warehouse", "CMemory"],
            swiftSettings: strict),
        .target(
            name: "Spending",
            dependencies: ["Experiments", "SQLite", "CMongoC"],
            swiftSettings: strict),
        .target(
            name: "Notifications",
            dependencies: ["Charts", "Experiments", "HTTPClient", "SQLite", "Text", "CSodium"],
            swiftSettings: strict),
        // Floor 1
        .target(
            name: "Experiments",
            dependencies: ["Randomization", "Text", "CYAML"],
            swiftSettings: strict),
        .target(
            name: "Warehouse",
            dependencies: ["HTTPClient", "Scheduling", "CADBC"],
            swiftSettings: strict),
        .target(
            name: "HTTPServer",
            dependencies: ["Logging", "Scheduling", "Text", "CMicroHTTPD"],
            swiftSettings: strict),
        .target(
            name: "Audience",
            dependencies: ["HTTPClient", "Randomization", "Text"],
            swiftSettings: strict),
        .target(
            name: "Commit",
            swiftSettings: strict),
        .target(
            name: "SQLite",
            dependencies: ["CSQLite"],
            swiftSettings: strict),
        .target(
            name: "Tables",
            dependencies: ["Text"],
            swiftSettings: strict),
        .target(
            name: "Charts",
            dependencies: ["Text"],
            swiftSettings: strict),
        // Floor 0
        .target(
            name: "Statistics",
            dependencies: ["CBoostMath"],
            swiftSettings: strict),
        .target(
            name: "Randomization",
            swiftSettings: strict),
        .target(
            name: "Logging",
            swiftSettings: strict),
        .target(
            name: "Scheduling",
            dependencies: ["CScheduling"],
            swiftSettings: strict),
        .target(
            name: "HTTPClient",
            dependencies: ["CCurl"],
            swiftSettings: strict),
        .target(
            name: "Text",
            swiftSettings: strict),
        .target(
            name: "CAssets",
            exclude: ["files", "vendor"],
            cSettings: [.headerSearchPath(".")]),
        .target(
            name: "CADBC",
            linkerSettings: [.linkedLibrary("dl")]),
        .target(
            name: "CBoostMath"),
        .target(
            name: "CMicroHTTPD",
            linkerSettings: [.linkedLibrary("microhttpd")]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CMarkdown", pkgConfig: "libcmark-gfm", providers: [.apt(["libcmark-gfm-extensions-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CMemory"),
        .target(name: "CScheduling"),
        .target(name: "CMongoC"),
        // Measurements of one room by itself; those of the whole are scripts in Benchmarks.
        .executableTarget(
            name: "EnrollmentBenchmark",
            dependencies: ["Enrollment", "Experiments"],
            path: "Benchmarks/Enrollment",
            swiftSettings: strict),
        .executableTarget(
            name: "HTTPServerBench",
            dependencies: ["HTTPServer"],
            path: "Benchmarks/http",
            exclude: ["run"],
            swiftSettings: strict),
        // Simulations that hold the statistics to their word; the tests run them too, in a reduced form.
        .target(
            name: "StatisticsCalibration",
            dependencies: ["Statistics"],
            path: "Benchmarks/Calibration/Cases",
            swiftSettings: strict),
        .executableTarget(
            name: "calibrate",
            dependencies: ["StatisticsCalibration"],
            path: "Benchmarks/Calibration/Program",
            swiftSettings: strict),
        .executableTarget(
            name: "StatisticsBenchmark",
            dependencies: ["Statistics"],
            path: "Benchmarks/Statistics",
            exclude: ["peer.py", "requirements.txt"],
            swiftSettings: strict),
        // What several tests share
        .target(
            name: "SeededRandom",
            swiftSettings: strict),
        .target(
            name: "HTTPServerTesting",
            dependencies: ["HTTPServer", "Logging"],
            swiftSettings: strict),
        .target(
            name: "EnrollmentTesting",
            swiftSettings: strict),
        .target(
            name: "WarehouseTesting",
            dependencies: ["EnrollmentTesting", "Experiments", "HTTPClient", "Warehouse"],
            swiftSettings: strict),
        .target(
            name: "StandIns",
            dependencies: ["HTTPServer", "Logging", "SQLite", "Text"],
            swiftSettings: strict),
        // Tests mirror sources.
        .testTarget(
            name: "WarehouseTests",
            dependencies: ["EnrollmentTesting", "Warehouse", "WarehouseTesting"],
            swiftSettings: tests),
        .testTarget(
            name: "ChartsTests",
            dependencies: ["Charts", "StandIns", "Text"],
            swiftSettings: tests),
        .testTarget(
            name: "AnalysisTests",
            dependencies: [
                "Analysis", "Charts", "EnrollmentTesting", "Experiments", "Statistics", "Text", "Warehouse", "WarehouseTesting",
            ],
            swiftSettings: tests),
        .testTarget(
            name: "StatisticsTests",
            dependencies: ["Statistics", "StatisticsCalibration", "SeededRandom"],
            resources: [.copy("Fixtures")],
            swiftSettings: tests),
        .testTarget(
            name: "RandomizationTests",
            dependencies: ["Randomization"],
            swiftSettings: tests),
        .testTarget(
            name: "CommitTests",
            dependencies: ["Commit"],
            swiftSettings: tests),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: ["Experiments", "Text", "SeededRandom"],
            swiftSettings: tests),
        .testTarget(
            name: "AudienceTests",
            dependencies: ["Audience", "Text"],
            swiftSettings: tests),
        .testTarget(
            name: "LoggingTests",
            dependencies: ["Logging"],
            swiftSettings: tests),
        .testTarget(
            name: "ComparisonTests",
            dependencies: ["Charts", "Comparison", "Statistics", "Tables", "Text"],
            swiftSettings: tests),
        .testTarget(
            name: "EffectCheckTests",
            dependencies: ["EffectCheck", "Text", "Warehouse", "WarehouseTesting"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "TablesTests",
            dependencies: ["Tables"],
            swiftSettings: tests),
        .testTarget(
            name: "TextTests",
            dependencies: ["Text"],
            swiftSettings: tests),
        .testTarget(
            name: "SchedulingTests",
            dependencies: ["Scheduling", "CScheduling"],
            swiftSettings: tests),
        .testTarget(
            name: "HTTPClientTests",
            dependencies: ["HTTPClient", "HTTPServer", "Logging", "StandIns"],
            swiftSettings: tests),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: ["HTTPServer", "HTTPServerTesting", "Logging", "Text", "SeededRandom"],
            swiftSettings: tests),
        .testTarget(
            name: "EnrollmentTests",
            dependencies: ["Commit", "Enrollment", "EnrollmentTesting", "Experiments", "Randomization", "SeededRandom"],
            swiftSettings: tests),
        .testTarget(
            name: "EventsTests",
            dependencies: [
                "Commit", "Events", "EnrollmentTesting", "Experiments", "HTTPServer", "SQLite", "Warehouse", "WarehouseTesting",
            ],
            swiftSettings: tests),
        .testTarget(
            name: "SpendingTests",
            dependencies: ["Spending", "Experiments", "SQLite", "StandIns"],
            swiftSettings: tests),
        .testTarget(
            name: "NotificationsTests",
            dependencies: ["Charts", "Notifications", "Experiments", "HTTPServer", "Logging", "StandIns", "Text"],
            swiftSettings: tests),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Analysis", "Comparison", "Console", "EffectCheck", "Enrollment", "EnrollmentTesting", "Events", "Experiments",
                "HTTPServer",
                "HTTPServerTesting", "Logging", "Notifications", "Spending", "StandIns", "Statistics", "Tables", "Warehouse",
                "WarehouseTesting",
            ],
            swiftSettings: tests),
        .testTarget(
            name: "gossetTests",
            dependencies: [
                "gosset", "EnrollmentTesting", "HTTPServer", "HTTPServerTesting", "Logging", "StandIns", "Warehouse", "WarehouseTesting",
                "SeededRandom",
            ],
            exclude: ["Clients"],
            swiftSettings: tests),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
