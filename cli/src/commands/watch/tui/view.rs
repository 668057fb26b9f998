//! What is shown, and what keys do to it.

use super::super::feed::Feed;
use super::rows::Row;
use dupdoctor::internal::render::plain;
use dupdoctor::report::Verdict;
use dupdoctor::{Lang, LogTime, Style};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::widgets::TableState;
use std::cmp::Reverse;

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Verdict,
    Table,
    Since,
    Lag,
}

impl Order {
    fn next(self) -> Self {
        match self {
            Self::Verdict => Self::Table,
            Self::Table => Self::Since,
            Self::Since => Self::Lag,
            Self::Lag => Self::Verdict,
        }
    }
}

/// What is shown.
#[derive(Debug)]
pub(super) struct View {
    pub(super) style: Style,
    pub(super) rows: Vec<Row>,
    pub(super) order: Order,
    pub(super) only_trouble: bool,
    pub(super) filter: String,
    /// The filter is being typed.
    pub(super) typing: bool,
    /// The id and table of the row that is open, and how far its text is scrolled.
    pub(super) opened: Option<((String, String), u16)>,
    pub(super) table: TableState,
    /// The first line: what is watched.
    pub(super) heading: String,
    /// What was said last.
    pub(super) said: String,
    pub(super) now: LogTime,
}

impl View {
    pub(super) fn new(style: Style) -> Self {
        Self {
            style,
            rows: Vec::new(),
            order: Order::Verdict,
            only_trouble: false,
            filter: String::new(),
            typing: false,
            opened: None,
            table: TableState::default().with_selected(0),
            heading: String::new(),
            said: String::new(),
            now: LogTime::default(),
        }
    }

    /// Takes over how things are.
    pub(super) fn update(&mut self, feed: &Feed) {
        let Some(report) = feed.watcher.report() else { return };
        let chosen = self.chosen().map(|r| (r.id.clone(), r.table.clone()));
        self.rows = Row::all(feed);
        self.now = feed.watcher.now();
        let count = |verdicts: &[Verdict]| verdicts.iter().filter_map(|v| report.summary.by_verdict.get(v)).sum::<usize>();
        let needing: Vec<Verdict> = Verdict::ALL.iter().copied().filter(|v| v.needs_somebody()).collect();
        let (dups, needing, well) = (self.rows.len(), count(&needing), count(&[Verdict::Healthy]));
        let (servers, lines, open) = (report.summary.servers, report.summary.lines, feed.watcher.open().count());
        self.heading = match self.style.lang {
            Lang::En => {
                format!(
                    "duplications {dups}: need attention {needing}, healthy {well} · findings {open} · servers {servers}, lines {lines}"
                )
            }
            Lang::Zh => {
                format!("热备份 {dups} 个：需要处理 {needing}，正常 {well} · 问题 {open} 个 · 服务器 {servers} 台，日志 {lines} 行")
            }
        };
        // The cursor stays on its duplication wherever that moves. An empty table has none.
        let place = chosen.and_then(|(id, table)| self.shown().iter().position(|r| r.id == id && r.table == table));
        self.table.select(place.or(Some(0)));
    }

    /// Shows what was said; whether it is new.
    pub(super) fn note(&mut self, said: &str) -> bool {
        let said = plain(said).into_owned();
        let new = self.said != said;
        self.said = said;
        new
    }

    /// The rows that are shown, in their order.
    pub(super) fn shown(&self) -> Vec<&Row> {
        let trouble = |r: &Row| !matches!(r.verdict, Verdict::Healthy | Verdict::Removed);
        let mut shown: Vec<&Row> =
            self.rows.iter().filter(|r| (!self.only_trouble || trouble(r)) && (self.filter.is_empty() || r.has(&self.filter))).collect();
        match self.order {
            Order::Verdict => shown.sort_by_key(|r| (r.verdict, Reverse(r.gravest()), Reverse(r.seconds), r.table.clone())),
            Order::Table => shown.sort_by_key(|r| (r.table.clone(), r.id.clone())),
            Order::Since => shown.sort_by_key(|r| (Reverse(r.seconds), r.table.clone())),
            Order::Lag => shown.sort_by_key(|r| (Reverse(r.total_lag()), r.table.clone())),
        }
        shown
    }

    pub(super) fn chosen(&self) -> Option<&Row> {
        self.shown().get(self.table.selected()?).copied()
    }

