//! Many who listen, for benchmarks: connections that subscribe to public channels, count what comes, and know whether
//! a trade is missing.
//!
//! `tickyard-listeners PORT CONNECTIONS CHANNELS PAIRS`, lists with commas. It prints one JSON object once all
//! subscriptions are acknowledged, and one more for each line on its standard input: `count` tells all since the
//! beginning, `reset` the same and begins the pushes and latencies anew. It ends with its input.
//!
//! One thread; it sleeps a millisecond between turns, which latencies include, and so leaves the machine to others.

mod connection;
mod crowd;
mod latency;
mod tape;

use std::env;
use std::error::Error;
use std::io::{self, Read, Write};
use std::thread;
use std::time::Duration;

use crowd::Crowd;

const TURN: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port, connections, channels, pairs] = arguments.as_slice() else {
        return Err("usage: tickyard-listeners PORT CONNECTIONS CHANNELS PAIRS".into());
    };
    let channels: Vec<&str> = channels.split(',').collect();
    let pairs: Vec<&str> = pairs.split(',').collect();
    let mut crowd = Crowd::gather(port.parse()?, connections.parse()?, &channels, &pairs)?;
    while !crowd.is_subscribed() {
        crowd.turn()?;
    }
    say(&crowd.report())?;
    let mut commands = String::new();
    loop {
        thread::sleep(TURN);
        crowd.turn()?;
        if crowd.is_told() {
            let mut bytes = [0; 64];
            let size = io::stdin().read(&mut bytes)?;
            if size == 0 {
                return Ok(());
            }
            commands.push_str(std::str::from_utf8(&bytes[..size])?);
            while let Some(end) = commands.find('\n') {
                say(&crowd.report())?;
                if commands[..end].trim() == "reset" {
                    crowd.reset();
                }
                commands.drain(..=end);
            }
        }
    }
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
