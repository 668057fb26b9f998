//! The page in a real browser: it complains about nothing, draws, filters, zooms, tells proof, and takes names as text.
//!
//! Without Chromium these tests say so and are skipped; `.ci/run` installs it. Pictures go to `target/screenshots`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test may fail loudly")]

mod logs;
mod page;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other tests need the rest")]
mod support;

use page::{PHONE, Page, Screen, WIDE, chromium};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::{STUCK, logs, program};

/// Whether there is a browser; without one it says so.
fn skipped() -> bool {
    let none = chromium().is_none();
    if none {
        eprintln!("skipped: no chromium on this machine (apt-get install chromium)");
    }
    none
}

/// The page that the program makes of logs.
fn page_of(logs: &Path, folder: &Path, args: &[&str]) -> PathBuf {
    let file = folder.join("report.html");
    let output = program(&["diagnose"])
        .arg(logs)
        .args(["--quiet", "--fail-on", "never", "--format", "json", "--output"])
        .arg(&file)
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    file
}

#[test]
fn a_week_of_five_hundred_duplications() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    logs::week(&folder.path().join("logs"), 500);
    let file = page_of(&folder.path().join("logs"), folder.path(), &[]);
    let bytes = std::fs::metadata(&file).unwrap().len();
    assert!(bytes < 5_000_000, "{bytes} bytes");
    let page = Page::open(&file, WIDE);
    page.until("document.querySelector('#board').dataset.lanes === '500'");
    assert_eq!(page.count("#chart tbody tr"), 0, "the table is folded");
    assert!(page.colours("#drawing") > 20 && page.colours("#overview") > 3);
    page.picture("week-wide-light", false);
    // Smooth: wherever one scrolls to, only lanes in sight are drawn. The time is for a busy machine without a graphics card.
    let begin = Instant::now();
    for step in 0..20 {
        page.run(&format!("document.querySelector('#lanes').scrollTop = {}", step * 1000));
        let drawn = page.ask("Number(document.querySelector('#board').dataset.drawn)").as_u64().unwrap();
        assert!((1..40).contains(&drawn), "{drawn} lanes drawn");
    }
    assert!(begin.elapsed() < Duration::from_secs(30), "20 frames of scrolling took {:?}", begin.elapsed());

    page.run(
        "const i = document.querySelector('#by-table'); i.value = 'orders_010'; i.dispatchEvent(new Event('input', { bubbles: true }))",
    );
    assert_eq!(page.ask("document.querySelector('#board').dataset.lanes"), "1");
    assert_eq!(page.count("#verdicts tbody tr"), 1, "rows follow the filter");
    page.run("const i = document.querySelector('#by-table'); i.value = ''; i.dispatchEvent(new Event('input', { bubbles: true }))");
    page.run("document.querySelector('#by-verdict input[value=healthy]').click()");
    let without_healthy = page.ask("Number(document.querySelector('#board').dataset.lanes)").as_u64().unwrap();
    assert!((1..500).contains(&without_healthy));
    page.wear(Screen { dark: true, ..WIDE });
    page.settle();
    page.run("document.querySelector('#chart').scrollIntoView()");
    page.picture("week-wide-dark", false);
    page.wear(PHONE);
    page.run("document.querySelector('#chart').scrollIntoView()");
    page.picture("week-phone-light", false);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn an_incident_can_be_read_by_pointer_finger_and_keys() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = page_of(&logs(STUCK), folder.path(), &[]);
    let page = Page::open(&file, WIDE);
    page.until("document.querySelector('#board').dataset.lanes === '1'");
    for (name, screen) in [
        ("incident-wide-light", WIDE),
        ("incident-wide-dark", Screen { dark: true, ..WIDE }),
        ("incident-phone-light", PHONE),
        ("incident-phone-dark", Screen { dark: true, ..PHONE }),
    ] {
        page.wear(screen);
        page.settle();
        page.picture(name, true);
        assert_eq!(page.ask("document.documentElement.scrollWidth <= innerWidth"), true, "{name} does not scroll sideways");
    }
    page.wear(WIDE);
    page.settle();

    // Hovering over the lane tells the line that changed its status, over the density the first of the complaints.
    page.run("document.querySelector('#drawing').scrollIntoView({ block: 'center' })");
    let [left, top, width, _] = page.place("#drawing");
    page.mouse("mouseMoved", (left + width * 0.8, top + 28.0 + 24.0), false);
    assert!(
        page.text("#card").contains("DS_APP") && page.text("#card pre").contains("from DS_PREPARE to DS_APP"),
        "{}",
        page.text("#card")
    );
    page.mouse("mouseMoved", (left + width * 0.8, top + 28.0 + 14.0), false);
    assert!(page.text("#card pre").contains("ERR_OBJECT_NOT_FOUND"), "{}", page.text("#card"));
    page.picture("incident-hover", false);
    page.mouse("mouseMoved", (left + 40.0, top + 8.0), false);
    assert_eq!(page.count("#card"), 0);

    // By keys: into the lane, to its finding, closer, back.
    page.run("document.querySelector('#drawing').focus({ preventScroll: true })");
    page.press(&["ArrowDown"]);
    assert!(page.text("#card").contains("DUP301"), "{}", page.text("#card"));
    assert!(page.text("#spoken").contains("DUP301") || page.text("#spoken").contains("test_orders"), "{}", page.text("#spoken"));
    let view = |page: &Page| {
        page.ask("document.querySelector('#board').dataset.to - document.querySelector('#board').dataset.from").as_f64().unwrap()
    };
    let all = view(&page);
    page.press(&["+", "+"]);
    assert!(view(&page) < all * 0.3);
    page.press(&["0"]);
    assert!((view(&page) - all).abs() < 2.0);
    page.press(&["ArrowLeft"]);
    assert!(page.count("#card.pinned") == 1 && page.count("#card pre") > 0);
    page.press(&["Escape"]);
    assert_eq!(page.count("#card"), 0);

    // By wheel, by dragging, by buttons.
    page.zoom_by_wheel((left + width / 2.0, top + 40.0), -120.0);
    assert!(view(&page) < all * 0.9);
    page.run("document.querySelector('#reset').click()");
    page.mouse("mousePressed", (left + width * 0.5, top + 50.0), true);
    page.mouse("mouseMoved", (left + width * 0.6, top + 50.0), true);
    page.mouse("mouseMoved", (left + width * 0.7, top + 50.0), true);
    page.mouse("mouseReleased", (left + width * 0.7, top + 50.0), false);
    assert!(view(&page) < all * 0.35, "{} of {all}", view(&page));
    page.run("document.querySelector('#reset').click(); document.querySelector('#zoom-in').click()");
    assert!((view(&page) / all - 0.5).abs() < 0.02);
    page.run("document.querySelector('#reset').click()");

    // The theme can be chosen.
    page.run("document.querySelector('#theme').click(); document.querySelector('#theme').click()");
    assert_eq!(page.ask("document.documentElement.dataset.theme"), "dark");

    // A finger.
    page.wear(PHONE);
    page.run("document.querySelector('#drawing').scrollIntoView({ block: 'start' })");
    let [left, top, width, _] = page.place("#drawing");
    page.tap((left + width * 0.8, top + 28.0 + 40.0));
    assert!(page.text("#card pre").contains("from DS_PREPARE to DS_APP"), "{}", page.text("#card"));
    page.picture("incident-phone-tap", false);

    // From the mark to the finding.
    page.run("location.hash = ''; document.querySelector('#verdicts a.code').click()");
    assert_eq!(page.ask("document.activeElement.id"), "f0");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn names_that_mean_harm_are_text() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    logs::hostile(&folder.path().join("logs"));
    let file = page_of(&folder.path().join("logs"), folder.path(), &["--lang", "zh"]);
    let page = Page::open(&file, WIDE);
    page.until("document.querySelector('#board').dataset.lanes === '1'");
    page.run("document.querySelector('#drawing').focus({ preventScroll: true })");
    page.press(&["ArrowDown", "ArrowLeft", "ArrowRight"]);
    let shown = page.text("#verdicts .name");
    assert!(shown.contains("\"><img/src=x/onerror=alert(1)></script><script>alert(1)</script><!--") && shown.contains("&lt;b"), "{shown}");
    assert!(!page.ask("document.documentElement.textContent").as_str().unwrap().contains('\u{202e}'));
    assert_eq!(page.ask("document.querySelectorAll('img, iframe, object, embed').length"), 0);
    assert_eq!(page.ask("document.scripts.length"), 2);
    assert!(page.text("h1").contains("热备份"));
    assert_eq!(page.ask("document.documentElement.lang"), "zh-CN");
    page.picture("hostile-zh", true);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
