//! Draws the view.

use super::rows::Row;
use super::view::{Order, View};
use dupdoctor::internal::render::plain;
use dupdoctor::internal::report::{duration, numbered};
use dupdoctor::report::{Finding, Verdict};
use dupdoctor::{Lang, Severity};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style, Stylize};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Paragraph, Row as TableRow, Table, Wrap};

/// Columns of the lag's bars.
const BARS: u16 = 16;

/// From so many columns on there is room for the lag, and from so many for the last line.
const ROOM: (u16, u16) = (85, 110);

/// Draws the view.
pub(super) fn draw(frame: &mut Frame<'_>, view: &mut View) {
    let [heading, body, said, keys] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1), Constraint::Length(1)]).areas(frame.area());
    frame.render_widget(Line::from(view.heading.clone()).bold(), heading);
    if view.opened.is_some() {
        details(frame, body, view);
    } else {
        table(frame, body, view);
    }
    frame.render_widget(Line::from(view.said.clone()).dim(), said);
    frame.render_widget(Line::from(help(view)).reversed(), keys);
}

fn table(frame: &mut Frame<'_>, area: Rect, view: &mut View) {
    let lang = view.style.lang;
    let titles = [
        lang.pick("VERDICT", "结论"),
        lang.pick("TABLE", "表"),
        lang.pick("STATE", "状态"),
        lang.pick("FOR", "时长"),
        lang.pick("FINDINGS", "问题"),
        lang.pick("LAG", "落后"),
        lang.pick("LAST LINE", "最近日志"),
    ];
    let now = view.now;
    let row = |row: &Row| {
        let last = row.last.map_or_else(String::new, |(at, what)| ago(&duration(now.since(at).as_secs(), lang), what, lang));
        TableRow::new([
            Cell::from(verdict(row.verdict, lang)).style(color(row.verdict, view.style.color)),
            Cell::from(row.table.clone()),
            Cell::from(row.status.clone()),
            Cell::from(row.since(lang)),
            Cell::from(row.findings.clone()),
            Cell::from(row.sparkline(usize::from(BARS))),
            Cell::from(last),
        ])
    };
    let left_out = usize::from(area.width < ROOM.0) + usize::from(area.width < ROOM.1);
    let rows: Vec<TableRow<'_>> = view.shown().into_iter().map(row).collect();
    let last = rows.len().saturating_sub(1);
    let widths = [
        Constraint::Length(11),
        Constraint::Fill(3),
        Constraint::Length(10),
        Constraint::Length(11),
        Constraint::Fill(1),
        Constraint::Length(BARS),
        Constraint::Fill(2),
    ];
    let table = Table::new(rows, widths[..widths.len() - left_out].to_vec())
        .header(TableRow::new(titles).bold())
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    if view.table.selected().is_some_and(|at| at > last) {
        view.table.select(Some(last));
    }
    frame.render_stateful_widget(table, area, &mut view.table);
}

fn ago(length: &str, what: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{length} ago {what}"),
        Lang::Zh => format!("{length} 前 {what}"),
    }
}

/// All findings of a duplication.
fn details(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let Some(row) = view.open_row() else { return };
    let lang = view.style.lang;
    let mut lines: Vec<Line<'_>> = Vec::new();
    for finding in &row.details {
        lines.extend(finding_lines(finding, lang, view.style.color));
        lines.push(Line::default());
    }
    if row.details.is_empty() {
        lines.push(Line::from(lang.pick("Nothing was found.", "没有发现问题。")));
    }
    let title = format!(" {}  {}  {}  {} ", row.table, row.id, row.status, row.since(lang));
    let scroll = view.opened.as_ref().map_or(0, |(_, scroll)| *scroll);
    let text = Paragraph::new(lines).wrap(Wrap { trim: false }).scroll((scroll, 0)).block(Block::bordered().title(title));
    frame.render_widget(text, area);
}

