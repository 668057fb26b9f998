//! A page in Chromium, driven as a reader would: looks, keys, pointers; and what the browser complains about.

use headless_chrome::protocol::cdp::Page::CaptureScreenshotFormatOption::Png;
use headless_chrome::protocol::cdp::types::{Event, Method};
use headless_chrome::{Browser, LaunchOptions, Tab};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The browser, if this machine has one.
pub(crate) fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).flat_map(|f| names.map(|n| f.join(n))).find(|p| p.is_file())
}

/// A page that is open.
pub(crate) struct Page {
    tab: Arc<Tab>,
    complaints: Arc<Mutex<Vec<String>>>,
    screen: std::cell::Cell<Screen>,
    _browser: Browser,
}

/// A screen.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dark: bool,
}

pub(crate) const WIDE: Screen = Screen { width: 1400, height: 1000, dark: false };
pub(crate) const PHONE: Screen = Screen { width: 390, height: 844, dark: false };

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SetDeviceMetricsOverride {
    width: u32,
    height: u32,
    device_scale_factor: f64,
    mobile: bool,
}

#[derive(Debug, Serialize)]
struct SetScriptExecutionDisabled {
    value: bool,
}

#[derive(Debug, Serialize)]
struct SetEmulatedMedia {
    media: &'static str,
    features: [Feature; 2],
}

#[derive(Debug, Serialize)]
struct Feature {
    name: &'static str,
    value: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DispatchMouseEvent {
    r#type: &'static str,
    x: f64,
    y: f64,
    button: &'static str,
    buttons: u8,
    click_count: u8,
    modifiers: u8,
    delta_x: f64,
    delta_y: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DispatchTouchEvent {
    r#type: &'static str,
    touch_points: Vec<Touch>,
}

#[derive(Debug, Serialize)]
struct Touch {
    x: f64,
    y: f64,
}

#[derive(Debug, Deserialize)]
struct Nothing {}

macro_rules! methods {
    ($($name:ident $method:literal;)*) => {
        $(impl Method for $name {
            const NAME: &'static str = $method;
            type ReturnObject = Nothing;
        })*
    };
}

methods! {
    SetDeviceMetricsOverride "Emulation.setDeviceMetricsOverride";
    SetScriptExecutionDisabled "Emulation.setScriptExecutionDisabled";
    SetEmulatedMedia "Emulation.setEmulatedMedia";
    DispatchMouseEvent "Input.dispatchMouseEvent";
    DispatchTouchEvent "Input.dispatchTouchEvent";
}

impl Page {
    /// Opens a file.
    pub(crate) fn open(file: &Path, screen: Screen) -> Self {
        Self::opened(file, screen, true)
    }

    /// Opens a file in a browser, or a mail program, that runs no scripts.
    pub(crate) fn open_unscripted(file: &Path, screen: Screen) -> Self {
        Self::opened(file, screen, false)
    }

    fn opened(file: &Path, screen: Screen, scripted: bool) -> Self {
        let options = LaunchOptions::default_builder()
            .path(chromium())
            .sandbox(false)
            .args(vec![OsStr::new("--hide-scrollbars"), OsStr::new("--force-color-profile=srgb")])
            .idle_browser_timeout(Duration::from_secs(120))
            .build()
            .unwrap();
        let browser = Browser::new(options).unwrap();
        let tab = browser.new_tab().unwrap();
        let complaints = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&complaints);
        tab.enable_log().unwrap().enable_runtime().unwrap();
        tab.add_event_listener(Arc::new(move |event: &Event| {
            // Whatever the browser says about the page: violations of its policy, what it wants from the network.
            let complaint = if let Event::LogEntryAdded(entry) = event {
                Some(format!("{:?}", entry.params.entry))
            } else if let Event::RuntimeExceptionThrown(thrown) = event {
                Some(format!("{:?}", thrown.params.exception_details))
            } else if let Event::RuntimeConsoleAPICalled(call) = event {
                Some(format!("{:?}", call.params))
            } else {
                None
            };
            heard.lock().unwrap().extend(complaint);
        }))
        .unwrap();
        let page = Self { tab, complaints, screen: std::cell::Cell::new(screen), _browser: browser };
        page.wear(screen);
        page.tab.call_method(SetScriptExecutionDisabled { value: !scripted }).unwrap();
        page.tab.navigate_to(&format!("file://{}", file.display())).unwrap().wait_until_navigated().unwrap();
        page.until("document.readyState === 'complete'");
        page
    }

    /// Another screen, another theme.
    pub(crate) fn wear(&self, screen: Screen) {
        let Screen { width, height, dark } = screen;
        self.screen.set(screen);
        let mobile = width < 600;
        self.tab
            .call_method(SetDeviceMetricsOverride { width, height, device_scale_factor: if mobile { 2.0 } else { 1.0 }, mobile })
            .unwrap();
        let scheme = Feature { name: "prefers-color-scheme", value: if dark { "dark" } else { "light" } };
        let motion = Feature { name: "prefers-reduced-motion", value: "reduce" };
        self.tab.call_method(SetEmulatedMedia { media: "", features: [scheme, motion] }).unwrap();
    }

    /// What the browser complained about.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap().clone()
    }

