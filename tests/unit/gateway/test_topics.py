from tickyard.gateway.channels import Topics, push


class Listener:
    """A session that keeps what it is sent."""

    conn_id = "1"
    caller = None

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def send(self, payload: bytes) -> None:
        raise AssertionError("not used")

    def send_frame(self, frame: bytes) -> None:
        self.frames.append(frame)


BTC = {"channel": "tickers", "instId": "BTC-USDT"}


def test_what_is_published_reaches_everybody_who_listens() -> None:
    topics, first, second, other = Topics(), Listener(), Listener(), Listener()
    topics.add("tickers", "BTC-USDT", first, BTC)
    topics.add("tickers", "BTC-USDT", second, BTC)
    topics.add("tickers", "ETH-USDT", other, BTC)
    assert topics.publish("tickers", "BTC-USDT", b"[1]") == 2
    assert first.frames == second.frames
    assert first.frames[0].endswith(b'{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[1]}')
    assert other.frames == []


def test_a_frame_is_made_once_for_all_who_asked_in_the_same_words() -> None:
    topics, first, second = Topics(), Listener(), Listener()
    topics.add("tickers", "BTC-USDT", first, BTC)
    topics.add("tickers", "BTC-USDT", second, dict(BTC))
    topics.publish("tickers", "BTC-USDT", b"[1]")
    assert first.frames[0] is second.frames[0]


def test_everybody_gets_back_the_words_of_the_own_subscription() -> None:
    topics, plain, wordy = Topics(), Listener(), Listener()
    topics.add("tickers", "BTC-USDT", plain, BTC)
    topics.add("tickers", "BTC-USDT", wordy, {**BTC, "instType": "SPOT"})
    topics.publish("tickers", "BTC-USDT", b"[1]", "update")
    assert b"SPOT" not in plain.frames[0]
    assert b'"instType":"SPOT"},"action":"update","data":[1]}' in wordy.frames[0]


def test_nobody_is_left_behind() -> None:
    topics, first, second = Topics(), Listener(), Listener()
    topics.add("tickers", "BTC-USDT", first, BTC)
    topics.add("tickers", "BTC-USDT", second, BTC)
    topics.remove("tickers", "BTC-USDT", first, BTC)
    assert topics.subscribers("tickers", "BTC-USDT") == [(second, BTC)]
    topics.remove("tickers", "BTC-USDT", second, BTC)
    topics.remove("tickers", "BTC-USDT", second, BTC)
    assert not topics.has("tickers", "BTC-USDT")
    assert topics.publish("tickers", "BTC-USDT", b"[1]") == 0
    assert topics.subscribers("tickers", "BTC-USDT") == []


def test_the_streams_of_a_channel_are_known() -> None:
    topics = Topics()
    topics.add("tickers", "BTC-USDT", Listener(), BTC)
    topics.add("trades", "ETH-USDT", Listener(), BTC)
    assert topics.keys("tickers") == ["BTC-USDT"]
    assert topics.has("trades", "ETH-USDT")
    assert not topics.has("trades", "BTC-USDT")


def test_a_listener_that_leaves_while_it_is_sent_to_stops_no_other() -> None:
    topics, second = Topics(), Listener()

    class Leaver(Listener):
        def send_frame(self, frame: bytes) -> None:
            topics.remove("tickers", "BTC-USDT", self, BTC)

    topics.add("tickers", "BTC-USDT", Leaver(), BTC)
    topics.add("tickers", "BTC-USDT", second, BTC)
    topics.publish("tickers", "BTC-USDT", b"[1]")
    assert len(second.frames) == 1


def test_a_snapshot_is_written_like_what_is_published() -> None:
    assert push(BTC, b"[1]", "snapshot") == (
        b'{"arg":{"channel":"tickers","instId":"BTC-USDT"},"action":"snapshot","data":[1]}'
    )
