"""The last step of every rendering: what is not on these lists does not reach a page."""

import nh3
from pygments.token import STANDARD_TYPES

_MATHML: dict[str, set[str]] = {
    "math": {"display", "xmlns"},
    "menclose": {"notation"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mn": {"mathvariant"},
    "mo": {"accent", "fence", "form", "largeop", "lspace", "maxsize", "minsize", "movablelimits", "rspace", "separator",
           "stretchy", "symmetric"},
    "mover": {"accent"},
    "mpadded": {"depth", "height", "lspace", "voffset", "width"},
    "mphantom": set(),
    "mroot": set(),
    "mrow": set(),
    "mspace": {"width"},
    "msqrt": set(),
    "mstyle": {"displaystyle", "mathsize", "mathvariant", "scriptlevel"},
    "msub": set(),
    "msubsup": set(),
    "msup": set(),
    "mtable": {"columnalign", "columnlines", "columnspacing", "displaystyle", "rowlines", "rowspacing"},
    "mtd": {"columnalign"},
    "mtext": {"mathvariant"},
    "mtr": set(),
    "munder": {"accentunder"},
    "munderover": set(),
}  # fmt: skip

_HTML = {"a", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
         "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}  # fmt: skip

_CLASSES = {
    "a": {"image-link"},
    "code": {"math-error"},
    "div": {"code-block", "code-block__header", "math-block", "table-scroll"},
    "li": {"task"},
    "pre": {"source"},
    "span": {"code-block__language", "task__box", *STANDARD_TYPES.values()} - {""},
    "td": {"align-center", "align-right"},
    "th": {"align-center", "align-right"},
}

# `class`, `rel` and `target` are named nowhere else: nh3 keeps or sets them by these tables alone.
_cleaner = nh3.Cleaner(
    tags=_HTML | _MATHML.keys(),
    clean_content_tags=set(),
    attributes={**_MATHML, "a": {"href", "title"}, "ol": {"start"}},
    tag_attribute_values={
        "a": {"target": {"_blank"}},
        "div": {"aria-label": {"Таблица"}, "role": {"region"}, "tabindex": {"0"}},
        "pre": {"tabindex": {"0"}},
        "span": {"aria-label": {"выполнено", "не выполнено"}, "role": {"img"}},
    },
    allowed_classes=_CLASSES,
    generic_attribute_prefixes=set(),
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
)


def clean(html: str) -> str:
    """HTML with nothing in it but listed elements, attributes, classes and URL schemes."""
    return _cleaner.clean(html)
