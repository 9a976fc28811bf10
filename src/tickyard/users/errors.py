"""What people are told when something about them, their keys or their sessions cannot be done."""

from tickyard.site.errors import SiteRefusal


class NotAnEmail(SiteRefusal):
    """The text is no e-mail address."""

    name = "email_invalid"
    message = "This is not an e-mail address."


class EmailTaken(SiteRefusal):
    """Somebody has signed up with it."""

    status = 409
    name = "email_taken"
    message = "Somebody has signed up with this address. Log in, or take another."


class WeakPassword(SiteRefusal):
    """It is short, long, or among those that are tried first."""

    name = "password_weak"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class WrongCredentials(SiteRefusal):
    """E-mail and password do not belong together; which of them is wrong is not told."""

    status = 401
    name = "credentials_wrong"
    message = "E-mail or password is wrong."


class CodeNeeded(SiteRefusal):
    """The password was right; the second factor is missing."""

    status = 401
    name = "code_needed"
    message = "Enter the six digits that your authenticator shows."


class WrongCode(SiteRefusal):
    """The second factor is wrong, too old, or was used before."""

    status = 401
    name = "code_wrong"
    message = "This code is wrong or was used before. Wait for the next one."


class NotLoggedIn(SiteRefusal):
    """There is no session, or it has ended."""

    status = 401
    name = "not_logged_in"
    message = "Log in first."


class TooManyAttempts(SiteRefusal):
    """Too many wrong answers in a short time."""

    status = 429
    name = "too_many_attempts"

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"Too many attempts. Try again in {wait_s} seconds.")
        self.retry_after_s = wait_s


class SecondFactorState(SiteRefusal):
    """It is on or off already, or was not begun."""

    status = 409
    name = "second_factor_state"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class InvalidKey(SiteRefusal):
    """A property of the key that was asked for cannot be."""

    name = "key_invalid"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class InvalidPassphrase(InvalidKey):
    """The passphrase of a key that was asked for is not as they are."""

    def __init__(self) -> None:
        super().__init__("A passphrase has 8 to 32 ASCII characters without blanks.")


class NoSuchThing(SiteRefusal):
    """The person has no key, session or account of that name."""

    status = 404
    name = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(f"You have no such {what}.")


class TooMany(SiteRefusal):
    """A person may have only so many of them."""

    status = 409
    name = "too_many"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"You have {most} {what}, which is the most. Delete one first.")


class NameTaken(SiteRefusal):
    """The person has a sub-account of that name."""

    status = 409
    name = "name_taken"
    message = "You have a sub-account of this name."


class InvalidName(SiteRefusal):
    """Names of sub-accounts are 1 to 20 letters and digits."""

    name = "name_invalid"
    message = "A name has 1 to 20 letters and digits."
