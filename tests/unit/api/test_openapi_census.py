"""The census's schemas have names of their own: none stands for a part of another answer."""

import msgspec

from search_app.api.openapi import STRUCTURES
from search_app.api.openapi_providers import provider_schemas

TEMPLATE = "#/components/schemas/{name}"


def test_schemas_of_the_census_do_not_replace_those_of_offers() -> None:
    census = provider_schemas(TEMPLATE)
    others = msgspec.json.schema_components(STRUCTURES, ref_template=TEMPLATE)[1]
    shared = census.keys() & others.keys()
    assert {name: census[name] for name in shared} == {name: others[name] for name in shared}
    assert {"CensusResults", "BodyView"} <= census.keys()
