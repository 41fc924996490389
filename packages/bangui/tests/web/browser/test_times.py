"""The words for times are the same on the server and in the browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bangui.web.language import LANGUAGES, Language, speaking
from bangui.web.words import ago, time_for, time_left, when
from packages.bangui.tests.web.browser.conftest import OpenPage
from packages.bangui.tests.web.scripted import few_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

SECONDS = (-100, -1, 0, 0.4, 0.6, 1, 59, 60, 61, 3599, 3600, 7200, 86399, 172799, 172800, 200000, 9e6)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_browser_and_server_say_the_same(open_page: OpenPage, language: Language) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    with speaking(language):
        expected = [
            [
                ago(now - passed, now),
                time_for(now - passed, now),
                time_left(now + passed, now),
                # A date is in the viewer's own form, which the server cannot know.
                when(now - passed, now) if passed.days < 2 else "a date",
            ]
            for passed in (timedelta(seconds=seconds) for seconds in SECONDS)
        ]
    with ServedPage(few_bans(now)) as served:
        page = open_page(served.url)
        page.get_by_role("button", name=language.name).click()
        page.wait_for_load_state("load")
        assert page.locator("html").get_attribute("lang") == language.code
        said = page.evaluate(
            """async seconds => {
                const main = document.querySelector('script[type=module]').src;
                const { timeWords } = await import(main.replace('main.js', 'times.js'));
                const now = Date.now();
                return seconds.map(passed => [
                    timeWords('ago', now - passed * 1000, now),
                    timeWords('for', now - passed * 1000, now),
                    timeWords('left', now + passed * 1000, now),
                    timeWords('when', now - passed * 1000, now).replace(/^\\d.*\\d{4}, \\d\\d:\\d\\d$/, 'a date'),
                ]);
            }""",
            list(SECONDS),
        )
    assert said == expected
