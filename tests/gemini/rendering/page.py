"""What a browser would find in rendered HTML."""

from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input"}


class Page(HTMLParser):
    """Elements with their attributes, in order, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.elements if tag == "a" and "href" in attributes]

    def shape(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """The elements without the spans that only colour code."""
        return [(tag, tuple(sorted(a.items()))) for tag, a in self.elements if tag != "span" or "__" in a["class"]]

    def said(self) -> str:
        """The text, with white space as a browser shows it."""
        return " ".join(self.text.split())
