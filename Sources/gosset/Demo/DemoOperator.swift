import Audience
import Foundation
import HTTPClient

/// What an operator does over the API: makes experiments, gives them plans, starts them, and reads what came of them.
struct DemoOperator: Sendable {
    let client: AudienceClient
    let token: String

    /// What went otherwise than it should.
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// What is known of an experiment.
    struct Outcome: Hashable, Sendable {
        var decision = "keep running"
        var variant: String?
        /// The lift of the first metric, as a share.
        var lift: Double?
        /// The always-valid interval of the first metric's difference, in its own unit.
        var interval: ClosedRange<Double>?
        /// What the results say, in sentences; nil as long as there are none.
        var text: String?
        /// Why there are no results, or older ones.
        var failure: String?
    }

    /// Sees to it that an experiment exists, has its plan and runs; what is so already is left alone.
    func prepare(_ experiment: DemoExperiment) async throws {
        let path = "/api/v1/admin/experiments/\(experiment.key)"
        if let creation = experiment.creation, try await status("GET", path) == 404 {
            _ = try await send("POST", "/api/v1/admin/experiments", body: creation)
            _ = try await send("POST", path + "/start")
        }
        if try await status("GET", path + "/plan") == 404 {
            _ = try await send("PUT", path + "/plan", type: "application/yaml", body: experiment.plan)
        }
    }

    /// How many devices there are.
    func devices() async throws -> Int {
        try JSONDecoder().decode(Devices.self, from: try await send("GET", "/api/v1/statistics")).devices
    }

    /// What is known of an experiment now.
    func outcome(of key: String) async throws -> Outcome {
        let results = try JSONDecoder().decode(Results.self, from: try await send("GET", "/api/v1/experiments/\(key)/results"))
        let comparison = results.alwaysValid?.metrics.first?.comparisons?.first
        return Outcome(
            decision: results.verdict?.decision ?? "keep running", variant: results.verdict?.variant, lift: comparison?.lift,
            interval: comparison?.interval?.range, text: results.alwaysValid?.verdict.text,
            failure: results.failure)
    }

    private struct Devices: Decodable { let devices: Int }

    private struct Results: Decodable {
        struct Verdict: Decodable {
            let decision: String
            let variant: String?
        }
        struct Report: Decodable {
            struct Metric: Decodable { let comparisons: [Comparison]? }
            struct Comparison: Decodable {
                let lift: Double?
                let interval: Interval?
            }
            struct Interval: Decodable {
                // Missing where a bound is infinite.
                let low: Double?
                let high: Double?

                var range: ClosedRange<Double>? {
                    guard let low, let high, low <= high else { return nil }
                    return low...high
                }
            }
            struct Verdict: Decodable { let text: String }
            let verdict: Verdict
            let metrics: [Metric]
        }
        let verdict: Verdict?
        let failure: String?
        let alwaysValid: Report?
    }

    private func status(_ method: String, _ path: String) async throws -> Int {
        try await client.send(method, path, headers: [("Authorization", "Bearer \(token)")]).status
    }

    private func send(_ method: String, _ path: String, type: String = "application/json", body: String? = nil) async throws -> Data {
        let headers = [("Authorization", "Bearer \(token)")] + (body == nil ? [] : [("Content-Type", type)])
        let answer = try await client.send(method, path, headers: headers, body: body)
        guard (200...299).contains(answer.status) else {
            let text = String(decoding: answer.body.prefix(300), as: UTF8.self)
            throw Failure(description: "\(method) \(path) was answered \(answer.status): \(text)")
        }
        return Data(answer.body)
    }
}
