//! Reading pipes: each in a thread of its own, so that waiting for one holds up nothing else.

use anyhow::Result;
use dupdoctor::internal::source::{SourceError, StdinSource, open_stdin, sniff_stream};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes that are handed over at a time.
const PIECE: usize = 256 << 10;

/// Pieces that wait; then the pipe does, and with it who writes to it.
const WAITING: usize = 16;

/// What a pipe brought.
pub(super) enum Piece {
    /// A log begins: the pipe itself, or a member of an archive in it.
    Begin(usize, String),
    /// Bytes of the log that began last.
    Bytes(usize, Vec<u8>),
    /// Nothing more comes.
    End(usize),
    /// It cannot be read, or not to its end.
    Failed(SourceError),
}

/// Whether a path names a pipe.
pub(super) fn is_pipe(path: &Path) -> bool {
    let kind = std::fs::metadata(path).map(|m| m.file_type());
    path.as_os_str() == "-" || kind.is_ok_and(|k| k.is_fifo() || k.is_char_device())
}

/// Reads pipes until they end.
pub(super) fn read(pipes: &[PathBuf]) -> Result<Receiver<Piece>> {
    let (sender, receiver) = sync_channel(WAITING);
    for (number, path) in pipes.iter().enumerate() {
        let (sender, path) = (sender.clone(), path.clone());
        std::thread::Builder::new().name(format!("pipe {number}")).spawn(move || {
            if let Err(error) = read_one(number, &path, &sender) {
                let _ = sender.send(Piece::Failed(error));
            }
            let _ = sender.send(Piece::End(number));
        })?;
    }
    Ok(receiver)
}

fn read_one(number: usize, path: &Path, sender: &SyncSender<Piece>) -> Result<(), SourceError> {
    let name = path.to_string_lossy().into_owned();
    let source = if name == "-" {
        open_stdin()?
    } else {
        let opened = File::open(path).map_err(|cause| SourceError::Unreadable { path: path.into(), cause })?;
        sniff_stream(&name, opened)?
    };
    match source {
        StdinSource::Stream(mut stream) => hand_over(number, name, &mut *stream, sender),
        StdinSource::Tar(tar) => {
            let mut result = Ok(());
            tar.for_each_member(&mut |member| {
                let read = hand_over(number, member.path, member.reader, sender);
                if result.is_ok() {
                    result = read;
                }
            })?;
            result
        }
    }
}

/// Fails only where the pipe does; nobody listens any more when the program ends.
fn hand_over(number: usize, name: String, reader: &mut dyn Read, sender: &SyncSender<Piece>) -> Result<(), SourceError> {
    let path = PathBuf::from(&name);
    if sender.send(Piece::Begin(number, name)).is_err() {
        return Ok(());
    }
    loop {
        let mut piece = vec![0; PIECE];
        match reader.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                piece.truncate(n);
                // A pipe gives 64 KiB at most: what waits should not cost more than it holds.
                if n < PIECE / 2 {
                    piece.shrink_to_fit();
                }
                if sender.send(Piece::Bytes(number, piece)).is_err() {
                    return Ok(());
                }
            }
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(SourceError::Unreadable { path, cause }),
        }
    }
}
