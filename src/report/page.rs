//! One self-contained page: styles inline, no script, readable on a phone, printed on A4.

use std::fmt::Write;

use crate::protect::Heading;
use crate::render::{escape_html, privacy, words};
use crate::schema::{Label, Language};

const STYLES: &str = include_str!("page.css");

/// A page under construction: chapters go in one by one.
pub(super) struct Page {
    language: Language,
    title: String,
    head: String,
    contents: String,
    body: String,
    chapters: usize,
}

impl Page {
    pub(super) fn new(
        title: &Label,
        subtitle: Option<&Label>,
        heading: &Heading,
        language: Language,
    ) -> Self {
        let text = |label: &Label| escape_html(label.text(language));
        let words = words(language);
        let mut head =
            format!("<p class=\"register\">{}</p>\n<h1>{}</h1>\n", text(heading.register()), text(title));
        if let Some(subtitle) = subtitle {
            push(&mut head, format_args!("<p class=\"subtitle\">{}</p>\n", text(subtitle)));
        }
        if let Some(day) = heading.extracted() {
            push(&mut head, format_args!("<p class=\"extracted\">{}: {}</p>\n", words.extracted, day.text()));
        }
        let title = format!("{} \u{2013} {}", text(heading.register()), text(title));
        Self { language, title, head, contents: String::new(), body: String::new(), chapters: 0 }
    }

    /// A sentence that stands out above everything else.
    pub(super) fn notice(&mut self, notice: &Label) {
        let text = escape_html(notice.text(self.language));
        push(&mut self.head, format_args!("<p class=\"notice\" role=\"note\">{text}</p>\n"));
    }

    pub(super) fn chapter(&mut self, title: &Label) {
        self.chapter_called(title.text(self.language));
    }

    pub(super) fn chapter_called(&mut self, title: &str) {
        self.chapters += 1;
        let (number, title) = (self.chapters, escape_html(title));
        push(&mut self.contents, format_args!("<li><a href=\"#chapter-{number}\">{title}</a></li>\n"));
        push(&mut self.body, format_args!("<h2 id=\"chapter-{number}\">{number}. {title}</h2>\n"));
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        push(&mut self.body, format_args!("<p>{}</p>\n", escape_html(text)));
    }

    pub(super) fn element(&mut self, html: &str) {
        self.body.push_str(html);
    }

    /// A table with its number in the caption.
    pub(super) fn table(&mut self, id: &str, number: usize, html: &str) {
        let caption = format!("<caption>{} {number}. ", words(self.language).table);
        let numbered = html.replacen("<caption>", &caption, 1);
        push(
            &mut self.body,
            format_args!("<div id=\"{}\" class=\"wide\">\n{numbered}</div>\n", escape_html(id)),
        );
    }

    /// Ends the page with what is said about privacy and the source.
    pub(super) fn finish(mut self, heading: &Heading) -> String {
        let words = words(self.language);
        self.chapter_called(words.about_privacy);
        self.paragraph(&privacy(heading.threshold(), self.language));
        self.paragraph(&format!("{}: {}.", words.policy, heading.policy()));
        let credit = escape_html(heading.credit().text(self.language));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLES}</style>\n</head>\n<body>\n<header>\n{head}</header>\n\
             <nav aria-label=\"{contents_word}\">\n<h2>{contents_word}</h2>\n<ol>\n{contents}</ol>\n</nav>\n\
             <main>\n{body}</main>\n<footer><p>{credit}</p></footer>\n</body>\n</html>\n",
            language = self.language.tag(),
            title = self.title,
            head = self.head,
            contents_word = words.contents,
            contents = self.contents,
            body = self.body,
        )
    }
}

/// Writing to a string cannot fail.
fn push(html: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = html.write_fmt(text);
}
