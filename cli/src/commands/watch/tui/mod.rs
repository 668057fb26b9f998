//! `--tui`: a live table of the duplications.

mod draw;
mod rows;
mod view;

use super::feed::Feed;
use crate::console::{held_warning, hold_warnings, release_warnings};
use anyhow::{Context, Result};
use dupdoctor::Style;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyEventKind};
use std::time::{Duration, Instant};
use view::View;

/// How often the screen is drawn, at most.
const FRAME: Duration = Duration::from_millis(100);

/// The terminal, which is as it was when this is dropped.
pub(super) struct Tui {
    terminal: DefaultTerminal,
    view: View,
    drawn: Option<Instant>,
    stop: bool,
}

impl Tui {
    /// Takes the terminal; a panic gives it back before it says anything.
    pub(super) fn new(style: Style) -> Result<Self> {
        let terminal = ratatui::try_init().context("--tui needs a terminal")?;
        hold_warnings();
        Ok(Self { terminal, view: View::new(style), drawn: None, stop: false })
    }

    /// Takes over how things are after a look.
    pub(super) fn update(&mut self, feed: &Feed) {
        self.view.update(feed);
        self.drawn = None;
    }

    /// Obeys keys and draws; to be called often.
    pub(super) fn step(&mut self) {
        let mut touched = false;
        while event::poll(Duration::ZERO).unwrap_or(false) {
            match event::read() {
                Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => self.stop |= self.view.press(key),
                Ok(_) => {}
                // The terminal is gone.
                Err(_) => self.stop = true,
            }
            touched = true;
        }
        if let Some(said) = held_warning() {
            touched |= self.view.note(&said);
        }
        if touched || self.drawn.is_none_or(|at| at.elapsed() >= FRAME * 10) {
            let view = &mut self.view;
            self.stop |= self.terminal.draw(|frame| draw::draw(frame, view)).is_err();
            self.drawn = Some(Instant::now());
        }
    }

    /// Whether the user wants to end, or the terminal is gone.
    pub(super) fn asked_to_stop(&self) -> bool {
        self.stop
    }
}

impl Drop for Tui {
    fn drop(&mut self) {
        ratatui::restore();
        release_warnings();
    }
}
