//! One who trades at an even pace, for benchmarks: sends orders when they are due, answered or not, and tells how long
//! their answers took.
//!
//! `tickyard-pacer PORT` reads lines. `paced ADDRESS` opens a connection whose answers are timed, `trading ADDRESS` one
//! whose are not; `login JSON` logs the newest connection in, `order JSON` adds a frame to those that it sends again and
//! again. Then each `run SECONDS ORDERS_PER_S TRADES_PER_S` sends, and prints one JSON object; all `paced` connections
//! take turns, and so do those that are `trading`. It ends with its input.

mod lane;
mod pace;

use std::env;
use std::error::Error;
use std::io::{self, BufRead, Write};

use lane::Lane;
use pace::{Pacer, Told, Window};

const BUFFER_BYTES: usize = 1 << 16;

fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::args().nth(1).ok_or("usage: tickyard-pacer PORT")?.parse()?;
    let mut lines = io::stdin().lock().lines();
    let (mut paced, mut trading): (Vec<Lane>, Vec<Lane>) = (Vec::new(), Vec::new());
    let mut is_trading = false;
    let mut buffer = vec![0; BUFFER_BYTES];
    let first = loop {
        let Some(line) = lines.next().transpose()? else { return Ok(()) };
        let (word, rest) = line.split_once(' ').ok_or("a line has a word and what belongs to it")?;
        let newest = if is_trading { trading.last_mut() } else { paced.last_mut() };
        match word {
            "paced" => {
                paced.push(Lane::open(rest.parse()?, port)?);
                is_trading = false;
            }
            "trading" => {
                trading.push(Lane::open(rest.parse()?, port)?);
                is_trading = true;
            }
            "login" => newest.ok_or("nobody to log in")?.log_in(rest, &mut buffer)?,
            "order" => newest.ok_or("nobody to send it")?.add(rest),
            "run" => break rest.to_owned(),
            _ => return Err(format!("no word of this program: {word}").into()),
        }
    };
    if paced.is_empty() || paced.iter().chain(&trading).any(Lane::is_idle) {
        return Err("a connection has nothing to send".into());
    }
    let can_trade = !trading.is_empty();
    let mut pacer = Pacer::new(paced, trading)?;
    let mut wanted = Some(first);
    while let Some(text) = wanted {
        let window = window(&text)?;
        if window.trades_per_s > 0 && !can_trade {
            return Err("nobody trades".into());
        }
        say(&pacer.run(window)?)?;
        wanted = match lines.next().transpose()? {
            None => None,
            Some(line) => Some(line.strip_prefix("run ").ok_or("only `run` may follow `run`")?.to_owned()),
        };
    }
    Ok(())
}

fn window(text: &str) -> Result<Window, Box<dyn Error>> {
    let numbers = text.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?;
    let [seconds, per_s, trades_per_s] = numbers[..] else {
        return Err("`run` wants seconds, orders a second and trades a second".into());
    };
    if seconds == 0 || per_s == 0 {
        return Err("`run` wants at least a second and an order".into());
    }
    Ok(Window { seconds, per_s, trades_per_s })
}

fn say(told: &Told) -> io::Result<()> {
    let samples = &told.samples_ns;
    let at = |per_mille: usize| samples[(samples.len() * per_mille / 1_000).min(samples.len() - 1)] / 1_000;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{{\"answers\":{},\"refused\":{},\"p50_us\":{},\"p99_us\":{},\"p999_us\":{},\"worst_us\":{},\"refusal\":{:?}}}",
        samples.len(),
        told.refused,
        at(500),
        at(990),
        at(999),
        at(1_000),
        told.refusal,
    )?;
    out.flush()
}
