from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bangui.demo.logs import Line, Log, render

MOMENT = datetime(2026, 3, 5, 4, 7, 9, 1234, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("log", "stamp"),
    [
        (Log.AUTH, "Mar  5 04:07:09"),
        (Log.MAIL, "Mar  5 04:07:09"),
        (Log.NGINX_ACCESS, "05/Mar/2026:04:07:09 +0100"),
        (Log.NGINX_ERROR, "2026/03/05 04:07:09"),
        (Log.APACHE_ERROR, "Thu Mar 05 04:07:09.001234 2026"),
        (Log.VSFTPD, "Thu Mar  5 04:07:09 2026"),
        (Log.ASTERISK, "2026-03-05 04:07:09"),
        (Log.MYSQL, "2026-03-05 04:07:09"),
    ],
)
def test_each_program_writes_the_time_in_its_own_way(log: Log, stamp: str) -> None:
    assert render(Line(log, "] after", before="before ["), MOMENT) == f"before [{stamp}] after\n"
