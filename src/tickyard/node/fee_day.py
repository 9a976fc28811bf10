"""Has fee levels found again when a day (UTC) has passed since they last were, also while the exchange was down."""

from collections.abc import Mapping

from tickyard.account.fee_review import FeeReview
from tickyard.account.store import BillStore
from tickyard.base import log
from tickyard.base.clock import DAY_MS, Clock
from tickyard.base.errors import TickyardError
from tickyard.base.ids import AccountId
from tickyard.engine.client import CoreClient
from tickyard.engine.history import History
from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.node.home import Home
from tickyard.node.settings import read_database
from tickyard.users import crowd, demo_accounts

_logger = log.logger("node")


async def review_when_due(home: Home, clock: Clock) -> None:
    """Review fee levels once a day; the first day of a home is none. What fails is tried again by the next call."""
    day = str(clock.now_ms() // DAY_MS)
    if not home.fee_day.exists():
        home.fee_day.write_text(day)
    if home.fee_day.read_text() == day:
        return
    try:
        changed = await _review(home, clock.now_ms())
    except (TickyardError, OSError) as error:
        _logger.warning("fees.not_reviewed", reason=str(error))
        return
    home.fee_day.write_text(day)
    _logger.info("fees.reviewed", changed=changed)


async def _review(home: Home, now_ms: int) -> int:
    catalog = listing.load()
    history = History(read_database(home), threads=1)
    core = await CoreClient.connect(home.core_socket)
    try:
        review = FeeReview(core, BillStore(history), catalog, granted(catalog))
        return await review.carry_out(now_ms)
    finally:
        await core.close()
        history.close()


def granted(catalog: Catalog) -> Mapping[AccountId, int]:
    """Return the levels that the demo's accounts and the simulated participants have in any case."""
    levels = {level.name: level.level for level in catalog.fee_levels}
    accounts = (*demo_accounts(), *(member.account(catalog) for member in crowd()))
    return {account.id: levels[account.fee_level] for account in accounts}
