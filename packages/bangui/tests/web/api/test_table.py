"""The table of operations."""

from __future__ import annotations

from bangui.domain.accounts import Scope
from bangui.web.api.table import all_operations
from packages.bangui.tests.web.api.sites import a_site


def test_what_changes_something_needs_more_than_reading() -> None:
    operations = all_operations(a_site())
    with_less = {one.name for one in operations if one.changes and one.needs is Scope.READ}
    # These look at who asks by themselves (`own.py`).
    assert with_less == {
        *("endOwnSession", "makeToken", "removeOwnToken", "changeOwnPassword"),
        *("enrolCodes", "confirmCodes", "renewRecovery", "turnOwnCodesOff"),
    }
