"""Holds every answer of the APIs against their own OpenAPI schema."""

import json
import re
from functools import cache

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator


@cache
def schema():
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


@cache
def operations():
    """(pattern of the path, method, operation), literal paths before those with parameters."""
    paths = sorted(schema()["paths"].items(), key=lambda item: item[0].count("{"))
    return [
        (re.compile(re.sub(r"\\?\{\w+\\?\}", "[0-9]+", re.escape(path))), method, operation)
        for path, methods in paths
        for method, operation in methods.items()
    ]


def check(method, url, response):
    """Fails for a status or a body that the schema does not have; wrong methods and unknown paths have no schema."""
    path = url.partition("?")[0]
    operation = next((o for pattern, m, o in operations() if m == method and pattern.fullmatch(path)), None)
    if operation is None:
        assert response.status_code in (200, 404, 405), path
        return
    described = operation["responses"].get(str(response.status_code))
    assert described is not None, f"{method} {path}: {response.status_code} is not in the schema"
    if content := described.get("content"):
        body = response.json()
        body_schema = {**content["application/json"]["schema"], "components": schema()["components"]}
        Draft202012Validator(body_schema).validate(body)
    else:
        assert not response.content
