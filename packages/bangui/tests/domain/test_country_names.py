from bangui.domain.country_names import _names, country_name


def test_a_country_has_the_name_that_people_use() -> None:
    assert (country_name("DE"), country_name("CI"), country_name("XK")) == ("Germany", "Côte d’Ivoire", "Kosovo")


def test_a_code_that_is_not_known_is_its_own_name() -> None:
    assert country_name("ZZ") == "ZZ"
    assert country_name("") == ""


def test_every_code_and_every_name_is_there_once() -> None:
    names = _names()
    assert len(names) == 250
    assert len(set(names.values())) == 250
    assert all(len(code) == 2 and code.isupper() for code in names)
