"""What Schemathesis needs to know of Slipway: how requests are signed, and which objects there are."""

import base64
import hashlib
import hmac
import json
import os
from datetime import datetime, timezone

import requests
import schemathesis

KEY_ID = os.environ["SLIPWAY_KEY_ID"]
SECRET = os.environ["SLIPWAY_KEY_SECRET"].encode()

with open(os.environ["SLIPWAY_SAMPLES"], encoding="utf-8") as file:
    # By operation: the parameters of a path that exists, and a body that fits.
    SAMPLES = json.load(file)


class Signed(requests.auth.AuthBase):
    """Signs a request as it is sent: method, date, path, query and body, a line each."""

    def __call__(self, request):
        path, _, query = request.path_url.partition("?")
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        date = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = "\n".join([request.method, date, path, query, ""]).encode() + body
        mac = base64.b64encode(hmac.new(SECRET, text, hashlib.sha256).digest()).decode()
        request.headers["X-Scalr-Key-Id"] = KEY_ID
        request.headers["X-Scalr-Date"] = date
        request.headers["X-Scalr-Signature"] = f"V1-HMAC-SHA256 {mac}"
        return request


@schemathesis.hook
def before_call(context, case, kwargs):
    """Signs everything: what is set for all of a run leaves out the samples."""
    kwargs["auth"] = Signed()


def sample_of(operation):
    return SAMPLES.get(operation.definition.raw.get("operationId"))


@schemathesis.hook
def before_add_examples(context, examples):
    """One request for each operation that is answered with what was asked for."""
    sample = sample_of(context.operation)
    if sample is None:
        return
    parts = {"path_parameters": sample["params"], "query": sample.get("query", {})}
    if "body" in sample:
        parts |= {"body": sample["body"], "media_type": "application/json"}
    examples.append(context.operation.Case(**parts))


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Mostly objects that are there: made up ids would be refused before anything else is looked at."""
    sample = sample_of(context.operation)
    if sample is None or path_parameters is None:
        return path_parameters
    return {
        name: sample["params"].get(name, value) if is_replaced(value) else value
        for name, value in path_parameters.items()
    }


def is_replaced(value):
    """Most values, and the same ones in every run."""
    return hashlib.sha256(str(value).encode("utf-8", "replace")).digest()[0] < 200
