import Text

extension Schemas {
    /// Of layers and holdouts.
    static let layers: [(String, JSONValue)] = [
        (
            "NewLayer",
            object(
                [
                    "name": key, "summary": ["type": "string", "maxLength": 4096],
                    "slots": ["type": "integer", "minimum": 2, "maximum": 128, "default": 100], "holdout": key,
                ], optional: ["summary", "slots", "holdout"])
        ),
        (
            "Layer",
            object([
                "name": key, "summary": text, "created": time, "holdout": optional(key), "slots": count, "free": count,
                "experiments": list(object(["key": key, "state": state, "slots": list(count)])),
            ])
        ),
        ("LayerList", object(["layers": list(.reference("Layer"))])),
        ("LayerSlots", object(["name": key, "slots": list(count), "of": count])),
        (
            "NewHoldout",
            object(
                [
                    "name": key, "summary": ["type": "string", "maxLength": 4096],
                    "percent": ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100],
                ], optional: ["summary"])
        ),
        (
            "Holdout",
            object([
                "name": key, "summary": text, "created": time, "percent": number, "held": count, "blockSize": count, "layers": list(key),
                "experiments": list(key),
            ])
        ),
        ("HoldoutList", object(["holdouts": list(.reference("Holdout"))])),
    ]
}
