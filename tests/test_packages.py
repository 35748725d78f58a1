"""Our packages bear plain names: nothing else that is installed may bring one of them along."""

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("package", ["cases", "sources", "outputs", "infra", "flows", "desk"])
def test_a_package_of_ours_comes_from_us_alone(package: str) -> None:
    assert set(packages_distributions().get(package, ["auskunft"])) == {"auskunft"}
