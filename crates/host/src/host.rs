//! A running host: starts the threads, waits for the end, takes everything down in order.

use crate::abort;
use crate::connection::{Connection, Services};
use crate::core_thread::Core;
use crate::inbox::Inbox;
use crate::open::{Opened, StartError, open};
use crate::outbox::Outbox;
use crate::publisher::Publisher;
use crate::queues::Queues;
use crate::refused::turn_away;
use crate::say::say;
use crate::sequencer::Sequencer;
use crate::settings::Settings;
use crate::tip::Tip;
use rustix::rand::GetRandomFlags;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tickyard_journal::{Disk, HomeLock, Storage};
use tickyard_types::Seq;

/// Batches that may be applied and not yet published.
const PUBLISH_BATCHES: usize = 4;
/// Workers are few; more connections than this are a mistake.
const CONNECTIONS: usize = 256;
/// How long the last answers may take to reach a worker when the host stops.
const FLUSH: Duration = Duration::from_secs(1);
const FLUSH_STEP: Duration = Duration::from_millis(2);

/// The log or the events cannot be written any more. Whatever was not answered is decided by the journal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HostFailure(pub String);

/// A running host.
pub struct Host {
    control: Arc<Control>,
    started_at: Seq,
}

impl Host {
    /// Opens the home, replays what is needed and listens.
    ///
    /// # Errors
    /// See [`StartError`]; [`StartError::is_refusal`] tells whether trying again can help.
    pub fn start(settings: &Settings) -> Result<Self, StartError> {
        Self::start_on(settings, Disk::shared())
    }

    /// Starts on any storage; the home's lock, and with it the home's folder, are on the disk all the same.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_on(settings: &Settings, storage: Arc<dyn Storage>) -> Result<Self, StartError> {
        let opened = open(settings, storage)?;
        let started_at = opened.engine.seq();
        let listener = listen(&settings.socket)?;
        let control = Arc::new(Control::new());
        let running = Running::start(settings, opened, listener, &control)?;
        let ending = Arc::clone(&control);
        abort::spawn("host", move || {
            let failure = ending.wait_for_end();
            running.take_down(failure.is_some());
            ending.ended(failure);
        })
        .map_err(StartError::system("start a thread"))?;
        Ok(Self { control, started_at })
    }

    /// The newest command when the host began to listen.
    #[must_use]
    pub const fn started_at(&self) -> Seq {
        self.started_at
    }

    /// Stops: takes no more commands, carries out and answers those it has. Returns at once.
    pub fn stop(&self) {
        self.control.end(None);
    }

    /// Waits until the host has stopped.
    ///
    /// # Errors
    /// It stopped by itself, because its disk failed.
    pub fn wait(&self) -> Result<(), HostFailure> {
        self.control.wait_until_ended().map_or(Ok(()), Err)
    }
}

/// How the threads say that it is over.
struct Control {
    phase: Mutex<Phase>,
    changed: Condvar,
}

enum Phase {
    Running,
    Ending(Option<HostFailure>),
    Ended(Option<HostFailure>),
}

impl Control {
    const fn new() -> Self {
        Self { phase: Mutex::new(Phase::Running), changed: Condvar::new() }
    }

    /// The first reason counts.
    fn end(&self, failure: Option<HostFailure>) {
        let mut phase = self.lock();
        if matches!(*phase, Phase::Running) {
            *phase = Phase::Ending(failure);
            self.changed.notify_all();
        }
    }

    fn wait_for_end(&self) -> Option<HostFailure> {
        let mut phase = self.lock();
        loop {
            match &*phase {
                Phase::Running => phase = self.changed.wait(phase).unwrap_or_else(PoisonError::into_inner),
                Phase::Ending(failure) | Phase::Ended(failure) => return failure.clone(),
            }
        }
    }

    fn ended(&self, failure: Option<HostFailure>) {
        *self.lock() = Phase::Ended(failure);
        self.changed.notify_all();
    }

