"""An OpenFeature client, unmodified, against a Gosset server: `openfeature_client.py URL DEVICES` prints what it is told of each device."""

import json
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

url, devices = sys.argv[1], int(sys.argv[2])
api.set_provider(OFREPProvider(url))
client = api.get_client()


def told(details):
    return {
        "value": details.value, "reason": str(details.reason), "variant": details.variant,
        "error": None if details.error_code is None else str(details.error_code.value),
    }  # fmt: skip


answers = []
for number in range(devices):
    context = EvaluationContext(f"device-{number}", {"country": "FI", "age": 30})
    answers.append(
        {
            "color": told(client.get_string_details("button_color", "default", context)),
            "price": told(client.get_integer_details("price", -1, context)),
        }
    )
phone = EvaluationContext("device-0", {})
print(
    json.dumps(
        {
            "devices": answers,
            "unknown": told(client.get_string_details("nothing", "default", phone)),
            "nobody": told(client.get_string_details("button_color", "default", EvaluationContext(None, {"country": "FI"}))),
            "malformed": told(client.get_string_details("button_color", "default", EvaluationContext("a b"))),
            "mistyped": told(client.get_boolean_details("button_color", True, phone)),
        }
    )
)
