import Crypto
import Glibc
import HTTP
import Postgres
import Queue
import Settings
import Telemetry
import Threads
import Workers

/// `kabinet workers`: the lanes of this process.
struct Working {
    private let context: Context

    init(_ context: Context) { self.context = context }

    func run() throws -> Int32 {
        var signals = Signals()
        try Release.check(context.library)
        let settings = try context.workers()
        let telemetry = context.telemetry
        let keys = try context.environment.sealingKeyFile.map { try SealingKeys.read($0) } ?? []
        let misfit = Monitor<String?>(nil)
        let post = Post(
            mail: try context.mailRoute(), messages: try context.messageRoute(),
            publicURL: context.environment.publicURL, keys: keys, telemetry: telemetry)
        let limits = DeliveryLimits(settings.pools)
        let runner = try connect {
            try Runner(
                address: try context.address("kabinet_workers"), library: context.library,
                telemetry: telemetry,
                pools: settings.pools.map {
                    ($0.policy, work($0, post, limits, keys))
                },
                statements: Desk.statements + Mailroom.statements,
                words: keys.map { "key \($0.id)" },
                onMisfit: { reason in
                    misfit.change { $0 = reason }
                    // The end is the same as when it is asked for.
                    kill(getpid(), SIGTERM)
                })
        }
        let health = try serveHealth(runner)
        runner.start()
        if health != nil { runner.startGauges() }
        telemetry.tell(
            Told.started(
                "workers",
                [
                    ("pools", .strings(settings.pools.map(\.name))),
                    ("sealing_keys", .strings(keys.map(\.id))), ("pid", .int(Int64(getpid()))),
                ]))
        while true {
            let signal = signals.next()
            if signal == SIGHUP {
                reload(runner, limits)
                continue
            }
            break
        }
        telemetry.tell(Told.stopping("workers"))
        let second = Worker("second signal") { [signals] in
            var signals = signals
            if signals.next() != SIGHUP { exit(1) }
        }
        _ = second
        let clean = runner.stop(grace: settings.graceMilliseconds)
        health?.stop()
        telemetry.tell(Told.stopped("workers", clean: clean))
        if let misfit = misfit.read({ $0 }) { throw Migrator.Stopped(description: misfit) }
        // What did not end in time is rolled back by the server and comes again elsewhere.
        return 0
    }

    private func work(
        _ pool: PoolSettings, _ post: Post, _ limits: DeliveryLimits, _ keys: [SealingKey]
    ) -> PoolWork {
        guard pool.mode == .delivery else { return .decide { Desk(keys: keys) } }
        let (name, kinds) = (pool.name, pool.kinds)
        return .deliver { Mailroom(post, kinds: kinds) { limits.limits(of: name) } }
    }

    /// The database may still be starting: wait for it, telling so.
    private func connect<Value>(_ make: () throws -> Value) throws -> Value {
        var tries = 0
        while true {
            do {
                return try make()
            } catch let error as PostgresError where error.connectionLost && tries < 300 {
                tries += 1
                if tries % 10 == 1 { context.telemetry.tell(Told.waitingForDatabase(error)) }
                _ = Monitor(0).wait(milliseconds: 200) { _ in nil as Int? }
            }
        }
    }

    private func reload(_ runner: Runner, _ limits: DeliveryLimits) {
        do {
            let pools = try context.workers().pools
            limits.apply(pools)
            runner.apply(pools.map(\.policy))
            context.telemetry.tell(Told.reloaded())
        } catch {
            context.telemetry.tell(Told.notReloaded(error))
        }
    }

    private func serveHealth(_ runner: Runner) throws -> Server? {
        guard let port = context.environment.metricsPort else { return nil }
        let telemetry = context.telemetry
        let handler: Handler = { request, responder in
            switch request.rawPath {
            case "/metrics":
                runner.tellCrews()
                responder.respond(
                    Response(
                        status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
                        text: telemetry.metrics.exposition()))
            case "/health/live", "/health/ready":
                let pools = runner.health
                let ready =
                    runner.listening && pools.allSatisfy { $0.connected > 0 || $0.lastBatch == nil }
                let list = pools.map {
                    "{\"pool\":\"\($0.pool)\",\"threads\":\($0.threads),\"connected\":\($0.connected)}"
                }.joined(separator: ",")
                responder.respond(
                    Response(
                        status: ready || request.rawPath == "/health/live" ? 200 : 503,
                        type: "application/json",
                        text: "{\"listening\":\(runner.listening),\"pools\":[\(list)]}"))
            default:
                responder.respond(Response(status: 404, type: "text/plain", text: ""))
            }
        }
        return try Server(
            ServerSettings(address: "127.0.0.1", port: UInt16(port), connections: 64),
            malformed: { fault, _ in
                Response(status: fault.status, type: "text/plain", text: "")
            }, handler: handler)
    }
}