    fn wait_until_ended(&self) -> Option<HostFailure> {
        let mut phase = self.lock();
        loop {
            match &*phase {
                Phase::Ended(failure) => return failure.clone(),
                _ => phase = self.changed.wait(phase).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything that must be taken down.
struct Running {
    _lock: HomeLock,
    socket: PathBuf,
    listener: Arc<UnixListener>,
    queues: Arc<Queues>,
    tip: Arc<Tip>,
    workers: Arc<Workers>,
    acceptor: JoinHandle<()>,
    pipeline: [JoinHandle<()>; 3],
}

impl Running {
    fn start(
        settings: &Settings,
        opened: Opened,
        listener: UnixListener,
        control: &Arc<Control>,
    ) -> Result<Self, StartError> {
        let Opened { lock, storage, home, log, engine, events } = opened;
        let failed = || StartError::system("start a thread");
        let queues = Arc::new(Queues::new(settings.queue_commands, settings.batch_commands));
        let inbox = Arc::new(Inbox::new());
        let tip = Arc::new(Tip::at(events.last_seq()));
        let listener = Arc::new(listener);
        let workers = Arc::new(Workers::default());
        let (publish, applied) = sync_channel(PUBLISH_BATCHES);
        let (give_back, spent) = channel();

        let publisher = Publisher { events, tip: Arc::clone(&tip), applied, spent: give_back };
        let publisher = spawn_failing("publisher", control, move || publisher.run()).map_err(failed())?;
        let core = Core { engine, inbox: Arc::clone(&inbox), queues: Arc::clone(&queues), publish, spent };
        let core = abort::spawn("core", move || core.run()).map_err(failed())?;
        let run = random().map_err(StartError::system("draw a random number"))?;
        let sequencer = Sequencer::new(log, Arc::clone(&queues), Arc::clone(&inbox), settings, run);
        let sequencer = spawn_failing("sequencer", control, move || sequencer.run()).map_err(failed())?;

        let services =
            Services { queues: Arc::clone(&queues), inbox, tip: Arc::clone(&tip), storage, events: home.events() };
        let (accepting, all) = (Arc::clone(&listener), Arc::clone(&workers));
        let acceptor = abort::spawn("acceptor", move || all.accept(&accepting, &services)).map_err(failed())?;
        let pipeline = [sequencer, core, publisher];
        let socket = settings.socket.clone();
        Ok(Self { _lock: lock, socket, listener, queues, tip, workers, acceptor, pipeline })
    }

    /// Takes no more in, lets what is in reach the other end, then closes.
    fn take_down(self, is_failed: bool) {
        // Both fail only when there is nothing left to do.
        let _ = std::fs::remove_file(&self.socket);
        let _ = rustix::net::shutdown(&self.listener, rustix::net::Shutdown::Both);
        join(self.acceptor);
        if is_failed {
            turn_away(self.queues.fail());
        } else {
            self.queues.drain();
        }
        for thread in self.pipeline {
            join(thread);
        }
        self.tip.end();
        self.workers.close();
    }
}

/// The connections.
#[derive(Default)]
struct Workers(Mutex<Vec<Worker>>);

struct Worker {
    outbox: Arc<Outbox>,
    reader: JoinHandle<()>,
    writer: JoinHandle<()>,
}

impl Workers {
    /// Accepts connections until the listener is shut down.
    fn accept(&self, listener: &UnixListener, services: &Services) {
        loop {
            match listener.accept() {
                Ok((stream, _)) => {
                    if let Err(error) = self.add(stream, services) {
                        say(format_args!("a worker was turned away: {error}"));
                    }
                }
                // The listener was shut down.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => return,
                Err(error) => {
                    // Out of descriptors, most likely: they come back when connections end.
                    say(format_args!("accept: {error}"));
                    std::thread::sleep(FLUSH_STEP);
                }
            }
        }
    }

    fn add(&self, stream: UnixStream, services: &Services) -> io::Result<()> {
        let mut workers = self.lock();
        workers.retain(|worker| !(worker.reader.is_finished() && worker.writer.is_finished()));
        if workers.len() >= CONNECTIONS {
            stream.shutdown(Shutdown::Both)?;
            return Err(io::Error::other("there are too many connections"));
        }
        let reading = stream.try_clone()?;
        let outbox = Arc::new(Outbox::new(stream));
        let writing = Arc::clone(&outbox);
        let writer = abort::spawn("writer", move || writing.write_out())?;
        let connection = Connection::new(services.clone(), Arc::clone(&outbox));
        let reader = abort::spawn("reader", move || connection.run(reading))?;
        workers.push(Worker { outbox, reader, writer });
        Ok(())
    }

    /// Closes all connections once what waits for them is written, or after a while.
    fn close(&self) {
        let workers = std::mem::take(&mut *self.lock());
        for worker in &workers {
            worker.outbox.finish();
        }
        let mut waited = Duration::ZERO;
        while waited < FLUSH && !workers.iter().all(|worker| worker.writer.is_finished()) {
            std::thread::sleep(FLUSH_STEP);
            waited += FLUSH_STEP;
        }
        for Worker { outbox, reader, writer } in workers {
            outbox.close();
            join(writer);
            join(reader);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a thread whose failure ends the host.
fn spawn_failing<E: std::fmt::Display>(
    name: &'static str,
    control: &Arc<Control>,
    run: impl FnOnce() -> Result<(), E> + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let control = Arc::clone(control);
    abort::spawn(name, move || {
        if let Err(error) = run() {
            control.end(Some(HostFailure(format!("{name}: {error}"))));
        }
    })
}

fn join(thread: JoinHandle<()>) {
    // A panic in it has ended the process.
    let _ = thread.join();
}

/// Listens on a socket file; one left over by a killed host is replaced, for the home's lock is ours.
fn listen(path: &Path) -> Result<UnixListener, StartError> {
    let failed = || StartError::system(format!("listen on {}", path.display()));
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed()(error)),
        _ => {}
    }
    UnixListener::bind(path).map_err(failed())
}

fn random() -> io::Result<u64> {
    let mut bytes = [0; 8];
    rustix::rand::getrandom(&mut bytes, GetRandomFlags::empty())?;
    Ok(u64::from_le_bytes(bytes))
}