fn the_network_is_left_alone_and_the_policy_holds() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = page_of(&logs(STUCK), folder.path(), &[]);
    let page = Page::open(&file, WIDE);
    page.until("document.querySelector('#board').dataset.lanes === '1'");
    assert_eq!(page.ask("performance.getEntriesByType('resource').length"), 0);
    assert_eq!(page.complaints(), Vec::<String>::new());
    // The test would hear of a violation: a script that the policy does not know does not run.
    page.run("const s = document.createElement('script'); s.textContent = 'document.title = \"run\"'; document.body.append(s)");
    assert_ne!(page.ask("document.title"), "run");
    page.until("1");
    assert!(page.complaints().iter().any(|c| c.contains("Content Security Policy")), "{:?}", page.complaints());
}

#[test]
fn without_scripts_all_of_it_can_be_read() {
    if skipped() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = page_of(&logs(STUCK), folder.path(), &[]);
    let page = Page::open_unscripted(&file, WIDE);
    assert_eq!(page.count("#board, #tools, #theme, .copy"), 0, "nothing that would do nothing");
    assert_eq!(page.count(".unscripted"), 2);
    assert!(page.text("#verdicts").contains("test_orders") && page.text("#findings").contains("ERR_OBJECT_NOT_FOUND"));
    assert_eq!(page.ask("document.querySelector('#chart details').open = true"), true);
    assert!(page.text("#chart table").contains("DS_PREPARE"), "{}", page.text("#chart table"));
}
