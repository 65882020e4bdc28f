"""GrowthBook's SDK, unmodified, with remote evaluation against a Gosset server: `growthbook_client.py URL DEVICES` prints what it is told."""

import json
import sys

from growthbook import GrowthBook

url, devices = sys.argv[1], int(sys.argv[2])
answers = []
for number in range(devices):
    exposures = []
    growthbook = GrowthBook(
        api_host=url, client_key="sdk-tests", remote_eval=True, attributes={"id": f"device-{number}", "country": "FI", "age": 30},
        on_experiment_viewed=lambda experiment, result, user_context: exposures.append(
            {"experiment": experiment.key, "variation": result.variationId, "value": result.value, "device": result.hashValue}
        ),
    )  # fmt: skip
    growthbook.load_features()
    answers.append(
        {
            "color": growthbook.get_feature_value("button_color", "default"),
            "price": growthbook.get_feature_value("price", -1),
            "unknown": growthbook.get_feature_value("nothing", "default"),
            "exposures": exposures,
        }
    )
    growthbook.destroy()
print(json.dumps({"devices": answers}))
