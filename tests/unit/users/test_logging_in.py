"""Signing up, logging in, passwords, sessions: what a stranger, a thief and a forgetful person can do."""

import pyotp
import pytest
from tests.support.people_desk import PASSWORD, PeopleDesk

LATER_MS = 31_000


def error_of(response) -> tuple[int, str]:  # type: ignore[no-untyped-def]
    return response.status_code, response.json()["error"]["code"]


async def test_who_signs_up_is_logged_in_and_has_an_open_account_with_money(
    desk: PeopleDesk,
) -> None:
    browser = await desk.signed_up("Ada@Example.org")
    me = (await browser.get("me")).json()
    assert (me["email"], me["uid"], me["hasSecondFactor"]) == (
        "ada@example.org",
        "10000001024",
        False,
    )
    assert desk.ledger.next_account == 1025
    assert len(desk.ledger.paid) == 4
    assert desk.store.accounts.unopened() == []


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@example", "@example.org", "a b@c.org", "x" * 300]
)
async def test_an_address_that_is_none_is_refused(desk: PeopleDesk, email: str) -> None:
    done = await desk.browser().post("sign-up", json={"email": email, "password": PASSWORD})
    assert error_of(done) == (400, "email_invalid")


@pytest.mark.parametrize(
    "password", ["", "short1!", "password1", "12345678", "ada@example.org", "a" * 129, "tickyard1"]
)
async def test_a_password_that_would_be_found_is_refused(desk: PeopleDesk, password: str) -> None:
    done = await desk.browser().post(
        "sign-up", json={"email": "ada@example.org", "password": password}
    )
    assert error_of(done) == (400, "password_weak")
    assert desk.store.people.by_email("ada@example.org") is None


async def test_long_pass_phrases_are_welcome(desk: PeopleDesk) -> None:
    password = "wandering clouds over quiet granite harbours " * 2
    done = await desk.browser().post(
        "sign-up", json={"email": "ada@example.org", "password": password}
    )
    assert done.status_code == 201


async def test_an_address_signs_up_once(desk: PeopleDesk) -> None:
    await desk.signed_up("ada@example.org")
    done = await desk.browser().post(
        "sign-up", json={"email": " ADA@example.org", "password": PASSWORD}
    )
    assert error_of(done) == (409, "email_taken")


async def test_a_wrong_password_and_an_unknown_address_read_the_same(desk: PeopleDesk) -> None:
    await desk.signed_up("ada@example.org")
    browser = desk.browser()
    wrong = await browser.post("log-in", json={"email": "ada@example.org", "password": "no"})
    unknown = await browser.post("log-in", json={"email": "eve@example.org", "password": "no"})
    assert error_of(wrong) == (401, "credentials_wrong")
    assert wrong.content == unknown.content
    assert "set-cookie" not in wrong.headers


async def test_after_ten_wrong_passwords_even_the_right_one_waits(desk: PeopleDesk) -> None:
    await desk.signed_up("ada@example.org")
    browser = desk.browser()
    for _ in range(10):
        await browser.post("log-in", json={"email": "ada@example.org", "password": "no"})
    right = {"email": "ada@example.org", "password": PASSWORD}
    held = await browser.post("log-in", json=right)
    assert error_of(held) == (429, "too_many_attempts")
    assert int(held.headers["retry-after"]) == 900
    desk.clock.advance_ms(900_000)
    assert (await browser.post("log-in", json=right)).status_code == 200


async def test_whoever_guesses_at_many_people_from_one_address_waits(desk: PeopleDesk) -> None:
    browser = desk.browser("198.51.100.9")
    for n in range(50):
        await browser.post("log-in", json={"email": f"p{n}@example.org", "password": "no"})
    held = await browser.post("log-in", json={"email": "q@example.org", "password": "no"})
    assert error_of(held) == (429, "too_many_attempts")
    elsewhere = desk.browser("198.51.100.10")
    other = await elsewhere.post("log-in", json={"email": "q@example.org", "password": "no"})
    assert error_of(other) == (401, "credentials_wrong")