fn finding_lines(finding: &Finding, lang: Lang, colors: bool) -> Vec<Line<'static>> {
    let show = |text: &str| plain(text).into_owned();
    let grave = match finding.severity {
        Severity::Critical | Severity::Error if colors => Style::new().fg(Color::Red),
        Severity::Warning if colors => Style::new().fg(Color::Yellow),
        Severity::Info | Severity::Warning | Severity::Error | Severity::Critical => Style::new(),
    };
    let state = if finding.active { lang.pick("still going on", "仍在持续") } else { lang.pick("over", "已结束") };
    let mut lines = vec![
        Line::from(vec![Span::styled(finding.code.clone(), grave.bold()), Span::raw("  "), Span::raw(show(&finding.title)).bold()]),
        Line::from(format!("{}, {}, {state}", finding.severity, finding.confidence)).dim(),
        Line::from(show(&finding.explanation)),
        Line::from(show(&finding.cause)),
    ];
    for evidence in &finding.evidence {
        lines.push(Line::from(show(&format!("{}  {}", numbered(&evidence.path, evidence.line), evidence.text))).dim());
    }
    for (number, step) in finding.suggestions.iter().enumerate() {
        lines.push(Line::from(show(&format!("{}. {}", number + 1, step.text))));
        lines.extend(step.commands.iter().map(|c| Line::from(show(&format!("   {}> {}", c.at.replace('-', " "), c.run)))));
    }
    lines
}

fn help(view: &View) -> String {
    let lang = view.style.lang;
    if view.typing {
        return format!("{}{}▏", lang.pick("filter: ", "筛选："), view.filter);
    }
    if view.opened.is_some() {
        return lang.pick("Esc back  ↑↓ scroll", "Esc 返回  ↑↓ 滚动").to_owned();
    }
    let order = match view.order {
        Order::Verdict => lang.pick("verdict", "结论"),
        Order::Table => lang.pick("table", "表"),
        Order::Since => lang.pick("time", "时长"),
        Order::Lag => lang.pick("lag", "落后"),
    };
    let filter = if view.filter.is_empty() { String::new() } else { format!(" \"{}\" (Esc)", view.filter) };
    let trouble = if view.only_trouble { lang.pick("all", "全部") } else { lang.pick("only trouble", "只看问题") };
    match lang {
        Lang::En => format!("↑↓ move  Enter open  s sort: {order}  / filter{filter}  t {trouble}  q quit"),
        Lang::Zh => format!("↑↓ 移动  Enter 打开  s 排序：{order}  / 筛选{filter}  t {trouble}  q 退出"),
    }
}

fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (_, Lang::En) => verdict.name(),
        (Verdict::Failed, Lang::Zh) => "失败",
        (Verdict::Stuck, Lang::Zh) => "卡住",
        (Verdict::AtRisk, Lang::Zh) => "有风险",
        (Verdict::Unknown, Lang::Zh) => "未知",
        (Verdict::Paused, Lang::Zh) => "暂停",
        (Verdict::InProgress, Lang::Zh) => "进行中",
        (Verdict::Healthy, Lang::Zh) => "正常",
        (Verdict::Removed, Lang::Zh) => "已删除",
    }
}

fn color(verdict: Verdict, colors: bool) -> Style {
    match verdict {
        _ if !colors => Style::new(),
        Verdict::Failed | Verdict::Stuck => Style::new().fg(Color::Red).bold(),
        Verdict::AtRisk => Style::new().fg(Color::Red),
        Verdict::Unknown | Verdict::Paused => Style::new().fg(Color::Yellow),
        Verdict::InProgress => Style::new().fg(Color::Cyan),
        Verdict::Healthy => Style::new().fg(Color::Green),
        Verdict::Removed => Style::new().dim(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::sample;
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn screen(view: &mut View, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, view)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn the_table_shows_every_column_and_survives_any_size() {
        let mut view = View::new(dupdoctor::Style::default());
        view.rows = vec![sample("orders", Verdict::Stuck, 3_700, vec![1, 8]), sample("users", Verdict::Healthy, 60, vec![])];
        let shown = screen(&mut view, 120, 8);
        for text in ["stuck", "orders → remote", "DS_LOG", "1 h 1 min", "DUP301", "▂█", "dup_report", "healthy", "s sort: verdict"] {
            assert!(shown.contains(text), "{text}: {shown}");
        }
        for (width, height) in [(1, 1), (20, 3), (40, 2), (300, 90)] {
            screen(&mut view, width, height);
        }
        view.opened = Some((("a1d2".into(), "orders → remote".into()), 0));
        assert!(screen(&mut view, 60, 8).contains("Nothing was found."));
    }
}
