"""The second factor: six digits that change every thirty seconds, each good once.

Source: RFC 6238; ASVS 5.0, V6.5.1.
"""

from typing import Final

import pyotp

STEP_S: Final = 30
WINDOW_STEPS: Final = 1
"""A code is good in its step and in the one before and after, for clocks that are a little off."""
_DIGITS: Final = 6
_ISSUER: Final = "Tickyard"


def new_secret() -> str:
    """Make a secret, in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, email: str) -> str:
    """Return what an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def step_of(secret: str, code: str, *, now_ms: int, after: int) -> int | None:
    """Find the step of which a code is.

    Args:
        secret: in base32.
        code: as typed.
        now_ms: wall time.
        after: the newest step that was used; neither it nor an older one is good any more.

    Returns:
        The step, to be noted as used; None when the code is wrong, too old, or was used.
    """
    if len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = pyotp.TOTP(secret)
    now = now_ms // 1_000 // STEP_S
    for step in range(now - WINDOW_STEPS, now + WINDOW_STEPS + 1):
        if step > after and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None
