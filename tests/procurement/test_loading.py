"""Routes to market, loaded with the framework and kept by administrators."""

from casework.audit import audited
from casework.framework_loading import load
from organisation.actors import System
from organisation.models import CommissioningFramework
from procurement.loading import load_routes
from procurement.models import RouteToMarket
from tests.factories import casework as cases
from tests.factories import organisation as people

USUAL, UNUSUAL = "service_purchase", "direct_award"


def test_framework_file_brings_its_routes(db) -> None:
    content = cases.framework_content() | {"key": "a-council-of-its-own"}
    with audited(by=System(because="A test loads the framework")):
        said = load(content)

    rows = {row.key: row for row in RouteToMarket.objects.filter(framework__key=content["key"])}
    assert len(rows) == len(content["routes_to_market"])
    assert (rows[USUAL].is_unusual, rows[USUAL].weeks, rows[UNUSUAL].is_unusual) == (False, 2, True)
    assert f"routes to market: {len(rows)} added" in said
    assert rows[USUAL].framework == CommissioningFramework.objects.get(key=content["key"])


def test_loading_again_leaves_what_administrators_changed(db) -> None:
    framework, content = people.framework(), cases.framework_content()
    load_routes(framework, content)
    RouteToMarket.objects.filter(framework=framework, key=USUAL).update(name="Small purchase")

    said = load_routes(framework, content)

    assert said == "routes to market: 0 added"
    assert RouteToMarket.objects.get(framework=framework, key=USUAL).name == "Small purchase"
