//! Acknowledgements say what differs between items, and nothing when an item was refused.

use tickyard_entry::Acknowledgement;
use tickyard_types::{
    AccountId, AmendOrder, CommandHeader, CommandKind, InstrumentId, OrderId, OrderType, Origin, PlaceOrder, Refusal,
    Reply, SelfTrade, Side, TradeMode,
};
use zerocopy::IntoBytes;

fn padded<const N: usize>(name: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes
}

const fn header(kind: CommandKind) -> CommandHeader {
    CommandHeader { kind, flags: 0, reserved: [0; 2], account: AccountId(16), origin: Origin { boot: 1, counter: 1 } }
}

fn order(client_id: &str, tag: &str) -> Vec<u8> {
    PlaceOrder {
        header: header(CommandKind::PlaceOrder),
        instrument: InstrumentId(1),
        side: Side::Buy,
        order_type: OrderType::Limit,
        trade_mode: TradeMode::Cash,
        self_trade: SelfTrade::AccountDefault,
        price: 1,
        size: 1,
        expires_at_ms: 0,
        client_id: padded(client_id),
        tag: padded(tag),
        slippage_ppb: 0,
        reserved: [0; 16],
    }
    .as_bytes()
    .to_vec()
}

fn reply(order_id: u64, client_id: &str, refusal: u16) -> Vec<u8> {
    Reply {
        order_id: OrderId(order_id),
        time_ns: 1_790_000_000_123_999_999,
        client_id: padded(client_id),
        refusal,
        ..Reply::default()
    }
    .as_bytes()
    .to_vec()
}

#[test]
fn each_mark_is_replaced_by_what_it_names() {
    let text = Acknowledgement::new("{<order_id>|<time_ms>|<client_id>|<placed_client_id>|<placed_tag>|<request_id>}");
    let json = text.expect("marks").write(&order("mine", &"t".repeat(16)), &reply(9, &"r".repeat(32), 0));
    let expected = format!("[{{9|1790000000123|{}|mine|{}|}}]", "r".repeat(32), "t".repeat(16));
    assert_eq!(json.map(|json| String::from_utf8(json).expect("text")), Some(expected));
}

#[test]
fn an_amendment_names_its_request() {
    let amend = AmendOrder {
        header: header(CommandKind::AmendOrder),
        instrument: InstrumentId(1),
        reserved: [0; 4],
        order_id: OrderId(9),
        price: 1,
        size: 0,
        client_id: [0; 32],
        request_id: padded("r1"),
        expires_at_ms: 0,
    };
    let text = Acknowledgement::new("<request_id>").expect("marks");
    assert_eq!(text.write(amend.as_bytes(), &reply(9, "", 0)), Some(b"[r1]".to_vec()));
}

#[test]
fn items_stand_in_the_order_of_their_commands() {
    let text = Acknowledgement::new("<placed_client_id>=<order_id>").expect("marks");
    let commands = [order("a", ""), order("b", "")].concat();
    let replies = [reply(1, "", 0), reply(2, "", 0)].concat();
    assert_eq!(text.write(&commands, &replies), Some(b"[a=1,b=2]".to_vec()));
}

#[test]
fn one_refusal_is_enough_to_say_nothing() {
    let text = Acknowledgement::new("x").expect("marks");
    let commands = [order("a", ""), order("b", "")].concat();
    let replies = [reply(1, "", 0), reply(0, "", Refusal::Busy.number())].concat();
    assert_eq!(text.write(&commands, &replies), None);
}

#[test]
fn a_mark_that_means_nothing_is_a_mistake() {
    assert!(Acknowledgement::new("<orderid>").is_err());
    assert!(Acknowledgement::new("a < b").is_err());
}