async def test_logging_in_makes_a_new_token_whatever_the_browser_brought(desk: PeopleDesk) -> None:
    await desk.signed_up("ada@example.org")
    browser = desk.browser()
    browser.cookies.set("tickyard_session", "planted", domain="exchange.test")
    done = await browser.post("log-in", json={"email": "ada@example.org", "password": PASSWORD})
    assert done.status_code == 200
    assert "planted" not in done.headers["set-cookie"]


async def test_a_token_is_dead_after_logging_out(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    stolen = desk.browser()
    stolen.cookies = browser.cookies
    cookies = dict(browser.cookies)
    await browser.post("log-out", json={})
    stolen.cookies.clear()
    stolen.cookies.update(cookies)
    assert (await stolen.get("me")).json() is None


async def test_a_token_is_of_no_use_in_another_browser(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    updated = await browser.get("me", headers={"user-agent": "Mozilla/5.0 Firefox/141.0"})
    assert updated.json()
    other = await browser.get("me", headers={"user-agent": "curl/8"})
    assert other.json() is None
    refused = await browser.get("keys", headers={"user-agent": "curl/8"})
    assert error_of(refused) == (401, "not_logged_in")


async def test_a_session_ends_when_it_is_idle_and_when_it_is_old(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    for _ in range(24):
        desk.clock.advance_ms(29 * 60_000)
        assert (await browser.get("me")).json()
    desk.clock.advance_ms(25 * 60_000)
    assert (await browser.get("me")).json() is None

    again = desk.browser()
    await again.post("log-in", json={"email": "ada@example.org", "password": PASSWORD})
    desk.clock.advance_ms(31 * 60_000)
    assert (await again.get("me")).json() is None


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: PeopleDesk) -> None:
    plain = await desk.browser().post(
        "sign-up", json={"email": "a@example.org", "password": PASSWORD}
    )
    assert plain.headers["set-cookie"].startswith("tickyard_session=")
    secure = await desk.browser(secure=True).post(
        "sign-up", json={"email": "b@example.org", "password": PASSWORD}
    )
    assert secure.headers["set-cookie"].startswith("__Host-tickyard_session=")
    for cookie in (plain.headers["set-cookie"], secure.headers["set-cookie"]):
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
    assert "Secure" in secure.headers["set-cookie"]


async def test_a_new_password_ends_the_other_sessions_and_their_keys(desk: PeopleDesk) -> None:
    here = await desk.signed_up()
    there = desk.browser()
    await there.post("log-in", json={"email": "ada@example.org", "password": PASSWORD})
    key = (await there.post("session-key", json={})).json()["apiKey"]
    await desk.recorded.load()
    assert desk.recorded.lookup(key) is not None

    wrong = await here.post("password", json={"current": "no", "new": "amber window forty two"})
    assert error_of(wrong) == (401, "credentials_wrong")
    done = await here.post("password", json={"current": PASSWORD, "new": "amber window forty two"})
    assert done.status_code == 200
    await desk.recorded.load()
    assert desk.recorded.lookup(key) is None
    assert (await there.get("me")).json() is None
    assert (await here.get("me")).json()
    old = await desk.browser().post(
        "log-in", json={"email": "ada@example.org", "password": PASSWORD}
    )
    assert error_of(old) == (401, "credentials_wrong")


async def test_each_session_is_listed_and_can_be_ended_from_another(desk: PeopleDesk) -> None:
    here = await desk.signed_up()
    there = desk.browser("203.0.113.5")
    await there.post("log-in", json={"email": "ada@example.org", "password": PASSWORD})
    rows = (await here.get("sessions")).json()
    assert {(row["address"], row["isThis"]) for row in rows} == {
        ("192.0.2.7", True),
        ("203.0.113.5", False),
    }
    other = next(row["name"] for row in rows if not row["isThis"])
    assert (await here.post("sessions/end", json={"name": other})).status_code == 200
    assert (await there.get("me")).json() is None
    assert error_of(await here.post("sessions/end", json={"name": other})) == (404, "not_found")


async def enrolled(desk: PeopleDesk):  # type: ignore[no-untyped-def]
    """Somebody with a second factor, and what their authenticator shows."""
    browser = await desk.signed_up()
    begun = (await browser.post("second-factor/begin", json={})).json()
    assert begun["uri"].startswith("otpauth://totp/Tickyard:ada%40example.org?secret=")
    totp = pyotp.TOTP(begun["secret"])

    def code(steps: int = 0) -> str:
        return totp.at(desk.clock.now_ms() // 1000 + 30 * steps)

    done = await browser.post("second-factor/confirm", json={"code": code()})
    assert done.status_code == 200, done.text
    return browser, code


async def test_with_a_second_factor_the_password_alone_is_not_enough(desk: PeopleDesk) -> None:
    _, code = await enrolled(desk)
    right = {"email": "ada@example.org", "password": PASSWORD}
    browser = desk.browser()
    assert error_of(await browser.post("log-in", json=right)) == (401, "code_needed")
    wrong = await browser.post("log-in", json={**right, "code": "000000"})
    assert error_of(wrong) == (401, "code_wrong")
    desk.clock.advance_ms(LATER_MS)
    assert (await browser.post("log-in", json={**right, "code": code()})).status_code == 200


async def test_a_code_is_good_once_and_only_about_its_time(desk: PeopleDesk) -> None:
    _, code = await enrolled(desk)
    right = {"email": "ada@example.org", "password": PASSWORD}
    browser = desk.browser()
    again = await browser.post("log-in", json={**right, "code": code()})
    assert error_of(again) == (401, "code_wrong"), "it was used to confirm"
    for steps in (-2, 2):
        desk.clock.advance_ms(90_000)
        off = await browser.post("log-in", json={**right, "code": code(steps)})
        assert error_of(off) == (401, "code_wrong"), steps
    ahead = await browser.post("log-in", json={**right, "code": code(1)})
    assert ahead.status_code == 200
    behind = await browser.post("log-in", json={**right, "code": code(0)})
    assert error_of(behind) == (401, "code_wrong"), "a newer one was used"


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "\uff11\uff12\uff13\uff14\uff15\uff16", "12 456", "abcdef"]
)
async def test_what_is_no_code_is_wrong(desk: PeopleDesk, code: str) -> None:
    browser, _ = await enrolled(desk)
    done = await browser.post("second-factor/remove", json={"password": PASSWORD, "code": code})
    assert error_of(done)[1] in {"code_wrong", "code_needed"}
    assert (await browser.get("me")).json()["hasSecondFactor"]


async def test_guessing_codes_ends_after_ten(desk: PeopleDesk) -> None:
    await enrolled(desk)
    browser = desk.browser()
    right = {"email": "ada@example.org", "password": PASSWORD}
    codes = {
        error_of(await browser.post("log-in", json={**right, "code": f"{n:06}"})) for n in range(12)
    }
    assert codes == {(401, "code_wrong"), (429, "too_many_attempts")}


async def test_the_second_factor_goes_only_with_password_and_code(desk: PeopleDesk) -> None:
    browser, code = await enrolled(desk)
    desk.clock.advance_ms(LATER_MS)
    for proof in ({"password": PASSWORD}, {"password": "no", "code": code()}):
        assert (await browser.post("second-factor/remove", json=proof)).status_code == 401
    done = await browser.post("second-factor/remove", json={"password": PASSWORD, "code": code()})
    assert done.status_code == 200
    assert not (await browser.get("me")).json()["hasSecondFactor"]


async def test_the_second_factor_is_not_kept_in_clear(desk: PeopleDesk) -> None:
    browser = await desk.signed_up()
    secret = (await browser.post("second-factor/begin", json={})).json()["secret"]
    person = desk.store.people.by_email("ada@example.org")
    assert person is not None
    assert person.totp_secret is not None
    assert secret.encode() not in person.totp_secret


async def test_an_account_the_core_could_not_open_is_opened_later(desk: PeopleDesk) -> None:
    desk.ledger.is_away = True
    done = await desk.browser().post(
        "sign-up", json={"email": "ada@example.org", "password": PASSWORD}
    )
    assert done.status_code == 503
    assert [account.account for account in desk.store.accounts.unopened()] == [1024]
    desk.ledger.is_away = False
    await desk.openings.open_all()
    assert (desk.ledger.next_account, desk.store.accounts.unopened()) == (1025, [])
    there = await desk.browser().post(
        "log-in", json={"email": "ada@example.org", "password": PASSWORD}
    )
    assert there.status_code == 200
