import pytest

from bangui.web import WebSettings


@pytest.mark.parametrize("path", ["", "/bans", "/a/b", "/a.b~c-d_e"])
def test_a_base_path_is_a_plain_path(path: str) -> None:
    assert WebSettings(version="1", base_path=path).base_path == path


@pytest.mark.parametrize("path", ["/", "bans", "/bans/", "/a b", "//a", '/"', "/ä", "/a?b"])
def test_anything_else_stops_the_start(path: str) -> None:
    with pytest.raises(ValueError, match="base path"):
        WebSettings(version="1", base_path=path)