    /// The row that is open.
    pub(super) fn open_row(&self) -> Option<&Row> {
        let ((id, table), _) = self.opened.as_ref()?;
        self.rows.iter().find(|r| r.id == *id && r.table == *table)
    }

    /// Obeys a key; says whether to end.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most keys do nothing")]
    pub(super) fn press(&mut self, key: KeyEvent) -> bool {
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return true;
        }
        if self.typing {
            self.type_filter(key.code);
            return false;
        }
        if let Some((_, scroll)) = &mut self.opened {
            match key.code {
                KeyCode::Down | KeyCode::Char('j') => *scroll = scroll.saturating_add(1),
                KeyCode::Up | KeyCode::Char('k') => *scroll = scroll.saturating_sub(1),
                KeyCode::PageDown | KeyCode::Char(' ') => *scroll = scroll.saturating_add(10),
                KeyCode::PageUp => *scroll = scroll.saturating_sub(10),
                KeyCode::Esc | KeyCode::Enter | KeyCode::Backspace | KeyCode::Char('q') => self.opened = None,
                _ => {}
            }
            return false;
        }
        match key.code {
            KeyCode::Char('q') => return true,
            KeyCode::Down | KeyCode::Char('j') => self.go(1),
            KeyCode::Up | KeyCode::Char('k') => self.go(-1),
            KeyCode::PageDown => self.go(10),
            KeyCode::PageUp => self.go(-10),
            KeyCode::Home => self.table.select(Some(0)),
            KeyCode::End => self.go(isize::MAX),
            KeyCode::Char('s') => self.order = self.order.next(),
            KeyCode::Char('t') => self.only_trouble = !self.only_trouble,
            KeyCode::Char('/') => self.typing = true,
            KeyCode::Esc => self.filter.clear(),
            KeyCode::Enter => self.opened = self.chosen().map(|r| ((r.id.clone(), r.table.clone()), 0)),
            _ => {}
        }
        false
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most keys do nothing")]
    fn type_filter(&mut self, code: KeyCode) {
        match code {
            KeyCode::Enter => self.typing = false,
            KeyCode::Esc => {
                self.typing = false;
                self.filter.clear();
            }
            KeyCode::Backspace => {
                self.filter.pop();
            }
            KeyCode::Char(c) => self.filter.push(c),
            _ => {}
        }
        self.table.select(Some(0));
    }

    fn go(&mut self, by: isize) {
        let last = self.shown().len().saturating_sub(1);
        let at = self.table.selected().unwrap_or(0).saturating_add_signed(by).min(last);
        self.table.select(Some(at));
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::sample;
    use super::*;

    fn press(view: &mut View, keys: &str) -> bool {
        let code = |c| match c {
            '\n' => KeyCode::Enter,
            '\x1b' => KeyCode::Esc,
            c => KeyCode::Char(c),
        };
        keys.chars().fold(false, |_, c| view.press(KeyEvent::from(code(c))))
    }

    fn tables(view: &View) -> Vec<String> {
        view.shown().iter().map(|r| r.table.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn keys_sort_filter_and_open() {
        let mut view = View::new(Style::default());
        view.rows = vec![
            sample("b", Verdict::Healthy, 10, vec![5]),
            sample("c", Verdict::Stuck, 5, vec![]),
            sample("a", Verdict::InProgress, 90, vec![1, 9]),
        ];
        assert_eq!(tables(&view), ["c", "a", "b"]);
        press(&mut view, "s");
        assert_eq!(tables(&view), ["a", "b", "c"]);
        press(&mut view, "s");
        assert_eq!(tables(&view), ["a", "b", "c"]);
        press(&mut view, "s");
        assert_eq!(tables(&view), ["a", "b", "c"]);
        press(&mut view, "st");
        assert_eq!(tables(&view), ["c", "a"]);
        press(&mut view, "t/dup301\n");
        assert_eq!(tables(&view), ["c"]);
        press(&mut view, "\n");
        assert_eq!(view.open_row().map(|r| r.table.as_str()), Some("c → remote"));
        assert!(!press(&mut view, "q"), "closes the finding first");
        press(&mut view, "\x1b");
        assert_eq!(tables(&view).len(), 3);
        assert!(press(&mut view, "jjjjq"));
    }
}
