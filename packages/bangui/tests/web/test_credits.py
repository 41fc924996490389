from __future__ import annotations

from bangui.web.credits import credited


def test_a_licence_that_asks_for_a_link_gets_it() -> None:
    html = credited("RouteViews and IP Geolocation by DB-IP; merged")
    assert '<a href="https://db-ip.com" rel="noopener noreferrer">IP Geolocation by DB-IP</a>; merged' in html


def test_a_credit_is_text_and_never_markup() -> None:
    assert "<script>" not in credited("<script>alert(1)</script> IP Geolocation by DB-IP")
