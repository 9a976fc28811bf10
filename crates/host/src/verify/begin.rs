//! Where the replay of a verification begins, and what it has to meet on its way.

use super::Defect;
use crate::open::restore;
use crate::replay::{Replayer, oldest_state};
use std::collections::BTreeMap;
use std::sync::Arc;
use tickyard_engine::Engine;
use tickyard_journal::{Head, Home, Kept, LogError, Newest, SnapshotMark, SnapshotStore, Storage};
use tickyard_types::Seq;

/// What the replay begins with.
pub struct Beginning {
    pub replayer: Replayer,
    /// Whole snapshots, which the replay must meet.
    pub marks: BTreeMap<Seq, SnapshotMark>,
    pub defects: Vec<Defect>,
}

/// Looks at snapshots and the first segments. The replay begins at the first command if that is kept, else at the
/// oldest snapshot that can be used.
pub fn begin(storage: &Arc<dyn Storage>, home: &Home) -> Result<Beginning, LogError> {
    let store = SnapshotStore::new(Arc::clone(storage), home.snapshots());
    let mut defects = Vec::new();
    let marks = read_snapshots(&store, &mut defects)?;
    let journal = Kept::journal(&**storage, home)?;
    for kept in [&journal, &Kept::events(&**storage, home)?] {
        if kept.misses_the_first() {
            let what = format!("it is missing; it should begin with sequence {}", kept.from.0);
            defects.push(Defect { place: kept.path.display().to_string(), what });
        }
    }
    let first = journal.segments.first().copied().unwrap_or(Seq(1));
    if first == Seq(1) {
        return Ok(Beginning { replayer: Replayer::new(Engine::new(), Head::GENESIS), marks, defects });
    }
    let (engine, head) = oldest_state(storage, home)?;
    let unusable = marks.range(first..).map(|(seq, _)| *seq).take_while(|seq| head == Head::GENESIS || *seq < head.seq);
    for seq in unusable {
        let Ok(snapshot) = store.read(seq) else { continue };
        if let Err(error) = restore(Newest { snapshot: Some(snapshot), skipped: Vec::new() }) {
            defects.push(Defect { place: place(seq), what: error.to_string() });
        }
    }
    if head == Head::GENESIS {
        let what = "the first commands are not kept, and no whole snapshot holds them".to_owned();
        defects.push(Defect { place: format!("journal {}", first.0), what });
    }
    // Older ones are of commands that are not kept: there is nothing to hold them against.
    let marks = marks.range(head.seq..).map(|(seq, mark)| (*seq, *mark)).collect();
    Ok(Beginning { replayer: Replayer::new(engine, head), marks, defects })
}

/// How a snapshot is named.
pub fn place(seq: Seq) -> String {
    format!("snapshot {}", seq.0)
}

fn read_snapshots(store: &SnapshotStore, defects: &mut Vec<Defect>) -> Result<BTreeMap<Seq, SnapshotMark>, LogError> {
    let mut marks = BTreeMap::new();
    for seq in store.list()? {
        match store.read(seq) {
            Ok(snapshot) => {
                marks.insert(seq, snapshot.mark);
            }
            // It may have been pruned between the two looks.
            Err(_) if !store.list()?.contains(&seq) => {}
            Err(fault) => defects.push(Defect { place: place(seq), what: fault.to_string() }),
        }
    }
    Ok(marks)
}
