from bangui.web.kept_regions import KeptRegions


def test_a_view_is_kept_for_its_moment() -> None:
    kept = KeptRegions()
    assert kept.find("one", "view") is None
    kept.keep("one", "view", "html")
    assert kept.find("one", "view") == "html"
    assert kept.find("one", "other") is None
    assert kept.find("two", "view") is None


def test_the_views_of_another_moment_are_forgotten() -> None:
    kept = KeptRegions()
    kept.keep("one", "view", "html")
    kept.keep("two", "other", "more")
    assert kept.find("one", "view") is None
    assert kept.find("two", "view") is None
    assert kept.find("two", "other") == "more"


def test_only_so_many_views_are_kept() -> None:
    kept = KeptRegions()
    for number in range(500):
        kept.keep("one", number, "html")
    assert sum(kept.find("one", number) is not None for number in range(500)) <= 50
    assert kept.find("one", 499) == "html"
