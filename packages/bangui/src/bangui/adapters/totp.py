"""One-time codes by time (TOTP, RFC 6238), through pyotp: six digits, 30 seconds, as every authenticator makes them."""

from __future__ import annotations

import hmac

from pyotp import TOTP, random_base32

from bangui.domain.secret import Secret

ISSUER = "BanGUI"
_DIGITS = 6
# One step before and one after: clocks differ, and people type slowly.
_STEPS_AROUND = 1


class TotpCodes:
    """One-time codes; see `bangui.domain.proof_ports.OneTimeCodes`."""

    def __init__(self, issuer: str = ISSUER) -> None:
        self._issuer = issuer

    def new_secret(self) -> Secret:
        """Return what codes are made of: 160 random bits, as RFC 4226 advises."""
        return Secret(random_base32())

    def uri(self, secret: Secret, name: str) -> Secret:
        """Return what an authenticator takes in, as a picture or as a link."""
        return Secret(TOTP(secret.reveal()).provisioning_uri(name=name, issuer_name=self._issuer))

    def time_step(self, secret: Secret, code: str, now: int) -> int | None:
        """Return the time step that a code is of, near `now` (Unix milliseconds); None for a wrong one.

        All steps are compared, whichever is right.
        """
        if len(code) != _DIGITS or not code.isascii() or not code.isdigit():
            return None
        codes = TOTP(secret.reveal(), digits=_DIGITS)
        present = codes.timecode(now / 1000)
        found: int | None = None
        for step in range(max(0, present - _STEPS_AROUND), present + _STEPS_AROUND + 1):
            if hmac.compare_digest(codes.generate_otp(step).encode(), code.encode()):
                found = step
        return found
