//! A picture in SVG: a few shapes, in colours that suit light and dark pages.

use std::fmt::Write as _;

const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#24292f}\
.title{font-size:15px;font-weight:600}\
.muted{fill:#6e7781}\
.small{font-size:11px}\
.own{fill:#2563eb;stroke:#2563eb}\
.other{fill:#9aa4b2;stroke:#9aa4b2}\
.second{fill:#d97706;stroke:#d97706}\
.grid{stroke:#d0d7de;stroke-width:1}\
.limit{stroke:#cf222e;stroke-width:1.5;stroke-dasharray:5 4}\
.limit-text{fill:#cf222e}\
.bar{stroke:none}\
.dot{fill:#fff;stroke-width:1.5}\
.curve{fill:none;stroke-width:1.8;stroke-linejoin:round}\
@media(prefers-color-scheme:dark){\
text{fill:#e6edf3}.muted{fill:#8d96a0}\
.own{fill:#5b93ff;stroke:#5b93ff}.other{fill:#6e7681;stroke:#6e7681}.second{fill:#e3a13b;stroke:#e3a13b}\
.grid{stroke:#3d444d}.limit{stroke:#ff7b72}.limit-text{fill:#ff7b72}.dot{fill:#0d1117}.curve{fill:none}}";

/// A picture under construction; the origin is at its top left.
pub(super) struct Picture {
    width: f64,
    height: f64,
    title: &'static str,
    shapes: String,
}

/// Where a text is fastened.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Picture {
    pub(super) fn new(width: f64, height: f64, title: &'static str) -> Picture {
        Picture {
            width,
            height,
            title,
            shapes: String::new(),
        }
    }

    pub(super) fn text(&mut self, x: f64, y: f64, anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{}</text>",
            escaped(text)
        ));
    }

    pub(super) fn bar(&mut self, x: f64, y: f64, width: f64, height: f64, class: &str) {
        self.add(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"2\" \
             class=\"{class} bar\"/>"
        ));
    }

    pub(super) fn dot(&mut self, x: f64, y: f64, class: &str) {
        self.add(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" class=\"{class} dot\"/>"
        ));
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        self.add(format_args!(
            "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" class=\"{class}\"/>",
            from.0, from.1, to.0, to.1
        ));
    }

    pub(super) fn curve(&mut self, points: &[(f64, f64)], class: &str) {
        let mut path = String::new();
        for (x, y) in points {
            let _ = write!(path, "{x:.1},{y:.1} ");
        }
        self.add(format_args!(
            "<polyline points=\"{}\" class=\"{class} curve\"/>",
            path.trim_end()
        ));
    }

    /// The file.
    pub(super) fn finish(self) -> String {
        let Picture {
            width,
            height,
            title,
            shapes,
        } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n<title>{}</title>\n\
             <style>{STYLE}</style>\n{shapes}</svg>\n",
            escaped(title)
        )
    }

    fn add(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing into a string does not fail.
        let _ = writeln!(self.shapes, "{shape}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A round number, at least `most`, that an axis can end with.
pub(super) fn ceiling(most: f64) -> f64 {
    let unit = 10_f64.powf(most.max(f64::MIN_POSITIVE).log10().floor());
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let fitting = steps.iter().find(|step| *step * unit >= most);
    fitting.unwrap_or(&10.0) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_with_a_round_number_above_the_largest() {
        assert_eq!(
            [0.9, 1.1, 41_234.0, 300.0].map(ceiling),
            [1.0, 1.5, 50_000.0, 300.0]
        );
    }

    #[test]
    fn texts_cannot_end_their_element() {
        assert_eq!(escaped("a < b & c"), "a &lt; b &amp; c");
    }
}
