"""What the templates of the login get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bangui.web.contexts import Frame


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The form for a name and a password. `has_no_accounts` says that nobody can log in yet."""

    template: ClassVar[str] = "login.html"
    frame: Frame
    wanted: str
    name: str = ""
    problem: str = ""
    has_no_accounts: bool = False


@dataclass(frozen=True, slots=True)
class CodePage:
    """The form for a one-time code."""

    template: ClassVar[str] = "login_code.html"
    frame: Frame
    wanted: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SetupPage:
    """The form for the first administrator; `link` is empty where it is not good any more."""

    template: ClassVar[str] = "setup.html"
    frame: Frame
    link: str
    name: str = ""
    problem: str = ""