    /// The value of an expression, through JSON.
    pub(crate) fn ask(&self, expression: &str) -> Value {
        let asked = format!("JSON.stringify({expression})");
        let answer = self.tab.evaluate(&asked, false).unwrap_or_else(|error| panic!("{expression}: {error}")).value;
        answer.and_then(|v| serde_json::from_str(v.as_str()?).ok()).unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.ask(&format!("document.querySelector({selector:?})?.innerText ?? null")).as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn count(&self, selector: &str) -> u64 {
        self.ask(&format!("[...document.querySelectorAll({selector:?})].filter((e) => e.checkVisibility()).length")).as_u64().unwrap_or(0)
    }

    /// Does something.
    pub(crate) fn run(&self, statement: &str) {
        self.ask(&format!("(() => {{ {statement}; return 1; }})()"));
        self.settle();
    }

    /// Waits until it holds.
    pub(crate) fn until(&self, expression: &str) {
        let begin = Instant::now();
        while self.ask(&format!("Boolean({expression})")) != Value::Bool(true) {
            assert!(begin.elapsed() < Duration::from_secs(20), "never: {expression}\n{:#?}", self.complaints());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Two frames: what was changed is drawn.
    pub(crate) fn settle(&self) {
        let frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))";
        self.tab.evaluate(frames, true).unwrap();
    }

    pub(crate) fn press(&self, keys: &[&str]) {
        for key in keys {
            self.tab.press_key(key).unwrap();
            self.settle();
        }
    }

    pub(crate) fn mouse(&self, r#type: &'static str, at: (f64, f64), held: bool) {
        self.wheel_or_mouse(r#type, at, u8::from(held), 0, 0.0);
    }

    /// Turns the wheel with the control key held.
    pub(crate) fn zoom_by_wheel(&self, at: (f64, f64), by: f64) {
        self.wheel_or_mouse("mouseWheel", at, 0, 2, by);
    }

    fn wheel_or_mouse(&self, r#type: &'static str, (x, y): (f64, f64), buttons: u8, modifiers: u8, delta_y: f64) {
        let button = if buttons > 0 || r#type == "mouseReleased" { "left" } else { "none" };
        let click_count = u8::from(r#type == "mousePressed" || r#type == "mouseReleased");
        self.tab.call_method(DispatchMouseEvent { r#type, x, y, button, buttons, click_count, modifiers, delta_x: 0.0, delta_y }).unwrap();
        self.settle();
    }

    /// A finger that touches and leaves.
    pub(crate) fn tap(&self, (x, y): (f64, f64)) {
        self.tab.call_method(DispatchTouchEvent { r#type: "touchStart", touch_points: vec![Touch { x, y }] }).unwrap();
        self.tab.call_method(DispatchTouchEvent { r#type: "touchEnd", touch_points: Vec::new() }).unwrap();
        self.settle();
    }

    /// Where an element is on the screen: left, top, width, height.
    pub(crate) fn place(&self, selector: &str) -> [f64; 4] {
        let frame = self.ask(&format!(
            "(() => {{ const f = document.querySelector({selector:?}).getBoundingClientRect(); return [f.left, f.top, f.width, f.height]; }})()"
        ));
        [0, 1, 2, 3].map(|i| frame[i].as_f64().unwrap())
    }

    /// How many differently coloured pixels a canvas has.
    pub(crate) fn colours(&self, canvas: &str) -> u64 {
        self.ask(&format!(
            "(() => {{ const c = document.querySelector({canvas:?}); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const seen = new Set(); for (let i = 0; i < d.length; i += 4) seen.add((d[i] << 16) | (d[i + 1] << 8) | d[i + 2]); return seen.size; }})()"
        ))
        .as_u64()
        .unwrap_or(0)
    }

    /// A picture under `target/screenshots`, of the whole page or of what is on the screen.
    pub(crate) fn picture(&self, name: &str, whole: bool) {
        let folder = crate::support::root().join("target/screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let screen = self.screen.get();
        let height = self.ask("document.documentElement.scrollHeight").as_u64().and_then(|h| u32::try_from(h).ok()).unwrap_or(1);
        // A screen as high as the page.
        self.wear(Screen { height: if whole { height.clamp(1, 7000) } else { screen.height }, ..screen });
        self.settle();
        let image = self.tab.capture_screenshot(Png, None, None, true).unwrap();
        self.wear(screen);
        self.settle();
        assert!(image.len() > 10_000, "{name} shows something");
        std::fs::write(folder.join(format!("{name}.png")), image).unwrap();
    }
}
