from __future__ import annotations

import copy
import json
import logging
import pickle
from dataclasses import dataclass

import pytest

from bangui.domain.secret import Purpose, Secret, encode_secret, is_encoded_secret


@dataclass(frozen=True, slots=True)
class Holder:
    secret: Secret


def test_nothing_that_formats_a_secret_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("hunter2")
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r", secret, secret, extra={"password": secret})
    shown = [str(secret), repr(secret), f"{secret} {secret!r:>20}", repr(Holder(secret)), repr([secret]), caplog.text]
    assert "hunter2" not in "".join(shown)
    assert secret.reveal() == "hunter2"


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps, copy.deepcopy, copy.copy])
def test_a_secret_is_not_written_or_copied_by_accident(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError):
        write(Secret("hunter2"))


def test_secrets_are_the_same_when_their_texts_are() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("\ud800")}) == 2


def test_a_digest_is_good_for_one_purpose_and_one_owner() -> None:
    secret = Secret("abc")
    digests = [secret.digest(purpose, owner) for purpose in Purpose for owner in ("", "one", "two")]
    assert len(set(digests)) == len(digests)
    assert all(len(digest) == 32 for digest in digests)
    assert secret.digest(Purpose.API) == Secret("abc").digest(Purpose.API)


def test_text_that_is_no_unicode_has_a_digest_as_well() -> None:
    assert Secret("\ud800").digest(Purpose.SESSION) != Secret("\ud801").digest(Purpose.SESSION)


def test_an_encoded_secret_is_known_by_its_form() -> None:
    secret = encode_secret(bytes(range(32)), "bgt_")
    assert len(secret) == 56
    assert is_encoded_secret(secret, "bgt_")
    assert not is_encoded_secret(secret)


@pytest.mark.parametrize(
    "text", ["", "bgt_", "a" * 51, "a" * 53, "a" * 51 + "1", "A" * 52, "a" * 52 + "\n", "ａ" * 52, "bgt_" + "a" * 52]
)
def test_what_has_another_form_is_no_encoded_secret(text: str) -> None:
    assert not is_encoded_secret(Secret(text))
