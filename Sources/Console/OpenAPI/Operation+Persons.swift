import HTTPServer
import Text

extension Operation {
    static let identify = Operation(
        id: "identify", tag: "Devices", summary: "Say whose a device is",
        description:
            "For the team's backend, when somebody signs in. A device that is new gets the values of the person's first device, if they have "
            + "one; a device that has values keeps them. Durable when it is answered; the same link again changes nothing. A device that "
            + "is enrolled by this is in the targeted experiments that its `attributes` match, as with the header `Device-Attributes` of a "
            + "first request.",
        body: ("Identify", true, ["device": "3f1c9a52-device", "person": "account-1204", "attributes": ["country": "DE", "age": 30]]),
        answers: [(200, Answer(description: "They are linked.", content: .schema("Identified")))],
        problems: [
            (400, "The body is not JSON of this form."),
            (409, "The device is another person's."),
            (
                422,
                "The device's token or the person's id breaks its rule: 1 to 256 visible ASCII characters, and more than `.` or `..`; or an attribute breaks its limits."
            ),
            (503, "It cannot be written now."),
        ]
    )

    static let erasePerson = Operation(
        id: "erasePerson", tag: "Events", summary: "Delete everything about a person",
        description:
            "What `DELETE /api/v1/admin/units/{token}` does, for each of their devices and for what is told under their own id; and "
            + "the links between them. The audit log says that it was done, without a name.",
        parameters: [
            Parameter(
                name: "person", place: .path, description: "The person's id, as it was told to `identify`.", schema: ["type": "string"],
                example: "account-1204")
        ],
        answers: [(202, Answer(description: "It is gone here, and the warehouse will follow.", content: .schema("PersonErasure")))],
        problems: [(400, "The id is longer than 256 bytes or not of visible ASCII characters.")]
    )
}
