from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bangui.domain.audit import AuditFilter, AuditResult
from bangui.web.audit_query import AuditQuery, audit_path, is_untidy, read_audit_query, understand_audit

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = 3_600_000
MOMENT = round(NOW.timestamp() * 1000)


def test_an_address_leads_to_the_view_that_it_was_made_of() -> None:
    query = AuditQuery("192.0.2.0/24", "ada (ci)", "ban", "done", "24h", "1h", "web 1", "77")
    path = audit_path(query)
    assert path == (
        "/audit?target=192.0.2.0/24&actor=ada+%28ci%29&action=ban&result=done&since=24h&until=1h&host=web+1&before=77"
    )
    assert audit_path(query.first_page, "/audit/export", format="csv").endswith("&host=web+1&format=csv")
    assert audit_path(AuditQuery()) == "/audit"


def test_a_range_takes_the_place_of_a_time() -> None:
    assert read_audit_query({"since": "x", "until": "y", "range": "7d"}) == AuditQuery(since="7d")
    assert is_untidy({"range": "7d"})
    assert is_untidy({"actor": " "})
    assert not is_untidy({"actor": "ada", "other": ""})


def test_what_a_query_means() -> None:
    query = AuditQuery("192.0.2.7/24", "ada", "ban", "failed", "2h", "1h", "web1", "77")
    asked = understand_audit(query, NOW)
    assert asked.filter == AuditFilter(
        MOMENT - 2 * HOUR, MOMENT - HOUR, "ada", "ban", "192.0.2.0/24", AuditResult.FAILED, "web1"
    )
    assert (asked.before, asked.problems) == (77, {})
    assert understand_audit(AuditQuery(), NOW).filter == AuditFilter()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (AuditQuery(since="soon"), "since"),
        (AuditQuery(until="soon"), "until"),
        (AuditQuery(since="1h", until="2h"), "until"),
        (AuditQuery(result="maybe"), "result"),
        (AuditQuery(before="x"), "before"),
        (AuditQuery(before="-1"), "before"),
        (AuditQuery(before="9" * 30), "before"),
        (AuditQuery(before="²"), "before"),
        (AuditQuery(actor="x" * 200), "actor"),
        (AuditQuery(target="x" * 600), "target"),
        (AuditQuery(host="x" * 600), "host"),
    ],
)
def test_what_cannot_be_meant_is_told_by_its_field(query: AuditQuery, field: str) -> None:
    asked = understand_audit(query, NOW)
    assert list(asked.problems) == [field]
    assert asked.before is None
