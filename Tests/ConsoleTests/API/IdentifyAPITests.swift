import Console
import Enrollment
import Experiments
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct IdentifyAPITests {
    private static let path = "/api/v1/identify"

    private func identify(
        _ device: String, _ person: String, as role: AccessRole = .backend, _ fixture: Fixture, _ client: any TestClient
    ) async throws -> TestResponse {
        try await client.post(Self.path, as: role, of: fixture, #"{"device":"\#(device)","person":"\#(person)"}"#)
    }

    @Test func `A new device gets the person's values, and one that has values keeps them`() async throws {
        try await Fixture.both { fixture, client async throws in
            // Enough devices that some differ in both experiments.
            var values: [String: [String: String]] = [:]
            for number in 0..<20 { values["device-\(number)"] = try await client.values("device-\(number)") }
            let mine = try #require(values["device-0"])
            let other = try #require(values.first { $0.value != mine }?.key)
            let first = try await identify("device-0", "ann", fixture, client).object()
            #expect(first["values"] as? String == "device" && first["differs"] as? Bool == false && first["ordinal"] as? Int == 0)
            let tablet = try await identify("tablet", "ann", fixture, client).object()
            #expect(tablet["values"] as? String == "person" && tablet["differs"] as? Bool == false && tablet["ordinal"] as? Int == 0)
            #expect(try await client.values("tablet") == mine)
            let crossed = try await identify(other, "ann", fixture, client).object()
            #expect(crossed["values"] as? String == "device" && crossed["differs"] as? Bool == true)
            #expect(try await client.values(other) == values[other])
            // Told again it is the same, also when it was linked.
            #expect(try await identify("tablet", "ann", fixture, client).object()["since"] as? String == tablet["since"] as? String)
            _ = try await identify("new-1", "bob", fixture, client)
            _ = try await identify("new-2", "bob", fixture, client)
            #expect(try await client.values("new-1") == client.values("new-2"))
            // One person counts once.
            let statistics = try await client.get("/api/v1/statistics").object()
            #expect(statistics["devices"] as? Int == 21)
            #expect(statistics["alarm"] == nil || statistics["alarm"] is NSNull)
        }
    }

    @Test func `Nobody keeps a person from being linked by calling a device as they are called`() async throws {
        try await Fixture.both { fixture, client async throws in
            let squatted = try await client.values("ann")
            #expect(try await identify("phone", "ann", fixture, client).status == 200)
            #expect(try await identify("tablet", "ann", fixture, client).status == 200)
            // Neither answers nor devices are mixed up.
            #expect(try await client.values("ann") == squatted)
            #expect(try await client.values("tablet") == client.values("phone"))
            #expect(try await fixture.registry.links(.ofPerson(PersonID("ann"))).map(\.token.description) == ["phone", "tablet"])
            #expect(try await client.get("/api/v1/statistics").object()["devices"] as? Int == 2)
            // Who calls people as their first devices may do that.
            #expect(try await identify("bob", "bob", fixture, client).status == 200)
            #expect(try await identify("watch", "bob", fixture, client).status == 200)
            #expect(try await client.values("watch") == client.values("bob"))
        }
    }

    @Test func `Names that no address can end in are refused, as what is deleted stands in one`() async throws {
        try await Fixture.both { fixture, client async throws in
            for (device, person, word) in [("phone", "..", "person's id"), ("phone", ".", "person's id"), ("..", "ann", "device token")] {
                let detail = try await identify(device, person, fixture, client).problem(422)
                #expect(detail.contains(word) && detail.contains("dots alone"), "\(detail)")
            }
            let detail = try await client.get("/api/v1/experiments", headers: [("Device-Token", ".")]).problem(400)
            #expect(detail.contains("dots alone"), "\(detail)")
            #expect(fixture.registry.nextOrdinal == 0)
        }
    }

    @Test func `It is for the team's servers, and a device is one person's`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.post(Self.path, json: #"{"device":"a","person":"ann"}"#).problem(401)
            _ = try await identify("a", "annabel", as: .viewer, fixture, client).problem(403)
            #expect(fixture.registry.nextOrdinal == 0)
            for role in [AccessRole.backend, .editor, .admin] {
                #expect(try await identify("a", "annabel", as: role, fixture, client).status == 200)
            }
            let detail = try await identify("a", "bob", fixture, client).problem(409)
            #expect(!detail.contains("annabel"))
            #expect(fixture.registry.nextOrdinal == 1)
            // The role of backends reads, and changes nothing else.
            let body = #"{"key":"new","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            _ = try await client.post("/api/v1/admin/experiments", as: .backend, of: fixture, body).problem(403)
            #expect(try await client.get("/api/v1/admin/experiments", headers: fixture.headers(.backend)).status == 200)
        }
    }

    @Test func `What is told of a new device decides what it is in, as if it had asked itself`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let body = #"{"key":"german","variants":[{"value":"a","weight":1},{"value":"b","weight":1}],"targeting":{"country":"DE"}}"#
            #expect(try await client.post("/api/v1/admin/experiments", as: .editor, of: fixture, body).status == 201)
            #expect(try await client.post("/api/v1/admin/experiments/german/start", as: .editor, of: fixture).status == 200)
            func identify(_ device: String, _ person: String, _ attributes: String) async throws -> TestResponse {
                try await client.post(
                    Self.path, as: .backend, of: fixture, #"{"device":"\#(device)","person":"\#(person)","attributes":\#(attributes)}"#)
            }
            for (person, attributes, isIn) in [
                ("ann", #"{"country":"DE","age":30}"#, true), ("bob", #"{"country":"FR"}"#, false), ("eve", "{}", false),
                ("max", "null", false),
            ] {
                #expect(try await identify("phone-\(person)", person, attributes).status == 200)
                #expect(try await (client.values("phone-\(person)")["german"] != nil) == isIn, "\(person)")
                // A later device is answered as the first, whatever is told of it.
                #expect(try await identify("tablet-\(person)", person, #"{"country":"DE"}"#).status == 200)
                #expect(try await client.values("tablet-\(person)") == client.values("phone-\(person)"))
            }
            // A device that is known stays what it is.
            #expect(try await client.values("early") == [:])
            #expect(try await identify("early", "zoe", #"{"country":"DE"}"#).status == 200)
            #expect(try await client.values("early") == [:])
            #expect(try await identify("x", "y", #"{"a":[1]}"#).problem(422).contains("a text, a number, true or false"))
            #expect(try await identify("x", "y", #"{"":1}"#).problem(422).contains("attribute name"))
            #expect(
                try await identify("x", "y", #"{"a":"\#(String(repeating: "x", count: 257))"}"#).problem(422).contains("longer than 256"))
        }
    }

    @Test func `What is no device or person is told`() async throws {
        try await Fixture.both { fixture, client async throws in
            #expect(try await identify("", "ann", fixture, client).problem(422).contains("device token is empty"))
            #expect(try await identify("a", "a b", fixture, client).problem(422).contains("person's id"))
            #expect(try await identify("a", String(repeating: "x", count: 257), fixture, client).problem(422).contains("256"))
            for body in ["{", "[]", #"{"device":"a"}"#, #"{"device":"a","person":1}"#, #"{"device":"a","person":"b","more":1}"#] {
                let response = try await client.post(Self.path, as: .backend, of: fixture, body)
                #expect((400..<500).contains(response.status), "\(body)")
            }
            #expect(fixture.registry.nextOrdinal == 0)
        }
    }
}
