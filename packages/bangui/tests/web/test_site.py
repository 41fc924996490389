from bangui.web import Services, WebSettings
from bangui.web.app import build_site
from packages.bangui.tests.web.scripted import NOW, ScriptedLive, few_bans


def test_a_site_without_services_has_no_history() -> None:
    site = build_site(ScriptedLive(few_bans()), WebSettings(version="1", base_path="/x"), Services(), lambda: NOW)
    assert site.history is None
    assert site.cookies.settings is site.settings
    assert site.now() == NOW


def test_two_runs_of_the_server_can_be_told_apart() -> None:
    live, settings = ScriptedLive(few_bans()), WebSettings(version="1")
    runs = {build_site(live, settings, Services(), lambda: NOW).run for _ in range(3)}
    assert len(runs) == 3
