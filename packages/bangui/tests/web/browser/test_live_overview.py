"""The overview in a browser, while the daemon's state changes."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from packages.bangui.tests.web.browser.conftest import OpenPage
from packages.bangui.tests.web.scripted import (
    away,
    few_bans,
    hostile_host,
    make_ban,
    make_snapshot,
    never_asked,
)
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser


def now() -> datetime:
    return datetime.now(UTC)


def addresses(page: Page) -> list[str]:
    return page.locator(".ban-table .address").all_inner_texts()


def test_a_new_ban_slides_in_on_top_and_an_ended_one_goes(open_page: OpenPage) -> None:
    bans = [make_ban("192.0.2.1", age=60, now=now()), make_ban("192.0.2.2", age=90, now=now())]
    with ServedPage(make_snapshot(bans, now=now())) as served:
        page = open_page(served.url)
        expect(page.locator(".age-live")).to_be_visible()
        served.show(make_snapshot([make_ban("192.0.2.3", age=0, now=now()), *bans], now=now()))
        expect(page.locator(".ban-table .address")).to_have_text(["192.0.2.3", "192.0.2.1", "192.0.2.2"])
        expect(page.get_by_role("link", name="All bans (3)")).to_be_visible()
        served.show(make_snapshot(bans[1:], now=now()))
        expect(page.locator(".ban-table .address")).to_have_text(["192.0.2.2"])
        assert page.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_a_change_reaches_the_page_in_a_blink(open_page: OpenPage) -> None:
    bans = [make_ban(f"192.0.2.{number}", age=60 + number, now=now()) for number in range(100)]
    with ServedPage(make_snapshot(bans, now=now())) as served:
        page = open_page(served.url)
        expect(page.locator(".age-live")).to_be_visible()
        delays = []
        for number in range(5):
            bans.insert(0, make_ban(f"198.51.100.{number}", age=0, now=now()))
            page.evaluate(
                """wanted => { window.shown = new Promise(done => new MutationObserver(() => {
                    const shown = [...document.querySelectorAll('.ban-table .address')];
                    if (shown.some(cell => cell.textContent === wanted)) done(Date.now());
                }).observe(document.body, {childList: true, subtree: true})); }""",
                f"198.51.100.{number}",
            )
            started = time.time() * 1000
            served.show(make_snapshot(bans, now=now()))
            delays.append(page.evaluate("window.shown") - started)
            page.wait_for_timeout(400)
    assert sorted(delays)[2] < 250  # the median; a quiet machine needs some 50 ms


def test_the_latest_bans_are_few_and_lead_to_all_of_them(open_page: OpenPage) -> None:
    bans = [make_ban(f"10.0.{number // 250}.{number % 250}", age=60 + number, now=now()) for number in range(300)]
    with ServedPage(make_snapshot(bans, now=now())) as served:
        page = open_page(served.url)
        expect(page.locator(".ban-table .address")).to_have_count(12)
        page.wait_for_load_state("load")
        page.locator(".ban-table tbody tr").last.focus()
        served.show(make_snapshot([make_ban("192.0.2.1", age=0, now=now()), *bans[:5], *bans[6:]], now=now()))
        expect(page.get_by_role("button", name="1 new ban")).to_be_visible()
        expect(page.locator("tr.has-ended .address")).to_have_text(["10.0.0.5"])
        page.get_by_role("button", name="1 new ban").click()
        expect(page.locator(".ban-table .address").first).to_have_text("192.0.2.1")
        page.get_by_role("link", name="All bans (300)").click()
        expect(page).to_have_url(f"{served.url}/bans")


def test_says_when_the_daemon_is_away_and_comes_back_by_itself(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url)
        served.show(away(few_bans(now()), since=now()))
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is away")
        notice = page.locator(".notice.danger:visible")
        expect(notice).to_contain_text("There is no fail2ban socket at /run/fail2ban/fail2ban.sock.")
        expect(notice.locator("code")).to_have_text("sudo systemctl start fail2ban")
        expect(page.locator(".age-words")).to_be_visible()
        expect(page.locator(".totals dd a").first).to_have_text("8")
        expect(page.locator("#announcer")).to_have_text("fail2ban is away")
        served.show(few_bans(now()))
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")
        expect(notice).to_have_count(0)
        expect(page.locator(".age-live")).to_be_visible()


def test_says_when_the_server_is_lost_and_comes_back_by_itself(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        port = served.port
        page = open_page(served.url)
        expect(page.locator(".age-live")).to_be_visible()
    notice = page.get_by_role("heading", name="Connection to BanGUI lost")
    expect(notice).to_be_visible(timeout=8000)
    expect(page.locator("#lost")).to_contain_text("What you see is from")
    expect(page.locator(".age-words")).to_be_visible()
    assert "203.0.113.45" in addresses(page)
    with ServedPage(make_snapshot([make_ban("192.0.2.77", age=1, now=now())], now=now()), port=port):
        expect(notice).to_be_hidden(timeout=15000)
        expect(page.locator(".ban-table .address")).to_have_text(["192.0.2.77"])


def test_before_the_first_answer_the_page_says_so_and_then_fills(open_page: OpenPage) -> None:
    with ServedPage(never_asked(now())) as served:
        page = open_page(served.url)
        expect(page.get_by_role("heading", level=1)).to_have_text("Asking fail2ban")
        served.show(few_bans(now()))
        expect(page.locator(".totals dd a").first).to_have_text("8")


def test_focus_stays_on_a_row_while_others_come_and_moves_on_when_it_goes(open_page: OpenPage) -> None:
    bans = [make_ban(f"192.0.2.{number}", age=60 + number, now=now()) for number in range(5)]
    with ServedPage(make_snapshot(bans, now=now())) as served:
        page = open_page(served.url)
        jail = page.locator(".jail-table tr", has_text="sshd").get_by_role("link")
        jail.focus()
        served.show(make_snapshot([make_ban("192.0.2.99", age=0, now=now()), *bans], now=now()))
        expect(page.locator(".ban-table .address").first).to_have_text("192.0.2.99")
        expect(jail).to_be_focused()
        row = page.locator("tr", has_text="192.0.2.3")
        row.focus()
        served.show(make_snapshot([ban for ban in bans if ban.id != "192.0.2.3"], now=now()))
        expect(row).to_have_count(0)
        assert page.evaluate("document.activeElement.tagName") == "TR"


def test_new_bans_are_announced_together_and_politely(open_page: OpenPage) -> None:
    with ServedPage(make_snapshot(now=now())) as served:
        page = open_page(served.url)
        expect(page.locator(".age-live")).to_be_visible()
        bans = []
        for number in range(3):
            bans.append(make_ban(f"192.0.2.{number}", age=0, now=now()))
            served.show(make_snapshot(bans, now=now()))
            page.wait_for_timeout(400)
        announcer = page.locator("#announcer[aria-live=polite]")
        expect(announcer).to_have_text("")
        expect(announcer).to_have_text("3 new bans", timeout=6000)


def test_hostile_text_changes_nothing_on_the_page(open_page: OpenPage) -> None:
    with ServedPage(hostile_host(now())) as served:
        page = open_page(served.url)
        expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()
        expect(page.locator(".jail-table tbody tr")).to_have_count(4)
        served.show(hostile_host(now()))
        expect(page.locator(".age-live")).to_be_visible()
        assert page.evaluate("document.querySelectorAll('main script, main img').length") == 0


def test_a_page_that_nobody_sees_gives_its_stream_up_and_catches_up_later(open_page: OpenPage) -> None:
    streams = "fetch('/healthz').then(answer => answer.json()).then(facts => facts.liveStreams)"
    hide = """hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
        document.dispatchEvent(new Event('visibilitychange')); }"""
    with ServedPage(make_snapshot(now=now())) as served:
        page = open_page(served.url)
        expect(page.locator(".age-live")).to_be_visible()
        assert page.evaluate(streams) == 1
        page.evaluate(hide, True)
        page.wait_for_function(f"{streams}.then(count => count === 0)", timeout=9000)
        served.show(make_snapshot([make_ban("192.0.2.1", age=0, now=now())], now=now()))
        page.evaluate(hide, False)
        expect(page.locator(".ban-table .address")).to_have_text(["192.0.2.1"])
        page.wait_for_function(f"{streams}.then(count => count === 1)")


def test_times_go_on_and_are_exact_on_hover_in_the_viewers_zone(open_page: OpenPage) -> None:
    with ServedPage(make_snapshot([make_ban("192.0.2.1", age=3, duration=20, now=now())], now=now())) as served:
        page = open_page(served.url)
        since = page.locator(".since time")
        first = since.inner_text()
        expect(since).not_to_have_text(first, timeout=3000)
        expect(page.locator(".ends time")).to_contain_text("s left")
        moment = datetime.fromisoformat(since.get_attribute("datetime") or "")
        title = since.get_attribute("title") or ""
        assert moment.tzinfo is not None
        assert "CET" in title or "CEST" in title or "GMT+" in title
